// What is allowed through the C interface.
#pragma once

#include <math.h>
#include <stdint.h>

#include "kernels.h"

namespace native {

constexpr int32_t kMostThreads = 256;
constexpr Index kMostColumns = Index(1) << 24; // far more than a sentence has

inline bool finite(const float* values, Index count) {
  for (Index i = 0; i < count; ++i)
    if (!isfinite(values[i])) return false;
  return true;
}

} // namespace native
