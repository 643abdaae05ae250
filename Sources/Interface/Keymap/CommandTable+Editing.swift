import TerminalCore

extension CommandTable {
    /// What keys do to the draft.
    static let editing: [CommandEntry] =
        [
            CommandEntry(
                .undo,
                "undo",
                "Undoes the last change of the draft.",
                [
                    write("_", .control), write("-", .control), write("-", [.control, .shift]),
                    write("/", .control),
                ]
            ),
            CommandEntry(
                .redo,
                "redo",
                "Does again what was undone last.",
                [write("z", .alt), write("_", [.control, .alt]), write("z", [.control, .shift])]
            ),
            CommandEntry(
                .searchHistory,
                "search history",
                "Searches earlier messages: Ctrl-R goes to older ones, Ctrl-S to newer, Enter takes.",
                [write("r", .control)]
            ),
            CommandEntry(
                .historyPrevious,
                "earlier",
                "Brings back the message before.",
                [write("p", .control)]
            ),
            CommandEntry(
                .historyNext,
                "later",
                "Goes on to the message after.",
                [write("n", .control)]
            ),
            CommandEntry(
                .expandPaste,
                "expand paste",
                "Puts the text of a folded paste in its place; undo folds it again.",
                [write("e", .alt)]
            ),
            CommandEntry(
                .attach,
                "attach",
                "Adds files to the message, or opens the list of them; so does @ and a name.",
                [prefix("a")],
                slash: "attach",
                argument: "[PATH [tokens N] [pages 1-3]]"
            ),
            CommandEntry(
                .detach,
                "detach",
                "Takes a file out of the message again, by its number.",
                slash: "detach",
                argument: "[N]"
            ),
            CommandEntry(
                .pastePicture,
                "paste picture",
                "Attaches the picture that is on the clipboard.",
                [write("v", .control), prefix("b")],
                slash: "paste"
            ),
            CommandEntry(
                .record,
                "record",
                "Records from the microphone; once more ends that and attaches it.",
                [prefix("l")],
                slash: "record"
            ),
            CommandEntry(
                .imageTokens,
                "picture tokens",
                "Sets how many tokens the last picture of the message may take, or picture FILE.",
                slash: "tokens",
                argument: "70|140|280|560|1120 [FILE]"
            ),
            CommandEntry(
                .queue,
                "queue",
                "Shows the messages that wait, or drops one of them.",
                slash: "queue",
                argument: "[drop N]"
            ),
            CommandEntry(
                .dropQueued,
                "drop queued",
                "Drops the message that was queued last.",
                [prefix("d")]
            ),
        ] + moving + selecting + cutting

    private static let moving: [CommandEntry] = [
        CommandEntry(
            .left,
            "left",
            "Moves the caret left.",
            [write(.left), write("b", .control)]
        ),
        CommandEntry(
            .right,
            "right",
            "Moves the caret right.",
            [write(.right), write("f", .control)]
        ),
        CommandEntry(
            .wordLeft,
            "word left",
            "Moves the caret a word left.",
            [write("b", .alt), write(.left, .control), write(.left, .alt)]
        ),
        CommandEntry(
            .wordRight,
            "word right",
            "Moves the caret a word right.",
            [write("f", .alt), write(.right, .control), write(.right, .alt)]
        ),
        CommandEntry(
            .lineStart,
            "line start",
            "Moves the caret to the beginning of the line.",
            [write("a", .control), write(.home)]
        ),
        CommandEntry(
            .lineEnd,
            "line end",
            "Moves the caret to the end of the line.",
            [write("e", .control), write(.end)]
        ),
        CommandEntry(
            .up,
            "up",
            "Moves the caret up; on the first row brings back an earlier message.",
            [write(.up)]
        ),
        CommandEntry(
            .down,
            "down",
            "Moves the caret down; on the last row goes on to a later message.",
            [write(.down)]
        ),
        CommandEntry(
            .draftStart,
            "draft start",
            "Moves the caret to the beginning of the draft.",
            [write("<", .alt), write(.home, .control)]
        ),
        CommandEntry(
            .draftEnd,
            "draft end",
            "Moves the caret to the end of the draft.",
            [write(">", .alt), write(.end, .control)]
        ),
    ]

    private static let selecting: [CommandEntry] = [
        CommandEntry(
            .markDraft,
            "mark",
            "Begins a selection that moving the caret extends, or drops it.",
            [write(" ", .control)]
        ),
        CommandEntry(
            .selectAll,
            "select all",
            "Selects the whole draft.",
            [prefix("h")]
        ),
        CommandEntry(
            .copySelection,
            "copy selection",
            "Sends what is selected in the draft to the clipboard.",
            [write("w", .alt), prefix("c")]
        ),
        CommandEntry(.selectLeft, "select left", "Selects to the left.", [write(.left, .shift)]),
        CommandEntry(
            .selectRight,
            "select right",
            "Selects to the right.",
            [write(.right, .shift)]
        ),
        CommandEntry(
            .selectWordLeft,
            "select word left",
            "Selects a word to the left.",
            [write(.left, [.control, .shift]), write(.left, [.alt, .shift])]
        ),
        CommandEntry(
            .selectWordRight,
            "select word right",
            "Selects a word to the right.",
            [write(.right, [.control, .shift]), write(.right, [.alt, .shift])]
        ),
        CommandEntry(
            .selectLineStart,
            "select line start",
            "Selects to the beginning of the line.",
            [write(.home, .shift)]
        ),
        CommandEntry(
            .selectLineEnd,
            "select line end",
            "Selects to the end of the line.",
            [write(.end, .shift)]
        ),
        CommandEntry(
            .selectUp,
            "select up",
            "Selects to the row above.",
            [write(.up, [.control, .shift]), write(.up, [.alt, .shift])]
        ),
        CommandEntry(
            .selectDown,
            "select down",
            "Selects to the row below.",
            [write(.down, [.control, .shift]), write(.down, [.alt, .shift])]
        ),
        CommandEntry(
            .selectDraftStart,
            "select to start",
            "Selects to the beginning of the draft.",
            [write(.home, [.control, .shift])]
        ),
        CommandEntry(
            .selectDraftEnd,
            "select to end",
            "Selects to the end of the draft.",
            [write(.end, [.control, .shift])]
        ),
    ]

    private static let cutting: [CommandEntry] = [
        CommandEntry(
            .deleteBackward,
            "delete back",
            "Deletes what is selected, else the letter before the caret.",
            [write(.backspace), write(.backspace, .shift), write("h", .control)]
        ),
        CommandEntry(
            .deleteForward,
            "delete",
            "Deletes what is selected, else the letter after the caret.",
            [write(.delete)]
        ),
        CommandEntry(
            .deleteWordBackward,
            "cut",
            "Cuts what is selected, else the word before the caret.",
            [write("w", .control), write(.backspace, .alt), write(.backspace, .control)]
        ),
        CommandEntry(
            .deleteWordForward,
            "cut next word",
            "Cuts what is selected, else the word after the caret.",
            [write("d", .alt), write(.delete, .control)]
        ),
        CommandEntry(
            .cutToLineStart,
            "cut to start",
            "Cuts from the line's beginning to the caret.",
            [write("u", .control)]
        ),
        CommandEntry(
            .cutToLineEnd,
            "cut to end",
            "Cuts from the caret to the line's end.",
            [write("k", .control)]
        ),
        CommandEntry(.yank, "put back", "Puts back what was cut last.", [write("y", .control)]),
        CommandEntry(
            .yankOlder,
            "put back older",
            "Exchanges what was just put back for what was cut before it.",
            [write("y", .alt)]
        ),
        CommandEntry(
            .upperCase,
            "upper case",
            "Writes the word after the caret in capitals.",
            [write("u", .alt)]
        ),
        CommandEntry(
            .lowerCase,
            "lower case",
            "Writes the word after the caret in small letters.",
            [write("l", .alt)]
        ),
        CommandEntry(
            .capitalize,
            "capital",
            "Gives the word after the caret a capital letter.",
            [write("c", .alt)]
        ),
    ]
}
