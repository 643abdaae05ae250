#include "CFFmpeg.h"

#include <dlfcn.h>
#include <pthread.h>
#include <string.h>

#define FILE_NAME(name, version) FILE_NAME_EXPANDED(name, version)
#define FILE_NAME_EXPANDED(name, version) "lib" #name ".so." #version

enum { avutil, avcodec, avformat, avscale, avresample, libraries };

/* Those that others need come first. */
static const char *const files[libraries] = {
    [avutil] = FILE_NAME(avutil, LIBAVUTIL_VERSION_MAJOR),
    [avcodec] = FILE_NAME(avcodec, LIBAVCODEC_VERSION_MAJOR),
    [avformat] = FILE_NAME(avformat, LIBAVFORMAT_VERSION_MAJOR),
    [avscale] = FILE_NAME(swscale, LIBSWSCALE_VERSION_MAJOR),
    [avresample] = FILE_NAME(swresample, LIBSWRESAMPLE_VERSION_MAJOR),
};

static struct facet_ffmpeg table;
static const char *lost;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void load(void) {
    void *handles[libraries];
    for (int i = 0; i < libraries; i++) {
        handles[i] = dlopen(files[i], RTLD_NOW | RTLD_LOCAL);
        if (!handles[i]) {
            lost = files[i];
            return;
        }
    }
    void *found;
#define FIND(library, name)                                    \
    found = dlsym(handles[library], #name);                    \
    if (!found) {                                              \
        lost = #name;                                          \
        return;                                                \
    }                                                          \
    memcpy(&table.name, &found, sizeof found);
    FACET_FFMPEG(FIND, av)
}

const struct facet_ffmpeg *facet_ffmpeg(const char **missing) {
    pthread_once(&once, load);
    *missing = lost;
    return lost ? 0 : &table;
}
