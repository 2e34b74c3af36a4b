// AVX2 with FMA: integers are pairs of 16 bits.
#include "loops.h"
#include "vectors_avx2.h"

namespace {
constexpr native::Kernels kTable = table_without_quads<Avx2>("avx2");
}

const native::Kernels* native::avx2_kernels() { return &kTable; }
