// 64 bit ARM with the matrix instructions: integers of 8 bits, two rows by two outputs at once.
#include "loops.h"
#include "vectors_neon.h"

namespace {

constexpr int kVectors = Neon::int_vectors, kBytes = 16, kGroup = kVectors * kBytes;

// Two rows of eight inputs, and two outputs of as many weights: four sums.
struct Matrices {
  typedef int32x4_t Sum;
  typedef int8_t Input;
  typedef int8_t Weight;
  static constexpr int group = 8;
  static Sum zero() { return vdupq_n_s32(0); }
  static int8x16_t spread(const int8_t* a) { return vcombine_s8(vld1_s8(a), vld1_s8(a)); }
  static int8x16_t load(const int8_t* w) { return vld1q_s8(w); }
  static Sum add(Sum sum, int8x16_t a, int8x16_t w) { return vmmlaq_s32(sum, a, w); }
};

void finish(const ConvCall& c, int row, int output, int64x2_t sums) {
  auto value = Integers<Neon, Quads<Neon>>::result(vreinterpretq_s32_s64(sums), c, output);
  if (c.add) value = Neon::add(value, Neon::load(c.add + row * c.add_step + output));
  Neon::store(c.output + row * c.output_step + output, value);
}

// Two rows a pair of one panel. Its weights lie in groups of four: two of an output are brought side
// by side. Where the last row has no second one it is its own, which is not kept.
template <int Pairs>
void tile(const ConvCall& c, int row, int panel) {
  int32x4_t sums[Pairs][kVectors][2];
  NATIVE_UNROLL
  for (int s = 0; s < Pairs * kVectors; ++s)
    sums[s / kVectors][s % kVectors][0] = sums[s / kVectors][s % kVectors][1] = Matrices::zero();
  const int8_t* w = static_cast<const int8_t*>(c.weights) + Index(panel) * c.taps * c.inputs * kBytes;
  const int8_t* tap = static_cast<const int8_t*>(c.input) + row * c.row_step;
  const Index second = row + 1 < c.rows ? c.row_step : 0;
  for (int k = 0; k < c.taps; ++k, tap += c.tap_step)
    for (int i = 0; i < c.inputs; i += Matrices::group, w += 2 * kGroup) {
      int8x16_t rows[Pairs];
      NATIVE_UNROLL
      for (int p = 0; p < Pairs; ++p) {
        const int8_t* a = tap + 2 * p * c.row_step + i;
        rows[p] = vcombine_s8(vld1_s8(a), vld1_s8(a + second));
      }
      NATIVE_UNROLL
      for (int n = 0; n < kVectors; ++n) {
        const int32x4_t low = Neon::load_int(w + n * kBytes);
        const int32x4_t high = Neon::load_int(w + kGroup + n * kBytes);
        const auto left = vreinterpretq_s8_s32(vzip1q_s32(low, high));
        const auto right = vreinterpretq_s8_s32(vzip2q_s32(low, high));
        NATIVE_UNROLL
        for (int p = 0; p < Pairs; ++p) {
          sums[p][n][0] = Matrices::add(sums[p][n][0], rows[p], left);
          sums[p][n][1] = Matrices::add(sums[p][n][1], rows[p], right);
        }
        __asm__ volatile("" : : : "memory"); // loads taken forward would push sums out of registers
      }
    }
  NATIVE_UNROLL
  for (int p = 0; p < Pairs; ++p) {
    NATIVE_UNROLL
    for (int n = 0; n < kVectors; ++n) {
      const int output = (panel * kVectors + n) * Neon::width, at = row + 2 * p;
      const int64x2_t left = vreinterpretq_s64_s32(sums[p][n][0]);
      const int64x2_t right = vreinterpretq_s64_s32(sums[p][n][1]);
      finish(c, at, output, vzip1q_s64(left, right));
      if (second) finish(c, at + 1, output, vzip2q_s64(left, right));
    }
  }
}

void conv_in_pairs(const ConvCall& c) {
  constexpr int pairs = 3;
  for (int panel = 0; panel < c.outputs / (kVectors * Neon::width); ++panel) {
    int row = 0;
    for (; row + 2 * pairs <= c.rows; row += 2 * pairs) tile<pairs>(c, row, panel);
    for (; row < c.rows; row += 2) tile<1>(c, row, panel);
  }
}

constexpr native::Kernels with_matrices() {
  native::Kernels made = table_without_quads<Neon>("i8mm");
  made.int8 = native::kSigned8;
  made.conv_int8 = conv_in_pairs;
  made.snake_int8 = snake_rows<Neon, ToInt8>;
  made.peak_int8 = peak<Neon, Matrices>;
  return made;
}

constexpr native::Kernels kTable = with_matrices();

} // namespace

const native::Kernels* native::i8mm_kernels() { return &kTable; }
