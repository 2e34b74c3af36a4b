// Residual blocks that are normalized over the whole sentence: what the decoder's front and the
// curves of the prosody consist of.
#pragma once

#include "layers.h"
#include "pool.h"

namespace native {

constexpr float kHalfPower = 0.70710678f; // both parts of a residual block count alike

constexpr Index float_bytes(Index count) { return count * static_cast<Index>(sizeof(float)); }

struct BlockSize {
  int inputs, outputs;
  bool doubles; // the rate
};

struct StyleBlock {
  BlockSize size;
  Conv first, second;
  Conv shortcut; // where there are more inputs than outputs, or fewer
  float* pool;   // (inputs, 3), then (inputs): of the convolution that doubles the rate, each
                 // channel by itself

  bool mixes() const { return size.inputs != size.outputs; }
  int styled() const { return size.inputs + size.outputs; }
  void close();
};

// Reads both convolutions, the shortcut and what doubles the rate, as far as they are there.
// `precision` is that of what is normalized. An error code is returned; `close` it in any case.
int32_t read_block(const Kernels& kernels, Reader* reader, const BlockSize& size,
                   int32_t precision, StyleBlock* block);

// What normalizes and rounds the channels of a signal, an array each.
struct Factors {
  float* start;
  Index channels; // of each array

  bool open(int most);
  float* zeros() const { return start; }
  float* ones() const { return start + channels; }
  float* means() const { return start + 2 * channels; }
  float* deviations() const { return start + 3 * channels; }
  float* scale() const { return start + 4 * channels; }
  float* shift() const { return start + 5 * channels; }
  float* ranges() const { return start + 6 * channels; }
  float* codes() const { return start + 7 * channels; }
  float* results() const { return start + 8 * channels; } // what sums of integers are multiplied with
};

// One sentence on its way through blocks: each reads `input` and leaves its result in `out`.
struct Sentence {
  Run run;
  const float* scales; // of the next place
  const float* shifts;
  Memory memory;
  Factors factors;
  Signal input, out, bent, again, coded, middle, sides, doubled;

  // `most` channels are normalized at once.
  bool open(int most) { return factors.open(most); }
  // Makes `input` of `rows` rows of `channels`, with zeros beside them up to `row_bytes`.
  bool begin(const float* values, Index rows, Index channels, Index row_bytes);
  // Runs a block, whose result is still to be multiplied with `kHalfPower`.
  bool pass(const StyleBlock& block, Index rows);
  // A convolution by itself; `add`, unless null, is added to it.
  bool convolved(const Conv& conv, const Signal& in, Index rows, const Signal* add, Signal* to);
  void close();

 private:
  bool styled(const Conv& reader, const Signal& from, Index rows, int channels);
  bool pooled(const StyleBlock& block, Index rows);
  bool fit(const Signal& from, Index rows, Conv* conv);
  bool convolved_styled(Conv conv, Signal* from, Index rows, const Signal* add, Signal* to);
  bool repeated(const Signal& from, Index rows);
};

} // namespace native
