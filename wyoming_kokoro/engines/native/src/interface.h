// The C interface. Every function returns 0 or one of the codes below; none throws or exits. A
// generator may be used by any number of streams at once, a stream by one caller at a time.
#pragma once

#include <stdint.h>

#if defined(__cplusplus)
extern "C" {
#endif

#define WK_API __attribute__((visibility("default")))

enum {
  WK_OK = 0,
  WK_BAD_ARGUMENT = 1,  // null, out of range, of another size than the network's
  WK_OUT_OF_MEMORY = 2,
  WK_BAD_STATE = 3,     // ended, still in use, or not what this call is for
  WK_UNSUPPORTED = 4,   // no such instruction set here, or no such network
};

// What the weights are made for. Convolutions of a residual block come in pairs.
typedef struct {
  int32_t channels;            // of what comes in
  int32_t source_channels;
  int32_t size, hop;           // of the transform; size = 4 * hop
  int32_t rates[2];
  int32_t source_kernels[2];   // of the convolutions that bring the source to a rate
  int32_t source_block_kernels[2];
  int32_t source_dilations[3];
  int32_t kernels[3];
  int32_t dilations[3][3];
  int32_t post_kernel;
} wk_shape;

// How the styled convolutions of a generator are computed.
enum { WK_FLOAT = 0, WK_INT8 = 1, WK_INT16 = 2 };

// Of the decoder's front: the widths of its features, blocks, text, and of what it makes.
typedef struct {
  int32_t features, width, text, outputs;
} wk_front_shape;

// Of the prosody: the widths of what it reads and of its LSTM's result, multiples of 16 and 64.
typedef struct {
  int32_t features, width;
} wk_prosody_shape;

// Of what is read of a text: how many tokens and positions are known; of ALBERT the widths of its
// embedding, rows, and of the layer between, its heads, and how often its layer is used; the width of
// rows behind it, half of a style, how many LSTMs and convolutions there are and how wide the latter
// read, and how many frames a token may last.
typedef struct {
  int32_t tokens, positions;
  int32_t embedding, hidden, inner, heads, repeats;
  int32_t width, style, layers, kernel, most_frames;
} wk_text_shape;

// A text and what is made of it. `style` is half of a style, `styling` is (2, layers * width): scales,
// then shifts. `encoding` is (count, width + style), `durations` (count), `features` (count, width).
typedef struct {
  const int32_t* ids;
  int64_t count;
  const float* style;
  const float* styling;
  int32_t threads;
  double due;
  float* encoding;
  float* durations;
  float* features;
} wk_text_call;

typedef struct wk_text wk_text;
typedef struct wk_front wk_front;
typedef struct wk_prosody wk_prosody;
typedef struct wk_generator wk_generator;
typedef struct wk_stream wk_stream;

// Version of this interface; a library of another one is not to be used.
WK_API int32_t wk_version(void);

// The n-th instruction set that can be used here, the best one first; null past the last.
WK_API const char* wk_instructions(int32_t n);

// Writes the next `count` weights to `to`. Returns 0, or anything else where it cannot.
typedef int32_t (*wk_read)(void* source, float* to, int64_t count);

// Makes a generator of the weights that `read` gives, in the order in which `network.cpp` wants
// them; `source` is handed on to it. `ranges` is
// the largest magnitude of each channel of what the styled convolutions read, (channels of all
// places); `precisions` says how each of them is computed, (places); both may be null: floats.
// `instructions` is a name or null.
WK_API int32_t wk_generator_open(const wk_shape* shape, wk_read read, void* source,
                                 const float* ranges, const int32_t* precisions,
                                 const char* instructions, wk_generator** made);
// Fails with WK_BAD_STATE while streams are open.
WK_API int32_t wk_generator_close(wk_generator* generator);
WK_API const char* wk_generator_instructions(const wk_generator* generator);
WK_API int64_t wk_generator_places(const wk_generator* generator);
WK_API int64_t wk_generator_channels(const wk_generator* generator); // of all places

// Opens a stream. `styling` is (2, channels of all places): what a style makes of normalized
// channels, scales, then shifts. `statistics` is of the same shape: means, then deviations; null
// for the sentence's own, which then has to be pushed whole.
WK_API int32_t wk_stream_open(wk_generator* generator, const float* styling,
                              const float* statistics, wk_stream** made);
WK_API int32_t wk_stream_close(wk_stream* stream);

// Takes the next `columns` of what the front made, (columns, channels), and the next
// `source_columns` of the source's spectrum, (source_columns, source_channels), and writes the
// samples that they allow. `last` tells that nothing follows: then all samples are made. The source
// may run ahead. `samples` has room for `room`, at least as many as can come of all columns so far
// (the product of rates and hop for each) less those that were made.
WK_API int32_t wk_stream_push(wk_stream* stream, const float* columns_in, int64_t columns,
                              const float* source, int64_t source_columns, int32_t last,
                              int32_t threads, double due, float* samples, int64_t room,
                              int64_t* made);

// The statistics by which a stream normalizes: its own when it has ended, else those given.
WK_API int32_t wk_stream_statistics(const wk_stream* stream, float* statistics);

// The largest magnitude of each channel of what the styled convolutions read, (channels of all
// places), of a stream that has ended and was normalized by its own statistics; 0 for integers.
WK_API int32_t wk_stream_ranges(const wk_stream* stream, float* ranges);

// The decoder's front, of the weights that `read` gives, in the order in which `front.cpp` wants
// them; `precision` is that of the convolutions whose inputs are normalized, WK_FLOAT or WK_INT16.
WK_API int32_t wk_front_open(const wk_front_shape* shape, wk_read read, void* source,
                             int32_t precision, const char* instructions, wk_front** made);
// No call may be running.
WK_API int32_t wk_front_close(wk_front* front);
// Makes `hidden`, (2 * frames, outputs), of a whole sentence: `features` is (frames, features + 2),
// the last two pitch and energy. `styling` is (2, channels of all places): scales, then shifts.
WK_API int32_t wk_front_run(const wk_front* front, const float* features, int64_t frames,
                            const float* styling, int32_t threads, double due, float* hidden);

// The prosody, likewise; `prosody.cpp` says in which order.
WK_API int32_t wk_prosody_open(const wk_prosody_shape* shape, wk_read read, void* source,
                               int32_t precision, const char* instructions, wk_prosody** made);
// No call may be running.
WK_API int32_t wk_prosody_close(wk_prosody* prosody);
// Makes `curves`, (2, 2 * frames), pitch and energy, of a whole sentence: `encoding` is (frames,
// features). `styling` is (2, channels of all places): scales, then shifts.
WK_API int32_t wk_prosody_run(const wk_prosody* prosody, const float* encoding, int64_t frames,
                              const float* styling, int32_t threads, double due, float* curves);

// What is read of a text, likewise; `text.cpp` says in which order. `precision` is that of what the
// durations do not depend on.
WK_API int32_t wk_text_open(const wk_text_shape* shape, wk_read read, void* source,
                            int32_t precision, const char* instructions, wk_text** made);
// No call may be running.
WK_API int32_t wk_text_close(wk_text* text);
WK_API int32_t wk_text_run(const wk_text* text, const wk_text_call* call);

// One styled convolution by itself, for tests and measurements: scale, shift and Snake, then the
// convolution, as long as its input.
typedef struct {
  const char* instructions; // or null
  int32_t precision;
  int32_t inputs, outputs, taps, dilation;
  const float* weights; // (outputs, inputs, taps), then biases, (outputs)
  const float* ranges;  // (inputs); null for floats
  const float* styling; // (2, inputs)
  int32_t threads;
  int32_t repeats;
} wk_layer;

// `input` is (rows, inputs), `add` null or (rows, outputs), `output` (rows, outputs). `seconds` is
// null or becomes what each part took of this thread, of the fastest repeat: (2).
WK_API int32_t wk_layer_run(const wk_layer* layer, const float* input, int64_t rows,
                            const float* add, float* output, double* seconds);

// Products a second of nothing but sums in registers; 0 where there is no such instruction.
WK_API double wk_peak(const char* instructions, int32_t precision);

#if defined(__cplusplus)
}
#endif
