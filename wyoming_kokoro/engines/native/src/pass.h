// One pass of columns through the generator: what `push` consists of.
#pragma once

#include "network.h"
#include "pool.h"

namespace native {

// What a place's style and statistics make of a value together: scale * x + shift.
void combine(Stream* stream, int place);

struct Pass {
  Run run;
  Stream* stream;
  const Network& network;
  bool last;

  Styling styling(int place) const;
  // Measures the whole of a signal for a place, where the sentence is normalized by its own.
  bool learn(int place, const Signal& signal, Index total, int channels);
  // Encodes what is there of `from` for a styled convolution.
  bool encoded(const Block& block, int step, int half, const Signal& from, Index end,
               Signal* coded);
  // Makes the rows of `out` and encodes them for the next convolution, if there is one.
  bool styled(const Block& block, int step, int half, Signal* coded, Index limit,
              const Signal* add, Signal* out, Signal* next, Index total);
  // Runs a residual block on what is there of `x`, up to the column `limit` of its result. `total`
  // is how many columns there will be, once that is known.
  bool residual(const Block& block, BlockState* state, const Signal& x, Index limit, Index total);
  // Raises the rate of what has been lifted, joins it with the source and smooths it. The result
  // goes to `to`, bent by `slope`, as far as it is there.
  bool rise(int number, Index total, float slope, const Conv& reader, Signal* to);
  // The columns that have been raised, and the source's. At the last rate a column goes in front,
  // the mirror image of the second.
  bool join(int number, Index total);
  // The source at a rate, up to the column `limit`.
  bool voice(int number, Index limit, Index total);
  // The waveform of what has been smoothed.
  bool transform(Index total, float* samples, Index* made);
};

} // namespace native
