#include "linear.h"

#include <stdlib.h>
#include <string.h>

#include "pool.h"

namespace native {
namespace {

Index smaller(Index a, Index b) { return a < b ? a : b; }
Index parts_of(Index count, Index each) { return (count + each - 1) / each; }

Index step(const Signal& signal) {
  return signal.row_bytes() / static_cast<Index>(sizeof(float));
}

struct Product {
  const Run& run;
  const Conv& conv;
  const Signal &in, &out;
  const Signal* add;
  Bend bend;
  Index rows, rows_each, outputs_each;
  Index beside; // tasks for the same rows

  static void run_task(void* data, int number) { static_cast<Product*>(data)->make(number); }

  void make(Index number) const {
    const Index row = number / beside * rows_each, first = number % beside * outputs_each;
    const int count = static_cast<int>(smaller(rows_each, rows - row));
    const int outputs = static_cast<int>(smaller(outputs_each, conv.padded_outputs - first));
    float* to = out.rows<float>(row) + first;
    run.kernels->conv_float({in.row(row - conv.before),
                             step(in),
                             step(in) * conv.dilation,
                             conv.taps,
                             conv.padded_inputs,
                             static_cast<const float*>(conv.weights) +
                                 first * conv.taps * conv.padded_inputs,
                             conv.bias + first,
                             nullptr,
                             nullptr,
                             add ? add->rows<float>(row) + first : nullptr,
                             add ? step(*add) : 0,
                             to,
                             step(out),
                             count,
                             outputs});
    if (bend == kGelu) run.kernels->gelu(to, step(out), count, outputs);
  }
};

struct Normalizing {
  const Run& run;
  const Scaling& scaling;
  float epsilon, slope;
  const Signal &in, &out;
  Index rows, rows_each;

  static void run_task(void* data, int number) { static_cast<Normalizing*>(data)->make(number); }

  void make(Index number) const {
    const Index row = number * rows_each;
    run.kernels->normalize({in.rows<float>(row), step(in), scaling.scale, scaling.shift, epsilon,
                            slope, out.rows<float>(row), step(out),
                            static_cast<int>(smaller(rows_each, rows - row)), scaling.channels});
  }
};

} // namespace

bool open_rows(Memory* memory, const Conv& conv, Index rows, Signal* to) {
  // Rows that lie whole pages apart would compete for the same places of a cache.
  constexpr Index kPage = 4096, kLine = 64;
  const Index bytes = conv.padded_outputs * static_cast<Index>(sizeof(float));
  if (!to->open(memory, bytes % kPage ? bytes : bytes + kLine, 0, 0) || !to->reserve(rows))
    return false;
  to->close_at(rows);
  return true;
}

void multiply(const Run& run, const Conv& conv, const Signal& in, Index rows, const Signal* add,
              Bend bend, const Signal& out) {
  constexpr Index kCached = 1 << 16; // inputs that a task reads again for each panel of outputs
  constexpr Index kTile = 12;        // rows that kernels like to make at once
  constexpr Index kTasks = 4;        // a thread
  const Index share = parts_of(rows, parts_of(rows * conv.padded_inputs, kCached));
  const Index rows_each = parts_of(share, kTile) * kTile, down = parts_of(rows, rows_each);
  const Index wanted = run.threads > 1 ? parts_of(kTasks * run.threads, down) : 1;
  const Index panels = conv.padded_outputs / run.kernels->panel;
  const Index panels_each = parts_of(panels, wanted), beside = parts_of(panels, panels_each);
  Product product = {run,  conv,      in,     out, add, bend,
                     rows, rows_each, panels_each * run.kernels->panel, beside};
  run_tasks(run.threads, run.due, static_cast<int>(down * beside), Product::run_task, &product);
}

void normalize(const Run& run, const Scaling& scaling, float epsilon, float slope,
               const Signal& in, Index rows, const Signal& out) {
  constexpr Index kLeast = 32; // rows that are worth a task
  const Index share = parts_of(rows, run.threads), rows_each = share < kLeast ? kLeast : share;
  Normalizing work = {run, scaling, epsilon, slope, in, out, rows, rows_each};
  run_tasks(run.threads, run.due, static_cast<int>(parts_of(rows, rows_each)),
            Normalizing::run_task, &work);
}

void Table::close() { free(values); }

int32_t read_table(Reader* reader, int rows, int width, Table* table) {
  table->width = width;
  const Index count = Index(rows) * width;
  const float* values = reader->take(count);
  if (!values) return reader->error();
  table->values = allocate_array<float>(count);
  if (!table->values) return WK_OUT_OF_MEMORY;
  memcpy(table->values, values, static_cast<size_t>(count) * sizeof(float));
  return WK_OK;
}

} // namespace native
