// Layers over rows that are all there, as those of a text are: products, normalizations, tables.
#pragma once

#include "layers.h"

namespace native {

// Makes room in `to` for `rows` rows of what `conv` makes.
[[nodiscard]] bool open_rows(Memory* memory, const Conv& conv, Index rows, Signal* to);

enum Bend { kStraight, kGelu };

// Makes the rows 0 to `rows` of `out`, as `convolve` would of floats, and bends them. What a task makes
// is some outputs of some rows, so that few rows keep all threads busy as well. Rows may lie farther
// apart than they are wide. `add`, unless null, is added.
void multiply(const Run& run, const Conv& conv, const Signal& in, Index rows, const Signal* add,
              Bend bend, const Signal& out);

// What normalized channels are scaled and shifted by.
struct Scaling {
  const float *scale, *shift;
  int channels;
};

// Normalizes each of the `rows` rows of `in`, which may be `out`, and multiplies with `slope` what is
// negative then.
void normalize(const Run& run, const Scaling& scaling, float epsilon, float slope,
               const Signal& in, Index rows, const Signal& out);

// A table of rows of `width`.
struct Table {
  float* values;
  int width;

  const float* row(Index number) const { return values + number * width; }
  void close();
};

// An error code is returned.
int32_t read_table(Reader* reader, int rows, int width, Table* table);

// A normalization: a table of scales and of shifts.
struct Norm : Table {
  Scaling scaling() const { return {row(0), row(1), width}; }
};

} // namespace native
