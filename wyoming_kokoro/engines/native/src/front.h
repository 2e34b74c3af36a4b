// The decoder's front: residual blocks that are normalized over the whole sentence.
#pragma once

#include "blocks.h"
#include "interface.h"

namespace native {

struct Front {
  static constexpr int kBlocks = 5;
  const Kernels* kernels;
  wk_front_shape shape;
  Conv text;
  StyleBlock blocks[kBlocks];
  Index styled; // channels of all places

  void close();
};

// An error code is returned; `close` the front in any case.
int32_t read_front(const Kernels& kernels, const wk_front_shape& shape, int32_t precision,
                   Reader* reader, Front* front);

// Makes (2 * frames, outputs) of (frames, features + 2). `styling` is (2, channels of all places).
[[nodiscard]] bool run_front(const Front& front, const float* features, Index frames,
                             const float* styling, int threads, double due, float* hidden);

} // namespace native
