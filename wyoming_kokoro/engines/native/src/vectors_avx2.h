// Vectors of 8, as AVX2 and FMA have them.
#pragma once

#include <immintrin.h>
#include <stdint.h>
#include <string.h>

namespace {

struct Avx2 {
  typedef __m256 F;
  typedef __m256i I;
  static constexpr int width = 8, rows = 6, vectors = 2;
  static constexpr int int8_rows = 6, int16_rows = 6, int_vectors = 2;

  static F load(const float* p) { return _mm256_loadu_ps(p); }
  static void store(float* p, F x) { _mm256_storeu_ps(p, x); }
  static F set(float x) { return _mm256_set1_ps(x); }
  static F add(F a, F b) { return _mm256_add_ps(a, b); }
  static F mul(F a, F b) { return _mm256_mul_ps(a, b); }
  static F div(F a, F b) { return _mm256_div_ps(a, b); }
  static F fma(F a, F b, F c) { return _mm256_fmadd_ps(a, b, c); }
  // As an intrinsic, g++ 12 moves some of the sums to memory and back.
  static F accumulated(F sum, F a, F w) {
    __asm__("vfmadd231ps %2, %1, %0" : "+x"(sum) : "x"(a), "x"(w));
    return sum;
  }
  static F max(F a, F b) { return _mm256_max_ps(a, b); }
  static F min(F a, F b) { return _mm256_min_ps(a, b); }
  static F round(F x) { return _mm256_round_ps(x, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC); }
  static F to_float(I x) { return _mm256_cvtepi32_ps(x); }
  static I to_int(F x) { return _mm256_cvtps_epi32(x); }
  static F power_of_two(I n) {
    return _mm256_castsi256_ps(_mm256_slli_epi32(_mm256_add_epi32(n, _mm256_set1_epi32(127)), 23));
  }
  template <class T>
  static void opaque(T* x) {
    __asm__ volatile("" : "+x"(*x));
  }
  static I set_int(int32_t x) { return _mm256_set1_epi32(x); }
  static I load_int(const void* p) { return _mm256_loadu_si256(static_cast<const I*>(p)); }
  static I sub(I a, I b) { return _mm256_sub_epi32(a, b); }
  static void store_int8(uint8_t* p, I x) {
    const __m128i halves = packed(x);
    const __m128i bytes = _mm_xor_si128(_mm_packs_epi16(halves, halves), _mm_set1_epi8(-128));
    _mm_storel_epi64(reinterpret_cast<__m128i*>(p), bytes);
  }
  static void store_int16(int16_t* p, I x) {
    _mm_storeu_si128(reinterpret_cast<__m128i*>(p), packed(x));
  }
  static __m128i packed(I x) {
    return _mm_packs_epi32(_mm256_castsi256_si128(x), _mm256_extracti128_si256(x, 1));
  }
  static I spread(const void* p) {
    int32_t bits;
    memcpy(&bits, p, sizeof bits);
    return _mm256_set1_epi32(bits);
  }
  static I dot2(I sum, I activations, I weights) {
    // As intrinsics, g++ 12 takes products forward and moves the sums to memory and back.
    I product;
    __asm__("vpmaddwd %3, %2, %1\n\tvpaddd %1, %0, %0"
            : "+x"(sum), "=&x"(product)
            : "x"(activations), "x"(weights));
    return sum;
  }
};

} // namespace
