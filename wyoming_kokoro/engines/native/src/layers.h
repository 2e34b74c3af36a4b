// The layers that the network is made of: weights packed for the kernels in use, and what applies
// them to signals, on several threads.
#pragma once

#include "interface.h"
#include "kernels.h"
#include "memory.h"

namespace native {

// Reads weights one after another.
class Reader {
 public:
  Reader(wk_read read, void* source) : read_(read), source_(source) {}
  ~Reader();
  // The next `count`, for as long as no others are taken; null where they cannot be had.
  const float* take(Index count);
  int32_t error() const { return error_; }

 private:
  wk_read read_;
  void* source_;
  float* held_ = nullptr;
  Index room_ = 0;
  int32_t error_ = WK_OK;
};

// A convolution over time: row t of the result reads the rows `t * stride - before` to that plus
// `(taps - 1) * dilation` of its input.
struct Conv {
  int inputs, outputs, taps, dilation, stride;
  Index before, after; // rows of zeros at both ends of the input
  Format format;
  int padded_inputs;  // as the kernels want them
  int padded_outputs;
  void* weights;
  float* bias;
  float* scale;
  int32_t* zero;
  float* codes; // what an input is multiplied with to be rounded; null for floats
  float limit;  // of the rounded inputs
  int chunk;    // rows that are made at once

  Index row_bytes() const;
  int fill() const; // the byte that zeros consist of
  // How many rows of the result the input up to `end` allows.
  Index ready(Index end) const;
  void close();
};

struct ConvSize {
  int inputs, outputs, taps, dilation, stride;
  Index before, after;
};

// Reads weights, (outputs, inputs, taps), and biases, (outputs). `precision` is one of the
// interface's; `ranges`, (inputs), are those of the inputs, for integers: without them `codes` is
// left to whoever uses it, and `scale` is that of inputs within 1. An error code is returned.
int32_t read_conv(const Kernels& kernels, Reader* reader, const ConvSize& size, int32_t precision,
                  const float* ranges, Conv* conv);

// What a call to a stream runs with.
struct Run {
  const Kernels* kernels;
  int threads;
  double due;
};

// What makes a signal the input of a styled convolution: its scale and shift, (channels) each.
struct Styling {
  const float* scale;
  const float* shift;
  float slope; // of what is negative; 0 for Snake
};

// Scales, shifts, bends (by Snake or, not for 8 bits, by a slope) and encodes the rows of `from`
// that `to` does not have yet, up to `end`.
[[nodiscard]] bool encode(const Run& run, const Conv& reader, const Styling& styling,
                          const Signal& from, Index end, Signal* to);

// What is done with the rows of a convolution as soon as they are made.
struct Then {
  const Conv* reader;
  Styling styling;
  Signal* to;
};

// Makes the rows of `out` that are not there yet, up to `limit` and as far as `in` allows; `add`,
// unless null, is added to them. `then` may be null.
[[nodiscard]] bool convolve(const Run& run, const Conv& conv, const Signal& in, Index limit,
                            const Signal* add, Signal* out, const Then* then);

// Appends rows to `to`, up to `end`: the sum of `count` inputs, whose rows that go into the first
// new one are given, times `factor`, and where negative times `slope`.
[[nodiscard]] bool sum(const Run& run, const float* const* inputs, int count, int channels,
                       Index end, float factor, float slope, Signal* to);

// Mean and deviation, sqrt(variance + 1e-5), of each channel of the rows 0 to `rows`.
[[nodiscard]] bool measure(const Run& run, Memory* memory, const Signal& signal, Index rows,
                           int channels, float* means, float* deviations);

// Raises `ranges`, (channels), to the largest magnitudes of the rows 0 to `rows`.
[[nodiscard]] bool note_ranges(const Run& run, Memory* memory, const Signal& signal, Index rows,
                               int channels, float* ranges);

} // namespace native
