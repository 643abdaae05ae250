#define _GNU_SOURCE
#include "CTerminalRestore.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* So long a request to end may take: saving has to be possible when several come at once, as they
   do when a terminal closes. */
enum { PATIENCE_IN_SECONDS = 3 };

static volatile sig_atomic_t armed;
static volatile sig_atomic_t was_asked_to_end;
static volatile sig_atomic_t is_lent;
static struct timespec asked_to_end;
static int terminal = -1;
static struct termios saved;
static char bytes_to_write[512];
static size_t byte_count;
static int signal_pipe[2] = {-1, -1};

void ctr_arm(int descriptor, const struct termios *settings, const char *bytes, size_t count) {
    armed = 0;
    terminal = descriptor;
    saved = *settings;
    byte_count = count < sizeof bytes_to_write ? count : sizeof bytes_to_write;
    memcpy(bytes_to_write, bytes, byte_count);
    armed = 1;
}

void ctr_disarm(void) { armed = 0; }

void ctr_lend(int on) { is_lent = on; }

void ctr_restore(void) {
    if (!armed) {
        return;
    }
    armed = 0;
    size_t written = 0;
    while (written < byte_count) {
        ssize_t count = write(terminal, bytes_to_write + written, byte_count - written);
        if (count <= 0) {
            if (count < 0 && errno == EINTR) {
                continue;
            }
            break;
        }
        written += (size_t)count;
    }
    tcsetattr(terminal, TCSADRAIN, &saved);
}

static void on_crash(int number) {
    ctr_restore();
    /* SA_RESETHAND has put the default action back: the process dies of its own signal. */
    raise(number);
}

/* True when an earlier request to end was not followed in time. */
static int is_overdue(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    if (!was_asked_to_end) {
        asked_to_end = now;
        was_asked_to_end = 1;
        return 0;
    }
    return now.tv_sec - asked_to_end.tv_sec >= PATIENCE_IN_SECONDS;
}

static void on_signal(int number) {
    int before = errno;
    if (number == SIGINT && is_lent) {
        /* Ctrl-C is for the program that has the terminal. */
        return;
    }
    if ((number == SIGTERM || number == SIGHUP || number == SIGINT) && is_overdue()) {
        /* Do not make anyone use SIGKILL. */
        ctr_restore();
        signal(number, SIG_DFL);
        raise(number);
    }
    unsigned char byte = (unsigned char)number;
    ssize_t ignored = write(signal_pipe[1], &byte, 1);
    (void)ignored;
    errno = before;
}

int ctr_install_handlers(void) {
    if (signal_pipe[0] >= 0) {
        return signal_pipe[0];
    }
    if (pipe2(signal_pipe, O_CLOEXEC | O_NONBLOCK) != 0) {
        return -1;
    }
    atexit(ctr_restore);

    /* A stack overflow leaves no stack to run the handler on. */
    static char stack[65536];
    stack_t other = {.ss_sp = stack, .ss_size = sizeof stack, .ss_flags = 0};
    sigaltstack(&other, NULL);

    struct sigaction crash;
    memset(&crash, 0, sizeof crash);
    crash.sa_handler = on_crash;
    crash.sa_flags = (int)(SA_RESETHAND | SA_NODEFER | SA_ONSTACK);
    sigemptyset(&crash.sa_mask);
    const int crashes[] = {SIGSEGV, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSYS, SIGQUIT};
    for (size_t i = 0; i < sizeof crashes / sizeof crashes[0]; i++) {
        sigaction(crashes[i], &crash, NULL);
    }

    struct sigaction note;
    memset(&note, 0, sizeof note);
    note.sa_handler = on_signal;
    note.sa_flags = SA_RESTART;
    sigemptyset(&note.sa_mask);
    const int notes[] = {SIGTERM, SIGHUP, SIGINT, SIGWINCH, SIGCONT, SIGTSTP};
    for (size_t i = 0; i < sizeof notes / sizeof notes[0]; i++) {
        sigaction(notes[i], &note, NULL);
    }
    signal(SIGPIPE, SIG_IGN);
    return signal_pipe[0];
}

void ctr_wake(void) {
    unsigned char byte = 0;
    ssize_t ignored = write(signal_pipe[1], &byte, 1);
    (void)ignored;
}

void ctr_stop(void) {
    struct sigaction before;
    struct sigaction standard;
    memset(&standard, 0, sizeof standard);
    standard.sa_handler = SIG_DFL;
    sigemptyset(&standard.sa_mask);
    sigaction(SIGTSTP, &standard, &before);
    kill(0, SIGTSTP);
    sigaction(SIGTSTP, &before, NULL);
}

int ctr_run(char *const arguments[]) {
    /* What this process ignores, its children would ignore too. */
    posix_spawnattr_t attributes;
    sigset_t standard;
    sigemptyset(&standard);
    sigaddset(&standard, SIGPIPE);
    if (posix_spawnattr_init(&attributes) != 0) {
        return -1;
    }
    posix_spawnattr_setsigdefault(&attributes, &standard);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
    pid_t child = -1;
    int failure = posix_spawnp(&child, arguments[0], NULL, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    if (failure != 0) {
        return -1;
    }
    int status = 0;
    while (waitpid(child, &status, 0) < 0) {
        if (errno != EINTR) {
            return -1;
        }
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}
