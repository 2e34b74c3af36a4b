// Vectors of 16, as AVX-512 (F, BW, DQ, VL) has them.
#pragma once

#include <immintrin.h>
#include <stdint.h>
#include <string.h>

#if !defined(__clang__)
// g++ 12 warns of its own intrinsics (its bug 105593).
#pragma GCC diagnostic ignored "-Wmaybe-uninitialized"
#pragma GCC diagnostic ignored "-Wuninitialized"
#endif

namespace {

struct Avx512 {
  typedef __m512 F;
  typedef __m512i I;
  static constexpr int width = 16, rows = 12, vectors = 2;
  static constexpr int int8_rows = 12, int16_rows = 12, int_vectors = 2;

  static F load(const float* p) { return _mm512_loadu_ps(p); }
  static void store(float* p, F x) { _mm512_storeu_ps(p, x); }
  static F set(float x) { return _mm512_set1_ps(x); }
  static F add(F a, F b) { return _mm512_add_ps(a, b); }
  static F mul(F a, F b) { return _mm512_mul_ps(a, b); }
  static F div(F a, F b) { return _mm512_div_ps(a, b); }
  static F fma(F a, F b, F c) { return _mm512_fmadd_ps(a, b, c); }
#if defined(NATIVE_EMULATED)
  static F accumulated(F sum, F a, F w) { return fma(a, w, sum); }
  static I dot2(I sum, I activations, I weights) {
    return _mm512_add_epi32(sum, _mm512_madd_epi16(activations, weights));
  }
  template <class T>
  static void opaque(T* x) {
    __asm__ volatile("" : "+m"(*x));
  }
#else
  // As intrinsics, g++ 12 takes products forward and moves sums to memory and back.
  static F accumulated(F sum, F a, F w) {
    __asm__("vfmadd231ps %2, %1, %0" : "+v"(sum) : "v"(a), "v"(w));
    return sum;
  }
  static I dot2(I sum, I activations, I weights) {
    I product;
    __asm__("vpmaddwd %3, %2, %1\n\tvpaddd %1, %0, %0"
            : "+v"(sum), "=&v"(product)
            : "v"(activations), "v"(weights));
    return sum;
  }
  template <class T>
  static void opaque(T* x) {
    __asm__ volatile("" : "+v"(*x));
  }
#endif
  static F max(F a, F b) { return _mm512_max_ps(a, b); }
  static F min(F a, F b) { return _mm512_min_ps(a, b); }
  static F round(F x) {
    return _mm512_roundscale_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
  }
  static F to_float(I x) { return _mm512_cvtepi32_ps(x); }
  static I to_int(F x) { return _mm512_cvtps_epi32(x); }
  static F power_of_two(I n) {
    return _mm512_castsi512_ps(_mm512_slli_epi32(_mm512_add_epi32(n, _mm512_set1_epi32(127)), 23));
  }
  static I set_int(int32_t x) { return _mm512_set1_epi32(x); }
  static I load_int(const void* p) { return _mm512_loadu_si512(p); }
  static I sub(I a, I b) { return _mm512_sub_epi32(a, b); }
  static void store_int8(uint8_t* p, I x) {
    const __m128i bytes = _mm_xor_si128(_mm512_cvtepi32_epi8(x), _mm_set1_epi8(-128));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), bytes);
  }
  static void store_int16(int16_t* p, I x) {
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(p), _mm512_cvtepi32_epi16(x));
  }
  static I spread(const void* p) {
    int32_t bits;
    memcpy(&bits, p, sizeof bits);
    return _mm512_set1_epi32(bits);
  }
};

} // namespace
