#include "network.h"

#include <stdlib.h>

namespace native {
namespace {

// Reads the layers of a network in their order.
struct Layers {
  const Kernels& kernels;
  Reader* reader;
  const float* ranges;        // of the next place, or null
  const int32_t* precisions;  // of the next place, or null
  Network* network;
  int32_t error;

  void conv(const ConvSize& size, Conv* conv) { read(size, WK_FLOAT, nullptr, conv); }

  void styled(int channels, int kernel, int dilation, Conv* conv) {
    const Index reach = Index(kernel - 1) * dilation / 2;
    const int32_t precision = precisions ? *precisions++ : WK_FLOAT;
    read({channels, channels, kernel, dilation, 1, reach, reach}, precision, ranges, conv);
    if (ranges) ranges += channels;
    network->first_channel[++network->places] = network->channels += channels;
  }

  void block(int channels, int kernel, const int32_t* dilations, Block* block) {
    block->channels = channels;
    for (int step = 0; step < kSteps; ++step)
      for (int half = 0; half < kHalves; ++half) {
        block->places[step][half] = network->places;
        styled(channels, kernel, half ? 1 : dilations[step], &block->convs[step][half]);
      }
  }

 private:
  void read(const ConvSize& size, int32_t precision, const float* of_inputs, Conv* conv) {
    if (!error) error = read_conv(kernels, reader, size, precision, of_inputs, conv);
  }
};

int32_t read_rise(Layers* layers, const wk_shape& shape, int number, Rise* rise) {
  const bool last = number == kRises - 1;
  const int rate = shape.rates[number], inputs = shape.channels >> number;
  const int later = last ? 1 : shape.rates[1];
  rise->rate = rate;
  rise->channels = inputs / 2;
  rise->cut = rate / 2;
  layers->conv({inputs, rate * rise->channels, 2, 1, 1, 1, 1}, &rise->raise);
  const Index before = last ? 0 : (later + 1) / 2;
  layers->conv({shape.source_channels, rise->channels, shape.source_kernels[number], 1, later,
                before, before},
               &rise->source);
  return layers->error;
}

} // namespace

Index Block::reach(int step) const {
  Index columns = 0;
  for (; step < kSteps; ++step)
    for (int half = 0; half < kHalves; ++half) columns += convs[step][half].after;
  return columns;
}

Index Network::samples_a_column() const {
  return Index(shape.rates[0]) * shape.rates[1] * shape.hop;
}

void Network::close() {
  for (Rise& rise : rises) {
    rise.raise.close();
    rise.source.close();
    for (int step = 0; step < kSteps; ++step)
      for (int half = 0; half < kHalves; ++half) {
        rise.source_block.convs[step][half].close();
        for (Block& block : rise.blocks) block.convs[step][half].close();
      }
  }
  post.close();
  inverse.close();
  free(weights_of_windows);
  free(first_channel);
}

// The order of the weights: of each rise the transposed convolution and that of the source; the
// residual blocks of the sources, then all others; the last convolution, the inverse transform and
// the weights of its windows. That of the places is that of the blocks.
int32_t read_network(const Kernels& kernels, const wk_shape& shape, Reader* reader,
                     const float* ranges, const int32_t* precisions, Network* network) {
  constexpr int kPlaces = kRises * (1 + kBlocks) * kSteps * kHalves;
  network->kernels = &kernels;
  network->shape = shape;
  network->first_channel = allocate_array<Index>(kPlaces + 1);
  const int windows = 3 * shape.hop;
  network->weights_of_windows = allocate_array<float>(windows);
  if (!network->first_channel || !network->weights_of_windows) return WK_OUT_OF_MEMORY;
  Layers layers = {kernels, reader, ranges, precisions, network, WK_OK};
  for (int i = 0; i < kRises; ++i) read_rise(&layers, shape, i, &network->rises[i]);
  for (int i = 0; i < kRises; ++i) {
    Rise& rise = network->rises[i];
    layers.block(rise.channels, shape.source_block_kernels[i], shape.source_dilations,
                 &rise.source_block);
  }
  for (Rise& rise : network->rises)
    for (int i = 0; i < kBlocks; ++i)
      layers.block(rise.channels, shape.kernels[i], shape.dilations[i], &rise.blocks[i]);
  const int channels = network->rises[kRises - 1].channels;
  const Index reach = shape.post_kernel / 2;
  layers.conv({channels, kSpectrum, shape.post_kernel, 1, 1, reach, reach}, &network->post);
  layers.conv({kSpectrum, shape.hop, 4, 1, 1, 1, 1}, &network->inverse);
  if (layers.error) return layers.error;
  const float* weights = reader->take(windows);
  if (!weights) return reader->error();
  for (int i = 0; i < windows; ++i) network->weights_of_windows[i] = weights[i];
  return WK_OK;
}

} // namespace native
