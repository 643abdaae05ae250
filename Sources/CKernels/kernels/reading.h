// Reading and nothing else: what memory can deliver, against which every product is measured.
#pragma once

#include "lanes.h"

// Four sums are under way at once, so that loads wait for memory and never for an addition.
static uint64_t ck_sum_words(const void *source, int64_t bytes) {
    const uint8_t *p = source;
    ck_i16 sums[4] = {{0}};
    int64_t i = 0;
    for (; i + 256 <= bytes; i += 256)
        for (int lane = 0; lane < 4; lane++) {
            ck_i16 words;
            memcpy(&words, p + i + lane * 64, sizeof words);
            sums[lane] += words;
        }
    const ck_i16 total = (sums[0] + sums[1]) + (sums[2] + sums[3]);
    uint64_t sum = 0;
    for (int lane = 0; lane < 16; lane++) sum += (uint32_t)total[lane];
    for (; i < bytes; i++) sum += p[i];
    return sum;
}
