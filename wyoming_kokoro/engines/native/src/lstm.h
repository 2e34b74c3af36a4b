// Bidirectional LSTMs over rows.
#pragma once

#include "layers.h"

namespace native {

struct Lstm {
  int inputs, hidden;    // of each direction
  Conv reading;          // of a row: the gates of both directions
  Conv recurring[2];     // of what came out a step before: the gates of one
  float* ones;           // (hidden), then as many zeros

  void close();
};

// Reads what makes the gates of inputs: (2 * 4 * hidden, inputs), then biases; then of what came out
// before, (4 * hidden, hidden) and biases, forwards and backwards. Gates are those for input,
// forgetting, cell and output. `precision`, WK_FLOAT or WK_INT16, is that of the latter products. An
// error code is returned; `close` it in any case.
int32_t read_lstm(const Kernels& kernels, Reader* reader, int inputs, int hidden,
                  int32_t precision, Lstm* lstm);

// Makes `out`, (rows, 2 * hidden), forwards then backwards.
[[nodiscard]] bool run_lstm(const Run& run, Memory* memory, const Lstm& lstm, const Signal& in,
                            Index rows, Signal* out);

} // namespace native
