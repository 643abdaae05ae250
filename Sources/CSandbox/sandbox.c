#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/landlock.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

void facet_close_from(int first) { closefrom(first); }

/* A signal comes at the value, where there is one for it, and the end so much later. */
static int limit(int what, unsigned long long value, unsigned long long grace) {
    struct rlimit old;
    if (getrlimit(what, &old)) return -1;
    rlim_t most = value + grace;
    /* A limit that somebody has set lower stays. */
    if (old.rlim_max != RLIM_INFINITY && old.rlim_max < most) most = old.rlim_max;
    struct rlimit new = {most > grace ? most - grace : most, most};
    return setrlimit(what, &new);
}

int facet_limit(unsigned long long memory, unsigned long long seconds) {
    int result = 0;
    result |= limit(RLIMIT_AS, memory, 0);
    result |= limit(RLIMIT_CPU, seconds, 2);
    result |= limit(RLIMIT_CORE, 0, 0);
    result |= limit(RLIMIT_FSIZE, 0, 0);
    return result ? -1 : 0;
}

/* Takes these rights away wherever a path leads. */
static int forbid(unsigned long long rights) {
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return -1;
    struct landlock_ruleset_attr rules = {.handled_access_fs = rights};
    long set = syscall(SYS_landlock_create_ruleset, &rules, sizeof rules, 0);
    if (set < 0) return -1;
    long result = syscall(SYS_landlock_restrict_self, (int)set, 0);
    close((int)set);
    return result ? -1 : 0;
}

/* The first version's rights; later kernels know them all. */
enum { every_right = (1 << 13) - 1 };

int facet_forbid_paths(void) { return forbid(every_right); }

int facet_forbid_writing(void) {
    return forbid(every_right & ~(LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE |
                                  LANDLOCK_ACCESS_FS_READ_DIR));
}

#if defined(__x86_64__)
#define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#define ARCHITECTURE AUDIT_ARCH_AARCH64
#endif

#ifdef ARCHITECTURE

/* Calls that are harmless whatever they are given. */
static const unsigned allowed[] = {
    SYS_read, SYS_pread64, SYS_readv, SYS_lseek, SYS_fstat, SYS_close,
    SYS_mmap, SYS_munmap, SYS_mremap, SYS_mprotect, SYS_madvise, SYS_brk,
    SYS_futex, SYS_set_robust_list, SYS_rseq, SYS_sched_yield, SYS_sched_getaffinity, SYS_membarrier,
    SYS_rt_sigaction, SYS_rt_sigprocmask, SYS_rt_sigreturn, SYS_sigaltstack, SYS_restart_syscall,
    SYS_clock_gettime, SYS_clock_getres, SYS_clock_nanosleep, SYS_nanosleep, SYS_gettimeofday,
    SYS_getpid, SYS_gettid, SYS_getrandom, SYS_sysinfo, SYS_getrusage, SYS_getcpu,
    SYS_exit, SYS_exit_group,
};

enum { count = sizeof allowed / sizeof *allowed };

#define LOAD(field) BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define IF_NOT(value, skip) BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (value), 0, (skip))
#define ANSWER(value) BPF_STMT(BPF_RET | BPF_K, (value))
#define REFUSE(error) ANSWER(SECCOMP_RET_ERRNO | (error))

static int install(struct sock_filter *program, size_t length) {
    struct sock_fprog filter = {(unsigned short)length, program};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return -1;
    /* Every thread, also those that the runtime has started already. */
    if (!syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, &filter)) return 0;
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter, 0, 0) ? -1 : 0;
}

int facet_forbid_calls(void) {
    /* Low half of an argument; both processors are little-endian. */
    enum { first = offsetof(struct seccomp_data, args) };
    const struct sock_filter head[] = {
        LOAD(arch),
        IF_NOT(ARCHITECTURE, 14),
        LOAD(nr),
        /* Threads, but no processes; glibc falls back to clone where clone3 is unknown. */
        IF_NOT(SYS_clone3, 1),
        REFUSE(ENOSYS),
        IF_NOT(SYS_clone, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, first),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 0, 1),
        ANSWER(SECCOMP_RET_ALLOW),
        REFUSE(EPERM),
        /* Answers go to one descriptor. */
        IF_NOT(SYS_write, 4),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, first),
        IF_NOT(1, 1),
        ANSWER(SECCOMP_RET_ALLOW),
        REFUSE(EPERM),
        BPF_STMT(BPF_JMP | BPF_JA, 1),
        REFUSE(EPERM),
    };
    enum { heads = sizeof head / sizeof *head };
    struct sock_filter program[heads + count + 2];
    size_t length = 0;
    for (size_t i = 0; i < heads; i++) program[length++] = head[i];
    for (size_t i = 0; i < count; i++)
        program[length++] = (struct sock_filter)BPF_JUMP(
            BPF_JMP | BPF_JEQ | BPF_K, allowed[i], (unsigned char)(count - i), 0);
    program[length++] = (struct sock_filter)REFUSE(EPERM);
    program[length++] = (struct sock_filter)ANSWER(SECCOMP_RET_ALLOW);
    return install(program, length);
}

int facet_forbid_network(void) {
    static const unsigned refused[] = {
        SYS_socket, SYS_socketpair, SYS_ptrace, SYS_process_vm_readv, SYS_process_vm_writev,
        SYS_io_uring_setup, SYS_kill, SYS_tkill, SYS_unshare, SYS_setns, SYS_mount, SYS_bpf,
        SYS_perf_event_open, SYS_keyctl, SYS_add_key, SYS_request_key,
    };
    enum { refusals = sizeof refused / sizeof *refused };
    struct sock_filter program[refusals + 6];
    size_t length = 0;
    program[length++] = (struct sock_filter)LOAD(arch);
    program[length++] = (struct sock_filter)IF_NOT(ARCHITECTURE, refusals + 3);
    program[length++] = (struct sock_filter)LOAD(nr);
    /* The other numbers of the same calls, on x86. */
    program[length++] =
        (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, 1U << 30, refusals + 1, 0);
    for (size_t i = 0; i < refusals; i++)
        program[length++] = (struct sock_filter)BPF_JUMP(
            BPF_JMP | BPF_JEQ | BPF_K, refused[i], (unsigned char)(refusals - i), 0);
    program[length++] = (struct sock_filter)ANSWER(SECCOMP_RET_ALLOW);
    program[length++] = (struct sock_filter)REFUSE(EPERM);
    return install(program, length);
}

#else

int facet_forbid_calls(void) { return -1; }

int facet_forbid_network(void) { return -1; }

#endif

int facet_try_everything(void) {
    int works = 0;
    int file = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
    if (file >= 0) works |= 1, close(file);
    int channel = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (channel >= 0) works |= 2, close(channel);
    int child = fork();
    if (child == 0) _exit(0);
    if (child > 0) works |= 4, waitpid(child, NULL, 0);
    /* Only where no process can be started: it would take this one's place. */
    if (child < 0) {
        char *const arguments[] = {"true", NULL}, *const none[] = {NULL};
        execve("/bin/true", arguments, none);
        if (errno != EPERM && errno != EACCES) works |= 8;
    }
    int made = open("/tmp", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (made >= 0) works |= 16, close(made);
    if (write(2, "", 0) == 0) works |= 32;
    return works;
}
