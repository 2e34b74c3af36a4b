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
constexpr float kLeastRange = 1e-6f;

int up_to(int value, int multiple) { return (value + multiple - 1) / multiple * multiple; }

Index floats(Index count) { return count * static_cast<Index>(sizeof(float)); }

// What normalizes and rounds the channels of a signal, an array each.
struct Factors {
  static constexpr int kArrays = 9;
  float* start;
  Index channels; // of each array

  bool open(int most) {
    channels = up_to(most, kVector);
    start = allocate_array<float>(kArrays * channels);
    for (Index i = 0; start && i < channels; ++i) ones()[i] = 1.0f;
    return start != nullptr;
  }
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

// One sentence on its way through.
struct Sentence {
  const Front& front;
  Run run;
  Memory memory;
  const float* scales; // of the next place
  const float* shifts;
  Factors factors;
  Signal text, input, bent, again, coded, middle, sides, doubled, out;

  // Normalizes a signal by its own statistics, styles it and bends it; a row of zeros follows.
  bool styled(const Conv& reader, const Signal& from, Index rows, int channels) {
    float *scale = factors.scale(), *shift = factors.shift();
    memset(scale, 0, static_cast<size_t>(floats(2 * factors.channels))); // the shifts follow
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
  bool pooled(const FrontBlock& block, Index rows) {
    const Index step = block.first.padded_inputs;
    if (!again.open(&memory, bent.row_bytes(), 0, 0) || !again.reserve(2 * rows)) return false;
    for (Index row = 0; row < rows; ++row) {
      const float *now = bent.rows<float>(row), *next = now + step; // after the last: zeros
      float *even = again.rows<float>(2 * row), *odd = even + step;
      memset(even, 0, static_cast<size_t>(2 * bent.row_bytes()));
      for (int i = 0; i < block.inputs; ++i) {
        const float* w = block.pool + 3 * i;
        const float left = now[i] * w[2], right = next[i] * w[0];
        even[i] = now[i] * w[1] + block.pool_bias[i];
        odd[i] = left + right + block.pool_bias[i];
      }
    }
    again.close_at(2 * rows);
    bent.release();
    return true;
  }

  // Sets what a convolution of integers is computed with for this signal: it is normalized, so that
  // one step serves all of its channels.
  bool fit(const Signal& from, Index rows, Conv* conv) {
    const int channels = conv->padded_inputs;
    memset(factors.ranges(), 0, static_cast<size_t>(floats(channels)));
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
  bool convolved_styled(Conv conv, Signal* from, Index rows, const Signal* add, Signal* to) {
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

  bool convolved(const Conv& conv, const Signal& in, Index rows, const Signal* add, Signal* to) {
    return to->open(&memory, floats(conv.padded_outputs), 0, 0) &&
           convolve(run, conv, in, rows, add, to, nullptr);
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
    if (!styled(block.first, input, rows, block.inputs)) return false;
    if (block.doubles && !pooled(block, rows)) return false;
    if (!convolved_styled(block.first, block.doubles ? &again : &bent, made, nullptr, &middle) ||
        !convolved(block.shortcut, input, rows, nullptr, &sides))
      return false;
    input.release();
    if (block.doubles && !repeated(sides, rows)) return false;
    if (!styled(block.second, middle, made, block.outputs)) return false;
    middle.release();
    if (!convolved_styled(block.second, &bent, made, block.doubles ? &doubled : &sides, &out))
      return false;
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
    if (!input.open(&memory, front.text.row_bytes(), 0, 0) || !input.reserve(frames))
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
    Signal* signals[] = {&text, &input, &bent, &again, &coded, &middle, &sides, &doubled, &out};
    for (Signal* signal : signals) signal->release();
    memory.free_all();
    free(factors.start);
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
int32_t read_front(const Kernels& kernels, const wk_front_shape& shape, int32_t precision,
                   Reader* reader, Front* front) {
  front->kernels = &kernels;
  front->shape = shape;
  const int first_inputs = shape.features + kCurves;
  int32_t error = WK_OK;
  // What is not normalized is read as floats.
  const auto conv = [&](int inputs, int outputs, int taps, Conv* to) {
    const Index reach = taps / 2;
    if (!error)
      error = read_conv(kernels, reader, {inputs, outputs, taps, 1, 1, reach, reach},
                        taps > 1 ? precision : WK_FLOAT, nullptr, to);
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
  if (!pool) return reader->error();
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
  Sentence sentence = {front,
                       {front.kernels, threads, due},
                       {},
                       styling,
                       styling + front.styled,
                       {},
                       {}, {}, {}, {}, {}, {}, {}, {}, {}};
  const int most = shape.width + shape.text + shape.features + shape.outputs;
  const bool fine = sentence.factors.open(most) && sentence.all(features, frames, hidden);
  sentence.close();
  return fine;
}

} // namespace native
