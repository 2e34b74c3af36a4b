// The convolutions, written once over a type `V` that wraps the vectors of an instruction set, and
// the tables of all kernels. Included by the file of each instruction set, where everything here
// has internal linkage: two files' copies never mix.
#pragma once

#include <stdint.h>
#include <string.h>

#include "curves.h"
#include "kernels.h"
#include "rows.h"

#if defined(NATIVE_UNROLL) // tests have reasons not to
#elif defined(__clang__)
#define NATIVE_UNROLL _Pragma("clang loop unroll(full)")
#else
#define NATIVE_UNROLL _Pragma("GCC unroll 32")
#endif

namespace {

using native::ConvCall;

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

// `Rows` rows of one panel. The sums stay in registers. Meanwhile a part of the next panel's weights is
// fetched to the second level of cache, another one by each of four tiles.
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
  constexpr Index line = 64, parts = 4;
  constexpr Index part = native::kGroups * vectors * width * group * sizeof(*w) / parts; // at a time
  const Index times = Index(c.taps) * c.inputs / (native::kGroups * group);
  const char* ahead =
      reinterpret_cast<const char*>(w) + times * part * (parts + row / Rows % parts);
  for (int k = 0; k < c.taps; ++k, tap += c.tap_step) {
    // One pointer for every three rows: a machine has few registers for addresses.
    const typename K::Input* a[(Rows + 2) / 3];
    NATIVE_UNROLL
    for (int m = 0; m < (Rows + 2) / 3; ++m) a[m] = tap + 3 * m * step;
    for (int i = 0; i < c.inputs; i += native::kGroups * group) {
      NATIVE_UNROLL
      for (Index i = 0; i < part; i += line) __builtin_prefetch(ahead + i, 0, 2);
      ahead += part;
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
          leaky_rows<V, ToFloat>,
          leaky_rows<V, ToInt16>,
          merge<V>,
          cell<V>,
          normalize<V>,
          softmax<V>,
          gelu<V>,
          chances<V>,
          polar<V>,
          moments,
          ranges<V>,
          round_weights<V>,
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
