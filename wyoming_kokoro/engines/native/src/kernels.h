// The few loops that all time goes into, as a table of functions: one table an instruction set.
//
// What they work on are signals with time as the outer axis, a row of channels for each column.
// Every kernel gives the same bits, whatever its instruction set: a sum is a chain of fused
// multiply-adds from zero, taps first, then channels, then the bias, then what is added to it;
// whatever is rounded to an integer is rounded half to even.
#pragma once

#include <stdint.h>

namespace native {

typedef int64_t Index;

// How the input of a convolution is kept.
enum Format {
  kFloat = 0,     // float
  kUnsigned8 = 1, // 8 bits, 128 added
  kSigned8 = 2,   // 8 bits
  kSigned16 = 3,  // 16 bits
};

// Inputs come in groups that are multiplied at once, of 1, 2 or 4 by format, and the loop over them
// takes so many at a time: rows are padded with zeros.
constexpr int kGroups = 4;

// A convolution of some rows. `input` is what the first tap of the first row reads.
struct ConvCall {
  const void* input;
  Index row_step; // elements between what one row and the next read
  Index tap_step; // elements between taps
  int taps;
  int inputs;          // channels, a multiple of `kGroups` groups
  const void* weights; // (outputs / panel, taps, inputs / group, panel, group)
  const float* bias;   // (outputs)
  const float* scale;  // (outputs), for integers: what a sum is multiplied with
  const int32_t* zero; // (outputs), for integers: what is taken off a sum before
  const float* add;    // rows that are added to the result, or null
  Index add_step;
  float* output;
  Index output_step;
  int rows;
  int outputs; // a multiple of the panel
};

// Scale, shift and Snake of some rows of `channels` (a multiple of 16): with u = scale * x + shift,
// u + sin(u)^2. For integers that is multiplied with `codes`, rounded, and kept within `limit`.
struct SnakeCall {
  const float* input;
  Index input_step;
  const float* scale;
  const float* shift;
  const float* codes;
  float limit;
  float slope; // of what is negative, where it is bent by that instead of by Snake
  void* output;
  Index output_step; // elements
  int rows;
  int channels;
};

// A step of an LSTM: from what its gates add up to, input, forget, cell and output one after another,
// (4, channels), what its cells hold next, and what comes out, (channels) both, a multiple of 16.
struct CellCall {
  const float* gates;
  float* cells;
  float* output;
  int channels;
};

// The sum of one to three signals, times `factor`; where that is negative, times `slope` too.
struct MergeCall {
  const float* inputs[3];
  int count;
  float factor;
  float slope;
  float* output;
  Index values; // a multiple of 16
};

// Rows of `channels` (a multiple of 16), each of which is normalized by its own mean and variance,
// scaled and shifted; what is negative then is multiplied with `slope`.
struct NormCall {
  const float* input;
  Index input_step;
  const float* scale;
  const float* shift;
  float epsilon;
  float slope;
  float* output;
  Index output_step;
  int rows;
  int channels;
};

// Softmax of rows of `count` values, times `factor`, in place; zeros follow up to a multiple of 16.
struct SoftmaxCall {
  float* values;
  Index step;
  int rows;
  int count;
  float factor;
};

struct Kernels {
  const char* name;
  int panel;     // outputs of a float convolution that are made at once
  int int_panel; // outputs of an integer one
  Format int8;   // how activations of 8 bits are kept
  void (*conv_float)(const ConvCall&);
  void (*conv_int8)(const ConvCall&);
  void (*conv_int16)(const ConvCall&);
  void (*snake_float)(const SnakeCall&);
  void (*snake_int8)(const SnakeCall&);
  void (*snake_int16)(const SnakeCall&);
  void (*leaky_float)(const SnakeCall&);
  void (*leaky_int16)(const SnakeCall&);
  void (*merge)(const MergeCall&);
  void (*cell)(const CellCall&);
  void (*normalize)(const NormCall&);
  void (*softmax)(const SoftmaxCall&);
  // GELU of rows of `channels`, a multiple of 16, in place.
  void (*gelu)(float* values, Index step, Index rows, int channels);
  // The logistic function of `values` values, a multiple of 16.
  void (*logistic)(const float* input, float* output, Index values);
  // Rows of 32, log magnitudes and from the 16th on what the phases are sines of, to rows of 32:
  // real parts and, from the 16th on, imaginary parts.
  void (*polar)(const float* input, float* output, Index rows);
  // Adds the sums over rows and those of squares to `sums` and `squares`, (channels).
  void (*moments)(const float* input, Index step, Index rows, int channels, double* sums,
                  double* squares);
  // Raises `noted`, (channels), to the largest magnitudes of rows of so many, a multiple of 16.
  void (*ranges)(const float* input, Index step, Index rows, int channels, float* noted);
  // `count` weights, times `ranges` unless that is null, over `scale`, rounded; up to a vector's
  // width more are read and written.
  void (*round_weights)(const float* weights, const float* ranges, float scale, int16_t* rounded,
                        Index count);
  // Nothing but sums in registers, `rounds` of them, as convolutions make them; returns how many
  // products. What this takes is what no convolution can do without.
  Index (*peak_float)(Index rounds);
  Index (*peak_int8)(Index rounds);
  Index (*peak_int16)(Index rounds);
};

// Tables by instruction set. Those that this library was built without are null themselves.
const Kernels* scalar_kernels();
#define NATIVE_OPTIONAL __attribute__((weak))
NATIVE_OPTIONAL const Kernels* avx2_kernels();
NATIVE_OPTIONAL const Kernels* avx_vnni_kernels();
NATIVE_OPTIONAL const Kernels* avx512_kernels();
NATIVE_OPTIONAL const Kernels* avx512_vnni_kernels();
NATIVE_OPTIONAL const Kernels* neon_kernels();
NATIVE_OPTIONAL const Kernels* dotprod_kernels();
NATIVE_OPTIONAL const Kernels* i8mm_kernels();

// The table for this processor: the best one, or the one named; null where that cannot run here.
const Kernels* kernels_for(const char* name);

// The name of the n-th table that can run here, the best one first; null past the last.
const char* usable_kernels(int n);

} // namespace native
