import Foundation
import Interface
import TerminalCore
import Testing

@Suite struct CommandTableTests {
    @Test("no key means two things in one place")
    func unique() {
        let bindings = CommandTable.entries.flatMap(\.bindings)
        let repeated = Dictionary(grouping: bindings, by: \.self).filter { $0.value.count > 1 }
        #expect(repeated.isEmpty, "\(repeated.keys.map(\.name))")
    }

    @Test("every command is in the table once and can be reached", arguments: Command.allCases)
    func complete(command: Command) throws {
        let entries = CommandTable.entries.filter { $0.command == command }
        #expect(entries.count == 1)
        let entry = try #require(entries.first)
        #expect(!entry.bindings.isEmpty || entry.slash != nil)
        #expect(entry.help.hasSuffix("."))
    }

    @Test("slash words are plain and different")
    func slashWords() {
        let words = CommandTable.entries.compactMap(\.slash)
        #expect(Set(words).count == words.count)
        #expect(words.allSatisfy { $0.allSatisfy { $0.isASCII && $0.isLowercase } })
    }

    @Test("no printable key is bound in WRITE")
    func typing() {
        for letter in (0x20...0x7E).compactMap({ Unicode.Scalar($0) }).map(Character.init) {
            let command = Keymap.standard.command(for: .character(letter), in: .editor)
            #expect(command == nil, "\(letter)")
        }
    }

    @Test("the table's keys find their commands")
    func lookup() {
        for entry in CommandTable.entries {
            for binding in entry.bindings {
                let found =
                    switch binding.scope {
                    case .any, .write: Keymap.standard.command(for: binding.key, in: .editor)
                    case .read, .conversation:
                        Keymap.standard.command(for: binding.key, in: .conversation)
                    case .sessions: Keymap.standard.command(for: binding.key, in: .sessions)
                    case .inspector: Keymap.standard.command(for: binding.key, in: .inspector)
                    case .prefix: Keymap.standard.prefixedCommand(for: binding.key)
                    }
                #expect(found == entry.command, "\(binding.name)")
            }
        }
    }

    @Test("identifiers are ULIDs that sort by time")
    func identifiers() {
        var source = IdentifierSource(seed: 9)
        let start = Date(timeIntervalSince1970: 1_800_000_000)
        var ids: [String] = []
        for step in 0..<1_000 { ids.append(source.next(at: start + Double(step / 3) / 1_000)) }
        #expect(ids == ids.sorted())
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.count == 26 })
        // 1,800,000,000,000 ms in base 32, as any ULID reader gives it.
        #expect(ids[0].hasPrefix("01MCC5RM00"))
    }
}
