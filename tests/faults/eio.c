/* Makes calls on the files of one track fail with EIO from the N-th on: for LD_PRELOAD.
 *
 * EIO_CALL names the call (pread, pwrite, fsync), EIO_AFTER how many succeed first, EIO_PART a part of the
 * path of the files that are meant. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int done;

static int fails(const char *call, int fd)
{
    const char *wanted = getenv("EIO_CALL"), *after = getenv("EIO_AFTER"), *part = getenv("EIO_PART");
    char link[64], path[4096];
    ssize_t length;
    if (!wanted || !after || !part || strcmp(wanted, call))
        return 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    if (length < 0)
        return 0;
    path[length] = 0;
    if (!strstr(path, part) || done++ < atoi(after))
        return 0;
    errno = EIO;
    return 1;
}

#define REAL(name) static __typeof__(&name) real; if (!real) real = dlsym(RTLD_NEXT, #name)

ssize_t pwrite64(int fd, const void *from, size_t size, off64_t at)
{
    REAL(pwrite64);
    return fails("pwrite", fd) ? -1 : real(fd, from, size, at);
}

ssize_t pwrite(int fd, const void *from, size_t size, off_t at)
{
    REAL(pwrite);
    return fails("pwrite", fd) ? -1 : real(fd, from, size, at);
}

ssize_t pread64(int fd, void *to, size_t size, off64_t at)
{
    REAL(pread64);
    return fails("pread", fd) ? -1 : real(fd, to, size, at);
}

ssize_t pread(int fd, void *to, size_t size, off_t at)
{
    REAL(pread);
    return fails("pread", fd) ? -1 : real(fd, to, size, at);
}

int fsync(int fd)
{
    REAL(fsync);
    return fails("fsync", fd) ? -1 : real(fd);
}

int fdatasync(int fd)
{
    REAL(fdatasync);
    return fails("fsync", fd) ? -1 : real(fd);
}
