import TerminalCore

/// All commands, in the order of the help page.
package enum CommandTable {
    package static let entries = general + editing

    private static let general: [CommandEntry] = [
        CommandEntry(.send, "send", "Sends the message.", [write(.enter)]),
        CommandEntry(
            .newLine,
            "new line",
            "Begins a new line; so does a backslash before Enter.",
            [
                write(.enter, .alt), write(.enter, .shift), write(.enter, .control),
                write("j", .control),
            ]
        ),
        CommandEntry(
            .escape,
            "stop",
            "Stops the answer; in READ goes back to WRITE.",
            [any(.escape)]
        ),
        CommandEntry(
            .stopOrClear,
            "stop, clear, quit",
            "Stops the answer, else clears the draft, else quits when pressed twice.",
            [any("c", .control)]
        ),
        CommandEntry(
            .quitWhenEmpty,
            "quit",
            "Quits when the draft is empty and nothing runs.",
            [write("d", .control)]
        ),
        CommandEntry(
            .cycleThinking,
            "thinking",
            "Changes thinking for the next message: on, off, auto.",
            [any("t", .control), prefix("t")]
        ),
        CommandEntry(
            .toggleThoughts,
            "fold all",
            "Opens or folds all thoughts.",
            [any("o", .control)]
        ),
        CommandEntry(.pageUp, "page up", "Scrolls up a page.", [any(.pageUp), read("b")]),
        CommandEntry(.pageDown, "page down", "Scrolls down a page.", [any(.pageDown), read(" ")]),
        CommandEntry(
            .scrollUp,
            "up",
            "Scrolls up a row.",
            [any(.up, .shift), read(.up), read("k")]
        ),
        CommandEntry(
            .scrollDown,
            "down",
            "Scrolls down a row.",
            [any(.down, .shift), read(.down), read("j")]
        ),
        CommandEntry(.scrollToTop, "top", "Goes to the first message.", [read("g"), read(.home)]),
        CommandEntry(
            .scrollToEnd,
            "end",
            "Goes to the end and follows it.",
            [read("G"), read(.end)]
        ),
        CommandEntry(
            .nextPane,
            "next pane",
            "Goes to the next pane: sessions, conversation, inspector, editor.",
            [any(.tab), prefix("o")]
        ),
        CommandEntry(
            .split,
            "split",
            "Opens a second conversation beside this one, or closes the other one.",
            [prefix("v")],
            slash: "split"
        ),
        CommandEntry(
            .sessionsPane,
            "sessions",
            "Opens the list of sessions; from inside closes it.",
            [prefix("s")],
            slash: "sessions"
        ),
        CommandEntry(
            .inspectorPane,
            "inspector",
            "Opens the inspector; from inside closes it.",
            [prefix("i")],
            slash: "inspector"
        ),
        CommandEntry(
            .inspectThoughts,
            "thoughts",
            "Lists every thought of this branch; Enter goes there.",
            [on(.inspector, "1")]
        ),
        CommandEntry(
            .inspectAnswer,
            "answer",
            "Shows how the chosen or last answer was made.",
            [on(.inspector, "2")]
        ),
        CommandEntry(
            .inspectTokens,
            "tokens",
            "Shows how sure the model was of each token.",
            [on(.inspector, "3")]
        ),
        CommandEntry(
            .inspectPrompt,
            "sent",
            "Shows the text the model was given.",
            [on(.inspector, "4")]
        ),
        CommandEntry(
            .enterInspector,
            "go there",
            "Goes to the selected thought in the conversation.",
            [on(.inspector, .enter)]
        ),
        CommandEntry(
            .newSession,
            "new",
            "Begins a new session in this place.",
            [prefix("n"), on(.sessions, "n")],
            slash: "new"
        ),
        CommandEntry(
            .newPrivateSession,
            "new, not saved",
            "Begins a conversation in this place of which nothing is kept.",
            slash: "nosave"
        ),
        CommandEntry(
            .openSession,
            "open",
            "Opens the selected session in place of this one.",
            [on(.sessions, .enter)]
        ),
        CommandEntry(
            .openBeside,
            "open beside",
            "Opens the selected session beside this one.",
            [on(.sessions, "v")]
        ),
        CommandEntry(
            .filterSessions,
            "filter",
            "Shows only the sessions whose titles or tags hold what is typed.",
            [on(.sessions, "/")]
        ),
        CommandEntry(
            .find,
            "find",
            "Searches the messages and thoughts of all sessions; Enter opens what was found.",
            [prefix("f"), on(.sessions, "f")],
            slash: "find",
            argument: "[WORDS]"
        ),
        CommandEntry(
            .pinSession,
            "pin",
            "Keeps a session above the others, or lets it go: the selected one, else this one.",
            [on(.sessions, "P")],
            slash: "pin"
        ),
        CommandEntry(
            .renameSession,
            "rename",
            "Names the selected session.",
            [on(.sessions, "r")]
        ),
        CommandEntry(
            .tag,
            "tag",
            "Marks a session with words, or takes them off: the selected one, else this one.",
            [on(.sessions, "t")],
            slash: "tag",
            argument: "[WORD] [-WORD]"
        ),
        CommandEntry(
            .parentSession,
            "origin",
            "Selects the session that the selected one was branched off.",
            [on(.sessions, "o")]
        ),
        CommandEntry(
            .deleteSession,
            "delete",
            "Moves the selected session to the trash, or the one with this number in the list.",
            [on(.sessions, "D")],
            slash: "delete",
            argument: "[NUMBER]"
        ),
        CommandEntry(
            .restoreSession,
            "undelete",
            "Brings the session back that was deleted last.",
            [on(.sessions, "u")],
            slash: "undelete"
        ),
        CommandEntry(
            .wider,
            "wider",
            "Makes the pane wider.",
            [prefix("+"), prefix("="), read("+")]
        ),
        CommandEntry(
            .narrower,
            "narrower",
            "Makes the pane narrower.",
            [prefix("-"), read("-")]
        ),
        CommandEntry(
            .palette,
            "palette",
            "Opens the list of all commands; typing narrows it.",
            [read(":"), prefix("p"), prefix("x")],
            slash: "commands"
        ),
        CommandEntry(.write, "write", "Goes back to the editor.", [read("i")]),
        CommandEntry(
            .foldOne,
            "fold",
            "Opens or folds the lowest thought in view.",
            [on(.conversation, .enter)]
        ),
        CommandEntry(
            .copyAnswer,
            "copy answer",
            "Sends the last answer to the clipboard.",
            [prefix("y")]
        ),
        CommandEntry(
            .copyCode,
            "code",
            "Copies a code block of the chosen or last answer: the last one, or one by its number.",
            [prefix("Y"), on(.conversation, "Y")],
            slash: "code",
            argument: "[NUMBER]"
        ),
        CommandEntry(
            .saveCode,
            "save",
            "Writes a code block of the chosen or last answer to a file; ! before the path replaces one.",
            slash: "save",
            argument: "[NUMBER] [!]PATH"
        ),
        CommandEntry(
            .toggleMarkdown,
            "raw",
            "Shows answers as they were written, or laid out.",
            [on(.conversation, "m"), prefix("r")],
            slash: "raw"
        ),
        CommandEntry(
            .copy,
            "copy",
            "Copies what is marked, else the chosen message, else the last answer.",
            [on(.conversation, "y")],
            slash: "copy"
        ),
        CommandEntry(
            .copyThought,
            "copy thought",
            "Copies the thoughts of the chosen message or of the lowest one in view that has any.",
            [on(.conversation, "T")]
        ),
        CommandEntry(
            .mark,
            "mark",
            "Marks rows from the lowest one in view on; scrolling by rows moves the end.",
            [on(.conversation, "v")]
        ),
        CommandEntry(
            .messageUp,
            "message up",
            "Chooses the message above.",
            [on(.conversation, "{")]
        ),
        CommandEntry(
            .messageDown,
            "message down",
            "Chooses the message below.",
            [on(.conversation, "}")]
        ),
        CommandEntry(
            .thoughtUp,
            "thought up",
            "Goes to the thought above.",
            [on(.conversation, "[")]
        ),
        CommandEntry(
            .thoughtDown,
            "thought down",
            "Goes to the thought below.",
            [on(.conversation, "]")]
        ),
        CommandEntry(
            .search,
            "search",
            "Searches messages and thoughts, from here upwards.",
            [on(.conversation, "/")],
            slash: "search",
            argument: "[TEXT]"
        ),
        CommandEntry(
            .searchAgain,
            "search on",
            "Goes to the next older place that holds the searched text.",
            [on(.conversation, "n")]
        ),
        CommandEntry(
            .searchBack,
            "search back",
            "Goes to the next newer place that holds the searched text.",
            [on(.conversation, "N")]
        ),
        CommandEntry(
            .editMessage,
            "edit",
            "Edits your chosen or last message; sent, it becomes a version beside the old one.",
            [on(.conversation, "E")]
        ),
        CommandEntry(
            .fork,
            "branch",
            "Goes on from the chosen message, or the end, in a session of its own; this one stays.",
            [on(.conversation, "B")],
            slash: "fork"
        ),
        CommandEntry(
            .siblingBefore,
            "version before",
            "Shows the version before of the chosen message.",
            [on(.conversation, "<")]
        ),
        CommandEntry(
            .siblingAfter,
            "version after",
            "Shows the version after of the chosen message.",
            [on(.conversation, ">")]
        ),
        CommandEntry(
            .retry,
            "retry",
            "Answers the last message again, beside the answer it has.",
            [read("R")],
            slash: "retry"
        ),
        CommandEntry(
            .continueAnswer,
            "continue",
            "Goes on with an answer that was stopped or cut.",
            [on(.conversation, "C")],
            slash: "continue"
        ),
        CommandEntry(
            .think,
            "think",
            "Sets thinking for this conversation.",
            slash: "think",
            argument: "on|off|auto"
        ),
        CommandEntry(
            .budget,
            "budget",
            "Sets after how many tokens a thought is closed, or shows it.",
            slash: "budget",
            argument: "[NUMBER|none]"
        ),
        CommandEntry(
            .wrapUp,
            "wrap up",
            "Closes the thought that is being written and has the model answer.",
            [prefix("w")],
            slash: "wrap"
        ),
        CommandEntry(
            .thoughts,
            "show thoughts",
            "Says which thoughts are open: the one being written, all, or none.",
            slash: "thoughts",
            argument: "live|always|folded"
        ),
        CommandEntry(
            .system,
            "system",
            "Sets the system prompt, or shows it.",
            slash: "system",
            argument: "[TEXT]"
        ),
        CommandEntry(
            .title,
            "title",
            "Names the conversation, or shows its name.",
            slash: "title",
            argument: "[TEXT]"
        ),
        CommandEntry(
            .model,
            "model",
            "Says which model answers and opens another one.",
            slash: "model",
            argument: "[NAME]"
        ),
        CommandEntry(
            .getModel,
            "get a model",
            "Says how to get a real model: which files, from where, into which folder.",
            slash: "get"
        ),
        CommandEntry(
            .set,
            "set",
            "Sets how words are drawn: temperature, top-k, top-p, min-p, seed and the penalties.",
            slash: "set",
            argument: "[NAME VALUE]"
        ),
        CommandEntry(
            .context,
            "context",
            "Says how much of the context is used.",
            slash: "context"
        ),
        CommandEntry(
            .export,
            "export",
            "Writes the conversation to a file: Markdown, a page, JSON, or JSON lines.",
            slash: "export",
            argument: "[md|html|json|jsonl] PATH"
        ),
        CommandEntry(
            .prompt,
            "prompt",
            "Shows exactly what the last answer was given.",
            slash: "prompt"
        ),
        CommandEntry(
            .compact,
            "compact",
            "Leaves the oldest turns out of what the model is given, or takes that back.",
            slash: "compact"
        ),
        CommandEntry(
            .theme,
            "theme",
            "Shows the themes and takes one; the screen shows each while the list is open.",
            slash: "theme",
            argument: "[NAME]"
        ),
        CommandEntry(
            .externalEditor,
            "editor",
            "Opens the draft in $VISUAL or $EDITOR.",
            [write("g", .control), prefix("e", .control)]
        ),
        CommandEntry(
            .toggleMouse,
            "mouse",
            "Lets the wheel scroll; off, the terminal selects text.",
            [prefix("m")],
            slash: "mouse"
        ),
        CommandEntry(
            .help,
            "help",
            "Shows this page.",
            [read("?"), prefix("?")],
            slash: "help"
        ),
        CommandEntry(.redraw, "redraw", "Draws the screen again.", [any("l", .control)]),
        CommandEntry(
            .suspend,
            "suspend",
            "Goes to the shell; fg comes back.",
            [any("z", .control)]
        ),
        CommandEntry(.quit, "quit", "Ends facet.", slash: "quit"),
    ]

    static func any(_ key: Key, _ modifiers: KeyPress.Modifiers = []) -> KeyBinding {
        KeyBinding(.any, KeyPress(key, modifiers))
    }

    static func any(
        _ letter: Character,
        _ modifiers: KeyPress.Modifiers
    ) -> KeyBinding {
        KeyBinding(.any, KeyPress(.character(letter), modifiers))
    }

    static func write(_ key: Key, _ modifiers: KeyPress.Modifiers = []) -> KeyBinding {
        KeyBinding(.write, KeyPress(key, modifiers))
    }

    static func write(
        _ letter: Character,
        _ modifiers: KeyPress.Modifiers
    ) -> KeyBinding {
        KeyBinding(.write, KeyPress(.character(letter), modifiers))
    }

    static func on(_ scope: KeyScope, _ key: Key) -> KeyBinding {
        KeyBinding(scope, KeyPress(key))
    }

    static func on(_ scope: KeyScope, _ letter: Character) -> KeyBinding {
        KeyBinding(scope, .character(letter))
    }

    static func read(_ key: Key) -> KeyBinding { KeyBinding(.read, KeyPress(key)) }

    static func read(_ letter: Character) -> KeyBinding {
        KeyBinding(.read, .character(letter))
    }

    static func prefix(
        _ letter: Character,
        _ modifiers: KeyPress.Modifiers = []
    ) -> KeyBinding {
        KeyBinding(.prefix, KeyPress(.character(letter), modifiers))
    }
}
