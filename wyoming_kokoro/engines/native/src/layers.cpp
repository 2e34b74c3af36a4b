#include "layers.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "pool.h"

namespace native {
namespace {

constexpr Index kMeasuredRows = 512;
constexpr double kEpsilon = 1e-5; // of every normalization

Index smaller(Index a, Index b) { return a < b ? a : b; }

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
    reader.format == kFloat ? run.kernels->leaky_float(call) : run.kernels->leaky_int16(call);
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
