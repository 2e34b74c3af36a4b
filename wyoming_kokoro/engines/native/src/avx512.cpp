// AVX-512 without VNNI: integers are pairs of 16 bits.
#include "loops.h"
#include "vectors_avx512.h"

namespace {
constexpr native::Kernels kTable = table_without_quads<Avx512>("avx512");
}

const native::Kernels* native::avx512_kernels() { return &kTable; }
