#ifndef FACET_CNCURSES_SHIM_H
#define FACET_CNCURSES_SHIM_H

/* SwiftPM drops the -D flags of pkg-config, so the wide interface is asked for here. */
#define NCURSES_WIDECHAR 1

#include <curses.h>
#include <stddef.h>
#include <string.h>
#include <term.h>

/* Reads the terminal's description; 0 on success. An unknown name is not fatal. */
static inline int facet_setupterm(const char *name, int descriptor) {
    int status = 0;
    /* Or capabilities younger than terminfo's standard, as RGB and smxx, are not found. */
    use_extended_names(TRUE);
    return setupterm(name, descriptor, &status) == OK ? 0 : -1;
}

/* A string capability, or NULL when the terminal lacks it. */
static inline const char *facet_string(const char *name) {
    const char *found = tigetstr(name);
    return (found == NULL || found == (char *)-1) ? NULL : found;
}

static inline int facet_number(const char *name) { return tigetnum(name); }

/* 1 when the terminal has it; extended capabilities may be numbers instead of flags. */
static inline int facet_flag(const char *name) {
    return tigetflag(name) == 1 || tigetnum(name) > 0;
}

/* tputs writes through a function of one character, so its output is collected here.
   Used by one thread at a time. A static inside a function, since Swift emits no others. */
struct facet_collection {
    char bytes[512];
    size_t count;
};

static inline struct facet_collection *facet_collected(void) {
    static struct facet_collection collection;
    return &collection;
}

static inline int facet_collect(int character) {
    struct facet_collection *collected = facet_collected();
    if (collected->count < sizeof collected->bytes) {
        collected->bytes[collected->count++] = (char)character;
    }
    return character;
}

/* Expands a capability with two numbers and its padding; returns the bytes written to `out`. */
static inline size_t facet_expand(
    const char *capability, long first, long second, char *out, size_t room) {
    const char *text = tparm(capability, first, second, 0L, 0L, 0L, 0L, 0L, 0L, 0L);
    if (text == NULL) {
        return 0;
    }
    struct facet_collection *collected = facet_collected();
    collected->count = 0;
    tputs(text, 1, facet_collect);
    size_t count = collected->count < room ? collected->count : room;
    memcpy(out, collected->bytes, count);
    return count;
}

#endif
