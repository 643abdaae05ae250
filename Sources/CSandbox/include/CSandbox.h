#ifndef FACET_CSANDBOX_H
#define FACET_CSANDBOX_H

/* Programs that are started to read hostile files, and what such a process takes from itself.
   None of that can be undone; children inherit it. */

/* Starts a program with these words and variables, in a process group of its own, with no signal
   held back: descriptor 0 is `input`, 1 a pipe, 2 nothing, and no other is open. Returns its number
   and in `output` the end to read from, or -1. */
int facet_start(char *const words[], char *const variables[], int input, int *output);

/* Closes every descriptor from this one on. */
void facet_close_from(int first);

/* Limits address space in bytes and processor time in seconds; no core file, and files that are
   written stay empty. Returns 0, or -1 when a limit was refused. */
int facet_limit(unsigned long long memory, unsigned long long seconds);

/* Landlock: no path can be opened, made or removed. Returns 0, or -1 where the kernel has none. */
int facet_forbid_paths(void);

/* For programs of others, which open files to read. Landlock: nothing can be written, made, removed
   or renamed. Returns 0, or -1 where the kernel has none. */
int facet_forbid_writing(void);

/* Seccomp: no sockets, and no looking into other processes. Returns 0, or -1. */
int facet_forbid_network(void);

/* Seccomp: only calls that decoding needs - memory, threads of this process, reading what is open,
   writing to descriptor 1. Everything else fails with EPERM. Returns 0, or -1 where the kernel has
   no filters or the processor is none that this was written for. */
int facet_forbid_calls(void);

/* What still works, as bits: 1 opens a file, 2 makes a socket, 4 starts a process, 8 runs a program,
   16 makes a file, 32 writes to another descriptor. 0 behind a complete sandbox. */
int facet_try_everything(void);

#endif
