// 64 bit ARM as it always is: integers are pairs of 16 bits.
#include "loops.h"
#include "vectors_neon.h"

namespace {
constexpr native::Kernels kTable = table_without_quads<Neon>("neon");
}

const native::Kernels* native::neon_kernels() { return &kTable; }
