#define _GNU_SOURCE
#include "faults.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { kMostFiles = 1 << 16, kMostRules = 8, kTornExit = 99 };
enum call { SYNC, WRITE, OPEN };
enum fault { NONE, EIO_FAULT, ENOSPC_FAULT, EMFILE_FAULT, SHORT, TORN };

struct rule {
  enum call call;
  enum fault fault;
  int64_t from, to;
};

static struct faults_state own_state = {FAULTS_NO_LIMIT, 0, 0, 0, 0, 0};
static struct faults_state* state = &own_state;
static struct rule rules[kMostRules];
static int rule_count;
static char wanted[256];
static atomic_bool ours[kMostFiles];  // by descriptor

static enum fault fault_named(const char* name) {
  static const char* const names[] = {"none", "eio", "enospc", "emfile", "short", "torn"};
  for (int i = 1; i < 6; ++i)
    if (strncmp(name, names[i], strlen(names[i])) == 0) return (enum fault)i;
  return NONE;
}

// "sync:eio@37..40"
static void add_rule(const char* text) {
  const char *colon = strchr(text, ':'), *at = strchr(text, '@');
  struct rule rule = {SYNC, NONE, 0, 0};
  if (colon && at) {
    rule.call = text[0] == 's' ? SYNC : text[0] == 'w' ? WRITE : OPEN;
    rule.fault = fault_named(colon + 1);
    char* end = NULL;
    rule.from = rule.to = strtoll(at + 1, &end, 10);
    if (strncmp(end, "..", 2) == 0) rule.to = end[2] ? strtoll(end + 2, NULL, 10) : INT64_MAX;
  }
  if (rule.fault == NONE || rule.from < 1 || rule_count == kMostRules) {
    fprintf(stderr, "faults: '%s' is no fault\n", text);
    abort();
  }
  rules[rule_count++] = rule;
}

__attribute__((constructor)) static void read_settings(void) {
  const char* path = getenv("RELANCE_FAULTS_STATE");
  const int file = path ? (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC) : -1;
  if (file >= 0) {
    void* memory = mmap(NULL, sizeof *state, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory != MAP_FAILED) state = memory;
    syscall(SYS_close, file);
  }
  const char* files = getenv("RELANCE_FAULTS_FILES");
  snprintf(wanted, sizeof wanted, "%s", files ? files : "");
  const char* given = getenv("RELANCE_FAULTS");
  static char copy[512];
  snprintf(copy, sizeof copy, "%s", given ? given : "");
  char* rest = NULL;
  for (char* one = strtok_r(copy, ";", &rest); one; one = strtok_r(NULL, ";", &rest)) add_rule(one);
}

static bool matches(const char* path) {
  const size_t size = strlen(wanted);
  if (size == 0) return false;
  if (wanted[size - 1] != '$') return strstr(path, wanted) != NULL;
  const size_t length = strlen(path);
  return length >= size - 1 && strncmp(path + length - (size - 1), wanted, size - 1) == 0;
}

static bool watched(int file) { return file >= 0 && file < kMostFiles && ours[file]; }

static int64_t add(int64_t* to, int64_t what) {
  return __atomic_add_fetch(to, what, __ATOMIC_SEQ_CST);
}

// Counts the call; what is to become of it.
static enum fault next_fault(enum call call) {
  int64_t* const counts[] = {&state->syncs, &state->writes, &state->opens};
  const int64_t number = add(counts[call], 1);
  for (int i = 0; i < rule_count; ++i)
    if (rules[i].call == call && number >= rules[i].from && number <= rules[i].to) {
      add(&state->struck, 1);
      return rules[i].fault;
    }
  return NONE;
}

static int refuse(enum fault fault) {
  errno = fault == ENOSPC_FAULT ? ENOSPC : fault == EMFILE_FAULT ? EMFILE : EIO;
  return -1;
}

// --- space

static int64_t size_of(int file) {
  struct stat about;
  return fstat(file, &about) == 0 ? about.st_size : 0;
}

// Takes room for what the file grows by; false: there is none.
static bool grows(int file, int64_t end) {
  const int64_t more = end - size_of(file);
  if (more <= 0 || __atomic_load_n(&state->room, __ATOMIC_SEQ_CST) == FAULTS_NO_LIMIT) return true;
  if (add(&state->room, -more) >= 0) return true;
  add(&state->room, more);
  add(&state->struck, 1);
  return false;
}

static void gives_back(int64_t bytes) {
  if (bytes > 0 && __atomic_load_n(&state->room, __ATOMIC_SEQ_CST) != FAULTS_NO_LIMIT)
    add(&state->room, bytes);
}

// --- writes

typedef ssize_t (*raw_write)(int, const void*, size_t, off_t);

static ssize_t at_offset(int file, const void* bytes, size_t size, off_t offset) {
  return syscall(SYS_pwrite64, file, bytes, size, offset);
}

static ssize_t at_position(int file, const void* bytes, size_t size, off_t offset) {
  (void)offset;
  return syscall(SYS_write, file, bytes, size);
}

static ssize_t faulty_write(raw_write raw, int file, const void* bytes, size_t size, off_t offset) {
  const enum fault fault = next_fault(WRITE);
  switch (fault) {
    case NONE: break;
    case SHORT: return raw(file, bytes, (size + 1) / 2, offset);
    case TORN: (void)!raw(file, bytes, size / 2, offset); _exit(kTornExit);
    default: return refuse(fault);
  }
  if (!grows(file, (raw == at_offset ? offset : size_of(file)) + (int64_t)size))
    return refuse(ENOSPC_FAULT);
  return raw(file, bytes, size, offset);
}

ssize_t pwrite(int file, const void* bytes, size_t size, off_t offset) {
  return watched(file) ? faulty_write(at_offset, file, bytes, size, offset)
                       : at_offset(file, bytes, size, offset);
}
ssize_t pwrite64(int file, const void* bytes, size_t size, off_t offset) {
  return pwrite(file, bytes, size, offset);
}
ssize_t write(int file, const void* bytes, size_t size) {
  return watched(file) ? faulty_write(at_position, file, bytes, size, 0)
                       : at_position(file, bytes, size, 0);
}

// --- size

int ftruncate(int file, off_t size) {
  const int64_t less = watched(file) ? size_of(file) - size : 0;
  const int done = (int)syscall(SYS_ftruncate, file, size);
  if (done == 0) gives_back(less);
  return done;
}
int ftruncate64(int file, off_t size) { return ftruncate(file, size); }

int fallocate(int file, int mode, off_t offset, off_t size) {
  if (watched(file) && !grows(file, offset + size)) return refuse(ENOSPC_FAULT);
  return (int)syscall(SYS_fallocate, file, mode, offset, size);
}
int fallocate64(int file, int mode, off_t offset, off_t size) {
  return fallocate(file, mode, offset, size);
}
int posix_fallocate(int file, off_t offset, off_t size) {
  const int before = errno;
  const int failed = fallocate(file, 0, offset, size) == 0 ? 0 : errno;
  errno = before;
  return failed;
}
int posix_fallocate64(int file, off_t offset, off_t size) {
  return posix_fallocate(file, offset, size);
}

int unlink(const char* path) {
  struct stat about;
  const bool counts = matches(path) && stat(path, &about) == 0;
  const int done = (int)syscall(SYS_unlink, path);
  if (done == 0 && counts) gives_back(about.st_size);
  return done;
}

// --- flushes

int fsync(int file) {
  const enum fault fault = watched(file) ? next_fault(SYNC) : NONE;
  return fault == NONE ? (int)syscall(SYS_fsync, file) : refuse(fault);
}
int fdatasync(int file) {
  const enum fault fault = watched(file) ? next_fault(SYNC) : NONE;
  return fault == NONE ? (int)syscall(SYS_fdatasync, file) : refuse(fault);
}

// --- opening

static int faulty_open(const char* path, int flags, mode_t mode) {
  const bool match = matches(path);
  const enum fault fault = match ? next_fault(OPEN) : NONE;
  if (fault != NONE) return refuse(fault);
  const int file = (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
  if (file >= 0 && file < kMostFiles) ours[file] = match;
  return file;
}

int open(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = va_arg(more, mode_t);
  va_end(more);
  return faulty_open(path, flags, mode);
}
int open64(const char* path, int flags, ...) {
  va_list more;
  va_start(more, flags);
  const mode_t mode = va_arg(more, mode_t);
  va_end(more);
  return faulty_open(path, flags | O_LARGEFILE, mode);
}

int close(int file) {
  if (file >= 0 && file < kMostFiles) ours[file] = false;
  return (int)syscall(SYS_close, file);
}

// --- the wall clock

int clock_gettime(clockid_t clock, struct timespec* now) {
  const int done = (int)syscall(SYS_clock_gettime, clock, now);
  const int64_t shift = __atomic_load_n(&state->clock_shift_ms, __ATOMIC_SEQ_CST);
  if (done != 0 || clock != CLOCK_REALTIME || shift == 0) return done;
  const int64_t ns = now->tv_nsec + shift % 1000 * 1000000;
  const int64_t carry = ns < 0 ? -1 : ns / 1000000000;
  now->tv_sec += shift / 1000 + carry;
  now->tv_nsec = ns - carry * 1000000000;
  return 0;
}
