// Parts of the library by themselves: one layer, and the instructions that it is made of.
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "interface.h"
#include "layers.h"
#include "pool.h"

namespace {

using native::Conv;
using native::Index;
using native::Kernels;
using native::Memory;
using native::Signal;

double thread_seconds() {
  timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

// Weights that lie in memory.
int32_t read_array(void* next, float* to, int64_t count) {
  const float** from = static_cast<const float**>(next);
  memcpy(to, *from, static_cast<size_t>(count) * sizeof(float));
  *from += count;
  return 0;
}

void keep_smaller(double* least, double value) {
  if (value < *least) *least = value;
}

struct Layer {
  const wk_layer& layer;
  const Kernels& kernels;
  Memory memory;
  Conv conv;
  Signal input, coded, add, output;

  bool fill(Signal* signal, const float* values, Index rows, int channels, int padded) {
    const Index row_bytes = padded * static_cast<Index>(sizeof(float));
    if (!signal->open(&memory, row_bytes, 0, 0) || !signal->reserve(rows)) return false;
    for (Index row = 0; row < rows; ++row) {
      memset(signal->row(row), 0, static_cast<size_t>(row_bytes));
      memcpy(signal->row(row), values + row * channels,
             static_cast<size_t>(channels) * sizeof(float));
    }
    signal->close_at(rows);
    return true;
  }

  bool run(const float* values, Index rows, const float* added, float* result, double* seconds) {
    const native::Run with = {&kernels, layer.threads, 0.0};
    const native::Styling styling = {layer.styling, layer.styling + layer.inputs, 0.0f};
    double least[2] = {1e9, 1e9};
    if (!fill(&input, values, rows, layer.inputs, layer.inputs)) return false;
    if (added && !fill(&add, added, rows, layer.outputs, conv.padded_outputs)) return false;
    for (int32_t repeat = 0; repeat < layer.repeats; ++repeat) {
      coded.release();
      output.release();
      if (!coded.open(&memory, conv.row_bytes(), conv.before, conv.fill()) ||
          !output.open(&memory, conv.padded_outputs * static_cast<Index>(sizeof(float)), 0, 0) ||
          !coded.reserve(rows + conv.after) || !output.reserve(rows))
        return false;
      const double begun = thread_seconds();
      if (!native::encode(with, conv, styling, input, rows, &coded)) return false;
      const double encoded = thread_seconds();
      if (!coded.pad(conv.after) ||
          !native::convolve(with, conv, coded, rows, added ? &add : nullptr, &output, nullptr))
        return false;
      keep_smaller(&least[0], encoded - begun);
      keep_smaller(&least[1], thread_seconds() - encoded);
    }
    for (Index row = 0; row < rows; ++row)
      memcpy(result + row * layer.outputs, output.row(row),
             static_cast<size_t>(layer.outputs) * sizeof(float));
    if (seconds) memcpy(seconds, least, sizeof least);
    return true;
  }

  void close() {
    input.release();
    coded.release();
    add.release();
    output.release();
    memory.free_all();
    conv.close();
  }
};

bool fits(const wk_layer& l) {
  const auto within = [](int32_t value, int32_t least, int32_t most) {
    return value >= least && value <= most;
  };
  return within(l.inputs, 16, 8192) && l.inputs % 16 == 0 && within(l.outputs, 1, 8192) &&
         within(l.taps, 1, 63) && l.taps % 2 == 1 && within(l.dilation, 1, 63) &&
         within(l.precision, WK_FLOAT, WK_INT16) && (l.precision == WK_FLOAT || l.ranges) &&
         l.weights && l.styling && within(l.threads, 1, 256) && within(l.repeats, 1, 1 << 20);
}

} // namespace

int32_t wk_layer_run(const wk_layer* layer, const float* input, int64_t rows, const float* add,
                     float* output, double* seconds) {
  if (!layer || !fits(*layer) || !input || !output || rows < 1 || rows > 1 << 24)
    return WK_BAD_ARGUMENT;
  const Kernels* kernels = native::kernels_for(layer->instructions);
  if (!kernels) return WK_UNSUPPORTED;
  const Index reach = Index(layer->taps - 1) * layer->dilation / 2;
  const float* weights = layer->weights;
  native::Reader reader(read_array, &weights);
  Layer made = {*layer, *kernels, {}, {}, {}, {}, {}, {}};
  int32_t error = native::read_conv(
      *kernels, &reader,
      {layer->inputs, layer->outputs, layer->taps, layer->dilation, 1, reach, reach},
      layer->precision, layer->ranges, &made.conv);
  const native::FlushedDenormals flushed;
  if (!error && !made.run(input, rows, add, output, seconds)) error = WK_OUT_OF_MEMORY;
  made.close();
  return error;
}

double wk_peak(const char* instructions, int32_t precision) {
  const Kernels* kernels = native::kernels_for(instructions);
  if (!kernels) return 0.0;
  Index (*peak)(Index) = precision == WK_FLOAT  ? kernels->peak_float
                         : precision == WK_INT8 ? kernels->peak_int8
                                                : kernels->peak_int16;
  if (!peak) return 0.0;
  double best = 0.0;
  for (int repeat = 0; repeat < 20; ++repeat) {
    const double begun = thread_seconds();
    const Index products = peak(1000000);
    const double rate = static_cast<double>(products) / (thread_seconds() - begun);
    if (rate > best) best = rate;
  }
  return best;
}
