// What this processor can do, read from the processor itself: compilers' own answers are wrong
// under some toolchains.
#include <stddef.h>
#include <string.h>

#include "kernels.h"

#if defined(__x86_64__)
#include <cpuid.h>
#elif defined(__aarch64__)
#include <sys/auxv.h>
#endif

namespace native {
namespace {

struct Candidate {
  bool usable;
  const Kernels* (*table)(); // null where this library was built without
};

#if defined(__x86_64__)

#if defined(NATIVE_EMULATED)
constexpr bool kEmulated = true; // for tests: the kernels do without the instructions
#else
constexpr bool kEmulated = false;
#endif

struct Registers {
  unsigned a, b, c, d;
};

Registers cpuid(unsigned leaf, unsigned part) {
  Registers r = {0, 0, 0, 0};
  if (__get_cpuid_max(leaf & 0x80000000u, nullptr) >= leaf)
    __cpuid_count(leaf, part, r.a, r.b, r.c, r.d);
  return r;
}

// Which registers the operating system keeps for a process (XCR0).
unsigned kept_registers() {
  if (!(cpuid(1, 0).c >> 27 & 1)) return 0;
  unsigned low, high;
  __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return low;
}

bool has(unsigned word, unsigned mask) { return (word & mask) == mask; }

int candidates(Candidate* found) {
  const Registers one = cpuid(1, 0), seven = cpuid(7, 0);
  const Registers more = seven.a >= 1 ? cpuid(7, 1) : Registers{0, 0, 0, 0};
  const unsigned kept = kept_registers();
  const bool avx2 = has(one.c, 1u << 12 | 1u << 28) && has(seven.b, 1u << 5) && has(kept, 0x6);
  const bool avx512 = avx2 && has(seven.b, 1u << 16 | 1u << 17 | 1u << 30 | 1u << 31) &&
                      has(kept, 0xe6);
  int n = 0;
  found[n++] = {kEmulated || (avx512 && has(seven.c, 1u << 11)), avx512_vnni_kernels};
  found[n++] = {kEmulated || (avx2 && has(more.a, 1u << 4)), avx_vnni_kernels};
  found[n++] = {kEmulated || avx512, avx512_kernels};
  found[n++] = {avx2, avx2_kernels};
  return n;
}

#elif defined(__aarch64__)

int candidates(Candidate* found) {
  const unsigned long hwcap_asimddp = 1ul << 20, hwcap2_i8mm = 1ul << 13;
  int n = 0;
  found[n++] = {(getauxval(AT_HWCAP2) & hwcap2_i8mm) != 0, i8mm_kernels};
  found[n++] = {(getauxval(AT_HWCAP) & hwcap_asimddp) != 0, dotprod_kernels};
  found[n++] = {true, neon_kernels};
  return n;
}

#else

int candidates(Candidate*) { return 0; }

#endif

constexpr int kMost = 8;

int usable_tables(const Kernels** tables) {
  Candidate found[kMost];
  int count = candidates(found), usable = 0;
  found[count++] = {true, scalar_kernels};
  for (int i = 0; i < count; ++i)
    if (found[i].usable && found[i].table) tables[usable++] = found[i].table();
  return usable;
}

} // namespace

const char* usable_kernels(int n) {
  const Kernels* tables[kMost];
  const int count = usable_tables(tables);
  return n >= 0 && n < count ? tables[n]->name : nullptr;
}

const Kernels* kernels_for(const char* name) {
  const Kernels* tables[kMost];
  const int count = usable_tables(tables);
  for (int i = 0; i < count; ++i)
    if (!name || !strcmp(name, tables[i]->name)) return tables[i];
  return nullptr;
}

} // namespace native
