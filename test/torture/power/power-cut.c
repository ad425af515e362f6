/*
 * Power cuts for one process. Preloaded, it remembers what every write to the database and its log
 * has overwritten until that is synced. Now and then, at most POWER_CUT_EVERY such calls apart, it
 * makes copies of both as the disk would hold them if the power failed at that moment: without what
 * was not synced, all of it or a torn half (POWER_CUT_KEEPS=half). It says so on standard output,
 * where the process says what it has acknowledged, and ends the process after POWER_CUT_TIMES. What
 * was synced is always kept; directories and disks that lie are not modelled.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
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
static const char *file;
static long every, times, cuts, calls_left;
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
  file = getenv("POWER_CUT_FILE");
  if (!file) return;
  every = atol(getenv("POWER_CUT_EVERY"));
  times = atol(getenv("POWER_CUT_TIMES"));
  srandom((unsigned)atol(getenv("POWER_CUT_SEED")));
  calls_left = 1 + random() % every;
}

/* Only the database and its log; everything else is as it is. */
static int is_watched(int fd) {
  char link[64], path[4096];
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

/* A file as it is now, under the name of this cut; -1 where there is none. */
static int copy(const char *suffix, struct stat *about) {
  static char bytes[1 << 16];
  char from[4096], to[4096];
  snprintf(from, sizeof from, "%s%s", file, suffix);
  snprintf(to, sizeof to, "%s.cut-%ld%s", file, cuts, suffix);
  int source = open(from, O_RDONLY);
  if (source < 0) return -1;
  int target = open(to, O_RDWR | O_CREAT | O_TRUNC, 0600);
  if (target < 0 || fstat(source, about) != 0) abort();
  for (ssize_t got; (got = read(source, bytes, sizeof bytes)) > 0;)
    if (write(target, bytes, (size_t)got) != got) abort();
  close(source);
  return target;
}

static void take_back(int target, const struct change *change, int keeps_half) {
  int kept_any = 0;
  for (size_t from = 0; from < change->length; from += SECTOR) {
    if (keeps_half && (random() & 1)) {
      kept_any = 1;
      continue;
    }
    ssize_t had = change->length_before - (ssize_t)from;
    if (had <= 0) continue;
    size_t size = had < SECTOR ? (size_t)had : SECTOR;
    real_pwrite(target, change->before + from, size, change->at + (off_t)from);
  }
  if (!kept_any) real_ftruncate(target, change->size_before);
}

/* If the power failed now: what was written last is taken back first. */
static void cut(void) {
  static const char *suffixes[] = {"", "-wal"};
  const char *keeps = getenv("POWER_CUT_KEEPS");
  int keeps_half = keeps && strcmp(keeps, "half") == 0;
  char said[32];
  cuts++;
  for (int nth = 0; nth < 2; nth++) {
    struct stat about;
    int target = copy(suffixes[nth], &about);
    if (target < 0) continue;
    for (struct change *change = newest; change; change = change->older)
      if (change->device == about.st_dev && change->inode == about.st_ino)
        take_back(target, change, keeps_half);
    close(target);
  }
  int length = snprintf(said, sizeof said, "cut %ld\n", cuts);
  if (write(1, said, (size_t)length) != length) abort();
  if (cuts == times) _exit(137);
  calls_left = 1 + random() % every;
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
