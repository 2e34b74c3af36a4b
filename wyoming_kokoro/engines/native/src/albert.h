// ALBERT (Lan et al., 2019): tokens in, what they mean to one another out. One layer is used over
// and over; its weights are packed once.
#pragma once

#include "linear.h"

namespace native {

struct AlbertSize {
  int tokens, positions; // that are known
  int embedding, width, heads, inner, layers;
};

struct Albert {
  AlbertSize size;
  Table words, places;
  Norm embedded;
  Conv widening;
  Conv asking; // queries, keys and values side by side
  Conv mixing;
  Norm attended;
  Conv inner, outer;
  Norm whole;
  float* zeros; // biases of products in which nothing is added

  void close();
};

// Reads words, places (with what is added to all of them), a norm, what widens them; queries, keys and
// values as one, the mixing layer, a norm, both layers behind it, a norm. An error code is returned;
// `close` it in any case.
int32_t read_albert(const Kernels& kernels, Reader* reader, const AlbertSize& size, Albert* albert);

// Makes `out`, (count, width).
[[nodiscard]] bool run_albert(const Run& run, Memory* memory, const Albert& albert,
                              const int32_t* ids, Index count, Signal* out);

} // namespace native
