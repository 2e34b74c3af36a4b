// The reference that every other instruction set is held against: one number at a time.
#include <math.h>

#include "loops.h"

namespace {

struct Scalar {
  typedef float F;
  typedef int32_t I;
  static constexpr int width = 1, rows = 2, vectors = 16;
  static constexpr int int8_rows = 2, int16_rows = 2, int_vectors = 16;

  static F load(const float* p) { return *p; }
  static void store(float* p, F x) { *p = x; }
  static F set(float x) { return x; }
  static F add(F a, F b) { return a + b; }
  static F mul(F a, F b) { return a * b; }
  static F div(F a, F b) { return a / b; }
  static F fma(F a, F b, F c) { return fmaf(a, b, c); }
  static F accumulated(F sum, F a, F w) { return fma(a, w, sum); }
  static F max(F a, F b) { return a > b ? a : b; }
  static F min(F a, F b) { return a < b ? a : b; }
  static F round(F x) { return rintf(x); }
  static F to_float(I x) { return static_cast<F>(x); }
  static I to_int(F x) { return static_cast<I>(rintf(x)); }
  static F power_of_two(I n) {
    const uint32_t bits = static_cast<uint32_t>(n + 127) << 23;
    F x;
    memcpy(&x, &bits, sizeof x);
    return x;
  }
  template <class T>
  static void opaque(T* x) {
    __asm__ volatile("" : "+m"(*x));
  }
  static I set_int(int32_t x) { return x; }
  static I load_int(const int32_t* p) { return *p; }
  static I sub(I a, I b) { return a - b; }
  static void store_int8(uint8_t* p, I x) { *p = static_cast<uint8_t>(x + 128); }
  static void store_int16(int16_t* p, I x) { *p = static_cast<int16_t>(x); }

  // A group is handed on as it lies in memory.
  template <class T>
  static I spread(const T* p) { return load_group(p); }
  static I load_int(const int8_t* p) { return load_group(p); }
  static I load_int(const int16_t* p) { return load_group(p); }
  template <class T>
  static I load_group(const T* p) {
    I bits;
    memcpy(&bits, p, sizeof bits);
    return bits;
  }
  static I dot4(I sum, I activations, I weights) {
    uint8_t a[4];
    int8_t w[4];
    memcpy(a, &activations, 4);
    memcpy(w, &weights, 4);
    for (int i = 0; i < 4; ++i) sum += a[i] * w[i];
    return sum;
  }
  static I dot2(I sum, I activations, I weights) {
    int16_t a[2], w[2];
    memcpy(a, &activations, 4);
    memcpy(w, &weights, 4);
    return sum + a[0] * w[0] + a[1] * w[1];
  }
};

constexpr native::Kernels kTable = table<Scalar>("scalar", native::kUnsigned8);

} // namespace

const native::Kernels* native::scalar_kernels() { return &kTable; }
