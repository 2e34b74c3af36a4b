// A sentence as it comes and goes, in passes. A step takes what its inputs allow and leaves the
// rest for the next pass, so the division into passes changes nothing but the moment.
#include <stdlib.h>
#include <string.h>

#include "pass.h"

namespace native {
namespace {

Index smaller(Index a, Index b) { return a < b ? a : b; }

bool open_signal(Stream* stream, const Conv& reader, Signal* signal) {
  return signal->open(&stream->memory, reader.row_bytes(), reader.before, reader.fill());
}

bool open_rows(Stream* stream, int channels, Signal* signal) {
  return signal->open(&stream->memory, channels * static_cast<Index>(sizeof(float)), 0, 0);
}

bool open_block(Stream* stream, const Block& block, BlockState* state) {
  bool fine = true;
  for (int step = 0; step < kSteps; ++step) {
    for (int half = 0; half < kHalves; ++half)
      fine = fine && open_signal(stream, block.convs[step][half], &state->coded[step][half]);
    fine = fine && open_rows(stream, block.channels, &state->middle[step]) &&
           open_rows(stream, block.channels, &state->out[step]);
  }
  return fine;
}

bool open_rise(Stream* stream, const Rise& rise, RiseState* state) {
  bool fine = open_signal(stream, rise.raise, &state->lifted) &&
              open_rows(stream, rise.rate * rise.channels, &state->raised) &&
              open_rows(stream, rise.channels, &state->source) &&
              open_rows(stream, rise.channels, &state->joined) &&
              open_block(stream, rise.source_block, &state->source_block);
  for (int i = 0; i < kBlocks; ++i)
    fine = fine && open_block(stream, rise.blocks[i], &state->blocks[i]);
  return fine;
}

// Takes what has come. Its columns are bent as the first rise reads them.
bool take(Pass* pass, const float* columns_in, Index columns, const float* source,
          Index source_columns) {
  Stream* stream = pass->stream;
  const Network& network = pass->network;
  const int channels = network.shape.channels, source_channels = network.shape.source_channels;
  stream->columns += columns;
  stream->source_columns += source_columns;
  if (source_columns > 0) {
    if (!stream->source.reserve(stream->source_columns)) return false;
    const Index row_bytes = network.rises[0].source.row_bytes();
    for (Index i = 0; i < source_columns; ++i) {
      char* row = stream->source.row(stream->source.end() + i);
      memset(row, 0, static_cast<size_t>(row_bytes));
      memcpy(row, source + i * source_channels,
             static_cast<size_t>(source_channels) * sizeof(float));
    }
    stream->source.close_at(stream->source_columns);
  }
  Signal* lifted = &stream->rises[0].lifted;
  if (!sum(pass->run, &columns_in, 1, channels, stream->columns, 1.0f, 0.1f, lifted)) return false;
  if (!pass->last) return true;
  return lifted->pad(network.rises[0].raise.after) &&
         stream->source.pad(network.rises[0].source.after);
}

} // namespace

bool open_stream(Network* network, const float* styling, const float* statistics,
                 Stream* stream) {
  const Index values = 2 * network->channels;
  stream->network = network;
  stream->own_statistics = !statistics;
  stream->styling = allocate_array<float>(values);
  stream->statistics = allocate_array<float>(values);
  stream->affine = allocate_array<float>(values);
  stream->ranges = allocate_array<float>(network->channels);
  if (!stream->styling || !stream->statistics || !stream->affine || !stream->ranges) return false;
  const size_t bytes = static_cast<size_t>(values) * sizeof(float);
  memcpy(stream->styling, styling, bytes);
  if (statistics) {
    memcpy(stream->statistics, statistics, bytes);
    for (int place = 0; place < network->places; ++place) combine(stream, place);
  }
  bool fine = open_signal(stream, network->rises[0].source, &stream->source) &&
              open_signal(stream, network->post, &stream->smooth) &&
              open_rows(stream, kSpectrum, &stream->spectrum) &&
              open_signal(stream, network->inverse, &stream->polar) &&
              open_rows(stream, network->inverse.padded_outputs, &stream->hops);
  for (int i = 0; i < kRises; ++i)
    fine = fine && open_rise(stream, network->rises[i], &stream->rises[i]);
  return fine;
}

void close_stream(Stream* stream) {
  Signal* signals[] = {&stream->source, &stream->smooth, &stream->spectrum, &stream->polar,
                       &stream->hops};
  for (Signal* signal : signals) signal->release();
  for (RiseState& rise : stream->rises) {
    Signal* of_rise[] = {&rise.lifted, &rise.raised, &rise.source, &rise.joined};
    for (Signal* signal : of_rise) signal->release();
    for (int i = 0; i < kBlocks + 1; ++i) {
      BlockState& block = i ? rise.blocks[i - 1] : rise.source_block;
      for (int step = 0; step < kSteps; ++step) {
        for (Signal& signal : block.coded[step]) signal.release();
        block.middle[step].release();
        block.out[step].release();
      }
    }
  }
  stream->memory.free_all();
  free(stream->styling);
  free(stream->statistics);
  free(stream->affine);
  free(stream->ranges);
}

bool push(Stream* stream, const float* columns_in, Index columns, const float* source,
          Index source_columns, bool last, int threads, double due, float* samples, Index* made) {
  const Network& network = *stream->network;
  const FlushedDenormals flushed;
  Pass pass = {{network.kernels, threads, due}, stream, network, last};
  if (!take(&pass, columns_in, columns, source, source_columns)) return false;
  const Index first = last ? stream->columns * network.rises[0].rate : kForever;
  const Index second = last ? first * network.rises[1].rate + 1 : kForever;
  Signal* lifted = &stream->rises[1].lifted;
  if (!pass.rise(0, first, 0.1f, network.rises[1].raise, lifted)) return false;
  if (!pass.rise(1, second, 0.01f, network.post, &stream->smooth)) return false;
  const Index reads_source = stream->rises[0].source.end() * network.rises[0].source.stride -
                             network.rises[0].source.before;
  stream->source.drop(smaller(reads_source, stream->rises[1].source.end()));
  return pass.transform(second, samples, made);
}

} // namespace native
