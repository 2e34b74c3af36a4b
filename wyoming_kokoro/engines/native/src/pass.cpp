#include "pass.h"

namespace native {
namespace {

Index smaller(Index a, Index b) { return a < b ? a : b; }
Index larger(Index a, Index b) { return a > b ? a : b; }

} // namespace

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

Styling Pass::styling(int place) const {
  const float* affine = stream->affine + network.first_channel[place];
  return {affine, affine + network.channels, 0.0f};
}

bool Pass::learn(int place, const Signal& signal, Index total, int channels) {
  const Index first = network.first_channel[place];
  float* means = stream->statistics + first;
  if (!measure(run, &stream->memory, signal, total, channels, means, means + network.channels))
    return false;
  combine(stream, place);
  return true;
}

bool Pass::encoded(const Block& block, int step, int half, const Signal& from, Index end,
                   Signal* coded) {
  const int place = block.places[step][half];
  if (stream->own_statistics && !learn(place, from, end, block.channels)) return false;
  if (!encode(run, block.convs[step][half], styling(place), from, end, coded)) return false;
  if (!stream->own_statistics || block.convs[step][half].format != kFloat) return true;
  return note_ranges(run, &stream->memory, *coded, end, block.channels,
                     stream->ranges + network.first_channel[place]);
}

bool Pass::styled(const Block& block, int step, int half, Signal* coded, Index limit,
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

bool Pass::residual(const Block& block, BlockState* state, const Signal& x, Index limit,
                    Index total) {
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

bool Pass::rise(int number, Index total, float slope, const Conv& reader, Signal* to) {
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

bool Pass::join(int number, Index total) {
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

bool Pass::voice(int number, Index limit, Index total) {
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

bool Pass::transform(Index total, float* samples, Index* made) {
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

} // namespace native
