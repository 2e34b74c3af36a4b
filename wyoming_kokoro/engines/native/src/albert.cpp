#include "albert.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "blocks.h"
#include "pool.h"

namespace native {
namespace {

constexpr float kEpsilon = 1e-12f;
constexpr int kWidestPanel = 32;
constexpr Index kLanes = 16; // what rows of scores are a multiple of
constexpr Index kQueries = 48; // of a head that are answered at once

Index up_to(Index value, Index multiple) { return (value + multiple - 1) / multiple * multiple; }

int32_t read_linear(const Kernels& kernels, Reader* reader, int inputs, int outputs, Conv* conv) {
  return read_conv(kernels, reader, {inputs, outputs, 1, 1, 1, 0, 0}, WK_FLOAT, nullptr, conv);
}

// Attention of all heads: a task is one of them. Queries are rows that a product reads, keys and
// values are its weights.
struct Heads {
  const Kernels& kernels;
  const Signal& asked; // queries, keys and values
  const Signal& out;
  const float* zeros;
  float* room; // for each head: keys, values, scores, answers
  Index tokens, padded;
  int width, each, padded_each;

  // Of one head.
  static Index room_for(Index padded, Index each, Index padded_each) {
    return padded * (each + padded_each) + kQueries * (padded + padded_each);
  }
  static void run(void* data, int head) { static_cast<Heads*>(data)->answer(head); }

  void answer(int head) const {
    float* keys = room + head * room_for(padded, each, padded_each);
    float* values = keys + padded * each;
    float* scores = values + padded * padded_each;
    float* answers = scores + kQueries * padded;
    pack(head, keys, values);
    for (Index first = 0; first < tokens; first += kQueries) {
      const Index rows = tokens - first < kQueries ? tokens - first : kQueries;
      const float* queries = asked.rows<float>(first) + head * each;
      multiply(queries, asked.row_bytes() / float_bytes(1), each, keys, scores, rows, padded);
      kernels.softmax({scores, padded, static_cast<int>(rows), static_cast<int>(tokens),
                       1.0f / sqrtf(static_cast<float>(each))});
      multiply(scores, padded, up_to(tokens, kLanes), values, answers, rows, padded_each);
      for (Index row = 0; row < rows; ++row)
        memcpy(out.rows<float>(first + row) + head * each, answers + row * padded_each,
               static_cast<size_t>(float_bytes(each)));
    }
  }

 private:
  // Lays out keys as weights (padded, each) and values as weights (padded_each, tokens), in panels.
  void pack(int head, float* keys, float* values) const {
    const int panel = kernels.panel;
    const Index inputs = up_to(tokens, kLanes);
    memset(keys, 0, static_cast<size_t>(float_bytes(padded * (each + padded_each))));
    for (Index t = 0; t < tokens; ++t) {
      const float* key = asked.rows<float>(t) + width + head * each;
      float* to = keys + t / panel * panel * each + t % panel;
      for (int i = 0; i < each; ++i) to[i * panel] = key[i];
      const float* value = key + width;
      for (int i = 0; i < each; i += panel) {
        const int some = each - i < panel ? each - i : panel;
        memcpy(values + i * inputs + t * panel, value + i, static_cast<size_t>(float_bytes(some)));
      }
    }
  }

  void multiply(const float* in, Index in_step, Index inputs, const float* weights, float* to,
                Index rows, Index outputs) const {
    kernels.conv_float({in, in_step, 0, 1, static_cast<int>(inputs), weights, zeros, nullptr,
                        nullptr, nullptr, 0, to, outputs, static_cast<int>(rows),
                        static_cast<int>(outputs)});
  }
};

// What a text passes through on its way.
struct Layer {
  const Run& run;
  Memory* memory;
  const Albert& albert;
  Index count, padded;
  int each, padded_each;
  Signal asked, mixed, attended, inner;
  float* room;
  Index room_bytes;

  bool open() {
    const AlbertSize& size = albert.size;
    const int panel = run.kernels->panel;
    each = size.width / size.heads;
    padded_each = static_cast<int>(up_to(each, panel));
    padded = up_to(count, panel > kLanes ? panel : kLanes);
    room_bytes = float_bytes(size.heads * Heads::room_for(padded, each, padded_each));
    room = static_cast<float*>(memory->take(&room_bytes));
    return room && open_rows(memory, albert.asking, count, &asked) &&
           open_rows(memory, albert.mixing, count, &mixed) &&
           open_rows(memory, albert.mixing, count, &attended) &&
           open_rows(memory, albert.inner, count, &inner);
  }

  void pass(Signal* x) {
    const AlbertSize& size = albert.size;
    multiply(run, albert.asking, *x, count, nullptr, kStraight, asked);
    Heads heads = {*run.kernels, asked,      mixed, albert.zeros, room, count,
                   padded,       size.width, each,  padded_each};
    run_tasks(run.threads, run.due, size.heads, Heads::run, &heads);
    multiply(run, albert.mixing, mixed, count, x, kStraight, attended);
    normalize(run, albert.attended.scaling(), kEpsilon, 1.0f, attended, count, attended);
    multiply(run, albert.inner, attended, count, nullptr, kGelu, inner);
    multiply(run, albert.outer, inner, count, &attended, kStraight, *x);
    normalize(run, albert.whole.scaling(), kEpsilon, 1.0f, *x, count, *x);
  }

  void close() {
    Signal* const signals[] = {&asked, &mixed, &attended, &inner};
    for (Signal* signal : signals) signal->release();
    memory->give(room, room_bytes);
  }
};

bool embed(const Run& run, Memory* memory, const Albert& albert, const int32_t* ids, Index count,
           Signal* to) {
  const int width = albert.size.embedding;
  if (!to->open(memory, albert.widening.row_bytes(), 0, 0) || !to->reserve(count)) return false;
  for (Index t = 0; t < count; ++t) {
    const float *word = albert.words.row(ids[t]), *place = albert.places.row(t);
    for (int i = 0; i < width; ++i) to->rows<float>(t)[i] = word[i] + place[i];
  }
  to->close_at(count);
  normalize(run, albert.embedded.scaling(), kEpsilon, 1.0f, *to, count, *to);
  return true;
}

} // namespace

void Albert::close() {
  words.close();
  places.close();
  Norm* const norms[] = {&embedded, &attended, &whole};
  for (Norm* norm : norms) norm->close();
  Conv* const convs[] = {&widening, &asking, &mixing, &inner, &outer};
  for (Conv* conv : convs) conv->close();
  free(zeros);
}

int32_t read_albert(const Kernels& kernels, Reader* reader, const AlbertSize& size,
                    Albert* albert) {
  albert->size = size;
  const int width = size.width;
  albert->zeros = allocate_array<float>(up_to(size.positions, kWidestPanel) + width);
  int32_t error = albert->zeros ? WK_OK : WK_OUT_OF_MEMORY;
  if (!error) error = read_table(reader, size.tokens, size.embedding, &albert->words);
  if (!error) error = read_table(reader, size.positions, size.embedding, &albert->places);
  if (!error) error = read_table(reader, 2, size.embedding, &albert->embedded);
  if (!error) error = read_linear(kernels, reader, size.embedding, width, &albert->widening);
  if (!error) error = read_linear(kernels, reader, width, 3 * width, &albert->asking);
  if (!error) error = read_linear(kernels, reader, width, width, &albert->mixing);
  if (!error) error = read_table(reader, 2, width, &albert->attended);
  if (!error) error = read_linear(kernels, reader, width, size.inner, &albert->inner);
  if (!error) error = read_linear(kernels, reader, size.inner, width, &albert->outer);
  if (!error) error = read_table(reader, 2, width, &albert->whole);
  return error;
}

bool run_albert(const Run& run, Memory* memory, const Albert& albert, const int32_t* ids,
                Index count, Signal* out) {
  Signal embedded = {};
  Layer layer = {run, memory, albert, count, 0, 0, 0, {}, {}, {}, {}, nullptr, 0};
  const bool fine = embed(run, memory, albert, ids, count, &embedded) &&
                    open_rows(memory, albert.widening, count, out) && layer.open();
  if (fine) {
    multiply(run, albert.widening, embedded, count, nullptr, kStraight, *out);
    for (int i = 0; i < albert.size.layers; ++i) layer.pass(out);
  }
  embedded.release();
  layer.close();
  return fine;
}

} // namespace native
