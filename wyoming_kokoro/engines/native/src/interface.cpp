// The C interface: checks what comes in and hands it on.
#include "interface.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "checks.h"
#include "network.h"

using native::finite;
using native::Index;
using native::kMostColumns;
using native::kMostThreads;

namespace {
constexpr uint32_t kGenerator = 0x574b4731, kStream = 0x574b5331; // while they are open
} // namespace

struct wk_generator {
  uint32_t mark;
  int streams;
  native::Network network;
};

struct wk_stream {
  uint32_t mark;
  wk_generator* generator;
  native::Stream stream;
};

namespace {

bool open(const wk_generator* generator) { return generator && generator->mark == kGenerator; }
bool open(const wk_stream* stream) { return stream && stream->mark == kStream; }

bool odd(int32_t kernel) { return kernel > 0 && kernel < 64 && kernel % 2 == 1; }

// Whether the kernels can compute a network of this shape.
bool fits(const wk_shape& s) {
  bool fine = s.channels > 0 && s.channels <= 4096 && s.channels % 128 == 0 &&
              s.source_channels > 0 && s.source_channels <= 4096 && s.hop > 0 && s.hop <= 16 &&
              s.size == 4 * s.hop && s.size / 2 + 1 <= native::kSpectrum / 2 &&
              odd(s.post_kernel);
  for (int i = 0; i < 2; ++i)
    fine = fine && s.rates[i] > 0 && s.rates[i] <= 64 && s.rates[i] % 2 == 0 &&
           s.source_kernels[i] == (i ? 1 : 2 * s.rates[1]) && odd(s.source_block_kernels[i]);
  for (int i = 0; i < 3; ++i) {
    fine = fine && odd(s.kernels[i]) && s.source_dilations[i] > 0 && s.source_dilations[i] < 64;
    for (int j = 0; j < 3; ++j) fine = fine && s.dilations[i][j] > 0 && s.dilations[i][j] < 64;
  }
  return fine;
}

bool positive(const float* values, Index count) {
  for (Index i = 0; i < count; ++i)
    if (!(values[i] > 0) || !isfinite(values[i])) return false;
  return true;
}

Index places(const wk_shape&) { return 48; }

Index place_channels(const wk_shape& s) { return (s.channels / 2 + s.channels / 4) * 24; }

bool known(const int32_t* precisions, Index count, bool ranges) {
  for (Index i = 0; i < count; ++i)
    if (precisions[i] < WK_FLOAT || precisions[i] > WK_INT16 || (precisions[i] && !ranges))
      return false;
  return true;
}

} // namespace

int32_t wk_version(void) { return 4; }

const char* wk_instructions(int32_t n) { return n < 0 ? nullptr : native::usable_kernels(n); }

int32_t wk_generator_open(const wk_shape* shape, wk_read read, void* source, const float* ranges,
                          const int32_t* precisions, const char* instructions,
                          wk_generator** made) {
  if (!shape || !read || !made) return WK_BAD_ARGUMENT;
  *made = nullptr;
  if (!fits(*shape)) return WK_UNSUPPORTED;
  if (ranges && !positive(ranges, place_channels(*shape))) return WK_BAD_ARGUMENT;
  if (precisions && !known(precisions, places(*shape), ranges)) return WK_BAD_ARGUMENT;
  const native::Kernels* kernels = native::kernels_for(instructions);
  if (!kernels) return WK_UNSUPPORTED;
  wk_generator* generator = native::allocate_array<wk_generator>(1);
  if (!generator) return WK_OUT_OF_MEMORY;
  native::Reader reader(read, source);
  const int32_t error = native::read_network(*kernels, *shape, &reader, ranges, precisions,
                                             &generator->network);
  if (error) {
    generator->network.close();
    free(generator);
    return error;
  }
  generator->mark = kGenerator;
  *made = generator;
  return WK_OK;
}

int32_t wk_generator_close(wk_generator* generator) {
  if (!open(generator)) return WK_BAD_ARGUMENT;
  if (__atomic_load_n(&generator->streams, __ATOMIC_ACQUIRE)) return WK_BAD_STATE;
  generator->mark = 0;
  generator->network.close();
  free(generator);
  return WK_OK;
}

const char* wk_generator_instructions(const wk_generator* generator) {
  return open(generator) ? generator->network.kernels->name : nullptr;
}

int64_t wk_generator_places(const wk_generator* generator) {
  return open(generator) ? generator->network.places : 0;
}

int64_t wk_generator_channels(const wk_generator* generator) {
  return open(generator) ? generator->network.channels : 0;
}

int32_t wk_stream_open(wk_generator* generator, const float* styling, const float* statistics,
                       wk_stream** made) {
  if (!open(generator) || !styling || !made) return WK_BAD_ARGUMENT;
  *made = nullptr;
  const Index channels = generator->network.channels;
  if (!finite(styling, 2 * channels)) return WK_BAD_ARGUMENT;
  if (statistics && !(finite(statistics, channels) && positive(statistics + channels, channels)))
    return WK_BAD_ARGUMENT;
  wk_stream* stream = native::allocate_array<wk_stream>(1);
  if (!stream) return WK_OUT_OF_MEMORY;
  if (!native::open_stream(&generator->network, styling, statistics, &stream->stream)) {
    native::close_stream(&stream->stream);
    free(stream);
    return WK_OUT_OF_MEMORY;
  }
  stream->generator = generator;
  stream->mark = kStream;
  __atomic_fetch_add(&generator->streams, 1, __ATOMIC_ACQ_REL);
  *made = stream;
  return WK_OK;
}

int32_t wk_stream_close(wk_stream* stream) {
  if (!open(stream)) return WK_BAD_ARGUMENT;
  stream->mark = 0;
  native::close_stream(&stream->stream);
  __atomic_fetch_sub(&stream->generator->streams, 1, __ATOMIC_ACQ_REL);
  free(stream);
  return WK_OK;
}

int32_t wk_stream_push(wk_stream* handle, const float* columns_in, int64_t columns,
                       const float* source, int64_t source_columns, int32_t last, int32_t threads,
                       double due, float* samples, int64_t room, int64_t* made) {
  if (!open(handle) || !made || columns < 0 || columns > kMostColumns || source_columns < 0 ||
      source_columns > 64 * kMostColumns || (columns && !columns_in) || (source_columns && !source) ||
      threads < 1 || threads > kMostThreads || room < 0 || (room && !samples))
    return WK_BAD_ARGUMENT;
  *made = 0;
  native::Stream& stream = handle->stream;
  const native::Network& network = *stream.network;
  if (stream.ended || stream.failed) return WK_BAD_STATE;
  if (stream.own_statistics && !last) return WK_BAD_STATE;
  const Index total = stream.columns + columns, sources = stream.source_columns + source_columns;
  const Index most = total * network.shape.rates[0] * network.shape.rates[1] + 1;
  if (total > kMostColumns || sources > 64 * kMostColumns ||
      room < total * network.samples_a_column() - stream.samples)
    return WK_BAD_ARGUMENT;
  if (last && (total < 1 || sources != most)) return WK_BAD_ARGUMENT;
  Index written = 0;
  if (!native::push(&stream, columns_in, columns, source, source_columns, last != 0, threads, due,
                    samples, &written)) {
    stream.failed = true;
    return WK_OUT_OF_MEMORY;
  }
  stream.samples += written;
  stream.ended = last != 0;
  *made = written;
  return WK_OK;
}

int32_t wk_stream_statistics(const wk_stream* handle, float* statistics) {
  if (!open(handle) || !statistics) return WK_BAD_ARGUMENT;
  const native::Stream& stream = handle->stream;
  if (stream.own_statistics && !stream.ended) return WK_BAD_STATE;
  memcpy(statistics, stream.statistics,
         static_cast<size_t>(2 * stream.network->channels) * sizeof(float));
  return WK_OK;
}

int32_t wk_stream_ranges(const wk_stream* handle, float* ranges) {
  if (!open(handle) || !ranges) return WK_BAD_ARGUMENT;
  const native::Stream& stream = handle->stream;
  if (!stream.own_statistics || !stream.ended) return WK_BAD_STATE;
  memcpy(ranges, stream.ranges,
         static_cast<size_t>(stream.network->channels) * sizeof(float));
  return WK_OK;
}
