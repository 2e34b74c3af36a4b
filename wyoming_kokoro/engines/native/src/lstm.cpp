#include "lstm.h"

#include <stdlib.h>
#include <string.h>

#include "linear.h"
#include "pool.h"

namespace native {
namespace {

constexpr int kGates = 4;

// What one direction works with: its gates, cells, and what came out, as numbers and as codes.
struct Direction {
  float *gates, *cells, *last;
  void* codes;
};

struct Steps {
  const Kernels& kernels;
  const Lstm& lstm;
  const Signal& gates; // of the inputs
  Signal* out;
  Index rows;
  Direction directions[2];

  static void run(void* data, int number) { static_cast<Steps*>(data)->walk(number); }

  // One direction, from its first row to its last: each step reads what came out of the one before.
  void walk(int number) {
    const Direction& d = directions[number];
    const int hidden = lstm.hidden;
    for (Index step = 0; step < rows; ++step) {
      const Index row = number ? rows - 1 - step : step;
      recur(number, gates.rows<float>(row) + Index(number) * kGates * hidden);
      kernels.cell({d.gates, d.cells, d.last, hidden});
      memcpy(out->rows<float>(row) + Index(number) * hidden, d.last,
             static_cast<size_t>(hidden) * sizeof(float));
    }
  }

  void recur(int number, const float* read) const {
    const Direction& d = directions[number];
    const Conv& conv = lstm.recurring[number];
    const bool rounded = conv.format != kFloat;
    if (rounded)
      kernels.leaky_int16({d.last, 0, lstm.ones, lstm.ones + lstm.hidden, conv.codes, conv.limit,
                           1.0f, d.codes, 0, 1, lstm.hidden});
    const ConvCall call = {rounded ? d.codes : d.last,
                           0,
                           0,
                           1,
                           conv.padded_inputs,
                           conv.weights,
                           conv.bias,
                           conv.scale,
                           conv.zero,
                           read,
                           0,
                           d.gates,
                           0,
                           1,
                           conv.padded_outputs};
    rounded ? kernels.conv_int16(call) : kernels.conv_float(call);
  }
};

} // namespace

void Lstm::close() {
  reading.close();
  for (Conv& conv : recurring) conv.close();
  free(ones);
}

int32_t read_lstm(const Kernels& kernels, Reader* reader, int inputs, int hidden,
                  int32_t precision, Lstm* lstm) {
  lstm->inputs = inputs;
  lstm->hidden = hidden;
  lstm->ones = allocate_array<float>(2 * Index(hidden));
  if (!lstm->ones) return WK_OUT_OF_MEMORY;
  for (int i = 0; i < hidden; ++i) lstm->ones[i] = 1.0f;
  const int gates = kGates * hidden;
  int32_t error = read_conv(kernels, reader, {inputs, 2 * gates, 1, 1, 1, 0, 0}, WK_FLOAT, nullptr,
                            &lstm->reading);
  // What comes out of a step is within 1.
  for (int i = 0; i < 2 && !error; ++i)
    error = read_conv(kernels, reader, {hidden, gates, 1, 1, 1, 0, 0}, precision, lstm->ones,
                      &lstm->recurring[i]);
  return error;
}

bool run_lstm(const Run& run, Memory* memory, const Lstm& lstm, const Signal& in, Index rows,
              Signal* out) {
  const Index hidden = lstm.hidden, each = (kGates + 3) * hidden;
  Signal gates = {};
  Index bytes = 2 * each * static_cast<Index>(sizeof(float));
  float* held = static_cast<float*>(memory->take(&bytes));
  const bool fine =
      held && open_rows(memory, lstm.reading, rows, &gates) &&
      out->open(memory, 2 * hidden * Index(sizeof(float)), 0, 0) && out->reserve(rows);
  if (fine) {
    multiply(run, lstm.reading, in, rows, nullptr, kStraight, gates);
    memset(held, 0, static_cast<size_t>(bytes));
    Steps steps = {*run.kernels, lstm, gates, out, rows, {}};
    for (int i = 0; i < 2; ++i) {
      float* own = held + i * each;
      steps.directions[i] = {own, own + kGates * hidden, own + (kGates + 1) * hidden,
                             own + (kGates + 2) * hidden};
    }
    run_tasks(run.threads, run.due, 2, Steps::run, &steps);
    out->close_at(rows);
  }
  gates.release();
  memory->give(held, bytes);
  return fine;
}

} // namespace native
