// Runs the library without Python, for processors that are emulated and for sanitizers: layers, a
// small text, front, prosody and generator, with seeded weights. Prints a line for each: instruction set,
// case, and a hash of the bits of the result. A case has one hash, whatever the instruction set and the machine.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "interface.h"

namespace {

struct Random {
  uint64_t state;
  float next() { // -1 to 1
    state = state * 6364136223846793005ull + 1442695040888963407ull;
    return static_cast<float>(static_cast<int32_t>(state >> 40) - (1 << 23)) / (1 << 23);
  }
};

struct Floats {
  float* values;
  int64_t count;
  Floats(int64_t n, uint64_t seed, float least, float most)
      : values(static_cast<float*>(malloc(static_cast<size_t>(n ? n : 1) * sizeof(float)))), count(n) {
    Random random = {seed};
    for (int64_t i = 0; i < n; ++i)
      values[i] = least + (most - least) * 0.5f * (random.next() + 1.0f);
  }
  ~Floats() { free(values); }
  Floats(const Floats&) = delete;
  Floats& operator=(const Floats&) = delete;
};

uint64_t hash(const float* values, int64_t count) {
  for (int64_t i = 0; i < count; ++i)
    if (!(values[i] - values[i] == 0)) {
      fprintf(stderr, "a result is not finite\n");
      exit(1);
    }
  uint64_t sum = 1469598103934665603ull;
  const unsigned char* bytes = reinterpret_cast<const unsigned char*>(values);
  for (int64_t i = 0; i < count * 4; ++i) sum = (sum ^ bytes[i]) * 1099511628211ull;
  return sum;
}

// The weights of a network, one after another.
struct Weights {
  Floats all;
  int64_t taken;
  static int32_t read(void* source, float* to, int64_t count) {
    Weights* w = static_cast<Weights*>(source);
    if (w->all.count - w->taken < count) return 1;
    memcpy(to, w->all.values + w->taken, static_cast<size_t>(count) * sizeof(float));
    w->taken += count;
    return 0;
  }
};

void print(const char* instructions, const char* name, const float* values, int64_t count) {
  printf("%s %s %016llx\n", instructions, name,
         static_cast<unsigned long long>(hash(values, count)));
}

void require(int32_t error, const char* what) {
  if (!error) return;
  fprintf(stderr, "%s: error %d\n", what, error);
  exit(1);
}

void layer(const char* instructions, int precision, int inputs, int outputs, int taps, int dilation,
           int rows) {
  const Floats weights(int64_t(inputs) * taps * outputs + outputs, 1, -0.1f, 0.1f);
  const Floats ranges(inputs, 2, 1.0f, 3.0f), styling(2 * inputs, 3, -1.5f, 1.5f);
  const Floats input(int64_t(inputs) * rows, 4, -3.0f, 3.0f);
  const Floats add(int64_t(outputs) * rows, 5, -1.0f, 1.0f);
  const Floats output(int64_t(outputs) * rows, 6, 0.0f, 0.0f);
  const wk_layer one = {instructions, precision, inputs,        outputs, taps,
                        dilation,     weights.values, ranges.values, styling.values, 2, 1};
  require(wk_layer_run(&one, input.values, rows, add.values, output.values, nullptr), "layer");
  char name[80];
  snprintf(name, sizeof name, "layer-%d-%d-%d-%d-%d-%d", precision, inputs, outputs, taps, dilation,
           rows);
  print(instructions, name, output.values, output.count);
}

const wk_shape kShape = {128,    22,        20,        5,
                         {10, 6}, {12, 1},   {7, 11},   {1, 3, 5},
                         {3, 7, 11}, {{1, 3, 5}, {1, 3, 5}, {1, 3, 5}}, 7};

int64_t weights_of(const wk_shape& s) {
  int64_t count = 0;
  for (int rise = 0; rise < 2; ++rise) {
    const int64_t inputs = s.channels >> rise, channels = inputs / 2;
    const auto conv = [&](int64_t outputs, int64_t from, int64_t taps) {
      count += outputs * from * taps + outputs;
    };
    conv(s.rates[rise] * channels, inputs, 2);
    conv(channels, s.source_channels, s.source_kernels[rise]);
    for (int i = 0; i < 6; ++i) conv(channels, channels, s.source_block_kernels[rise]);
    for (const int kernel : s.kernels)
      for (int i = 0; i < 6; ++i) conv(channels, channels, kernel);
  }
  count += (s.channels / 4) * 32 * s.post_kernel + 32;
  return count + 32 * 4 * s.hop + s.hop + 3 * s.hop;
}

// Pushes `columns` in blocks of `block` and returns the samples' hash.
void sentence(const char* instructions, int precision, int64_t columns, int64_t block, int threads,
              bool own) {
  const int64_t channels = (kShape.channels / 2 + kShape.channels / 4) * 24;
  Weights weights = {{weights_of(kShape), 1, -0.06f, 0.06f}, 0};
  const Floats ranges(channels, 2, 3.0f, 5.0f);
  const Floats styling(2 * channels, 3, 0.2f, 1.2f), statistics(2 * channels, 4, 0.5f, 1.5f);
  const Floats hidden(columns * kShape.channels, 5, -1.0f, 1.0f);
  const Floats source((columns * 60 + 1) * kShape.source_channels, 6, -1.0f, 1.0f);
  const Floats samples(columns * 300, 7, 0.0f, 0.0f);
  int32_t precisions[48];
  for (int32_t& each : precisions) each = precision;
  wk_generator* generator = nullptr;
  require(wk_generator_open(&kShape, Weights::read, &weights, ranges.values, precisions, instructions,
                            &generator),
          "generator");
  wk_stream* stream = nullptr;
  require(wk_stream_open(generator, styling.values, own ? nullptr : statistics.values, &stream),
          "stream");
  int64_t made = 0;
  for (int64_t begin = 0; begin < columns; begin += block) {
    const int64_t end = begin + block < columns ? begin + block : columns;
    const bool last = end == columns;
    int64_t some = 0;
    require(wk_stream_push(stream, hidden.values + begin * kShape.channels, end - begin,
                           source.values + begin * 60 * kShape.source_channels,
                           (end - begin) * 60 + last, last, threads, 0.0, samples.values + made,
                           samples.count - made, &some),
            "push");
    made += some;
  }
  if (made != samples.count || weights.taken != weights.all.count) require(99, "samples");
  if (own && precision == WK_FLOAT) {
    const Floats seen(channels, 8, 0.0f, 0.0f);
    require(wk_stream_ranges(stream, seen.values), "ranges");
    print(instructions, "ranges", seen.values, seen.count);
  }
  require(wk_stream_close(stream), "close");
  require(wk_generator_close(generator), "close");
  // Of a case, neither blocks nor threads are part of the name: they must not matter.
  char name[80];
  snprintf(name, sizeof name, "sentence-%d-%d-%s", precision, static_cast<int>(columns),
           own ? "own" : "given");
  print(instructions, name, samples.values, made);
}

const wk_front_shape kFront = {32, 48, 16, 32};

void front(const char* instructions, int precision, int64_t frames) {
  const int64_t first = kFront.features + 2, later = kFront.width + kFront.text + 2;
  int64_t count = first * kFront.text + kFront.text + later * 4, styled = 0;
  for (int i = 0; i < 5; ++i) {
    const int64_t inputs = i ? later : first, outputs = i < 4 ? kFront.width : kFront.outputs;
    count += outputs * (inputs * 3 + outputs * 3 + inputs + 3);
    styled += inputs + outputs;
  }
  Weights weights = {{count, 1, -0.1f, 0.1f}, 0};
  const Floats styling(2 * styled, 2, -1.0f, 1.0f);
  const Floats features(frames * first, 3, -1.0f, 1.0f);
  const Floats hidden(2 * frames * kFront.outputs, 4, 0.0f, 0.0f);
  wk_front* made = nullptr;
  require(wk_front_open(&kFront, Weights::read, &weights, precision, instructions, &made), "front");
  require(wk_front_run(made, features.values, frames, styling.values, 2, 0.0, hidden.values),
          "front");
  require(wk_front_close(made), "close");
  print(instructions, precision ? "front-integers" : "front", hidden.values, hidden.count);
}

const wk_prosody_shape kProsody = {48, 64};

void prosody(const char* instructions, int precision, int64_t frames) {
  const int64_t width = kProsody.width, half = width / 2;
  const auto block = [](int64_t inputs, int64_t outputs) {
    const int64_t more = inputs > outputs ? outputs * (inputs + 1) + 4 * inputs : 0;
    return outputs * (inputs * 3 + outputs * 3 + 2) + more;
  };
  const int64_t lstm = 8 * half * (kProsody.features + 1) + 8 * half * (half + 1);
  const int64_t curve = block(width, width) + block(width, half) + block(half, half) + half + 1;
  Weights weights = {{lstm + 2 * curve, 1, -0.3f, 0.3f}, 0};
  const Floats styling(2 * 2 * (3 * width + 3 * half), 2, -1.0f, 1.0f);
  const Floats encoding(frames * kProsody.features, 3, -1.0f, 1.0f);
  const Floats curves(2 * 2 * frames, 4, 0.0f, 0.0f);
  wk_prosody* made = nullptr;
  require(wk_prosody_open(&kProsody, Weights::read, &weights, precision, instructions, &made),
          "prosody");
  require(wk_prosody_run(made, encoding.values, frames, styling.values, 2, 0.0, curves.values),
          "prosody");
  require(wk_prosody_close(made), "close");
  if (weights.taken != weights.all.count) require(99, "weights");
  print(instructions, precision ? "prosody-integers" : "prosody", curves.values, curves.count);
}

const wk_text_shape kText = {20, 64, 16, 64, 96, 4, 2, 32, 16, 2, 5, 10};

void text(const char* instructions, int precision, int count, int threads) {
  const wk_text_shape& s = kText;
  const auto linear = [](int64_t inputs, int64_t outputs) { return outputs * (inputs + 1); };
  const int64_t half = s.width / 2, told = s.width + s.style;
  const auto lstm = [&](int64_t inputs) { return 8 * half * (inputs + half + 2); };
  const int64_t albert = (s.tokens + s.positions + 2) * s.embedding + linear(s.embedding, s.hidden) +
                         4 * linear(s.hidden, s.hidden) + linear(s.hidden, s.inner) +
                         linear(s.inner, s.hidden) + 4 * s.hidden;
  const int64_t all = albert + linear(s.hidden, s.width) + (s.layers + 1) * lstm(told) +
                      linear(s.width, s.most_frames) + s.tokens * s.width +
                      s.layers * (linear(s.width * s.kernel, s.width) + 2 * s.width) + lstm(s.width);
  Weights weights = {{all, 1, -0.3f, 0.3f}, 0};
  const Floats style(s.style, 2, -1.0f, 1.0f), styling(2 * s.layers * s.width, 3, -1.0f, 1.0f);
  const Floats made(count * (told + 1 + s.width), 4, 0.0f, 0.0f);
  int32_t ids[64];
  for (int i = 0; i < count; ++i) ids[i] = i * 7 % s.tokens;
  float *durations = made.values + count * told, *features = durations + count;
  const wk_text_call call = {ids, count,       style.values, styling.values, threads,
                             0.0, made.values, durations,    features};
  wk_text* opened = nullptr;
  require(wk_text_open(&s, Weights::read, &weights, precision, instructions, &opened), "text");
  require(wk_text_run(opened, &call), "text");
  require(wk_text_close(opened), "close");
  if (weights.taken != weights.all.count) require(99, "weights");
  char name[80];
  snprintf(name, sizeof name, "text-%d-%d", precision, count);
  print(instructions, name, made.values, made.count);
}

// Whether an instruction set is among the arguments, or there are none.
bool wanted(const char* instructions, int count, char** names) {
  bool found = count < 2;
  for (int i = 1; i < count; ++i) found = found || !strcmp(instructions, names[i]);
  return found;
}

} // namespace

int main(int count, char** names) {
  const int counts[] = {1, 17, 50};
  const int rows[] = {1, 2, 3, 5, 6, 7, 8, 11, 12, 13, 23, 24, 25, 49};
  for (int n = 0; const char* instructions = wk_instructions(n); ++n) {
    if (!wanted(instructions, count, names)) continue;
    front(instructions, WK_FLOAT, 30);
    front(instructions, WK_INT16, 30);
    prosody(instructions, WK_FLOAT, 30);
    prosody(instructions, WK_INT16, 30);
    for (const int each : counts) {
      text(instructions, WK_FLOAT, each, 1);
      text(instructions, WK_FLOAT, each, 3);
      text(instructions, WK_INT16, each, 2);
    }
    for (int precision = WK_FLOAT; precision <= WK_INT16; ++precision) {
      for (const int each : rows) layer(instructions, precision, 32, 32, 3, 2, each);
      layer(instructions, precision, 64, 64, 7, 5, 40);
      layer(instructions, precision, 128, 22, 11, 1, 14);
      layer(instructions, precision, 16, 96, 1, 1, 9);
      sentence(instructions, precision, 3, 3, 2, true);
      sentence(instructions, precision, 3, 1, 1, false);
      sentence(instructions, precision, 3, 2, 2, false);
    }
  }
  return 0;
}
