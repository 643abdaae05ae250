// The functions between the products: norms, activation, rope, soft cap.
#pragma once

#include "lanes.h"

static void ck_rms_norm(const float *x, const float *weights, float epsilon, float *destination,
                        int64_t count) {
    ck_v16 squares = ck_splat(0);
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) {
        const ck_v16 v = ck_load(x + i);
        squares = ck_fma(v, v, squares);
    }
    float sum = ck_sum(squares);
    for (; i < count; i++) sum += x[i] * x[i];
    const float factor = 1 / sqrtf(sum / (float)count + epsilon);
    const ck_v16 factors = ck_splat(factor);
    i = 0;
    if (weights)
        for (; i + 16 <= count; i += 16)
            ck_store(destination + i, ck_load(x + i) * factors * ck_load(weights + i));
    else
        for (; i + 16 <= count; i += 16) ck_store(destination + i, ck_load(x + i) * factors);
    for (; i < count; i++) destination[i] = x[i] * factor * (weights ? weights[i] : 1);
}

// tanh through the exponential: its absolute error is what GELU and the soft cap need.
static inline ck_v16 ck_tanh(ck_v16 x) {
    return ck_splat(1) - ck_splat(2) / (ck_exp(x + x) + ck_splat(1));
}

static inline ck_v16 ck_gelu(ck_v16 x) {
    const ck_v16 inner =
        ck_splat(0.7978845608028654f) * (x + ck_splat(0.044715f) * x * x * x);
    return ck_splat(0.5f) * x * (ck_splat(1) + ck_tanh(inner));
}

static void ck_gelu_multiply(float *gate, const float *up, int64_t count) {
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) ck_store(gate + i, ck_gelu(ck_load(gate + i)) * ck_load(up + i));
    for (; i < count; i++) gate[i] = ck_gelu(ck_splat(gate[i]))[0] * up[i];
}

static void ck_rotate(float *x, const float *cosines, const float *sines, int64_t half) {
    int64_t j = 0;
    for (; j + 16 <= half; j += 16) {
        const ck_v16 u = ck_load(x + j), v = ck_load(x + j + half);
        const ck_v16 c = ck_load(cosines + j), s = ck_load(sines + j);
        ck_store(x + j, u * c - v * s);
        ck_store(x + j + half, v * c + u * s);
    }
    for (; j < half; j++) {
        const float u = x[j], v = x[j + half];
        x[j] = u * cosines[j] - v * sines[j];
        x[j + half] = v * cosines[j] + u * sines[j];
    }
}

static void ck_accumulate(float *destination, const float *x, float scale, int64_t count) {
    for (int64_t i = 0; i < count; i++) destination[i] += scale * x[i];
}

static void ck_soft_cap(float *x, float cap, int64_t count) {
    const ck_v16 inverse = ck_splat(1 / cap), top = ck_splat(cap);
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) ck_store(x + i, top * ck_tanh(ck_load(x + i) * inverse));
    for (; i < count; i++) x[i] = cap * ck_tanh(ck_splat(x[i]) * inverse)[0];
}

static inline ck_v16 ck_bounded(ck_v16 v, ck_v16 low, ck_v16 high) {
    v = ck_select(v < low, low, v);
    return ck_select(v > high, high, v);
}

static void ck_clamp(const float *x, float low, float high, float *destination, int64_t count) {
    const ck_v16 least = ck_splat(low), most = ck_splat(high);
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) ck_store(destination + i, ck_bounded(ck_load(x + i), least, most));
    for (; i < count; i++) destination[i] = ck_bounded(ck_splat(x[i]), least, most)[0];
}

static inline ck_v16 ck_sigmoid(ck_v16 x) { return ck_splat(1) / (ck_splat(1) + ck_exp(-x)); }

static void ck_sigmoid_multiply(const float *x, const float *gate, float *destination, int64_t count) {
    int64_t i = 0;
    for (; i + 16 <= count; i += 16)
        ck_store(destination + i, ck_load(x + i) * ck_sigmoid(ck_load(gate + i)));
    for (; i < count; i++) destination[i] = x[i] * ck_sigmoid(ck_splat(gate[i]))[0];
}

static void ck_layer_norm(const float *x, const float *weights, const float *biases, float epsilon,
                          float *destination, int64_t count) {
    ck_v16 sums = ck_splat(0), squares = ck_splat(0);
    int64_t i = 0;
    for (; i + 16 <= count; i += 16) sums += ck_load(x + i);
    float sum = ck_sum(sums);
    for (; i < count; i++) sum += x[i];
    const float mean = sum / (float)count;
    const ck_v16 means = ck_splat(mean);
    for (i = 0; i + 16 <= count; i += 16) {
        const ck_v16 v = ck_load(x + i) - means;
        squares = ck_fma(v, v, squares);
    }
    float square = ck_sum(squares);
    for (; i < count; i++) square += (x[i] - mean) * (x[i] - mean);
    const float factor = 1 / sqrtf(square / (float)count + epsilon);
    for (i = 0; i < count; i++)
        destination[i] = (x[i] - mean) * factor * (weights ? weights[i] : 1) + (biases ? biases[i] : 0);
}
