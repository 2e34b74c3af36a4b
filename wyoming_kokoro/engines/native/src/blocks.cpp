#include "blocks.h"

#include <stdlib.h>
#include <string.h>

namespace native {
namespace {

constexpr float kSlope = 0.2f;
constexpr int kKernel = 3;
constexpr int kVector = 16;
constexpr int kArrays = 9; // of `Factors`
constexpr float kLeastRange = 1e-6f;

int up_to(int value, int multiple) { return (value + multiple - 1) / multiple * multiple; }

} // namespace

void StyleBlock::close() {
  first.close();
  second.close();
  shortcut.close();
  free(pool);
}

int32_t read_block(const Kernels& kernels, Reader* reader, const BlockSize& size,
                   int32_t precision, StyleBlock* block) {
  block->size = size;
  int32_t error = WK_OK;
  const auto conv = [&](int inputs, int outputs, int taps, int32_t numbers, Conv* to) {
    const Index reach = taps / 2;
    if (!error)
      error = read_conv(kernels, reader, {inputs, outputs, taps, 1, 1, reach, reach}, numbers,
                        nullptr, to);
  };
  conv(size.inputs, size.outputs, kKernel, precision, &block->first);
  conv(size.outputs, size.outputs, kKernel, precision, &block->second);
  // What it reads is not normalized.
  if (block->mixes()) conv(size.inputs, size.outputs, 1, WK_FLOAT, &block->shortcut);
  if (error || !size.doubles) return error;
  const Index count = Index(size.inputs) * (kKernel + 1);
  const float* pool = reader->take(count);
  if (!pool) return reader->error();
  block->pool = allocate_array<float>(count);
  if (!block->pool) return WK_OUT_OF_MEMORY;
  memcpy(block->pool, pool, static_cast<size_t>(float_bytes(count)));
  return WK_OK;
}

bool Factors::open(int most) {
  channels = up_to(most, kVector);
  start = allocate_array<float>(kArrays * channels);
  for (Index i = 0; start && i < channels; ++i) ones()[i] = 1.0f;
  return start != nullptr;
}

bool Sentence::begin(const float* values, Index rows, Index channels, Index row_bytes) {
  if (!input.open(&memory, row_bytes, 0, 0) || !input.reserve(rows)) return false;
  for (Index row = 0; row < rows; ++row) {
    memset(input.row(row), 0, static_cast<size_t>(row_bytes));
    memcpy(input.row(row), values + row * channels, static_cast<size_t>(float_bytes(channels)));
  }
  input.close_at(rows);
  return true;
}

// Normalizes a signal by its own statistics, styles it and bends it; a row of zeros follows.
bool Sentence::styled(const Conv& reader, const Signal& from, Index rows, int channels) {
  float *scale = factors.scale(), *shift = factors.shift();
  memset(scale, 0, static_cast<size_t>(float_bytes(2 * factors.channels))); // the shifts follow
  if (!measure(run, &memory, from, rows, channels, factors.means(), factors.deviations()))
    return false;
  for (int i = 0; i < channels; ++i) {
    scale[i] = scales[i] / factors.deviations()[i];
    const float taken = factors.means()[i] * scale[i];
    shift[i] = shifts[i] - taken;
  }
  scales += channels;
  shifts += channels;
  Conv as_floats = reader;
  as_floats.format = kFloat;
  return bent.open(&memory, as_floats.row_bytes(), 0, 0) &&
         encode(run, as_floats, {scale, shift, kSlope}, from, rows, &bent) && bent.pad(1);
}

// Doubles the rate of what the first convolution of a block reads: a transposed convolution of
// each channel by itself, kernel 3.
bool Sentence::pooled(const StyleBlock& block, Index rows) {
  const Index step = block.first.padded_inputs;
  if (!again.open(&memory, bent.row_bytes(), 0, 0) || !again.reserve(2 * rows)) return false;
  const float* bias = block.pool + Index(kKernel) * block.size.inputs;
  for (Index row = 0; row < rows; ++row) {
    const float *now = bent.rows<float>(row), *next = now + step; // after the last: zeros
    float *even = again.rows<float>(2 * row), *odd = even + step;
    memset(even, 0, static_cast<size_t>(2 * bent.row_bytes()));
    for (int i = 0; i < block.size.inputs; ++i) {
      const float* w = block.pool + 3 * i;
      const float left = now[i] * w[2], right = next[i] * w[0];
      even[i] = now[i] * w[1] + bias[i];
      odd[i] = left + right + bias[i];
    }
  }
  again.close_at(2 * rows);
  bent.release();
  return true;
}

// Sets what a convolution of integers is computed with for this signal: it is normalized, so that
// one step serves all of its channels.
bool Sentence::fit(const Signal& from, Index rows, Conv* conv) {
  const int channels = conv->padded_inputs;
  memset(factors.ranges(), 0, static_cast<size_t>(float_bytes(channels)));
  if (!note_ranges(run, &memory, from, rows, channels, factors.ranges())) return false;
  float range = kLeastRange;
  for (int i = 0; i < channels; ++i)
    if (factors.ranges()[i] > range) range = factors.ranges()[i];
  for (int i = 0; i < channels; ++i) factors.codes()[i] = conv->limit / range;
  for (int i = 0; i < conv->padded_outputs; ++i) factors.results()[i] = conv->scale[i] * range;
  conv->codes = factors.codes();
  conv->scale = factors.results();
  return true;
}

// A convolution of what has been styled, and of which `rows` are left.
bool Sentence::convolved_styled(Conv conv, Signal* from, Index rows, const Signal* add, Signal* to) {
  if (conv.format != kFloat && !fit(*from, rows, &conv)) return false;
  const Styling as_it_is = {factors.ones(), factors.zeros(), 1.0f};
  if (!coded.open(&memory, conv.row_bytes(), conv.before, conv.fill()) ||
      !encode(run, conv, as_it_is, *from, rows, &coded) || !coded.pad(conv.after))
    return false;
  from->release();
  if (!convolved(conv, coded, rows, add, to)) return false;
  coded.release();
  return true;
}

bool Sentence::convolved(const Conv& conv, const Signal& in, Index rows, const Signal* add, Signal* to) {
  return to->open(&memory, float_bytes(conv.padded_outputs), 0, 0) &&
         convolve(run, conv, in, rows, add, to, nullptr);
}

bool Sentence::repeated(const Signal& from, Index rows) {
  const size_t bytes = static_cast<size_t>(from.row_bytes());
  if (!doubled.open(&memory, from.row_bytes(), 0, 0) || !doubled.reserve(2 * rows)) return false;
  for (Index row = 0; row < rows; ++row) {
    memcpy(doubled.row(2 * row), from.row(row), bytes);
    memcpy(doubled.row(2 * row + 1), from.row(row), bytes);
  }
  doubled.close_at(2 * rows);
  return true;
}

bool Sentence::pass(const StyleBlock& block, Index rows) {
  const Index made = block.size.doubles ? 2 * rows : rows;
  if (!styled(block.first, input, rows, block.size.inputs)) return false;
  if (block.size.doubles && !pooled(block, rows)) return false;
  Signal* read = block.size.doubles ? &again : &bent;
  if (!convolved_styled(block.first, read, made, nullptr, &middle)) return false;
  const Signal* beside = &input;
  if (block.mixes()) {
    if (!convolved(block.shortcut, input, rows, nullptr, &sides)) return false;
    input.release();
    beside = &sides;
  }
  if (block.size.doubles) {
    if (!repeated(*beside, rows)) return false;
    beside = &doubled;
  }
  if (!styled(block.second, middle, made, block.size.outputs)) return false;
  middle.release();
  if (!convolved_styled(block.second, &bent, made, beside, &out)) return false;
  input.release();
  sides.release();
  doubled.release();
  return true;
}

void Sentence::close() {
  Signal* signals[] = {&input, &out, &bent, &again, &coded, &middle, &sides, &doubled};
  for (Signal* signal : signals) signal->release();
  memory.free_all();
  free(factors.start);
}

} // namespace native
