// Stands before the compiler's own header where kernels are built with `NATIVE_EMULATED`: SIMDe, or
// what is below where it lacks something, computes what the kernels ask of AVX-512 and VNNI with
// instructions that this processor has.
#pragma once

#include_next <immintrin.h>

#if defined(NATIVE_EMULATED)
#include <simde/x86/avx512/add.h>
#include <simde/x86/avx512/cast.h>
#include <simde/x86/avx512/cvt.h>
#include <simde/x86/avx512/div.h>
#include <simde/x86/avx512/dpbusd.h>
#include <simde/x86/avx512/dpwssd.h>
#include <simde/x86/avx512/fmadd.h>
#include <simde/x86/avx512/loadu.h>
#include <simde/x86/avx512/madd.h>
#include <simde/x86/avx512/max.h>
#include <simde/x86/avx512/min.h>
#include <simde/x86/avx512/mul.h>
#include <simde/x86/avx512/roundscale.h>
#include <simde/x86/avx512/set1.h>
#include <simde/x86/avx512/slli.h>
#include <simde/x86/avx512/storeu.h>
#include <simde/x86/avx512/sub.h>
#include <stdint.h>
#include <string.h>

#define __m512 simde__m512
#define __m512i simde__m512i

namespace emulated {

inline __m512 to_floats(__m512i x) {
  int32_t from[16];
  float to[16];
  memcpy(from, &x, sizeof from);
  for (int i = 0; i < 16; ++i) to[i] = static_cast<float>(from[i]);
  return simde_mm512_loadu_ps(to);
}

inline __m512i to_integers(__m512 x) { // half to even
  float from[16];
  __m256i to[2];
  memcpy(from, &x, sizeof from);
  for (int i = 0; i < 2; ++i) to[i] = _mm256_cvtps_epi32(_mm256_loadu_ps(from + 8 * i));
  return simde_mm512_loadu_si512(to);
}

// The low bits of each number.
template <class Number, class Packed>
inline Packed truncated(__m512i x) {
  int32_t from[16];
  Number low[16];
  Packed to;
  memcpy(from, &x, sizeof from);
  for (int i = 0; i < 16; ++i) low[i] = static_cast<Number>(from[i]);
  memcpy(&to, low, sizeof to);
  return to;
}

} // namespace emulated

#undef _mm512_roundscale_ps
#undef _mm512_slli_epi32

#define _mm256_dpbusd_avx_epi32 simde_mm256_dpbusd_epi32
#define _mm256_dpwssd_avx_epi32 simde_mm256_dpwssd_epi32
#define _mm512_add_epi32 simde_mm512_add_epi32
#define _mm512_add_ps simde_mm512_add_ps
#define _mm512_castsi512_ps simde_mm512_castsi512_ps
#define _mm512_cvtepi32_epi16 emulated::truncated<uint16_t, __m256i>
#define _mm512_cvtepi32_epi8 emulated::truncated<uint8_t, __m128i>
#define _mm512_cvtepi32_ps emulated::to_floats
#define _mm512_cvtps_epi32 emulated::to_integers
#define _mm512_div_ps simde_mm512_div_ps
#define _mm512_dpbusd_epi32 simde_mm512_dpbusd_epi32
#define _mm512_dpwssd_epi32 simde_mm512_dpwssd_epi32
#define _mm512_fmadd_ps simde_mm512_fmadd_ps
#define _mm512_loadu_ps simde_mm512_loadu_ps
#define _mm512_loadu_si512 simde_mm512_loadu_si512
#define _mm512_madd_epi16 simde_mm512_madd_epi16
#define _mm512_max_ps simde_mm512_max_ps
#define _mm512_min_ps simde_mm512_min_ps
#define _mm512_mul_ps simde_mm512_mul_ps
#define _mm512_roundscale_ps simde_mm512_roundscale_ps
#define _mm512_set1_epi32 simde_mm512_set1_epi32
#define _mm512_set1_ps simde_mm512_set1_ps
#define _mm512_slli_epi32 simde_mm512_slli_epi32
#define _mm512_storeu_ps simde_mm512_storeu_ps
#define _mm512_sub_epi32 simde_mm512_sub_epi32
#endif
