/*
 * A power cut for one process. Preloaded, it remembers what every write to the database and its log
 * has overwritten until that is synced. After POWER_CUT_AFTER such calls it takes back what was not
 * synced, all of it or a torn half (POWER_CUT_KEEPS=half), and ends the process. What was synced is
 * always kept; directories and disks that lie are not modelled.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECTOR = 512 };

/* A write that may be lost: where it was, and what was there before. */
struct change {
  int fd;
  dev_t device;
  ino_t inode;
  off_t at;
  size_t length;
  off_t size_before;
  ssize_t length_before;
  unsigned char *before;
  struct change *older;
};

static struct change *newest;
static long calls_left = -1;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static ssize_t (*real_pwrite)(int, const void *, size_t, off_t);
static int (*real_ftruncate)(int, off_t);
static int (*real_fsync)(int);
static int (*real_fdatasync)(int);

__attribute__((constructor)) static void begin(void) {
  real_pwrite = dlsym(RTLD_NEXT, "pwrite");
  real_ftruncate = dlsym(RTLD_NEXT, "ftruncate");
  real_fsync = dlsym(RTLD_NEXT, "fsync");
  real_fdatasync = dlsym(RTLD_NEXT, "fdatasync");
  const char *after = getenv("POWER_CUT_AFTER");
  const char *seed = getenv("POWER_CUT_SEED");
  if (after) calls_left = atol(after);
  if (seed) srandom((unsigned)atol(seed));
}

/* Only the database and its log; everything else is as it is. */
static int is_watched(int fd) {
  char link[64], path[4096];
  const char *file = getenv("POWER_CUT_FILE");
  if (!file || fd < 3) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length <= 0) return 0;
  path[length] = 0;
  size_t stem = strlen(file);
  if (strncmp(path, file, stem) != 0) return 0;
  return strcmp(path + stem, "") == 0 || strcmp(path + stem, "-wal") == 0;
}

static void remember(int fd, off_t at, size_t length) {
  struct stat about;
  if (fstat(fd, &about) != 0) abort();
  struct change *change = calloc(1, sizeof *change);
  change->before = malloc(length > 0 ? length : 1);
  if (!change->before) abort();
  change->fd = dup(fd);
  change->device = about.st_dev;
  change->inode = about.st_ino;
  change->at = at;
  change->length = length;
  change->size_before = about.st_size;
  change->length_before = pread(fd, change->before, length, at);
  change->older = newest;
  newest = change;
}

/* The power is gone: what was written last is taken back first. */
static void cut(void) {
  const char *keeps = getenv("POWER_CUT_KEEPS");
  int keeps_half = keeps && strcmp(keeps, "half") == 0;
  for (struct change *change = newest; change; change = change->older) {
    int kept_any = 0;
    for (size_t from = 0; from < change->length; from += SECTOR) {
      if (keeps_half && (random() & 1)) {
        kept_any = 1;
        continue;
      }
      ssize_t had = change->length_before - (ssize_t)from;
      if (had <= 0) continue;
      size_t size = had < SECTOR ? (size_t)had : SECTOR;
      real_pwrite(change->fd, change->before + from, size, change->at + (off_t)from);
    }
    if (!kept_any) real_ftruncate(change->fd, change->size_before);
  }
  _exit(137);
}

static void count(void) {
  if (calls_left > 0 && --calls_left == 0) cut();
}

static ssize_t written(int fd, const void *bytes, size_t length, off_t at) {
  if (!is_watched(fd)) return real_pwrite(fd, bytes, length, at);
  pthread_mutex_lock(&lock);
  count();
  remember(fd, at, length);
  ssize_t done = real_pwrite(fd, bytes, length, at);
  pthread_mutex_unlock(&lock);
  return done;
}

ssize_t pwrite(int fd, const void *bytes, size_t length, off_t at) {
  return written(fd, bytes, length, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t length, off_t at) {
  return written(fd, bytes, length, at);
}

/* From here on the file is as it is, whatever happens. */
static int synced(int fd, int (*sync)(int)) {
  if (!is_watched(fd)) return sync(fd);
  pthread_mutex_lock(&lock);
  count();
  int done = sync(fd);
  struct stat about;
  if (done == 0 && fstat(fd, &about) == 0) {
    for (struct change **place = &newest; *place;) {
      struct change *change = *place;
      if (change->device != about.st_dev || change->inode != about.st_ino) {
        place = &change->older;
        continue;
      }
      *place = change->older;
      close(change->fd);
      free(change->before);
      free(change);
    }
  }
  pthread_mutex_unlock(&lock);
  return done;
}

int fsync(int fd) { return synced(fd, real_fsync); }
int fdatasync(int fd) { return synced(fd, real_fdatasync); }
