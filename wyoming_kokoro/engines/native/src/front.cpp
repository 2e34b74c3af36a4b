#include "front.h"

#include <stdlib.h>
#include <string.h>

#include "pool.h"

namespace native {
namespace {

constexpr float kSlope = 0.2f;
constexpr float kHalfPower = 0.70710678f; // both parts of a residual block count alike
constexpr int kCurves = 2;
constexpr int kKernel = 3;
constexpr int kVector = 16;

int up_to(int value, int multiple) { return (value + multiple - 1) / multiple * multiple; }

Index floats(Index count) { return count * static_cast<Index>(sizeof(float)); }

// One sentence on its way through.
struct Sentence {
  const Front& front;
  Run run;
  Memory memory;
  const float* scales; // of the next place
  const float* shifts;
  float* affine; // (2, the most channels, padded)
  Signal text, input, encoded, middle, again, sides, doubled, out;

  // Normalizes a signal by its own statistics, styles it and bends it.
  bool styled(const Conv& reader, const Signal& from, Index rows, int channels, Signal* to) {
    const int padded = up_to(channels, kVector);
    float *scale = affine, *shift = affine + padded;
    float *means = shift + padded, *deviations = means + padded;
    memset(affine, 0, static_cast<size_t>(floats(4 * padded)));
    if (!measure(run, &memory, from, rows, channels, means, deviations)) return false;
    for (int i = 0; i < channels; ++i) {
      scale[i] = scales[i] / deviations[i];
      const float taken = means[i] * scale[i];
      shift[i] = shifts[i] - taken;
    }
    scales += channels;
    shifts += channels;
    return to->open(&memory, reader.row_bytes(), reader.before, reader.fill()) &&
           encode(run, reader, {scale, shift, kSlope}, from, rows, to) && to->pad(reader.after);
  }

  bool convolved(const Conv& conv, const Signal& in, Index rows, const Signal* add, Signal* to) {
    return to->open(&memory, floats(conv.padded_outputs), 0, 0) &&
           convolve(run, conv, in, rows, add, to, nullptr);
  }

  // Doubles the rate of what the first convolution of a block reads: a transposed convolution of
  // each channel by itself, kernel 3.
  bool pooled(const FrontBlock& block, Index rows, Signal* signal) {
    const Index step = block.first.padded_inputs;
    if (!again.open(&memory, block.first.row_bytes(), block.first.before, 0) ||
        !again.reserve(2 * rows))
      return false;
    for (Index row = 0; row < rows; ++row) {
      const float *now = signal->rows<float>(row), *next = now + step; // after the last: zeros
      float *even = again.rows<float>(2 * row), *odd = even + step;
      memset(even, 0, static_cast<size_t>(2 * block.first.row_bytes()));
      for (int i = 0; i < block.inputs; ++i) {
        const float* w = block.pool + 3 * i;
        const float left = now[i] * w[2], right = next[i] * w[0];
        even[i] = now[i] * w[1] + block.pool_bias[i];
        odd[i] = left + right + block.pool_bias[i];
      }
    }
    again.close_at(2 * rows);
    return again.pad(block.first.after);
  }

  bool repeated(const Signal& from, Index rows) {
    const size_t bytes = static_cast<size_t>(from.row_bytes());
    if (!doubled.open(&memory, from.row_bytes(), 0, 0) || !doubled.reserve(2 * rows)) return false;
    for (Index row = 0; row < rows; ++row) {
      memcpy(doubled.row(2 * row), from.row(row), bytes);
      memcpy(doubled.row(2 * row + 1), from.row(row), bytes);
    }
    doubled.close_at(2 * rows);
    return true;
  }

  // A residual block on `input`; its result is in `out`.
  bool block(const FrontBlock& block, Index rows) {
    const Index made = block.doubles ? 2 * rows : rows;
    if (!styled(block.first, input, rows, block.inputs, &encoded)) return false;
    if (block.doubles && !pooled(block, rows, &encoded)) return false;
    if (!convolved(block.first, block.doubles ? again : encoded, made, nullptr, &middle))
      return false;
    encoded.release();
    again.release();
    if (!styled(block.second, middle, made, block.outputs, &encoded)) return false;
    if (!convolved(block.shortcut, input, rows, nullptr, &sides)) return false;
    if (block.doubles && !repeated(sides, rows)) return false;
    input.release();
    middle.release();
    if (!convolved(block.second, encoded, made, block.doubles ? &doubled : &sides, &out))
      return false;
    encoded.release();
    sides.release();
    doubled.release();
    return true;
  }

  // The next block's input: the last one's result, the text and the curves side by side.
  bool joined(const float* features, Index rows) {
    const wk_front_shape& shape = front.shape;
    const Index width = shape.width, beside = shape.features + kCurves;
    const Index row_bytes = front.blocks[1].shortcut.row_bytes();
    if (!input.open(&memory, row_bytes, 0, 0) || !input.reserve(rows)) return false;
    for (Index row = 0; row < rows; ++row) {
      float* to = input.rows<float>(row);
      memset(to, 0, static_cast<size_t>(row_bytes));
      scaled(out.rows<float>(row), width, to);
      memcpy(to + width, text.row(row), static_cast<size_t>(floats(shape.text)));
      memcpy(to + width + shape.text, features + row * beside + shape.features,
             static_cast<size_t>(floats(kCurves)));
    }
    input.close_at(rows);
    out.release();
    return true;
  }

  void scaled(const float* from, Index count, float* to) const {
    for (Index i = 0; i < count; ++i) to[i] = from[i] * kHalfPower;
  }

  bool all(const float* features, Index frames, float* hidden) {
    const wk_front_shape& shape = front.shape;
    const Index width = shape.features + kCurves;
    if (!affine || !input.open(&memory, front.text.row_bytes(), 0, 0) || !input.reserve(frames))
      return false;
    for (Index row = 0; row < frames; ++row) {
      memset(input.row(row), 0, static_cast<size_t>(input.row_bytes()));
      memcpy(input.row(row), features + row * width, static_cast<size_t>(floats(width)));
    }
    input.close_at(frames);
    if (!convolved(front.text, input, frames, nullptr, &text)) return false;
    for (int i = 0; i < Front::kBlocks; ++i) {
      if (i > 0 && !joined(features, frames)) return false;
      if (!block(front.blocks[i], frames)) return false;
    }
    for (Index row = 0; row < 2 * frames; ++row)
      scaled(out.rows<float>(row), shape.outputs, hidden + row * shape.outputs);
    return true;
  }

  void close() {
    Signal* signals[] = {&text, &input, &encoded, &middle, &again, &sides, &doubled, &out};
    for (Signal* signal : signals) signal->release();
    memory.free_all();
    free(affine);
  }
};

} // namespace

void Front::close() {
  text.close();
  for (FrontBlock& block : blocks) {
    block.first.close();
    block.second.close();
    block.shortcut.close();
  }
  free(pool);
}

// The order of the weights: the text's convolution, then of each block both convolutions and the
// shortcut, and of the last one what doubles its rate.
int32_t read_front(const Kernels& kernels, const wk_front_shape& shape, Reader* reader,
                   Front* front) {
  front->kernels = &kernels;
  front->shape = shape;
  const int first_inputs = shape.features + kCurves;
  int32_t error = WK_OK;
  const auto conv = [&](int inputs, int outputs, int taps, Conv* to) {
    const Index reach = taps / 2;
    if (!error)
      error = read_conv(kernels, reader, {inputs, outputs, taps, 1, 1, reach, reach}, WK_FLOAT,
                        nullptr, to);
  };
  conv(first_inputs, shape.text, 1, &front->text);
  for (int i = 0; i < Front::kBlocks; ++i) {
    FrontBlock& block = front->blocks[i];
    block.doubles = i == Front::kBlocks - 1;
    block.inputs = i ? shape.width + shape.text + kCurves : first_inputs;
    block.outputs = block.doubles ? shape.outputs : shape.width;
    front->styled += block.inputs + block.outputs;
    conv(block.inputs, block.outputs, kKernel, &block.first);
    conv(block.outputs, block.outputs, kKernel, &block.second);
    conv(block.inputs, block.outputs, 1, &block.shortcut);
  }
  if (error) return error;
  FrontBlock& last = front->blocks[Front::kBlocks - 1];
  const Index count = Index(last.inputs) * (kKernel + 1);
  const float* pool = reader->take(count);
  if (!pool || reader->next != reader->end) return WK_BAD_ARGUMENT;
  front->pool = allocate_array<float>(count);
  if (!front->pool) return WK_OUT_OF_MEMORY;
  memcpy(front->pool, pool, static_cast<size_t>(floats(count)));
  last.pool = front->pool;
  last.pool_bias = front->pool + Index(last.inputs) * kKernel;
  return WK_OK;
}

bool run_front(const Front& front, const float* features, Index frames, const float* styling,
               int threads, double due, float* hidden) {
  const FlushedDenormals flushed;
  const wk_front_shape& shape = front.shape;
  const int most = shape.width + shape.text + shape.features + kVector;
  Sentence sentence = {front,
                       {front.kernels, threads, due},
                       {},
                       styling,
                       styling + front.styled,
                       allocate_array<float>(4 * up_to(most, kVector)),
                       {}, {}, {}, {}, {}, {}, {}, {}};
  const bool fine = sentence.all(features, frames, hidden);
  sentence.close();
  return fine;
}

} // namespace native
