// AVX2 with AVX-VNNI: integers of 8 bits, four products an instruction and lane.
#include "loops.h"
#include "vectors_avx2.h"

namespace {

struct AvxVnni : Avx2 {
#if defined(NATIVE_EMULATED)
  static I dot4(I sum, I activations, I weights) {
    return _mm256_dpbusd_avx_epi32(sum, activations, weights);
  }
  static I dot2(I sum, I activations, I weights) {
    return _mm256_dpwssd_avx_epi32(sum, activations, weights);
  }
#else
  // As intrinsics, g++ 12 moves the sums to memory and back.
  static I dot4(I sum, I activations, I weights) {
    __asm__("%{vex%} vpdpbusd %2, %1, %0" : "+x"(sum) : "x"(activations), "x"(weights));
    return sum;
  }
  static I dot2(I sum, I activations, I weights) {
    __asm__("%{vex%} vpdpwssd %2, %1, %0" : "+x"(sum) : "x"(activations), "x"(weights));
    return sum;
  }
#endif
};

constexpr native::Kernels kTable = table<AvxVnni>("avx-vnni", native::kUnsigned8);

} // namespace

const native::Kernels* native::avx_vnni_kernels() { return &kTable; }
