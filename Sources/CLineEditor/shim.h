#ifndef FACET_CLINEEDITOR_SHIM_H
#define FACET_CLINEEDITOR_SHIM_H

#include <editline/readline.h>
#include <stdlib.h>

/* Reads a line with editing and completion of file names; free the result. NULL at the end. */
static inline char *facet_read_line(const char *prompt) {
    rl_catch_signals = 0;
    char *line = readline(prompt);
    if (line && *line) {
        add_history(line);
    }
    return line;
}

/* Writes the prompt and the line again, after something else was written below them. */
static inline void facet_show_line(void) { rl_forced_update_display(); }

/* Gives the terminal back as it was, while a line may still be read. */
static inline void facet_release_line(void) { rl_deprep_terminal(); }

#endif
