// Kernels over rows of a text: normalizing, softmax, GELU; see `loops.h`.
#pragma once

#include <math.h>

#include "curves.h"

namespace {

using native::NormCall;
using native::SoftmaxCall;

constexpr int kLanes = 16; // of sums along a row, whatever a vector's width

// Adds up, or compares, along a row in 16 lanes, which are joined in one order.
template <class V>
struct Lanes {
  static constexpr int count = kLanes / V::width;
  typename V::F parts[count];

  explicit Lanes(float start) {
    for (auto& part : parts) part = V::set(start);
  }
  // `with(part, i)` is the next value of a lane's part that stands at `i` of the row.
  template <class With>
  NATIVE_INLINE void over(int values, const With& with) {
    for (int i = 0; i < values; i += kLanes)
      for (int n = 0; n < count; ++n) parts[n] = with(parts[n], i + n * V::width);
  }
  template <class Join>
  NATIVE_INLINE float joined(const Join& join) const {
    float lanes[kLanes];
    for (int n = 0; n < count; ++n) V::store(lanes + n * V::width, parts[n]);
    for (int half = kLanes / 2; half > 0; half /= 2)
      for (int i = 0; i < half; ++i) lanes[i] = join(lanes[i], lanes[i + half]);
    return lanes[0];
  }
  NATIVE_INLINE float sum() const {
    return joined([](float a, float b) { return a + b; });
  }
};

template <class V>
void normalize(const NormCall& c) {
  typedef typename V::F F;
  const float* in = c.input;
  float* out = c.output;
  const float count = static_cast<float>(c.channels);
  for (int row = 0; row < c.rows; ++row, in += c.input_step, out += c.output_step) {
    Lanes<V> sums(0.0f), squares(0.0f);
    sums.over(c.channels, [&](F sum, int i) { return V::add(sum, V::load(in + i)); });
    const F mean = V::set(-(sums.sum() / count));
    squares.over(c.channels, [&](F sum, int i) {
      const F away = V::add(V::load(in + i), mean);
      return V::fma(away, away, sum);
    });
    const float variance = squares.sum() / count + c.epsilon;
    const F factor = V::set(1.0f / sqrtf(variance));
    for (int i = 0; i < c.channels; i += V::width) {
      const F normal = V::mul(V::add(V::load(in + i), mean), factor);
      const F value = V::fma(normal, V::load(c.scale + i), V::load(c.shift + i));
      V::store(out + i, V::max(value, V::mul(value, V::set(c.slope))));
    }
  }
}

template <class V>
void softmax(const SoftmaxCall& c) {
  typedef typename V::F F;
  constexpr float lowest = -1e30f;
  const int padded = (c.count + kLanes - 1) / kLanes * kLanes;
  float* values = c.values;
  for (int row = 0; row < c.rows; ++row, values += c.step) {
    for (int i = c.count; i < padded; ++i) values[i] = lowest;
    Lanes<V> most(lowest), sums(0.0f);
    most.over(padded, [&](F so_far, int i) { return V::max(V::load(values + i), so_far); });
    const F top = V::set(-most.joined([](float a, float b) { return a > b ? a : b; }));
    sums.over(padded, [&](F sum, int i) {
      const F away = V::add(V::load(values + i), top);
      const F power = exponential<V>(V::mul(away, V::set(c.factor)));
      V::store(values + i, power);
      return V::add(sum, power);
    });
    const F factor = V::set(1.0f / sums.sum());
    for (int i = 0; i < padded; i += V::width)
      V::store(values + i, V::mul(V::load(values + i), factor));
    for (int i = c.count; i < padded; ++i) values[i] = 0.0f;
  }
}

// GELU by its approximation (Hendrycks and Gimpel, 2016): x times the logistic function of
// 2 * sqrt(2 / pi) * (x + 0.044715 * x^3).
template <class V>
void gelu(float* values, Index step, Index rows, int channels) {
  typedef typename V::F F;
  for (Index row = 0; row < rows; ++row, values += step)
    for (int i = 0; i < channels; i += V::width) {
      const F x = V::load(values + i), square = V::mul(x, x);
      const F slope = V::fma(square, V::set(0.0713548163f), V::set(1.59576912f));
      V::store(values + i, V::mul(x, logistic<V>(V::mul(x, slope))));
    }
}

template <class V>
void chances(const float* in, float* out, Index values) {
  for (Index i = 0; i < values; i += V::width) V::store(out + i, logistic<V>(V::load(in + i)));
}

} // namespace
