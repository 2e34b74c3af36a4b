// The prosody: what is decided about each frame in, curves of pitch and energy out.
#pragma once

#include "blocks.h"
#include "interface.h"
#include "lstm.h"

namespace native {

struct Curve {
  static constexpr int kBlocks = 3;
  StyleBlock blocks[kBlocks];
  Conv last;
};

struct Prosody {
  static constexpr int kCurves = 2;
  const Kernels* kernels;
  wk_prosody_shape shape;
  Lstm shared;
  Curve curves[kCurves];
  Index styled; // channels of all places

  void close();
};

// An error code is returned; `close` the prosody in any case.
int32_t read_prosody(const Kernels& kernels, const wk_prosody_shape& shape, int32_t precision,
                     Reader* reader, Prosody* prosody);

// Makes both curves, (2, 2 * frames), of (frames, features). `styling` is (2, channels of all
// places).
[[nodiscard]] bool run_prosody(const Prosody& prosody, const float* encoding, Index frames,
                               const float* styling, int threads, double due, float* curves);

} // namespace native
