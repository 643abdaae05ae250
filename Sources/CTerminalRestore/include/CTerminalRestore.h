#ifndef FACET_CTERMINALRESTORE_H
#define FACET_CTERMINALRESTORE_H

#include <stddef.h>
#include <termios.h>

/* Puts the terminal back on every way out of the process, and turns signals into bytes of a pipe.
   State is global because signal handlers have nowhere else to look. */

/* Remembers how to restore: the settings and the bytes to write (at most 512 are kept).
   From now on crash signals and exit() restore first. */
void ctr_arm(int descriptor, const struct termios *settings, const char *bytes, size_t count);

/* Nothing is left to restore. */
void ctr_disarm(void);

/* Writes the bytes and applies the settings when armed; safe in a signal handler. */
void ctr_restore(void);

/* Installs the handlers once; returns the descriptor from which signal numbers can be read,
   one byte each, or -1. Who is asked to end again, seconds after the first time, ends at once. */
int ctr_install_handlers(void);

/* While another program has the terminal, Ctrl-C is that program's. */
void ctr_lend(int on);

/* Puts a zero into the pipe, so that its reader looks around. */
void ctr_wake(void);

/* Stops the process group as Ctrl-Z does; returns after it was continued, or at once when the
   group is orphaned and cannot be stopped. */
void ctr_stop(void);

/* Runs a program found in PATH in this process's own group, which has the terminal, and waits for
   it. Returns its exit status, 128 + n when signal n ended it, or -1 when it cannot be started. */
int ctr_run(char *const arguments[]);

#endif
