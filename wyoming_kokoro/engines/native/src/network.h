// The generator as a network: what it consists of, and one pass of columns through it.
#pragma once

#include "interface.h"
#include "layers.h"

namespace native {

constexpr int kRises = 2;
constexpr int kBlocks = 3;
constexpr int kSteps = 3;
constexpr int kHalves = 2;
constexpr int kSpectrum = 32; // of a row of the spectrum: log magnitudes, then phases, 16 each
constexpr Index kForever = Index(1) << 60;

// A residual block: in each of its steps two styled convolutions, the second of which adds the
// step's input to its result.
struct Block {
  Conv convs[kSteps][kHalves];
  int places[kSteps][kHalves]; // in which order they are styled
  int channels;
  // Columns that the steps from `step` on read beyond those that they make.
  Index reach(int step) const;
};

// How the rate is raised once.
struct Rise {
  int rate, channels;
  Index cut; // columns that a transposed convolution makes before the first
  Conv raise; // the transposed convolution, as one with `rate * channels` outputs
  Conv source;
  Block source_block;
  Block blocks[kBlocks];
};

struct Network {
  const Kernels* kernels;
  wk_shape shape;
  Rise rises[kRises];
  Conv post;
  Conv inverse;       // the inverse transform: `hop` samples of four columns
  float* weights_of_windows; // what they weigh together: inside, at the first hop, at the last
  int places;
  Index channels;     // of all places
  Index* first_channel; // of each place, and the end

  Index samples_a_column() const;
  void close();
};

// An error code is returned; `close` the network in any case.
int32_t read_network(const Kernels& kernels, const wk_shape& shape, Reader* reader,
                     const float* ranges, const int32_t* precisions, Network* network);

struct BlockState {
  Signal coded[kSteps][kHalves];
  Signal middle[kSteps];
  Signal out[kSteps];
};

struct RiseState {
  Signal lifted;   // what is raised
  Signal raised;   // a row holds `rate` columns
  Signal source;   // the source at this rate
  Signal joined;
  BlockState source_block;
  BlockState blocks[kBlocks];
};

struct Stream {
  Network* network;
  Memory memory;
  bool own_statistics, ended, failed;
  Index columns, source_columns; // that have come
  Index samples;                 // that were made
  float* styling;                // (2, channels of all places)
  float* statistics;             // (2, channels)
  float* affine;                 // (2, channels): what both make together
  float* ranges;                 // (channels): of what floats have read, by their own statistics
  Signal source;
  RiseState rises[kRises];
  Signal smooth; // what the last convolution reads
  Signal spectrum;
  Signal polar;
  Signal hops;
};

[[nodiscard]] bool open_stream(Network* network, const float* styling, const float* statistics,
                               Stream* stream);
void close_stream(Stream* stream);

// See `wk_stream_push`. Returns whether there was memory for it.
[[nodiscard]] bool push(Stream* stream, const float* columns_in, Index columns,
                        const float* source, Index source_columns, bool last, int threads,
                        double due, float* samples, Index* made);

} // namespace native
