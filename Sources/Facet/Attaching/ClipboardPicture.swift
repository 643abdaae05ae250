import Foundation

/// The picture on the clipboard, by the programs that a desktop has for that.
enum ClipboardPicture {
    /// A picture larger than this is none that somebody copied.
    private static let largest = 64 << 20
    private static let patience = 3.0

    enum Found: Sendable, Hashable {
        case picture([UInt8])
        /// The sentence says why there is none.
        case nothing(String)
    }

    /// Asks Wayland's clipboard, then X11's.
    ///
    /// - Parameter environment: of the process.
    /// - Returns: the picture as PNG, or a sentence.
    static func read(_ environment: [String: String]) -> Found {
        var programs: [(package: String, arguments: [String])] = []
        if !(environment["WAYLAND_DISPLAY"] ?? "").isEmpty {
            programs.append(("wl-clipboard", ["wl-paste", "--no-newline", "--type", "image/png"]))
        }
        if !(environment["DISPLAY"] ?? "").isEmpty {
            programs.append(
                ("xclip", ["xclip", "-selection", "clipboard", "-t", "image/png", "-o"])
            )
        }
        guard let first = programs.first else { return .nothing(noDesktop(environment)) }
        var missing: [String] = []
        for (package, arguments) in programs {
            switch HelperProgram.run(arguments, seconds: patience, limit: largest) {
            case .output(let bytes) where !bytes.isEmpty: return .picture(bytes)
            case .missing: missing.append(package)
            case .tooSlow:
                return .nothing("The clipboard's owner did not answer; copy the picture again.")
            case .tooMuch:
                return .nothing(
                    "The clipboard holds more than \(largest >> 20) MB. Save the picture and attach "
                        + "it with /attach."
                )
            case .output, .failed: continue
            }
        }
        guard missing.count == programs.count else {
            return .nothing("There is no picture on the clipboard. Copy one, or use /attach.")
        }
        return .nothing(
            "\(first.arguments[0]) is missing, which reads the clipboard. Install the package "
                + "\(first.package), or save the picture and use /attach."
        )
    }

    private static func noDesktop(_ environment: [String: String]) -> String {
        let isRemote = environment["SSH_CONNECTION"] != nil || environment["SSH_TTY"] != nil
        return isRemote
            ? "The clipboard is the other machine's: you are connected over ssh. Save the picture "
                + "there, copy it here with scp and use /attach."
            : "There is no desktop whose clipboard could be read. Save the picture and use /attach."
    }
}
