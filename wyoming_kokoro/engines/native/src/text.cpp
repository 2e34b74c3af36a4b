#include "text.h"

#include <string.h>

#include "blocks.h"
#include "pool.h"

namespace native {
namespace {

constexpr float kEpsilon = 1e-5f;
constexpr float kSlope = 0.2f;

struct Reading {
  const Text& text;
  const wk_text_call& call;
  Run run;
  Memory memory;
  Signal x, y; // what a layer reads, and what it makes

  Index count() const { return call.count; }

  // Rows of `width` values, with the style behind each.
  void tell(const Signal& from, int width, const Signal& to) const {
    const size_t values = static_cast<size_t>(float_bytes(width));
    const size_t style = static_cast<size_t>(float_bytes(text.shape.style));
    for (Index t = 0; t < count(); ++t) {
      memmove(to.row(t), from.row(t), values);
      memcpy(to.rows<float>(t) + width, call.style, style);
    }
  }

  bool open(int width, Index before, Signal* to) {
    return to->open(&memory, float_bytes(width), before, 0) && to->reserve(count() + before);
  }

  bool recur(const Lstm& lstm, Signal* in, Signal* out) {
    const bool fine = run_lstm(run, &memory, lstm, *in, count(), out);
    in->release();
    return fine;
  }

  // The encoding: layers of an LSTM, each told and normalized by the style.
  bool encode() {
    const wk_text_shape& shape = text.shape;
    const int width = shape.width, told = width + shape.style;
    Signal albert = {};
    bool fine = run_albert(run, &memory, text.albert, call.ids, count(), &albert) &&
                open_rows(&memory, text.meaning, count(), &y) && open(told, 0, &x);
    if (fine) {
      multiply(run, text.meaning, albert, count(), nullptr, kStraight, y);
      tell(y, width, x);
      x.close_at(count());
    }
    albert.release();
    y.release();
    for (int i = 0; fine && i < shape.layers; ++i) {
      fine = recur(text.telling[i], &x, &y) && open(told, 0, &x);
      if (!fine) break;
      normalize(run, style_of(i), kEpsilon, 1.0f, y, count(), y);
      tell(y, width, x);
      x.close_at(count());
      y.release();
    }
    for (Index t = 0; fine && t < count(); ++t)
      memcpy(call.encoding + t * told, x.row(t), static_cast<size_t>(float_bytes(told)));
    return fine;
  }

  // Scales and shifts of a layer of the encoding, as the style has them.
  Scaling style_of(int layer) const {
    const float* scale = call.styling + Index(layer) * text.shape.width;
    return {scale, scale + text.styled, text.shape.width};
  }

  bool measure() {
    if (!recur(text.lasting, &x, &y) || !open_rows(&memory, text.chances, count(), &x)) return false;
    multiply(run, text.chances, y, count(), nullptr, kStraight, x);
    for (Index t = 0; t < count(); ++t) {
      float* chances = x.rows<float>(t);
      run.kernels->logistic(chances, chances, text.chances.padded_outputs);
      float sum = 0;
      for (int i = 0; i < text.shape.most_frames; ++i) sum += chances[i];
      call.durations[t] = sum;
    }
    x.release();
    y.release();
    return true;
  }

  bool describe() {
    const int width = text.shape.width;
    const Index before = text.shape.kernel / 2;
    if (!open(width, before, &x)) return false;
    for (Index t = 0; t < count(); ++t)
      memcpy(x.row(t), text.symbols.row(call.ids[t]), static_cast<size_t>(float_bytes(width)));
    x.close_at(count());
    for (int i = 0; i < text.shape.layers; ++i) {
      if (!x.pad(before) || !open(width, before, &y)) return false;
      multiply(run, text.convs[i], x, count(), nullptr, kStraight, y);
      normalize(run, text.norms[i].scaling(), kEpsilon, kSlope, y, count(), y);
      y.close_at(count());
      x.release();
      const Signal empty = x;
      x = y;
      y = empty;
    }
    if (!recur(text.features, &x, &y)) return false;
    for (Index t = 0; t < count(); ++t)
      memcpy(call.features + t * width, y.row(t), static_cast<size_t>(float_bytes(width)));
    y.release();
    return true;
  }

  void close() {
    x.release();
    y.release();
    memory.free_all();
  }
};

} // namespace

void Text::close() {
  albert.close();
  meaning.close();
  chances.close();
  lasting.close();
  features.close();
  for (Lstm& lstm : telling) lstm.close();
  for (Conv& conv : convs) conv.close();
  for (Norm& norm : norms) norm.close();
  symbols.close();
}

// The order of the weights: ALBERT, what makes its rows narrower, the LSTMs of the encoding, that of
// the durations and what makes chances of it; then the symbols, convolutions with their norms, and the
// LSTM of the features.
int32_t read_text(const Kernels& kernels, const wk_text_shape& shape, int32_t precision,
                  Reader* reader, Text* text) {
  text->kernels = &kernels;
  text->shape = shape;
  text->styled = Index(shape.layers) * shape.width;
  const int width = shape.width, told = width + shape.style;
  const AlbertSize size = {shape.tokens, shape.positions, shape.embedding, shape.hidden,
                           shape.heads,  shape.inner,     shape.repeats};
  const auto conv = [&](int inputs, int outputs, int taps, Conv* to) {
    return read_conv(kernels, reader, {inputs, outputs, taps, 1, 1, taps / 2, taps / 2}, WK_FLOAT,
                     nullptr, to);
  };
  int32_t error = read_albert(kernels, reader, size, &text->albert);
  if (!error) error = conv(shape.hidden, width, 1, &text->meaning);
  for (int i = 0; i < shape.layers && !error; ++i)
    error = read_lstm(kernels, reader, told, width / 2, WK_FLOAT, &text->telling[i]);
  if (!error) error = read_lstm(kernels, reader, told, width / 2, WK_FLOAT, &text->lasting);
  if (!error) error = conv(width, shape.most_frames, 1, &text->chances);
  if (!error) error = read_table(reader, shape.tokens, width, &text->symbols);
  for (int i = 0; i < shape.layers && !error; ++i) {
    error = conv(width, width, shape.kernel, &text->convs[i]);
    if (!error) error = read_table(reader, 2, width, &text->norms[i]);
  }
  // Durations are rounded to frames, and a frame is heard; features are not.
  if (!error) error = read_lstm(kernels, reader, width, width / 2, precision, &text->features);
  return error;
}

bool run_text(const Text& text, const wk_text_call& call) {
  const FlushedDenormals flushed;
  Reading reading = {text, call, {text.kernels, call.threads, call.due}, {}, {}, {}};
  const bool fine = reading.encode() && reading.measure() && reading.describe();
  reading.close();
  return fine;
}

} // namespace native
