// What is read of a text: tokens and a style in; an encoding, how long each token lasts, and the
// decoder's features out.
#pragma once

#include "albert.h"
#include "interface.h"
#include "lstm.h"

namespace native {

struct Text {
  static constexpr int kMostLayers = 8;
  const Kernels* kernels;
  wk_text_shape shape;
  Albert albert;
  Conv meaning; // ALBERT's rows as the next layer reads them
  Lstm telling[kMostLayers];
  Lstm lasting;
  Conv chances; // to last one frame more
  Table symbols;
  Conv convs[kMostLayers];
  Norm norms[kMostLayers];
  Lstm features;
  Index styled; // channels that are scaled and shifted by the style

  void close();
};

// An error code is returned; `close` the text in any case.
int32_t read_text(const Kernels& kernels, const wk_text_shape& shape, int32_t precision,
                  Reader* reader, Text* text);

// See `wk_text_run`. Returns whether there was memory for it.
[[nodiscard]] bool run_text(const Text& text, const wk_text_call& call);

} // namespace native
