// 64 bit ARM with the dot product instructions: integers of 8 bits.
#include "loops.h"
#include "vectors_neon.h"

namespace {

struct Dotprod : Neon {
  static I dot4(I sum, I activations, I weights) {
    return vdotq_s32(sum, vreinterpretq_s8_s32(weights), vreinterpretq_s8_s32(activations));
  }
};

constexpr native::Kernels kTable = table<Dotprod>("dotprod", native::kSigned8);

} // namespace

const native::Kernels* native::dotprod_kernels() { return &kTable; }
