#include "front.h"

#include <string.h>

namespace native {
namespace {

constexpr int kCurves = 2;

void scaled(const float* from, Index count, float* to) {
  for (Index i = 0; i < count; ++i) to[i] = from[i] * kHalfPower;
}

// The next block's input: the last one's result, the text and the curves side by side.
bool joined(const Front& front, const Signal& text, const float* features, Index rows,
            Sentence* sentence) {
  const wk_front_shape& shape = front.shape;
  const Index width = shape.width, beside = shape.features + kCurves;
  const Index row_bytes = front.blocks[1].first.padded_inputs * float_bytes(1);
  Signal& input = sentence->input;
  if (!input.open(&sentence->memory, row_bytes, 0, 0) || !input.reserve(rows)) return false;
  for (Index row = 0; row < rows; ++row) {
    float* to = input.rows<float>(row);
    memset(to, 0, static_cast<size_t>(row_bytes));
    scaled(sentence->out.rows<float>(row), width, to);
    memcpy(to + width, text.row(row), static_cast<size_t>(float_bytes(shape.text)));
    memcpy(to + width + shape.text, features + row * beside + shape.features,
           static_cast<size_t>(float_bytes(kCurves)));
  }
  input.close_at(rows);
  sentence->out.release();
  return true;
}

bool all(const Front& front, const float* features, Index frames, Signal* text, float* hidden,
         Sentence* sentence) {
  const Index outputs = front.shape.outputs, channels = front.shape.features + kCurves;
  if (!sentence->begin(features, frames, channels, front.text.row_bytes()) ||
      !sentence->convolved(front.text, sentence->input, frames, nullptr, text))
    return false;
  for (int i = 0; i < Front::kBlocks; ++i) {
    if (i > 0 && !joined(front, *text, features, frames, sentence)) return false;
    if (!sentence->pass(front.blocks[i], frames)) return false;
  }
  for (Index row = 0; row < 2 * frames; ++row)
    scaled(sentence->out.rows<float>(row), outputs, hidden + row * outputs);
  return true;
}

} // namespace

void Front::close() {
  text.close();
  for (StyleBlock& block : blocks) block.close();
}

// The order of the weights: the text's convolution, then the blocks.
int32_t read_front(const Kernels& kernels, const wk_front_shape& shape, int32_t precision,
                   Reader* reader, Front* front) {
  front->kernels = &kernels;
  front->shape = shape;
  const int first = shape.features + kCurves, later = shape.width + shape.text + kCurves;
  int32_t error = read_conv(kernels, reader, {first, shape.text, 1, 1, 1, 0, 0}, WK_FLOAT, nullptr,
                            &front->text);
  for (int i = 0; i < Front::kBlocks && !error; ++i) {
    const bool last = i == Front::kBlocks - 1;
    const BlockSize size = {i ? later : first, last ? shape.outputs : shape.width, last};
    error = read_block(kernels, reader, size, precision, &front->blocks[i]);
    front->styled += front->blocks[i].styled();
  }
  return error;
}

bool run_front(const Front& front, const float* features, Index frames, const float* styling,
               int threads, double due, float* hidden) {
  const FlushedDenormals flushed;
  const wk_front_shape& shape = front.shape;
  Sentence sentence = {};
  sentence.run = {front.kernels, threads, due};
  sentence.scales = styling;
  sentence.shifts = styling + front.styled;
  Signal text = {};
  const int most = shape.width + shape.text + shape.features + shape.outputs;
  const bool fine =
      sentence.open(most) && all(front, features, frames, &text, hidden, &sentence);
  text.release();
  sentence.close();
  return fine;
}

} // namespace native
