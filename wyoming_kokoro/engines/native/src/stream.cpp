// One pass of columns through the generator. A step takes what its inputs allow and leaves the
// rest for the next pass, so the division into passes changes nothing but the moment.
#include <stdlib.h>
#include <string.h>

#include "network.h"
#include "pool.h"

namespace native {
namespace {

Index smaller(Index a, Index b) { return a < b ? a : b; }
Index larger(Index a, Index b) { return a > b ? a : b; }

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

// What a place's style and statistics make of a value together: scale * x + shift.
void combine(Stream* stream, int place) {
  const Network& network = *stream->network;
  const Index all = network.channels;
  for (Index i = network.first_channel[place]; i < network.first_channel[place + 1]; ++i) {
    const float scale = stream->styling[i] / stream->statistics[all + i];
    const float shift = stream->statistics[i] * scale;
    stream->affine[i] = scale;
    stream->affine[all + i] = stream->styling[all + i] - shift;
  }
}

struct Pass {
  Run run;
  Stream* stream;
  const Network& network;
  bool last;

  Styling styling(int place) const {
    const float* affine = stream->affine + network.first_channel[place];
    return {affine, affine + network.channels, 0.0f};
  }

  // Measures the whole of a signal for a place, where the sentence is normalized by its own.
  bool learn(int place, const Signal& signal, Index total, int channels) {
    const Index first = network.first_channel[place];
    float* means = stream->statistics + first;
    if (!measure(run, &stream->memory, signal, total, channels, means, means + network.channels))
      return false;
    combine(stream, place);
    return true;
  }

  // Encodes what is there of `from` for a styled convolution.
  bool encoded(const Block& block, int step, int half, const Signal& from, Index end,
               Signal* coded) {
    const int place = block.places[step][half];
    if (stream->own_statistics && !learn(place, from, end, block.channels)) return false;
    if (!encode(run, block.convs[step][half], styling(place), from, end, coded)) return false;
    if (!stream->own_statistics || block.convs[step][half].format != kFloat) return true;
    return note_ranges(run, &stream->memory, *coded, end, block.channels,
                       stream->ranges + network.first_channel[place]);
  }

  // Makes the rows of `out` and encodes them for the next convolution, if there is one.
  bool styled(const Block& block, int step, int half, Signal* coded, Index limit,
              const Signal* add, Signal* out, Signal* next, Index total) {
    const Conv& conv = block.convs[step][half];
    const int next_step = half ? step + 1 : step, next_half = 1 - half;
    if (!next || stream->own_statistics) {
      if (!convolve(run, conv, *coded, limit, add, out, nullptr)) return false;
      if (next && !encoded(block, next_step, next_half, *out, out->end(), next)) return false;
    } else {
      const Then then = {&block.convs[next_step][next_half],
                         styling(block.places[next_step][next_half]), next};
      if (!convolve(run, conv, *coded, limit, add, out, &then)) return false;
    }
    if (last) coded->release();
    else coded->drop(out->end() - conv.before);
    if (next && out->end() == total)
      return next->pad(block.convs[next_step][next_half].after);
    return true;
  }

  // Runs a residual block on what is there of `x`, up to the column `limit` of its result. `total`
  // is how many columns there will be, once that is known.
  bool residual(const Block& block, BlockState* state, const Signal& x, Index limit, Index total) {
    Signal* first = &state->coded[0][0];
    const Index wanted = smaller(x.end(), limit + block.reach(0));
    if (wanted > first->end() && first->end() < total) {
      if (!encoded(block, 0, 0, x, wanted, first)) return false;
      if (wanted == total && !first->pad(block.convs[0][0].after)) return false;
    }
    const Signal* in = &x;
    for (int step = 0; step < kSteps; ++step) {
      const Index out_limit = smaller(total, limit + block.reach(step + 1));
      const Index middle_limit =
          smaller(total, limit + block.reach(step + 1) + block.convs[step][1].after);
      Signal *middle = &state->middle[step], *out = &state->out[step];
      Signal* next = step + 1 < kSteps ? &state->coded[step + 1][0] : nullptr;
      if (!styled(block, step, 0, &state->coded[step][0], middle_limit, nullptr, middle,
                  &state->coded[step][1], total))
        return false;
      middle->drop(middle->end());
      if (!styled(block, step, 1, &state->coded[step][1], out_limit, in, out, next, total))
        return false;
      if (last) middle->release();
      if (step > 0) {
        Signal* done = &state->out[step - 1];
        if (last) done->release();
        else done->drop(out->end());
      }
      in = out;
    }
    return true;
  }

  // Raises the rate of what has been lifted, joins it with the source and smooths it. The result
  // goes to `to`, bent by `slope`, as far as it is there.
  bool rise(int number, Index total, float slope, const Conv& reader, Signal* to) {
    const Rise& rise = network.rises[number];
    RiseState* state = &stream->rises[number];
    if (!convolve(run, rise.raise, state->lifted, kForever, nullptr, &state->raised, nullptr))
      return false;
    state->lifted.drop(state->raised.end() - 1);
    if (!join(number, total)) return false;
    Index end = kForever, read = kForever;
    const float* results[kBlocks];
    for (int i = 0; i < kBlocks; ++i) {
      BlockState* block = &state->blocks[i];
      if (!residual(rise.blocks[i], block, state->joined, kForever, total)) return false;
      end = smaller(end, block->out[kSteps - 1].end());
      read = smaller(read, block->out[0].end());
    }
    if (last) state->joined.release();
    else state->joined.drop(read);
    for (int i = 0; i < kBlocks; ++i)
      results[i] = state->blocks[i].out[kSteps - 1].rows<float>(to->end());
    if (!sum(run, results, kBlocks, rise.channels, end, 1.0f / kBlocks, slope, to)) return false;
    for (BlockState& block : state->blocks)
      if (last) block.out[kSteps - 1].release();
      else block.out[kSteps - 1].drop(end);
    return end < total || to->pad(reader.after);
  }

  // The columns that have been raised, and the source's. At the last rate a column goes in front,
  // the mirror image of the second.
  bool join(int number, Index total) {
    const Rise& rise = network.rises[number];
    RiseState* state = &stream->rises[number];
    const Index mirrored = number == kRises - 1 ? 1 : 0;
    const Index raised = state->raised.end() * rise.rate - rise.cut;
    const Index there = smaller(raised + mirrored, total);
    if (there <= mirrored + 1 && !last) return true;
    if (!voice(number, there, total)) return false;
    const Signal& source = state->source_block.out[kSteps - 1];
    const Index end = smaller(there, source.end());
    const auto raised_at = [&](Index column) {
      return state->raised.rows<float>(state->raised.first()) +
             (column + rise.cut - state->raised.first() * rise.rate) * rise.channels;
    };
    if (mirrored && state->joined.end() == 0 && end > 0) {
      const float* first[2] = {raised_at(1), source.rows<float>(0)};
      if (!sum(run, first, 2, rise.channels, 1, 1.0f, 1.0f, &state->joined)) return false;
    }
    const Index begin = state->joined.end();
    if (end > begin) {
      const float* rest[2] = {raised_at(begin - mirrored), source.rows<float>(begin)};
      if (!sum(run, rest, 2, rise.channels, end, 1.0f, 1.0f, &state->joined)) return false;
    }
    if (last) {
      state->raised.release();
      state->source_block.out[kSteps - 1].release();
    } else {
      state->raised.drop((larger(end - mirrored, 0) + rise.cut) / rise.rate);
      state->source_block.out[kSteps - 1].drop(end);
    }
    return true;
  }

  // The source at a rate, up to the column `limit`.
  bool voice(int number, Index limit, Index total) {
    const Rise& rise = network.rises[number];
    RiseState* state = &stream->rises[number];
    const Index wanted = smaller(total, limit + rise.source_block.reach(0));
    if (!convolve(run, rise.source, stream->source, wanted, nullptr, &state->source, nullptr))
      return false;
    if (!residual(rise.source_block, &state->source_block, state->source, limit, total))
      return false;
    if (last) state->source.release();
    else state->source.drop(state->source_block.out[0].end());
    return true;
  }

  // The waveform of what has been smoothed.
  bool transform(Index total, float* samples, Index* made) {
    const int hop = network.shape.hop;
    if (!convolve(run, network.post, stream->smooth, total, nullptr, &stream->spectrum, nullptr))
      return false;
    stream->smooth.drop(stream->spectrum.end() - network.post.before);
    const Index begin = larger(stream->polar.end(), 0), end = stream->spectrum.end();
    if (end > begin) {
      if (!stream->polar.reserve(end)) return false;
      network.kernels->polar(stream->spectrum.rows<float>(begin), stream->polar.rows<float>(begin),
                             end - begin);
      stream->polar.close_at(end);
      if (end == total && !stream->polar.pad(network.inverse.after)) return false;
    }
    stream->spectrum.drop(end);
    if (!convolve(run, network.inverse, stream->polar, total - 1, nullptr, &stream->hops, nullptr))
      return false;
    stream->polar.drop(stream->hops.end() - network.inverse.before);
    const float* weights = network.weights_of_windows;
    for (Index i = stream->hops.first(); i < stream->hops.end(); ++i) {
      const float* weight = weights + (i == 0 ? hop : i == total - 2 ? 2 * hop : 0);
      const float* values = stream->hops.rows<float>(i);
      for (int j = 0; j < hop; ++j) *samples++ = values[j] / weight[j];
    }
    *made = (stream->hops.end() - stream->hops.first()) * hop;
    stream->hops.drop(stream->hops.end());
    return true;
  }
};

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
