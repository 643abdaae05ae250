internal import CNcurses
internal import Synchronization

/// ncurses' terminal descriptions, whose state is global: one thread at a time reads them.
enum Terminfo {
    private static let lock = Mutex(())

    /// Copies what is asked for out of the first description that is there and can move its cursor.
    /// - Returns: Nil when none can.
    static func read<Copy: Sendable>(
        _ names: [String],
        descriptor: Int32,
        copy: (borrowing Description) -> Copy
    ) -> Copy? {
        lock.withLock { _ in
            for name in names {
                let isKnown = unsafe facet_setupterm(name, descriptor) == 0
                if unsafe isKnown && facet_string("cup") != nil { return copy(Description()) }
            }
            return nil
        }
    }

    /// The description that was read last; exists only while nobody else can read another.
    struct Description: ~Copyable {
        fileprivate init() {}

        /// A string without parameters, ready to be written; empty when the terminal lacks it.
        func string(_ name: String) -> [UInt8] {
            template(name).map { Terminfo.fill($0, 0, 0) } ?? []
        }

        /// A string with parameters, for `expand`; nil when the terminal lacks it.
        func template(_ name: String) -> Template? {
            guard let capability = unsafe facet_string(name) else { return nil }
            let length = unsafe strlen(capability)
            return unsafe Template(
                characters: Array(UnsafeBufferPointer(start: capability, count: length + 1))
            )
        }

        func flag(_ name: String) -> Bool { unsafe facet_flag(name) == 1 }

        func number(_ name: String) -> Int { Int(unsafe facet_number(name)) }
    }

    /// A capability that takes numbers, ended by a zero.
    struct Template: Sendable, Hashable {
        fileprivate var characters: [CChar]
    }

    /// Fills a template's parameters in.
    static func expand(_ template: Template?, _ first: Int, _ second: Int = 0) -> [UInt8] {
        guard let template else { return [] }
        return lock.withLock { _ in fill(template, first, second) }
    }

    private static func fill(_ template: Template, _ first: Int, _ second: Int) -> [UInt8] {
        var buffer = [CChar](repeating: 0, count: 512)
        let count = unsafe buffer.withUnsafeMutableBufferPointer { room in
            unsafe template.characters.withUnsafeBufferPointer { characters in
                guard let start = characters.baseAddress else { return 0 }
                return unsafe facet_expand(start, first, second, room.baseAddress, room.count)
            }
        }
        return buffer.prefix(count).map { UInt8(bitPattern: $0) }
    }
}
