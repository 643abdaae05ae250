// Compares the kernels of every table that this processor runs with double arithmetic, and block
// formats with the fixtures. A program of its own, so that an emulator can run it: make test-neon.
//
// usage: kernels blocks.json [TABLE...]     a named table must be there
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "CKernels.h"

static const char *const tables[] = {"portable", "neon",   "neon_dotprod", "avx2",
                                     "avx_vnni", "avx512", "avx512_vnni", "avx512_bf16"};
static const int64_t lengths[] = {1, 7, 17, 31, 255, 1023};
enum { LENGTHS = sizeof lengths / sizeof lengths[0], MOST = 4096, MOST_SAMPLES = 64 };

// ---- the fixtures: whole blocks of every quantised type and what they mean ----

struct sample {
    char name[16];
    uint32_t type;
    uint8_t *bytes;
    int64_t size;
    float *values;
    int64_t count;
};

static struct sample samples[MOST_SAMPLES];
static int sample_count;

// One type a line: "NAME":{"type":N,"bytes":"HEX","values":[V,...]}
static void read_samples(const char *path) {
    FILE *file = fopen(path, "r");
    static char line[1 << 20];
    while (file && sample_count < MOST_SAMPLES && fgets(line, sizeof line, file)) {
        struct sample *s = &samples[sample_count];
        const char *name = strchr(line, '"'), *hex = strstr(line, "\"bytes\":\"");
        const char *values = strstr(line, "\"values\":[");
        if (!hex || !values || sscanf(name, "\"%15[^\"]\":{\"type\":%u", s->name, &s->type) != 2) continue;
        s->bytes = malloc(strlen(hex));
        s->values = malloc(strlen(values) * sizeof(float));
        for (hex += 9; sscanf(hex, "%2hhx", &s->bytes[s->size]) == 1; hex += 2) s->size++;
        char *next = (char *)values + 9;
        do s->values[s->count++] = strtof(next + 1, &next);
        while (*next == ',');
        sample_count++;
    }
    if (file) fclose(file);
}

// ---- what every check uses ----

static int failures;
static const char *table_name;

static void fail(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    if (failures++ < 20) {
        printf("%s: ", table_name);
        vprintf(format, arguments);
        printf("\n");
    }
    va_end(arguments);
}

static uint64_t state;

// Uniform in [-1, 1); the same numbers in every run.
static float number(void) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return (float)(int32_t)(state >> 32) * 0x1p-31f;
}

static float *numbers(int64_t count) {
    static float pool[8][1 << 16];
    static int next;
    float *x = pool[next++ % 8];
    for (int64_t i = 0; i < count; i++) x[i] = number();
    return x;
}

// Zero is as far as an error may be from a result that is not a number.
static int differs(double found, double exact, double bound) { return !(fabs(found - exact) <= bound); }

// ---- checks: a kernel each ----

static void check_dequantize(const struct ck_kernels *k) {
    static float found[MOST];
    for (int s = 0; s < sample_count; s++) {
        k->dequantize(samples[s].type, samples[s].bytes, found, samples[s].count);
        for (int64_t i = 0; i < samples[s].count; i++) {
            // One rounding of a product and a sum, plus nine printed digits.
            const double exact = samples[s].values[i];
            if (differs(found[i], exact, 4e-7 * fmax(fabs(exact), 1)))
                fail("dequantize %s[%d] = %g, not %g", samples[s].name, (int)i, found[i], exact);
        }
    }
}

static void check_half(const struct ck_kernels *k) {
    for (uint32_t bits = 0; bits < 0x10000; bits++) {
        if ((bits & 0x7C00) == 0x7C00) continue;
        const uint16_t half = (uint16_t)bits;
        const int exponent = bits >> 10 & 31;
        const double fraction = bits & 1023;
        double exact = exponent ? ldexp(1024 + fraction, exponent - 25) : ldexp(fraction, -24);
        if (bits & 0x8000) exact = -exact;
        float found;
        uint16_t stored;
        k->dequantize(CK_F16, &half, &found, 1);
        k->store(CK_F16, &found, &stored, 1);
        if (found != exact || stored != half) fail("half %04x is %g and stored as %04x", bits, found, stored);
    }
}

// Products of `rows` weight rows, against double arithmetic, and bit for bit against each row alone.
static void check_product(const struct ck_kernels *k, const char *name, uint32_t type, const uint8_t *weights,
                          int64_t row_bytes, int64_t columns, int64_t rows) {
    enum { X_ROWS = 17 };
    static float found[X_ROWS * 16], single[16], row[MOST];
    const float *x = numbers(X_ROWS * columns);
    for (int i = 0; i < X_ROWS * 16; i++) found[i] = NAN;
    k->multiply(type, weights, row_bytes, columns, x, columns, NULL, X_ROWS, 0.5f, found, rows, 0, rows);
    for (int64_t r = 0; r < rows; r++) {
        k->dequantize(type, weights + r * row_bytes, row, columns);
        for (int64_t m = 0; m < X_ROWS; m++) {
            double exact = 0, size = 0;
            for (int64_t c = 0; c < columns; c++) {
                exact += 0.5 * row[c] * x[m * columns + c];
                size += fabs(0.5 * row[c] * x[m * columns + c]);
            }
            // Sixteen lanes round columns / 16 times each, then four times in the sum of lanes.
            if (differs(found[m * rows + r], exact, 6e-8 * size * (double)(columns / 16 + 6)))
                fail("multiply %s, %d columns: [%d, %d] = %g, not %g", name, (int)columns, (int)m, (int)r,
                     found[m * rows + r], exact);
        }
    }
    for (int64_t m = 0; m < X_ROWS; m++) {
        k->multiply(type, weights, row_bytes, columns, x + m * columns, columns, NULL, 1, 0.5f, single, rows, 0, rows);
        if (memcmp(single, found + m * rows, (size_t)rows * sizeof(float)) != 0)
            fail("multiply %s, %d columns: row %d depends on its neighbours", name, (int)columns, (int)m);
    }
}

// Writes as many bytes as `count` times a sample has: its blocks, drawn by lot.
static void draw_blocks(const struct sample *s, uint8_t *bytes, int count) {
    const int64_t blocks = s->count / ck_block_size(s->type), size = s->size / blocks;
    for (int64_t i = 0; i < count * blocks; i++) {
        const int64_t block = (int64_t)((number() + 1) * 0.5f * (float)blocks) % blocks;
        memcpy(bytes + i * size, s->bytes + block * size, (size_t)size);
    }
}

static void check_multiply(const struct ck_kernels *k) {
    static uint16_t halves[8 * 1024];
    for (int l = 0; l < LENGTHS; l++)
        for (int64_t rows = 1; rows <= 7; rows++) {
            const int64_t columns = lengths[l], count = rows * columns;
            const float *weights = numbers(count);
            check_product(k, "F32", CK_F32, (const uint8_t *)weights, columns * 4, columns, rows);
            k->store(CK_F16, weights, halves, count);
            check_product(k, "F16", CK_F16, (const uint8_t *)halves, columns * 2, columns, rows);
            for (int64_t i = 0; i < count; i++) memcpy(&halves[i], (const uint8_t *)&weights[i] + 2, 2);
            check_product(k, "BF16", CK_BF16, (const uint8_t *)halves, columns * 2, columns, rows);
        }
    for (int s = 0; s < sample_count; s++) {
        // Rows that all differ, as long as the fixture and twice as long.
        static uint8_t weights[1 << 16];
        draw_blocks(&samples[s], weights, 7 * 2);
        check_product(k, samples[s].name, samples[s].type, weights, samples[s].size, samples[s].count, 7);
        check_product(k, samples[s].name, samples[s].type, weights, 2 * samples[s].size, 2 * samples[s].count, 7);
    }
}

static void check_rms_norm(const struct ck_kernels *k) {
    for (int l = 0; l < LENGTHS; l++) {
        const int64_t count = lengths[l];
        const float *x = numbers(count), *weights = numbers(count);
        float *found = numbers(count);
        double squares = 0;
        for (int64_t i = 0; i < count; i++) squares += (double)x[i] * x[i];
        const double factor = 1 / sqrt(squares / (double)count + 1e-6);
        k->rms_norm(x, weights, 1e-6f, found, count);
        for (int64_t i = 0; i < count; i++)
            if (differs(found[i], x[i] * factor * weights[i], 1e-5 * fabs(x[i] * factor) + 1e-7))
                fail("rms_norm of %d: [%d] = %g", (int)count, (int)i, found[i]);
    }
}

static void check_gelu_multiply(const struct ck_kernels *k) {
    for (int l = 0; l < LENGTHS; l++) {
        const int64_t count = lengths[l];
        float *gate = numbers(count);
        const float *up = numbers(count);
        double exact[1024], bound[1024];
        for (int64_t i = 0; i < count; i++) {
            const double x = gate[i] *= 15;
            bound[i] = 1e-6 * fmax(1, fabs(x));
            exact[i] = 0.5 * x * (1 + tanh(sqrt(2 / M_PI) * (x + 0.044715 * x * x * x))) * up[i];
        }
        k->gelu_multiply(gate, up, count);
        for (int64_t i = 0; i < count; i++)
            if (differs(gate[i], exact[i], bound[i]))
                fail("gelu_multiply of %d: [%d] = %g, not %g", (int)count, (int)i, gate[i], exact[i]);
    }
}

static void check_soft_cap(const struct ck_kernels *k) {
    for (int l = 0; l < LENGTHS; l++) {
        const int64_t count = lengths[l];
        float *x = numbers(count);
        double exact[1024];
        for (int64_t i = 0; i < count; i++) exact[i] = 30 * tanh((x[i] *= 200) / 30.0);
        k->soft_cap(x, 30, count);
        for (int64_t i = 0; i < count; i++)
            if (differs(x[i], exact[i], 1e-6 * 30))
                fail("soft_cap of %d: [%d] = %g, not %g", (int)count, (int)i, x[i], exact[i]);
    }
}

static void check_rotate_and_accumulate(const struct ck_kernels *k) {
    for (int l = 0; l < LENGTHS; l++) {
        const int64_t count = lengths[l];
        const float *a = numbers(2 * count), *b = numbers(2 * count);
        float *x = numbers(2 * count), before[2048];
        memcpy(before, x, (size_t)count * 2 * sizeof(float));
        k->rotate(x, a, b, count);
        for (int64_t i = 0; i < count; i++) {
            const double u = before[i], v = before[i + count];
            if (differs(x[i], u * a[i] - v * b[i], 3e-7) || differs(x[i + count], v * a[i] + u * b[i], 3e-7))
                fail("rotate of %d: pair %d", (int)count, (int)i);
        }
        memcpy(before, x, (size_t)count * sizeof(float));
        k->accumulate(x, a, 0.3f, count);
        for (int64_t i = 0; i < count; i++)
            if (differs(x[i], before[i] + (double)0.3f * a[i], 3e-7))
                fail("accumulate of %d: [%d] = %g", (int)count, (int)i, x[i]);
    }
}

static void check_sum_words(const struct ck_kernels *k) {
    for (int l = 0; l < LENGTHS; l++) {
        uint8_t bytes[1024] = {0};
        const uint64_t nothing = k->sum_words(bytes, lengths[l]);
        for (int64_t i = 0; i < lengths[l]; i++) {
            bytes[i] = 1;
            if (k->sum_words(bytes, lengths[l]) == nothing) fail("sum_words leaves out byte %d", (int)i);
            bytes[i] = 0;
        }
    }
}

// Whole-number products of a sample's blocks: `few` and `many` rows, against double arithmetic on the
// quantised values, and bit for bit against a row alone.
static void check_quantized_sample(const struct ck_kernels *k, const struct sample *s, int repeats) {
    enum { X_ROWS = 17, ROWS = 35 };
    static uint8_t weights[1 << 17] __attribute__((aligned(64)));
    static uint8_t x[X_ROWS * 8 * MOST] __attribute__((aligned(64)));
    static float found[X_ROWS * ROWS], single[ROWS], row[ROWS][MOST];
    const int64_t row_bytes = (int64_t)s->size * repeats;
    const int64_t columns = s->count * repeats, padded = (columns + 63) / 64 * 64;
    draw_blocks(s, weights, ROWS * repeats);
    for (int r = 0; r < ROWS; r++) k->dequantize(s->type, weights + r * row_bytes, row[r], columns);
    for (int few = 0; few < 2; few++) {
        const int64_t stride = padded * (few ? 4 : 2);
        memset(x, 0, sizeof x);
        for (int m = 0; m < X_ROWS; m++) {
            const float *numbers_of_row = numbers(columns);
            // In two parts, as a layer's pieces are.
            k->quantize(numbers_of_row, columns, 0, columns / 64 * 32, few, x + m * stride);
            k->quantize(numbers_of_row, columns, columns / 64 * 32, columns, few, x + m * stride);
            const int8_t *values = (const int8_t *)(x + m * stride);
            const float *scales = (const float *)(x + m * stride + padded);
            for (int64_t c = 0; c < columns; c++) {
                const double scale = scales[few ? c / 4 : c / 32];
                double most = 0;
                for (int64_t i = c / 32 * 32; i < columns && i < c / 32 * 32 + 32; i++)
                    most = fmax(most, fabs(numbers_of_row[i]));
                if (differs(scale * values[c], numbers_of_row[c], scale * 0.5001) || scale > most / 127 * 1.0001)
                    fail("quantize of %d: [%d]", (int)columns, (int)c);
            }
        }
        void (*product)(uint32_t, const void *, int64_t, int64_t, const void *, int64_t, const int32_t *,
                        int64_t, float, float *, int64_t, int64_t, int64_t) =
            few ? k->multiply_few : k->multiply_many;
        product(s->type, weights, row_bytes, columns, x, stride, NULL, X_ROWS, 0.5f, found, ROWS, 0, ROWS);
        for (int m = 0; m < X_ROWS; m++) {
            const int8_t *values = (const int8_t *)(x + m * stride);
            const float *scales = (const float *)(x + m * stride + padded);
            for (int r = 0; r < ROWS; r++) {
                double exact = 0, size = 0;
                for (int64_t c = 0; c < columns; c++) {
                    const double term = 0.5 * row[r][c] * values[c] * scales[few ? c / 4 : c / 32];
                    exact += term;
                    size += fabs(term);
                }
                // Each group's product and sum round a few times, the minima are added apart.
                if (differs(found[m * ROWS + r], exact, 2e-6 * size))
                    fail("%s %s, %d columns: [%d, %d] = %g, not %g", few ? "few" : "many", s->name,
                         (int)columns, m, r, found[m * ROWS + r], exact);
            }
            const int32_t index[1] = {m};
            for (int r = 0; r < ROWS; r += 7)
                product(s->type, weights, row_bytes, columns, x, stride, index, 1, 0.5f, single, ROWS, r, r + 7);
            if (memcmp(single, found + m * ROWS, sizeof single) != 0)
                fail("%s %s, %d columns: row %d depends on its neighbours", few ? "few" : "many",
                     s->name, (int)columns, m);
        }
    }
}

static void check_quantized(const struct ck_kernels *k) {
    for (int s = 0; s < sample_count; s++)
        for (int repeats = 1; repeats <= 5; repeats += 2)
            if (samples[s].count * repeats <= MOST) check_quantized_sample(k, &samples[s], repeats);
}

static void check_attend(const struct ck_kernels *k) {
    enum { SIZE = 64, SLOTS = 2 * CK_CHUNK, GROUP = 3, PLACES = 2 };
    static uint16_t half_keys[SLOTS * SIZE], half_values[SLOTS * SIZE];
    static float scratch[1 << 17];
    const float *queries = numbers(PLACES * GROUP * SIZE), *keys = numbers(SLOTS * SIZE),
                *values = numbers(SLOTS * SIZE);
    k->store(CK_F16, keys, half_keys, SLOTS * SIZE);
    k->store(CK_F16, values, half_values, SLOTS * SIZE);
    // One place sees what has gone round the ring, the other a few positions of the second chunk.
    const int64_t from[PLACES] = {300, 257}, to[PLACES] = {700, 264};
    for (int half = 0; half < 2; half++) {
        float found[PLACES * GROUP * SIZE];
        const struct ck_attention rows = {
            .type = half ? CK_F16 : CK_F32,
            .head_size = SIZE,
            .group = GROUP,
            .positions = PLACES,
            .queries = queries,
            .query_stride = GROUP * SIZE,
            .from = from,
            .to = to,
            .keys = half ? (const void *)half_keys : keys,
            .values = half ? (const void *)half_values : values,
            .slots = SLOTS,
            .scale = 0.5f,
        };
        if (ck_attention_scratch(PLACES * GROUP, SIZE) > (int64_t)(sizeof scratch / sizeof scratch[0])) {
            fail("attend needs more scratch than the test has");
            return;
        }
        k->attend(&rows, scratch, found);
        for (int g = 0; g < PLACES * GROUP; g++) {
            double sums[SIZE] = {0}, total = 0;
            for (int64_t t = from[g / GROUP]; t < to[g / GROUP]; t++) {
                const float *key = keys + t % SLOTS * SIZE, *value = values + t % SLOTS * SIZE;
                double score = 0;
                for (int i = 0; i < SIZE; i++) score += (double)queries[g * SIZE + i] * key[i];
                const double power = exp(0.5 * score);
                total += power;
                for (int i = 0; i < SIZE; i++) sums[i] += power * value[i];
            }
            // Halves keep eleven bits of keys and values.
            for (int i = 0; i < SIZE; i++)
                if (differs(found[g * SIZE + i], sums[i] / total, half ? 2e-3 : 1e-5))
                    fail("attend, head %d: [%d] = %g, not %g", g, i, found[g * SIZE + i], sums[i] / total);
        }
    }
}

// The nearest bfloat16, ties to even.
static float nearest_bf16(float x) {
    uint32_t bits;
    memcpy(&bits, &x, 4);
    bits = (bits + 0x7FFF + (bits >> 16 & 1)) & 0xFFFF0000u;
    memcpy(&x, &bits, 4);
    return x;
}

static void check_panels(const struct ck_kernels *k) {
    enum { X_ROWS = 13, ROWS = 50, WIDEST = 1024 };
    static float panel[CK_PANEL_ROWS * WIDEST], prepared[X_ROWS * WIDEST];
    static float found[X_ROWS * CK_PANEL_ROWS], alone[CK_PANEL_ROWS];
    static uint16_t stored[ROWS * WIDEST];
    for (int rounded = 0; rounded < 2; rounded++)
        for (int n = 0; n < LENGTHS; n++) {
            const int64_t columns = lengths[n];
            const int64_t stride = (columns + 1) / 2 * 2 * (rounded ? k->rounded_size : 4);
            float *w = numbers(ROWS * columns), *x = numbers(X_ROWS * columns);
            for (int64_t i = 0; i < ROWS * columns; i++) {
                w[i] = nearest_bf16(w[i]);
                uint32_t bits;
                memcpy(&bits, &w[i], 4);
                stored[i] = (uint16_t)(bits >> 16);
            }
            k->pack_panel(CK_BF16, stored, columns * 2, columns, ROWS, rounded, panel);
            for (int64_t m = 0; m < X_ROWS; m++)
                k->prepare_row(x + m * columns, columns, -0.75f, 0.5f, rounded, (uint8_t *)prepared + m * stride);
            k->multiply_panel(panel, columns, rounded, prepared, stride, X_ROWS, found, CK_PANEL_ROWS);
            for (int64_t m = 0; m < X_ROWS; m++) {
                k->multiply_panel(panel, columns, rounded, (uint8_t *)prepared + m * stride, stride, 1, alone,
                                  CK_PANEL_ROWS);
                if (memcmp(alone, found + m * CK_PANEL_ROWS, sizeof alone) != 0)
                    fail("multiply_panel: a row depends on those beside it");
                for (int64_t r = 0; r < CK_PANEL_ROWS; r++) {
                    double exact = 0, size = 0;
                    for (int64_t c = 0; r < ROWS && c < columns; c++) {
                        const float bounded = fminf(fmaxf(x[m * columns + c], -0.75f), 0.5f);
                        const double product = (double)w[r * columns + c] * (rounded ? nearest_bf16(bounded) : bounded);
                        exact += product;
                        size += fabs(product);
                    }
                    // One lane adds all columns.
                    if (differs(found[m * CK_PANEL_ROWS + r], exact, 6e-8 * size * (double)(columns + 2)))
                        fail("multiply_panel, %d columns, rounded %d: [%d, %d] = %g, not %g", (int)columns, rounded,
                             (int)m, (int)r, found[m * CK_PANEL_ROWS + r], exact);
                }
            }
        }
}

static void check_attend_all(const struct ck_kernels *k) {
    enum { ROWS = 7, MOST_KEYS = 600, SIZE = 72, SLOTS = 2 * CK_ALL_KEYS, WIDTH = 80 };
    static float queries[ROWS * SIZE], scratch[1 << 17], found[ROWS * SIZE];
    static float key_panels[SLOTS * SIZE], value_panel[SLOTS * WIDTH];
    const int64_t counts[] = {1, 65, 511, MOST_KEYS};
    for (int n = 0; n < 4; n++) {
        const float *q = numbers(ROWS * SIZE), *keys = numbers(MOST_KEYS * SIZE), *values = numbers(MOST_KEYS * SIZE);
        memset(key_panels, 0, sizeof key_panels);
        memset(value_panel, 0, sizeof value_panel);
        for (int64_t r = 0; r < ROWS; r++)
            k->prepare_row(q + r * SIZE, SIZE, -INFINITY, INFINITY, 1,
                           (uint8_t *)queries + r * SIZE * k->rounded_size);
        for (int64_t t = 0; t < counts[n]; t++) {
            k->place_key(keys + t * SIZE, SIZE, t, key_panels);
            k->place_value(values + t * SIZE, SIZE, t, value_panel);
        }
        if (ck_attend_all_scratch(SIZE) > (int64_t)(sizeof scratch / sizeof scratch[0])) {
            fail("attend_all needs more scratch than the test has");
            return;
        }
        k->attend_all(queries, SIZE * k->rounded_size, ROWS, SIZE, key_panels, value_panel, counts[n], scratch,
                      found, SIZE);
        for (int64_t r = 0; r < ROWS; r++) {
            double sums[SIZE] = {0}, total = 0;
            for (int64_t t = 0; t < counts[n]; t++) {
                double score = 0;
                for (int i = 0; i < SIZE; i++)
                    score += (double)nearest_bf16(q[r * SIZE + i]) * nearest_bf16(keys[t * SIZE + i]);
                const double power = exp(score);
                total += power;
                for (int i = 0; i < SIZE; i++) sums[i] += power * nearest_bf16(values[t * SIZE + i]);
            }
            // Shares keep eight bits.
            for (int i = 0; i < SIZE; i++)
                if (differs(found[r * SIZE + i], sums[i] / total, 4e-3))
                    fail("attend_all, %d keys: [%d, %d] = %g, not %g", (int)counts[n], (int)r, i,
                         found[r * SIZE + i], sums[i] / total);
        }
    }
}

static void check_rows(const struct ck_kernels *k) {
    static float found[1024];
    for (int n = 0; n < LENGTHS; n++) {
        const int64_t count = lengths[n];
        const float *x = numbers(count), *y = numbers(count), *z = numbers(count);
        double mean = 0, square = 0;
        for (int64_t i = 0; i < count; i++) mean += x[i] / (double)count;
        for (int64_t i = 0; i < count; i++) square += (x[i] - mean) * (x[i] - mean) / (double)count;
        k->layer_norm(x, y, z, 1e-5f, found, count);
        for (int64_t i = 0; i < count; i++) {
            const double exact = (x[i] - mean) / sqrt(square + 1e-5) * y[i] + z[i];
            if (differs(found[i], exact, 2e-5)) fail("layer_norm [%d] = %g, not %g", (int)i, found[i], exact);
        }
        k->sigmoid_multiply(x, y, found, count);
        for (int64_t i = 0; i < count; i++)
            if (differs(found[i], x[i] / (1 + exp(-y[i])), 1e-6)) fail("sigmoid_multiply [%d] = %g", (int)i, found[i]);
        k->clamp(x, -0.25f, 0.5f, found, count);
        for (int64_t i = 0; i < count; i++)
            if (found[i] != fminf(fmaxf(x[i], -0.25f), 0.5f)) fail("clamp [%d] = %g", (int)i, found[i]);
    }
}

static void check_attend_near(const struct ck_kernels *k) {
    enum { STRIDE = 150, SIZE = 67, MOST_NEAR = 12 };
    const float *query = numbers(SIZE), *keys = numbers(MOST_NEAR * STRIDE), *values = numbers(MOST_NEAR * STRIDE);
    const float *relative = numbers(MOST_NEAR * STRIDE);
    for (int count = 1; count <= MOST_NEAR; count++) {
        float found[SIZE];
        double sums[SIZE] = {0}, total = 0;
        k->attend_near(query, keys, values, STRIDE, relative, STRIDE, count, SIZE, 3, found);
        for (int t = 0; t < count; t++) {
            double score = 0;
            for (int i = 0; i < SIZE; i++)
                score += query[i] * ((double)keys[t * STRIDE + i] + relative[(count - 1 - t) * STRIDE + i]);
            const double power = exp(3 * tanh(score / 3));
            total += power;
            for (int i = 0; i < SIZE; i++) sums[i] += power * values[t * STRIDE + i];
        }
        for (int i = 0; i < SIZE; i++)
            if (differs(found[i], sums[i] / total, 1e-5)) fail("attend_near, %d: [%d] = %g", count, i, found[i]);
    }
}

static void (*const checks[])(const struct ck_kernels *) = {
    check_dequantize, check_half,     check_multiply, check_quantized, check_rms_norm,  check_gelu_multiply,
    check_soft_cap,   check_attend,   check_rotate_and_accumulate, check_sum_words, check_panels,
    check_attend_all, check_rows,     check_attend_near,
};

int main(int count, char **arguments) {
    read_samples(count > 1 ? arguments[1] : "");
    table_name = "fixtures";
    if (sample_count < 20) fail("%d types of blocks read", sample_count);
    for (int i = 2; i < count; i++)
        if (!ck_kernels_named(arguments[i])) fail("there is no table %s", arguments[i]);
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        const struct ck_kernels *kernels = ck_kernels_named(tables[t]);
        if (!kernels) continue;
        table_name = tables[t];
        const int before = failures;
        for (size_t c = 0; c < sizeof checks / sizeof checks[0]; c++) {
            state = c + 1;
            checks[c](kernels);
        }
        printf("%s: %s\n", table_name, failures == before ? "every kernel agrees" : "FAILED");
    }
    if (failures) printf("%d failures\n", failures);
    return failures != 0;
}
