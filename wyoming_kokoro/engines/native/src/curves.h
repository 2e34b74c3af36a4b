// All kernels but the convolutions: what bends, rounds, adds up and measures; see `loops.h`.
#pragma once

#include <stdint.h>

#include "kernels.h"

#define NATIVE_INLINE inline __attribute__((always_inline))

namespace {

using native::CellCall;
using native::Index;
using native::MergeCall;
using native::SnakeCall;

// sin(r) for r within half a turn's half: an odd polynomial, relative error 6e-9 before rounding.
template <class V>
NATIVE_INLINE typename V::F sine(typename V::F r) {
  typedef typename V::F F;
  const F square = V::mul(r, r);
  F p = V::fma(V::set(0x1.5dbdf4p-19f), square, V::set(-0x1.9f7p-13f));
  p = V::fma(p, square, V::set(0x1.110ed4p-7f));
  p = V::fma(p, square, V::set(-0x1.55554cp-3f));
  return V::fma(V::mul(p, square), r, r);
}

// What is left of `x` after `turns` half turns.
template <class V>
NATIVE_INLINE typename V::F reduced(typename V::F x, typename V::F turns) {
  const typename V::F r = V::fma(turns, V::set(-0x1.921fb6p+1f), x);
  return V::fma(turns, V::set(0x1.777a5cp-24f), r);
}

template <class V>
NATIVE_INLINE typename V::F half_turns(typename V::F x) {
  return V::round(V::mul(x, V::set(0.318309886f)));
}

// u + sin(u)^2. The square has half the period of the sine, so the sign does not matter.
template <class V>
NATIVE_INLINE typename V::F snake(typename V::F u) {
  const typename V::F s = sine<V>(reduced<V>(u, half_turns<V>(u)));
  return V::fma(s, s, u);
}

// The largest magnitudes of channels, where they are larger than those noted.
template <class V>
void ranges(const float* in, Index step, Index rows, int channels, float* noted) {
  for (Index row = 0; row < rows; ++row, in += step)
    for (int i = 0; i < channels; i += V::width) {
      const typename V::F value = V::load(in + i);
      const typename V::F size = V::max(value, V::mul(value, V::set(-1.0f)));
      V::store(noted + i, V::max(size, V::load(noted + i)));
    }
}

template <class V>
NATIVE_INLINE typename V::I code(typename V::F value, const float* codes, float limit) {
  typename V::F scaled = V::mul(value, V::load(codes));
  return V::to_int(V::min(V::max(scaled, V::set(-limit)), V::set(limit)));
}

struct ToFloat {
  typedef float Output;
  template <class V>
  static NATIVE_INLINE void put(float* out, typename V::F value, const float*, float) {
    V::store(out, value);
  }
};
struct ToInt8 {
  typedef uint8_t Output;
  template <class V>
  static NATIVE_INLINE void put(uint8_t* out, typename V::F value, const float* codes,
                                float limit) {
    V::store_int8(out, code<V>(value, codes, limit));
  }
};
struct ToInt16 {
  typedef int16_t Output;
  template <class V>
  static NATIVE_INLINE void put(int16_t* out, typename V::F value, const float* codes,
                                float limit) {
    V::store_int16(out, code<V>(value, codes, limit));
  }
};

template <class V, class To>
void snake_rows(const SnakeCall& c) {
  typedef typename To::Output Output;
  const float* in = c.input;
  Output* out = static_cast<Output*>(c.output);
  for (int row = 0; row < c.rows; ++row, in += c.input_step, out += c.output_step)
    for (int i = 0; i < c.channels; i += V::width) {
      const typename V::F u =
          V::fma(V::load(in + i), V::load(c.scale + i), V::load(c.shift + i));
      To::template put<V>(out + i, snake<V>(u), c.codes ? c.codes + i : nullptr, c.limit);
    }
}

template <class V, class To>
void leaky_rows(const SnakeCall& c) {
  typedef typename To::Output Output;
  const float* in = c.input;
  Output* out = static_cast<Output*>(c.output);
  for (int row = 0; row < c.rows; ++row, in += c.input_step, out += c.output_step)
    for (int i = 0; i < c.channels; i += V::width) {
      const typename V::F u =
          V::fma(V::load(in + i), V::load(c.scale + i), V::load(c.shift + i));
      const typename V::F bent = V::max(u, V::mul(u, V::set(c.slope)));
      To::template put<V>(out + i, bent, c.codes ? c.codes + i : nullptr, c.limit);
    }
}

template <class V>
void merge(const MergeCall& c) {
  for (Index i = 0; i < c.values; i += V::width) {
    typename V::F sum = V::load(c.inputs[0] + i);
    for (int n = 1; n < c.count; ++n) sum = V::add(sum, V::load(c.inputs[n] + i));
    sum = V::mul(sum, V::set(c.factor));
    V::store(c.output + i, V::max(sum, V::mul(sum, V::set(c.slope))));
  }
}

// e^x for x within +-87; relative error 3e-9 before rounding.
template <class V>
NATIVE_INLINE typename V::F exponential(typename V::F x) {
  typedef typename V::F F;
  x = V::min(V::max(x, V::set(-87.0f)), V::set(87.0f));
  const F n = V::round(V::mul(x, V::set(1.44269504f)));
  F r = V::fma(n, V::set(-0x1.62e430p-1f), x);
  r = V::fma(n, V::set(0x1.05c61p-29f), r);
  F p = V::fma(V::set(1.38146e-3f), r, V::set(8.36872e-3f));
  p = V::fma(p, r, V::set(4.166839e-2f));
  p = V::fma(p, r, V::set(1.6666521e-1f));
  p = V::fma(p, r, V::set(4.9999993e-1f));
  p = V::fma(V::mul(p, r), r, r);
  return V::mul(V::add(p, V::set(1.0f)), V::power_of_two(V::to_int(n)));
}

// 1 / (1 + e^-x).
template <class V>
NATIVE_INLINE typename V::F logistic(typename V::F x) {
  const typename V::F power = exponential<V>(V::mul(x, V::set(-1.0f)));
  return V::div(V::set(1.0f), V::add(V::set(1.0f), power));
}

// tanh(x), to 2e-7.
template <class V>
NATIVE_INLINE typename V::F hyperbolic(typename V::F x) {
  return V::fma(V::set(2.0f), logistic<V>(V::mul(V::set(2.0f), x)), V::set(-1.0f));
}

template <class V>
void cell(const CellCall& c) {
  typedef typename V::F F;
  const float *in = c.gates, *forget = in + c.channels, *next = forget + c.channels,
              *out = next + c.channels;
  for (int i = 0; i < c.channels; i += V::width) {
    const F kept = V::mul(logistic<V>(V::load(forget + i)), V::load(c.cells + i));
    const F held = V::fma(logistic<V>(V::load(in + i)), hyperbolic<V>(V::load(next + i)), kept);
    V::store(c.cells + i, held);
    V::store(c.output + i, V::mul(logistic<V>(V::load(out + i)), hyperbolic<V>(held)));
  }
}

template <class V>
void polar(const float* in, float* out, Index rows) {
  typedef typename V::F F;
  for (Index row = 0; row < rows; ++row, in += 32, out += 32)
    for (int i = 0; i < 16; i += V::width) {
      const F size = exponential<V>(V::load(in + i)), angle = V::load(in + 16 + i);
      const F turns = half_turns<V>(angle), s = sine<V>(reduced<V>(angle, turns));
      // An odd number of half turns changes the sign.
      const F odd = V::fma(V::round(V::mul(turns, V::set(0.5f))), V::set(-2.0f), turns);
      const F phase = V::mul(s, V::fma(V::mul(odd, V::set(-2.0f)), odd, V::set(1.0f)));
      const F square = V::mul(phase, phase);
      F cosine = V::fma(V::set(2.41250844e-5f), square, V::set(-1.38831164e-3f));
      cosine = V::fma(cosine, square, V::set(4.16664722e-2f));
      cosine = V::fma(cosine, square, V::set(-4.9999998e-1f));
      cosine = V::fma(cosine, square, V::set(1.0f));
      V::store(out + i, V::mul(size, cosine));
      V::store(out + 16 + i, V::mul(size, sine<V>(phase)));
    }
}

template <class V>
void round_weights(const float* weights, const float* ranges, float scale, int16_t* rounded,
                   Index count) {
  const typename V::F divisor = V::set(scale);
  for (Index i = 0; i < count; i += V::width) {
    typename V::F value = V::load(weights + i);
    if (ranges) value = V::mul(value, V::load(ranges + i));
    V::store_int16(rounded + i, V::to_int(V::div(value, divisor)));
  }
}

// The square of a float is exact in a double, so it does not matter whether it is fused.
void moments(const float* in, Index step, Index rows, int channels, double* sums,
             double* squares) {
  for (Index row = 0; row < rows; ++row, in += step)
    for (int i = 0; i < channels; ++i) {
      const double value = in[i];
      sums[i] += value;
      squares[i] += value * value;
    }
}

} // namespace
