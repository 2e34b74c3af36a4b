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

int group_of(Format format) { return format == kFloat ? 1 : format == kSigned16 ? 2 : 4; }

int panel_of(const Kernels& kernels, Format format) {
  return format == kFloat ? kernels.panel : kernels.int_panel;
}

Format format_of(const Kernels& kernels, int32_t precision) {
  if (precision == WK_FLOAT) return kFloat;
  return precision == WK_INT8 ? kernels.int8 : kSigned16;
}

// Calls `make` for every weight with its place: (outputs / panel, taps, inputs / group, panel,
// group).
template <class T, class Make>
void pack(const Conv& conv, int panel, T* packed, Make make) {
  const int group = group_of(conv.format);
  for (int first = 0; first < conv.padded_outputs; first += panel)
    for (int tap = 0; tap < conv.taps; ++tap)
      for (int input = 0; input < conv.padded_inputs; input += group)
        for (int output = first; output < first + panel; ++output)
          for (int i = input; i < input + group; ++i)
            *packed++ = output < conv.outputs && i < conv.inputs ? make(output, i, tap) : T(0);
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

// Rounds the weights, each multiplied with the range of its input.
template <class T>
void quantize(const Conv& conv, int panel, const float* weights, const float* ranges, T* packed) {
  const auto folded = [&](int output, int input, int tap) {
    const float weight = weights[(Index(output) * conv.inputs + input) * conv.taps + tap];
    return ranges ? weight * ranges[input] : weight;
  };
  for (int output = 0; output < conv.outputs; ++output) {
    float largest = 0;
    double sum = 0;
    for (int input = 0; input < conv.inputs; ++input)
      for (int tap = 0; tap < conv.taps; ++tap) {
        const float size = fabsf(folded(output, input, tap));
        if (size > largest) largest = size;
        sum += static_cast<double>(size);
      }
    conv.scale[output] =
        largest > 0 ? largest / largest_code(conv, sum / static_cast<double>(largest)) : 1.0f;
  }
  pack(conv, panel, packed, [&](int output, int input, int tap) {
    const T rounded = static_cast<T>(rintf(folded(output, input, tap) / conv.scale[output]));
    if (conv.format == kUnsigned8) conv.zero[output] += 128 * rounded;
    return rounded;
  });
  for (int output = 0; output < conv.outputs; ++output) conv.scale[output] /= conv.limit;
}

bool pack_weights(const Kernels& kernels, const float* weights, const float* ranges, Conv* conv) {
  const int panel = panel_of(kernels, conv->format);
  const Index count = Index(conv->padded_outputs) * conv->padded_inputs * conv->taps;
  conv->weights = allocate(count * value_bytes(conv->format));
  if (!conv->weights) return false;
  if (conv->format == kFloat) {
    pack(*conv, panel, static_cast<float*>(conv->weights), [&](int output, int input, int tap) {
      return weights[(Index(output) * conv->inputs + input) * conv->taps + tap];
    });
    return true;
  }
  conv->scale = allocate_array<float>(conv->padded_outputs);
  conv->zero = allocate_array<int32_t>(conv->padded_outputs);
  conv->codes = allocate_array<float>(conv->padded_inputs);
  if (!conv->scale || !conv->zero || !conv->codes) return false;
  for (int i = 0; ranges && i < conv->inputs; ++i) conv->codes[i] = conv->limit / ranges[i];
  if (conv->format == kSigned16)
    quantize(*conv, panel, weights, ranges, static_cast<int16_t*>(conv->weights));
  else
    quantize(*conv, panel, weights, ranges, static_cast<int8_t*>(conv->weights));
  return true;
}

} // namespace

Reader::~Reader() { free(held_); }

const float* Reader::take(Index count) {
  if (count > room_) {
    free(held_);
    held_ = allocate_array<float>(count);
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
