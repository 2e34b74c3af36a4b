// Weights as they come to weights as the kernels want them.
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "layers.h"

namespace native {
namespace {

constexpr int kLimit8 = 127;
constexpr int kLimit16 = 4095;
constexpr int kWidest = 16; // lanes of a vector, and `kGroups` groups of 8 bits

int up_to(int value, int multiple) { return (value + multiple - 1) / multiple * multiple; }
double smaller(double a, double b) { return a < b ? a : b; }

int value_bytes(Format format) {
  return format == kFloat ? 4 : format == kSigned16 ? 2 : 1;
}

int panel_of(const Kernels& kernels, Format format) {
  return format == kFloat ? kernels.panel : kernels.int_panel;
}

Format format_of(const Kernels& kernels, int32_t precision) {
  if (precision == WK_FLOAT) return kFloat;
  return precision == WK_INT8 ? kernels.int8 : kSigned16;
}

// Lays out weights of a panel in the order of the kernels, (taps, inputs / group, panel, group): of
// `rows` outputs the inputs from `first` on, (rows, inputs, taps), where `from` has one output each
// `step`. What is padded is left as it is.
template <int Group, class From, class To>
void lay_out(const Conv& conv, int panel, const From* from, Index step, int rows, int first,
             int inputs, To* packed) {
  for (int tap = 0; tap < conv.taps; ++tap) {
    To* to = packed + (Index(tap) * conv.padded_inputs + first) * panel;
    for (int input = 0; input < inputs; input += Group, to += panel * Group) {
      const From* at = from + Index(input) * conv.taps + tap;
      const int some = inputs - input < Group ? inputs - input : Group;
      for (int row = 0; row < rows; ++row, at += step)
        for (int i = 0; i < some; ++i) to[row * Group + i] = static_cast<To>(at[i * conv.taps]);
    }
  }
}

// What the largest of a row's weights is rounded to, which add up to `sum` times it: 8 bits beside
// 8 bits, else as many as keep every sum of products within 32.
float largest_code(const Conv& conv, double sum) {
  const bool narrow = conv.limit == kLimit8;
  const double most_read = narrow ? 2 * kLimit8 + 1 : conv.limit; // by kernels that add 128
  const double rounding = 0.5 * conv.inputs * conv.taps;
  const double room = (2147483647.0 / most_read - rounding) / sum;
  return static_cast<float>(floor(smaller(narrow ? kLimit8 : 32767, room)));
}

// The sum of a row's magnitudes and the largest of them, each multiplied with the range of its input.
struct Magnitudes {
  double sum = 0;
  float largest = 0;

  Magnitudes(const float* row, const float* ranges, Index count) {
    constexpr int kLanes = 8; // no sum waits for the one before
    double sums[kLanes] = {};
    float most[kLanes] = {};
    const auto add = [&](int lane, Index i) {
      const float size = fabsf(ranges ? row[i] * ranges[i] : row[i]);
      most[lane] = most[lane] > size ? most[lane] : size;
      sums[lane] += static_cast<double>(size);
    };
    Index i = 0;
    for (; i + kLanes <= count; i += kLanes)
      for (int lane = 0; lane < kLanes; ++lane) add(lane, i + lane);
    for (; i < count; ++i) add(0, i);
    for (int lane = 0; lane < kLanes; ++lane) {
      sum += sums[lane];
      if (most[lane] > largest) largest = most[lane];
    }
  }
};

// Packs the weights of a convolution, `weights` times `ranges`, (inputs, taps), where there are any.
struct Packing {
  static constexpr int kAtOnce = 1024; // weights of a row: those of a panel stay in the cache
  static constexpr int kWidestPanel = 32;

  const Kernels& kernels;
  Conv* conv;
  const float* weights;
  const float* ranges;
  int panel;

  Index row_weights() const { return Index(conv->inputs) * conv->taps; }

  void pack(int first) const {
    const Index each = Index(panel) * conv->taps * conv->padded_inputs;
    const int rows = conv->outputs - first < panel ? conv->outputs - first : panel;
    char* packed = static_cast<char*>(conv->weights) + first / panel * each * value_bytes(conv->format);
    if (rows < panel || conv->inputs < conv->padded_inputs)
      memset(packed, 0, static_cast<size_t>(each * value_bytes(conv->format)));
    if (conv->format == kFloat)
      return lay_out<1>(*conv, panel, weights + first * row_weights(), row_weights(), rows, 0,
                        conv->inputs, reinterpret_cast<float*>(packed));
    for (int output = first; output < first + rows; ++output) scale(output);
    if (conv->format == kSigned16)
      round<2>(first, rows, reinterpret_cast<int16_t*>(packed));
    else
      round<4>(first, rows, reinterpret_cast<int8_t*>(packed));
    for (int output = first; output < first + rows; ++output) conv->scale[output] /= conv->limit;
  }

 private:
  void scale(int output) const {
    const Magnitudes found(weights + output * row_weights(), ranges, row_weights());
    const float code = found.largest > 0
                           ? largest_code(*conv, found.sum / static_cast<double>(found.largest))
                           : 1.0f;
    conv->scale[output] = found.largest > 0 ? found.largest / code : 1.0f;
  }

  template <int Group, class T>
  void round(int first, int rows, T* packed) const {
    int16_t codes[kWidestPanel][kAtOnce + kWidest];
    const int inputs_each = kAtOnce / conv->taps / Group * Group;
    for (int input = 0; input < conv->inputs; input += inputs_each) {
      const int inputs = conv->inputs - input < inputs_each ? conv->inputs - input : inputs_each;
      const Index at = Index(input) * conv->taps, count = Index(inputs) * conv->taps;
      for (int row = 0; row < rows; ++row) {
        const int output = first + row;
        kernels.round_weights(weights + output * row_weights() + at, ranges ? ranges + at : nullptr,
                              conv->scale[output], codes[row], count);
        if (conv->format == kUnsigned8)
          for (Index i = 0; i < count; ++i) conv->zero[output] += 128 * codes[row][i];
      }
      lay_out<Group>(*conv, panel, codes[0], kAtOnce + kWidest, rows, input, inputs, packed);
    }
  }
};

// The range of each weight of a row; null where there is no memory.
float* repeated(const float* ranges, const Conv& conv) {
  float* each = allocate_array<float>(Index(conv.inputs) * conv.taps);
  for (Index i = 0; each && i < Index(conv.inputs) * conv.taps; ++i) each[i] = ranges[i / conv.taps];
  return each;
}

bool pack_weights(const Kernels& kernels, const float* weights, const float* ranges, Conv* conv) {
  const int panel = panel_of(kernels, conv->format);
  const Index count = Index(conv->padded_outputs) * conv->padded_inputs * conv->taps;
  conv->weights = allocate_unset(count * value_bytes(conv->format));
  if (!conv->weights) return false;
  float* each = nullptr;
  if (conv->format != kFloat) {
    conv->scale = allocate_array<float>(conv->padded_outputs);
    conv->zero = allocate_array<int32_t>(conv->padded_outputs);
    conv->codes = allocate_array<float>(conv->padded_inputs);
    if (!conv->scale || !conv->zero || !conv->codes) return false;
    if (ranges && !(each = repeated(ranges, *conv))) return false;
    for (int i = 0; ranges && i < conv->inputs; ++i) conv->codes[i] = conv->limit / ranges[i];
  }
  const Packing packing = {kernels, conv, weights, each, panel};
  for (int first = 0; first < conv->padded_outputs; first += panel) packing.pack(first);
  free(each);
  return true;
}

} // namespace

Reader::~Reader() { free(held_); }

const float* Reader::take(Index count) {
  if (count > room_) {
    free(held_);
    held_ = static_cast<float*>(allocate_unset(count * Index(sizeof(float))));
    room_ = held_ ? count : 0;
  }
  if (!held_ || read_(source_, held_, count)) {
    error_ = held_ ? WK_BAD_ARGUMENT : WK_OUT_OF_MEMORY;
    return nullptr;
  }
  return held_;
}

int32_t read_conv(const Kernels& kernels, Reader* reader, const ConvSize& size, int32_t precision,
                  const float* ranges, Conv* conv) {
  conv->inputs = size.inputs;
  conv->outputs = size.outputs;
  conv->taps = size.taps;
  conv->dilation = size.dilation;
  conv->stride = size.stride;
  conv->before = size.before;
  conv->after = size.after;
  conv->format = format_of(kernels, precision);
  conv->limit = precision == WK_INT16 ? kLimit16 : kLimit8;
  conv->padded_inputs = up_to(size.inputs, kWidest);
  conv->padded_outputs = up_to(size.outputs, panel_of(kernels, conv->format));
  conv->chunk = 96;
  const float* weights = reader->take(Index(size.outputs) * size.inputs * size.taps);
  if (!weights) return reader->error();
  if (!pack_weights(kernels, weights, ranges, conv)) return WK_OUT_OF_MEMORY;
  const float* bias = reader->take(size.outputs);
  if (!bias) return reader->error();
  conv->bias = allocate_array<float>(conv->padded_outputs);
  if (!conv->bias) return WK_OUT_OF_MEMORY;
  memcpy(conv->bias, bias, static_cast<size_t>(size.outputs) * sizeof(float));
  return WK_OK;
}

Index Conv::row_bytes() const { return Index(padded_inputs) * value_bytes(format); }

int Conv::fill() const { return format == kUnsigned8 ? 0x80 : 0; }

Index Conv::ready(Index end) const {
  const Index last_read = end - 1 + before - Index(taps - 1) * dilation;
  return last_read < 0 ? 0 : last_read / stride + 1;
}

void Conv::close() {
  free(weights);
  free(bias);
  free(scale);
  free(zero);
  free(codes);
}

} // namespace native
