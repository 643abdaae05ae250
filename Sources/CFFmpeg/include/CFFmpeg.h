#ifndef FACET_CFFMPEG_H
#define FACET_CFFMPEG_H

#include <stddef.h>

#include <libavcodec/avcodec.h>
#include <libavformat/avformat.h>
#include <libavutil/channel_layout.h>
#include <libavutil/dict.h>
#include <libavutil/display.h>
#include <libavutil/frame.h>
#include <libavutil/imgutils.h>
#include <libavutil/log.h>
#include <libavutil/mem.h>
#include <libavutil/opt.h>
#include <libavutil/pixdesc.h>
#include <libavutil/samplefmt.h>
#include <libswresample/swresample.h>
#include <libswscale/swscale.h>

/* The functions of FFmpeg's libraries, found when a file is to be decoded and not before: with all
   that they need they are more than a hundred libraries, which every start of the program would
   otherwise pay for. Each entry has the type of the function it is named for. */
#define FACET_FFMPEG(F, L)                                                                        \
    F(L##util, av_dict_free) F(L##util, av_dict_set) F(L##util, av_frame_alloc)                   \
    F(L##util, av_frame_free) F(L##util, av_free) F(L##util, av_log_set_level)                    \
    F(L##util, av_malloc) F(L##util, av_opt_set_double) F(L##util, av_opt_set_int)                \
    F(L##util, av_opt_set_sample_fmt) F(L##util, av_pix_fmt_desc_get)                             \
    F(L##util, av_channel_layout_default)                                                         \
    F(L##codec, av_packet_alloc) F(L##codec, av_packet_free) F(L##codec, av_packet_unref)         \
    F(L##codec, av_new_packet) F(L##codec, avcodec_alloc_context3)                                \
    F(L##codec, avcodec_find_decoder) F(L##codec, avcodec_flush_buffers)                          \
    F(L##codec, avcodec_free_context) F(L##codec, avcodec_get_name) F(L##codec, avcodec_open2)    \
    F(L##codec, avcodec_parameters_to_context) F(L##codec, avcodec_receive_frame)                 \
    F(L##codec, avcodec_send_packet)                                                              \
    F(L##format, av_find_best_stream) F(L##format, av_read_frame) F(L##format, av_seek_frame)     \
    F(L##format, av_stream_get_side_data) F(L##format, avformat_alloc_context)                    \
    F(L##format, avformat_close_input) F(L##format, avformat_find_stream_info)                    \
    F(L##format, avformat_open_input) F(L##format, avio_alloc_context)                            \
    F(L##format, avio_context_free)                                                               \
    F(L##scale, sws_freeContext) F(L##scale, sws_getContext) F(L##scale, sws_getCoefficients)     \
    F(L##scale, sws_scale) F(L##scale, sws_setColorspaceDetails)                                  \
    F(L##resample, swr_alloc_set_opts2) F(L##resample, swr_convert) F(L##resample, swr_free)      \
    F(L##resample, swr_get_out_samples) F(L##resample, swr_init) F(L##resample, swr_set_matrix)   \
    F(L##resample, swr_inject_silence)

#define FACET_FFMPEG_MEMBER(library, name) __typeof__(name) *_Nonnull name;

struct facet_ffmpeg {
    FACET_FFMPEG(FACET_FFMPEG_MEMBER, av)
};

/* The functions of the libraries this was compiled for, loaded at the first call from any thread.
   Null where one is missing: then `missing` is the name of the library or function. Never freed. */
const struct facet_ffmpeg *_Nullable facet_ffmpeg(const char *_Nullable *_Nonnull missing);

/* Macros that Swift does not see. */
static inline int facet_averror(int number) { return AVERROR(number); }
static inline int facet_averror_eof(void) { return AVERROR_EOF; }
static inline int64_t facet_no_time(void) { return AV_NOPTS_VALUE; }

/* All rows of a frame into one plane of packed pixels, rows `stride` bytes apart. */
static inline int facet_scale(const struct facet_ffmpeg *_Nonnull av,
                              struct SwsContext *_Nonnull context, const AVFrame *_Nonnull frame,
                              uint8_t *_Nonnull out, int stride) {
    uint8_t *planes[4] = {out};
    int strides[4] = {stride};
    return av->sws_scale(context, (const uint8_t *const *)frame->data, frame->linesize, 0,
                         frame->height, planes, strides);
}

/* Samples of a frame, or what is left inside when there is none, as `room` floats at most. */
static inline int facet_resample(const struct facet_ffmpeg *_Nonnull av,
                                 struct SwrContext *_Nonnull context,
                                 const AVFrame *_Nullable frame, float *_Nonnull out, int room) {
    uint8_t *planes[1] = {(uint8_t *)out};
    return av->swr_convert(context, planes, room,
                           frame ? (const uint8_t **)frame->extended_data : 0,
                           frame ? frame->nb_samples : 0);
}

#endif
