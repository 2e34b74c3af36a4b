#include "layers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pool.h"

namespace native {
namespace {

constexpr int kLimit8 = 127;
constexpr int kLimit16 = 4095; // times 127, times 3 * 1,090 inputs, that is below 2^31
constexpr int kWidest = 16; // lanes of a vector, and `kGroups` groups of 8 bits
constexpr Index kMeasuredRows = 512;
constexpr double kEpsilon = 1e-5; // of every normalization

int up_to(int value, int multiple) { return (value + multiple - 1) / multiple * multiple; }
Index smaller(Index a, Index b) { return a < b ? a : b; }

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

// Rounds the weights, each multiplied with the range of its input, to 8 bits a row.
template <class T>
void quantize(const Conv& conv, int panel, const float* weights, const float* ranges, T* packed) {
  const auto place = [&](int output, int input, int tap) {
    return (Index(output) * conv.inputs + input) * conv.taps + tap;
  };
  for (int output = 0; output < conv.outputs; ++output) {
    float largest = 0;
    for (int input = 0; input < conv.inputs; ++input)
      for (int tap = 0; tap < conv.taps; ++tap) {
        const float size = fabsf(weights[place(output, input, tap)]) * ranges[input];
        if (size > largest) largest = size;
      }
    conv.scale[output] = largest > 0 ? largest / kLimit8 : 1.0f;
  }
  pack(conv, panel, packed, [&](int output, int input, int tap) {
    const float value = weights[place(output, input, tap)] * ranges[input] / conv.scale[output];
    const T rounded = static_cast<T>(rintf(value));
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
  for (int i = 0; i < conv->inputs; ++i) conv->codes[i] = conv->limit / ranges[i];
  if (conv->format == kSigned16)
    quantize(*conv, panel, weights, ranges, static_cast<int16_t*>(conv->weights));
  else
    quantize(*conv, panel, weights, ranges, static_cast<int8_t*>(conv->weights));
  return true;
}

// Work on the rows from `begin` to `end`, in chunks.
template <class Work>
struct Chunks {
  const Work* work;
  Index begin, end, rows;
  static void run(void* data, int task) {
    const Chunks& c = *static_cast<const Chunks*>(data);
    const Index begin = c.begin + task * c.rows;
    (*c.work)(begin, smaller(begin + c.rows, c.end));
  }
};

template <class Work>
void in_chunks(const Run& run, Index begin, Index end, Index rows, const Work& work) {
  if (end <= begin) return;
  Chunks<Work> chunks = {&work, begin, end, rows};
  const int tasks = static_cast<int>((end - begin + rows - 1) / rows);
  run_tasks(run.threads, run.due, tasks, Chunks<Work>::run, &chunks);
}

// Rows a task: enough that weights are worth fetching, few enough that every thread has some.
Index chunk_rows(const Run& run, Index rows, int most) {
  constexpr Index kLeast = 24;
  const Index share = (rows + run.threads - 1) / run.threads;
  const Index parts = (share + most - 1) / most;
  const Index chunk = parts ? (share + parts - 1) / parts : 1;
  return chunk < kLeast ? kLeast : (chunk + 11) / 12 * 12;
}

void encode_rows(const Run& run, const Conv& reader, const Styling& styling, const Signal& from,
                 Index begin, Index end, Signal* to) {
  SnakeCall call = {from.rows<float>(begin),
                    from.row_bytes() / static_cast<Index>(sizeof(float)),
                    styling.scale,
                    styling.shift,
                    reader.codes,
                    reader.limit,
                    styling.slope,
                    to->row(begin),
                    reader.padded_inputs,
                    static_cast<int>(end - begin),
                    reader.padded_inputs};
  if (styling.slope > 0)
    run.kernels->leaky_float(call);
  else if (reader.format == kFloat)
    run.kernels->snake_float(call);
  else if (reader.format == kSigned16)
    run.kernels->snake_int16(call);
  else
    run.kernels->snake_int8(call);
}

void convolve_rows(const Run& run, const Conv& conv, const Signal& in, Index begin, Index end,
                   const Signal* add, const Signal& out) {
  const Index inputs = conv.padded_inputs;
  ConvCall call = {in.row(begin * conv.stride - conv.before),
                   inputs * conv.stride,
                   inputs * conv.dilation,
                   conv.taps,
                   conv.padded_inputs,
                   conv.weights,
                   conv.bias,
                   conv.scale,
                   conv.zero,
                   add ? add->rows<float>(begin) : nullptr,
                   conv.padded_outputs,
                   out.rows<float>(begin),
                   conv.padded_outputs,
                   static_cast<int>(end - begin),
                   conv.padded_outputs};
  if (conv.format == kFloat)
    run.kernels->conv_float(call);
  else if (conv.format == kSigned16)
    run.kernels->conv_int16(call);
  else
    run.kernels->conv_int8(call);
}

} // namespace

const float* Reader::take(Index count) {
  if (!next || end - next < count) return next = nullptr;
  const float* taken = next;
  next += count;
  return taken;
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

int32_t read_conv(const Kernels& kernels, Reader* reader, const ConvSize& size, int32_t precision,
                  const float* ranges, Conv* conv) {
  const float* weights = reader->take(Index(size.outputs) * size.inputs * size.taps);
  const float* bias = reader->take(size.outputs);
  if (!bias) return WK_BAD_ARGUMENT;
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
  conv->bias = allocate_array<float>(conv->padded_outputs);
  if (!conv->bias) return WK_OUT_OF_MEMORY;
  memcpy(conv->bias, bias, static_cast<size_t>(size.outputs) * sizeof(float));
  return pack_weights(kernels, weights, ranges, conv) ? WK_OK : WK_OUT_OF_MEMORY;
}

bool encode(const Run& run, const Conv& reader, const Styling& styling, const Signal& from,
            Index end, Signal* to) {
  if (!to->reserve(end)) return false;
  const Index begin = to->end();
  in_chunks(run, begin, end, chunk_rows(run, end - begin, 256), [&](Index first, Index last) {
    encode_rows(run, reader, styling, from, first, last, to);
  });
  if (end > begin) to->close_at(end);
  return true;
}

bool convolve(const Run& run, const Conv& conv, const Signal& in, Index limit, const Signal* add,
              Signal* out, const Then* then) {
  const Index begin = out->end(), end = smaller(conv.ready(in.end()), limit);
  if (end <= begin) return true;
  if (!out->reserve(end) || (then && !then->to->reserve(end))) return false;
  const Index rows = chunk_rows(run, end - begin, conv.chunk);
  in_chunks(run, begin, end, rows, [&](Index first, Index last) {
    convolve_rows(run, conv, in, first, last, add, *out);
    if (then) encode_rows(run, *then->reader, then->styling, *out, first, last, then->to);
  });
  out->close_at(end);
  if (then) then->to->close_at(end);
  return true;
}

bool sum(const Run& run, const float* const* inputs, int count, int channels, Index end,
         float factor, float slope, Signal* to) {
  const Index begin = to->end();
  if (end <= begin) return true;
  if (!to->reserve(end)) return false;
  in_chunks(run, begin, end, chunk_rows(run, end - begin, 256), [&](Index first, Index last) {
    MergeCall call = {{nullptr, nullptr, nullptr}, count, factor, slope, to->rows<float>(first),
                      (last - first) * channels};
    for (int i = 0; i < count; ++i) call.inputs[i] = inputs[i] + (first - begin) * channels;
    run.kernels->merge(call);
  });
  to->close_at(end);
  return true;
}

bool measure(const Run& run, Memory* memory, const Signal& signal, Index rows, int channels,
             float* means, float* deviations) {
  const Index chunks = (rows + kMeasuredRows - 1) / kMeasuredRows;
  Index bytes = chunks * 2 * channels * static_cast<Index>(sizeof(double));
  double* parts = static_cast<double*>(memory->take(&bytes));
  if (!parts) return false;
  memset(parts, 0, static_cast<size_t>(chunks * 2 * channels) * sizeof(double));
  in_chunks(run, 0, rows, kMeasuredRows, [&](Index first, Index last) {
    double* sums = parts + first / kMeasuredRows * 2 * channels;
    const Index step = signal.row_bytes() / static_cast<Index>(sizeof(float));
    run.kernels->moments(signal.rows<float>(first), step, last - first, channels, sums,
                         sums + channels);
  });
  for (int i = 0; i < channels; ++i) {
    double total = 0, squares = 0;
    for (Index chunk = 0; chunk < chunks; ++chunk) {
      total += parts[chunk * 2 * channels + i];
      squares += parts[(chunk * 2 + 1) * channels + i];
    }
    const double count = static_cast<double>(rows), mean = total / count;
    const double variance = squares / count - mean * mean;
    means[i] = static_cast<float>(mean);
    deviations[i] = static_cast<float>(sqrt((variance > 0 ? variance : 0) + kEpsilon));
  }
  memory->give(parts, bytes);
  return true;
}

bool note_ranges(const Run& run, Memory* memory, const Signal& signal, Index rows, int channels,
                 float* ranges) {
  const Index chunks = (rows + kMeasuredRows - 1) / kMeasuredRows;
  Index bytes = chunks * channels * static_cast<Index>(sizeof(float));
  float* parts = static_cast<float*>(memory->take(&bytes));
  if (!parts) return false;
  memset(parts, 0, static_cast<size_t>(chunks * channels) * sizeof(float));
  in_chunks(run, 0, rows, kMeasuredRows, [&](Index first, Index last) {
    run.kernels->ranges(signal.rows<float>(first), channels, last - first, channels,
                        parts + first / kMeasuredRows * channels);
  });
  for (Index i = 0; i < chunks * channels; ++i)
    if (parts[i] > ranges[i % channels]) ranges[i % channels] = parts[i];
  memory->give(parts, bytes);
  return true;
}

} // namespace native
