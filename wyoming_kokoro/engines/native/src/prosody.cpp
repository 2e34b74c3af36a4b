#include "prosody.h"

namespace native {
namespace {

// The last block's result, or that of the LSTM, becomes the next one's input.
void hand_on(Sentence* sentence, Index values) {
  float* from = sentence->out.rows<float>(0);
  for (Index i = 0; i < values; ++i) from[i] *= kHalfPower;
  const Signal empty = sentence->input;
  sentence->input = sentence->out;
  sentence->out = empty;
}

// A curve of what the LSTM has made.
bool trace(const Curve& curve, const Signal& shared, Index frames, float* values,
           Sentence* sentence) {
  const Index width = curve.blocks[0].size.inputs;
  if (!sentence->begin(shared.rows<float>(0), frames, width, shared.row_bytes())) return false;
  Index rows = frames;
  for (const StyleBlock& block : curve.blocks) {
    if (!sentence->pass(block, rows)) return false;
    if (block.size.doubles) rows *= 2;
    hand_on(sentence, rows * block.size.outputs);
  }
  if (!sentence->convolved(curve.last, sentence->input, rows, nullptr, &sentence->out))
    return false;
  for (Index row = 0; row < rows; ++row) values[row] = *sentence->out.rows<float>(row);
  sentence->input.release();
  sentence->out.release();
  return true;
}

bool all(const Prosody& prosody, const float* encoding, Index frames, Signal* shared,
         float* curves, Sentence* sentence) {
  const Lstm& lstm = prosody.shared;
  if (!sentence->begin(encoding, frames, lstm.inputs, lstm.reading.row_bytes()) ||
      !run_lstm(sentence->run, &sentence->memory, lstm, sentence->input, frames, shared))
    return false;
  sentence->input.release();
  for (int i = 0; i < Prosody::kCurves; ++i)
    if (!trace(prosody.curves[i], *shared, frames, curves + i * 2 * frames, sentence)) return false;
  return true;
}

} // namespace

void Prosody::close() {
  shared.close();
  for (Curve& curve : curves) {
    for (StyleBlock& block : curve.blocks) block.close();
    curve.last.close();
  }
}

// The order of the weights: the LSTM, then of pitch and of energy the blocks, of which the second
// doubles the rate, and the last convolution.
int32_t read_prosody(const Kernels& kernels, const wk_prosody_shape& shape, int32_t precision,
                     Reader* reader, Prosody* prosody) {
  prosody->kernels = &kernels;
  prosody->shape = shape;
  const int width = shape.width, half = width / 2;
  int32_t error = read_lstm(kernels, reader, shape.features, half, precision, &prosody->shared);
  for (Curve& curve : prosody->curves) {
    const BlockSize sizes[] = {{width, width, false}, {width, half, true}, {half, half, false}};
    for (int i = 0; i < Curve::kBlocks && !error; ++i) {
      error = read_block(kernels, reader, sizes[i], precision, &curve.blocks[i]);
      prosody->styled += curve.blocks[i].styled();
    }
    if (!error)
      error = read_conv(kernels, reader, {half, 1, 1, 1, 1, 0, 0}, WK_FLOAT, nullptr, &curve.last);
  }
  return error;
}

bool run_prosody(const Prosody& prosody, const float* encoding, Index frames,
                 const float* styling, int threads, double due, float* curves) {
  const FlushedDenormals flushed;
  Sentence sentence = {};
  sentence.run = {prosody.kernels, threads, due};
  sentence.scales = styling;
  sentence.shifts = styling + prosody.styled;
  Signal shared = {};
  const bool fine = sentence.open(prosody.shape.width) &&
                    all(prosody, encoding, frames, &shared, curves, &sentence);
  shared.release();
  sentence.close();
  return fine;
}

} // namespace native
