// Vectors of 4, as every 64 bit ARM processor has them.
#pragma once

#include <arm_neon.h>
#include <stdint.h>
#include <string.h>

namespace {

struct Neon {
  typedef float32x4_t F;
  typedef int32x4_t I;
  static constexpr int width = 4, rows = 6, vectors = 4;
  static constexpr int int8_rows = 6, int16_rows = 4, int_vectors = 4;

  static F load(const float* p) { return vld1q_f32(p); }
  static void store(float* p, F x) { vst1q_f32(p, x); }
  static F set(float x) { return vdupq_n_f32(x); }
  static F add(F a, F b) { return vaddq_f32(a, b); }
  static F mul(F a, F b) { return vmulq_f32(a, b); }
  static F div(F a, F b) { return vdivq_f32(a, b); }
  static F fma(F a, F b, F c) { return vfmaq_f32(c, a, b); }
  static F accumulated(F sum, F a, F w) { return fma(a, w, sum); }
  // As x86 has them: the second where the first is no number.
  static F max(F a, F b) { return vbslq_f32(vcgtq_f32(a, b), a, b); }
  static F min(F a, F b) { return vbslq_f32(vcltq_f32(a, b), a, b); }
  static F round(F x) { return vrndnq_f32(x); }
  static F to_float(I x) { return vcvtq_f32_s32(x); }
  static I to_int(F x) { return vcvtnq_s32_f32(x); }
  static F power_of_two(I n) {
    return vreinterpretq_f32_s32(vshlq_n_s32(vaddq_s32(n, vdupq_n_s32(127)), 23));
  }
  template <class T>
  static void opaque(T* x) {
    __asm__ volatile("" : "+w"(*x));
  }
  static I set_int(int32_t x) { return vdupq_n_s32(x); }
  static I load_int(const int32_t* p) { return vld1q_s32(p); }
  static I load_int(const int16_t* p) { return vreinterpretq_s32_s16(vld1q_s16(p)); }
  static I load_int(const int8_t* p) { return vreinterpretq_s32_s8(vld1q_s8(p)); }
  static I sub(I a, I b) { return vsubq_s32(a, b); }
  static void store_int8(uint8_t* p, I x) {
    const int8x8_t bytes = vmovn_s16(vcombine_s16(vmovn_s32(x), vdup_n_s16(0)));
    const int32_t bits = vget_lane_s32(vreinterpret_s32_s8(bytes), 0);
    memcpy(p, &bits, sizeof bits);
  }
  static void store_int16(int16_t* p, I x) { vst1_s16(p, vmovn_s32(x)); }
  static I spread(const void* p) {
    int32_t bits;
    memcpy(&bits, p, sizeof bits);
    return vdupq_n_s32(bits);
  }
  // The weights of four outputs lie in pairs: products of the lower and upper two, added in pairs.
  static I dot2(I sum, I activations, I weights) {
    const int16x8_t a = vreinterpretq_s16_s32(activations), w = vreinterpretq_s16_s32(weights);
    const int32x4_t low = vmull_s16(vget_low_s16(a), vget_low_s16(w));
    const int32x4_t high = vmull_high_s16(a, w);
    return vaddq_s32(sum, vpaddq_s32(low, high));
  }
};

} // namespace
