// AVX-512 with VNNI: integers of 8 bits, four products an instruction and lane.
#include "loops.h"
#include "vectors_avx512.h"

namespace {

struct Avx512Vnni : Avx512 {
#if defined(NATIVE_EMULATED)
  static I dot4(I sum, I activations, I weights) {
    return _mm512_dpbusd_epi32(sum, activations, weights);
  }
  static I dot2(I sum, I activations, I weights) {
    return _mm512_dpwssd_epi32(sum, activations, weights);
  }
#else
  // As intrinsics, g++ 12 moves the sums to memory and back.
  static I dot4(I sum, I activations, I weights) {
    __asm__("vpdpbusd %2, %1, %0" : "+v"(sum) : "v"(activations), "v"(weights));
    return sum;
  }
  static I dot2(I sum, I activations, I weights) {
    __asm__("vpdpwssd %2, %1, %0" : "+v"(sum) : "v"(activations), "v"(weights));
    return sum;
  }
#endif
};

constexpr native::Kernels kTable = table<Avx512Vnni>("avx512-vnni", native::kUnsigned8);

} // namespace

const native::Kernels* native::avx512_vnni_kernels() { return &kTable; }
