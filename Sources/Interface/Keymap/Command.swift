package import TerminalCore

/// Everything a person can ask for.
package enum Command: String, Sendable, Hashable, CaseIterable {
    case send
    case newLine
    case stopOrClear
    case escape
    case quitWhenEmpty
    case cycleThinking
    case toggleThoughts
    case redraw
    case suspend
    case pageUp
    case pageDown
    case scrollUp
    case scrollDown
    case scrollToTop
    case scrollToEnd
    case nextPane
    case split
    case sessionsPane
    case inspectorPane
    case inspectThoughts
    case inspectAnswer
    case inspectTokens
    case inspectPrompt
    case enterInspector
    case newSession
    case newPrivateSession
    case openSession
    case openBeside
    case filterSessions
    case find
    case pinSession
    case renameSession
    case tag
    case deleteSession
    case restoreSession
    case fork
    case parentSession
    case wider
    case narrower
    case palette
    case write
    case foldOne
    case messageUp
    case messageDown
    case thoughtUp
    case thoughtDown
    case mark
    case copy
    case copyThought
    case search
    case searchAgain
    case searchBack
    case editMessage
    case siblingBefore
    case siblingAfter
    case help
    case toggleMouse
    case copyAnswer
    case copyCode
    case saveCode
    case toggleMarkdown
    case externalEditor
    case retry
    case undo
    case redo
    case yank
    case yankOlder
    case copySelection
    case selectAll
    case markDraft
    case searchHistory
    case expandPaste
    case attach
    case detach
    case imageTokens
    case record
    case pastePicture
    case queue
    case dropQueued
    case upperCase
    case lowerCase
    case capitalize
    case left
    case right
    case wordLeft
    case wordRight
    case lineStart
    case lineEnd
    case up
    case down
    case draftStart
    case draftEnd
    case selectLeft
    case selectRight
    case selectWordLeft
    case selectWordRight
    case selectLineStart
    case selectLineEnd
    case selectUp
    case selectDown
    case selectDraftStart
    case selectDraftEnd
    case deleteBackward
    case deleteForward
    case deleteWordBackward
    case deleteWordForward
    case cutToLineStart
    case cutToLineEnd
    case historyPrevious
    case historyNext
    case think
    case budget
    case wrapUp
    case thoughts
    case model
    case getModel
    case set
    case system
    case title
    case context
    case compact
    case prompt
    case continueAnswer
    case export
    case theme
    case quit

    /// How configuration writes it: `cycleThinking` is `cycle-thinking`.
    package var name: String {
        rawValue.reduce(into: "") { name, letter in
            name += letter.isUppercase ? "-\(letter.lowercased())" : String(letter)
        }
    }

    package init?(name: String) {
        guard let command = Self.allCases.first(where: { $0.name == name }) else { return nil }
        self = command
    }
}

/// Where a key means a command.
package enum KeyScope: String, Sendable, Hashable, CaseIterable {
    /// Everywhere, unless a narrower scope says otherwise.
    case any
    /// In the editor.
    case write
    /// In every other pane, unless its own scope says otherwise.
    case read
    case conversation
    case sessions
    case inspector
    /// After Ctrl-X.
    case prefix
}

/// One key of a command.
package struct KeyBinding: Sendable, Hashable {
    package var scope: KeyScope
    package var key: KeyPress

    package init(_ scope: KeyScope, _ key: KeyPress) {
        self.scope = scope
        self.key = key
    }
}

/// One line of the command table: what gives keys, hints, help and slash words.
package struct CommandEntry: Sendable, Hashable {
    package var command: Command
    /// A few words for hints.
    package var title: String
    /// A sentence for the help page.
    package var help: String
    package var bindings: [KeyBinding]
    /// The word after `/`; nil when it can only be a key.
    package var slash: String?
    /// What may follow the word, as shown in hints.
    package var argument: String

    /// What is typed after a slash where there are no keys: its own word, else the command's name.
    package var typedName: String { slash ?? command.name }

    /// It only changes the draft or moves within it, which a typed line does by itself.
    package var isEditing: Bool {
        !bindings.isEmpty && slash == nil && bindings.allSatisfy { $0.scope == .write }
    }

    /// The words of which one may follow, as `on|off|auto` says it.
    var choices: [String] {
        let first = argument.split(separator: " ").first ?? ""
        let words = first.filter { $0 != "[" && $0 != "]" }.split(separator: "|")
        return words.count > 1 ? words.map(String.init).filter { $0 == $0.lowercased() } : []
    }

    /// The word alone does nothing: something has to follow it.
    package var needsArgument: Bool {
        !argument.isEmpty && !(argument.hasPrefix("[") && argument.hasSuffix("]"))
    }

    package init(
        _ command: Command,
        _ title: String,
        _ help: String,
        _ bindings: [KeyBinding] = [],
        slash: String? = nil,
        argument: String = ""
    ) {
        self.command = command
        self.title = title
        self.help = help
        self.bindings = bindings
        self.slash = slash
        self.argument = argument
    }
}
