// The kernels, written once over a type `V` that wraps the vectors of an instruction set. Included
// by the file of each, where everything here has internal linkage: two files' copies never mix.
#pragma once

#include <stdint.h>
#include <string.h>

#include "kernels.h"

#if defined(NATIVE_UNROLL) // tests have reasons not to
#elif defined(__clang__)
#define NATIVE_UNROLL _Pragma("clang loop unroll(full)")
#else
#define NATIVE_UNROLL _Pragma("GCC unroll 32")
#endif
#define NATIVE_INLINE inline __attribute__((always_inline))

namespace {

using native::ConvCall;
using native::Index;
using native::MergeCall;
using native::SnakeCall;

// How sums are made: of floats, of groups of four 8 bit numbers, of pairs of 16 bit numbers.
template <class V>
struct Floats {
  typedef float Input;
  typedef float Weight;
  typedef typename V::F Sum;
  static constexpr int group = 1, rows = V::rows, vectors = V::vectors;
  static NATIVE_INLINE Sum zero() { return V::set(0.0f); }
  static NATIVE_INLINE typename V::F spread(const float* a) { return V::set(*a); }
  static NATIVE_INLINE typename V::F load(const float* w) { return V::load(w); }
  static NATIVE_INLINE Sum add(Sum sum, typename V::F a, typename V::F w) {
    return V::accumulated(sum, a, w);
  }
  static NATIVE_INLINE typename V::F result(Sum sum, const ConvCall& c, int output) {
    return V::add(sum, V::load(c.bias + output));
  }
};

template <class V, class Kind>
struct Integers : Kind {
  typedef typename V::I Sum;
  static NATIVE_INLINE Sum zero() { return V::set_int(0); }
  static NATIVE_INLINE typename V::F result(Sum sum, const ConvCall& c, int output) {
    typename V::F value = V::to_float(V::sub(sum, V::load_int(c.zero + output)));
    return V::fma(value, V::load(c.scale + output), V::load(c.bias + output));
  }
};

template <class V>
struct Quads {
  typedef uint8_t Input; // or int8_t: their bits are all that matters here
  typedef int8_t Weight;
  static constexpr int group = 4, rows = V::int8_rows, vectors = V::int_vectors;
  static NATIVE_INLINE typename V::I spread(const uint8_t* a) { return V::spread(a); }
  static NATIVE_INLINE typename V::I load(const int8_t* w) { return V::load_int(w); }
  static NATIVE_INLINE typename V::I add(typename V::I sum, typename V::I a, typename V::I w) {
    return V::dot4(sum, a, w);
  }
};

template <class V>
struct Pairs {
  typedef int16_t Input;
  typedef int16_t Weight;
  static constexpr int group = 2, rows = V::int16_rows, vectors = V::int_vectors;
  static NATIVE_INLINE typename V::I spread(const int16_t* a) { return V::spread(a); }
  static NATIVE_INLINE typename V::I load(const int16_t* w) { return V::load_int(w); }
  static NATIVE_INLINE typename V::I add(typename V::I sum, typename V::I a, typename V::I w) {
    return V::dot2(sum, a, w);
  }
};

// `Rows` rows of one panel. The sums stay in registers.
template <class V, class K, int Rows>
NATIVE_INLINE void conv_tile(const ConvCall& c, int row, int panel) {
  constexpr int width = V::width, vectors = K::vectors, group = K::group;
  typename K::Sum sums[Rows][vectors];
  NATIVE_UNROLL
  for (int m = 0; m < Rows; ++m) {
    NATIVE_UNROLL
    for (int n = 0; n < vectors; ++n) sums[m][n] = K::zero();
  }
  const Index step = c.row_step;
  const typename K::Weight* w = static_cast<const typename K::Weight*>(c.weights) +
                                Index(panel) * c.taps * c.inputs * (vectors * width);
  const typename K::Input* tap = static_cast<const typename K::Input*>(c.input) + row * step;
  for (int k = 0; k < c.taps; ++k, tap += c.tap_step) {
    // One pointer for every three rows: a machine has few registers for addresses.
    const typename K::Input* a[(Rows + 2) / 3];
    NATIVE_UNROLL
    for (int m = 0; m < (Rows + 2) / 3; ++m) a[m] = tap + 3 * m * step;
    for (int i = 0; i < c.inputs; i += native::kGroups * group) {
      NATIVE_UNROLL
      for (int u = 0; u < native::kGroups; ++u) {
        decltype(K::load(w)) weights[vectors];
        NATIVE_UNROLL
        for (int n = 0; n < vectors; ++n) weights[n] = K::load(w + (u * vectors + n) * width * group);
        NATIVE_UNROLL
        for (int m = 0; m < Rows; ++m) {
          const auto value = K::spread(a[m / 3] + (m % 3) * step + u * group);
          NATIVE_UNROLL
          for (int n = 0; n < vectors; ++n) sums[m][n] = K::add(sums[m][n], value, weights[n]);
        }
        // Loads of the next group, taken forward, would push sums out of the registers.
        __asm__ volatile("" : : : "memory");
      }
      NATIVE_UNROLL
      for (int m = 0; m < (Rows + 2) / 3; ++m) a[m] += native::kGroups * group;
      w += native::kGroups * vectors * width * group;
    }
  }
  NATIVE_UNROLL
  for (int m = 0; m < Rows; ++m) {
    NATIVE_UNROLL
    for (int n = 0; n < vectors; ++n) {
      const int output = (panel * vectors + n) * width;
      typename V::F value = K::result(sums[m][n], c, output);
      if (c.add) value = V::add(value, V::load(c.add + (row + m) * c.add_step + output));
      V::store(c.output + (row + m) * c.output_step + output, value);
    }
  }
}

// The rows from `row` on, in tiles of `Rows`, then in smaller ones: the same sums in all.
template <class V, class K, int Rows>
NATIVE_INLINE void conv_rows(const ConvCall& c, int row, int panel) {
  for (; row + Rows <= c.rows; row += Rows) conv_tile<V, K, Rows>(c, row, panel);
  constexpr int smaller = Rows > 8 ? 8 : Rows > 4 ? 4 : Rows / 2;
  if constexpr (smaller > 0) {
    if (row < c.rows) conv_rows<V, K, smaller>(c, row, panel);
  }
}

template <class V, class K>
void conv(const ConvCall& c) {
  const int panels = c.outputs / (K::vectors * V::width);
  for (int panel = 0; panel < panels; ++panel) conv_rows<V, K, K::rows>(c, 0, panel);
}

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

template <class V>
void leaky_rows(const SnakeCall& c) {
  const float* in = c.input;
  float* out = static_cast<float*>(c.output);
  for (int row = 0; row < c.rows; ++row, in += c.input_step, out += c.output_step)
    for (int i = 0; i < c.channels; i += V::width) {
      const typename V::F u =
          V::fma(V::load(in + i), V::load(c.scale + i), V::load(c.shift + i));
      V::store(out + i, V::max(u, V::mul(u, V::set(c.slope))));
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

template <class V, class K>
Index peak(Index rounds) {
  constexpr int chains = 12; // more than an instruction's latency times how many start in a cycle
  const typename K::Input a[8] = {};
  const typename K::Weight w[V::width * K::group] = {};
  auto value = K::spread(a);
  auto weight = K::load(w);
  V::opaque(&weight);
  typename K::Sum sums[chains];
  NATIVE_UNROLL
  for (int i = 0; i < chains; ++i) sums[i] = K::zero();
  for (Index round = 0; round < rounds; ++round) {
    NATIVE_UNROLL
    for (int i = 0; i < chains; ++i) {
      V::opaque(&value);
      sums[i] = K::add(sums[i], value, weight);
    }
  }
  NATIVE_UNROLL
  for (int i = 0; i < chains; ++i) V::opaque(&sums[i]);
  return rounds * chains * V::width * K::group;
}

// The table of an instruction set; without sums of four products, 8 bits are kept in 16.
template <class V>
constexpr native::Kernels table_without_quads(const char* name) {
  return {name,
          V::vectors * V::width,
          V::int_vectors * V::width,
          native::kSigned16,
          conv<V, Floats<V>>,
          nullptr,
          conv<V, Integers<V, Pairs<V>>>,
          snake_rows<V, ToFloat>,
          nullptr,
          snake_rows<V, ToInt16>,
          leaky_rows<V>,
          merge<V>,
          polar<V>,
          moments,
          ranges<V>,
          peak<V, Floats<V>>,
          nullptr,
          peak<V, Integers<V, Pairs<V>>>};
}

template <class V>
constexpr native::Kernels table(const char* name, native::Format int8) {
  native::Kernels made = table_without_quads<V>(name);
  made.int8 = int8;
  made.conv_int8 = conv<V, Integers<V, Quads<V>>>;
  made.peak_int8 = peak<V, Integers<V, Quads<V>>>;
  made.snake_int8 = snake_rows<V, ToInt8>;
  return made;
}

} // namespace
