// The C interface of what makes something of a whole sentence at once: text, prosody and front.
#include <stdlib.h>

#include "checks.h"
#include "front.h"
#include "prosody.h"
#include "text.h"

using native::Index;

namespace {

constexpr uint32_t kFront = 0x574b4631, kProsody = 0x574b5031, kText = 0x574b5431; // while they are open
constexpr int32_t kWidest = 4096;

// Whether all widths are multiples of `each`.
template <int Count>
bool fit(const int32_t (&widths)[Count], int32_t each) {
  for (const int32_t width : widths)
    if (width < each || width > kWidest || width % each) return false;
  return true;
}

// Makes a handle of what `read_part(kernels, reader, part)` reads.
template <class Handle, class ReadPart>
int32_t open_handle(wk_read read, void* source, const char* instructions, uint32_t mark,
                    Handle** made, const ReadPart& read_part) {
  const native::Kernels* kernels = native::kernels_for(instructions);
  if (!kernels) return WK_UNSUPPORTED;
  Handle* handle = native::allocate_array<Handle>(1);
  if (!handle) return WK_OUT_OF_MEMORY;
  native::Reader reader(read, source);
  if (const int32_t error = read_part(*kernels, &reader, &handle->part)) {
    handle->part.close();
    free(handle);
    return error;
  }
  handle->mark = mark;
  *made = handle;
  return WK_OK;
}

template <class Handle>
int32_t close_handle(Handle* handle, uint32_t mark) {
  if (!handle || handle->mark != mark) return WK_BAD_ARGUMENT;
  handle->mark = 0;
  handle->part.close();
  free(handle);
  return WK_OK;
}

template <class Handle>
bool may_run(const Handle* handle, uint32_t mark, const float* input, int64_t frames,
             const float* styling, int32_t threads, const float* output) {
  return handle && handle->mark == mark && input && frames >= 1 &&
         frames <= native::kMostColumns && styling && output && threads >= 1 &&
         threads <= native::kMostThreads && native::finite(styling, 2 * handle->part.styled);
}

bool within(int32_t value, int32_t least, int32_t most) { return value >= least && value <= most; }

// Whether the kernels can compute a text of this shape.
bool fits(const wk_text_shape& s) {
  return within(s.tokens, 1, 1 << 16) && within(s.positions, 1, 1 << 14) &&
         fit({s.embedding, s.hidden, s.inner, s.style}, 16) && fit({s.width}, 32) &&
         within(s.heads, 1, s.hidden / 4) && s.hidden % (4 * s.heads) == 0 &&
         within(s.repeats, 1, 64) && within(s.layers, 1, native::Text::kMostLayers) &&
         within(s.kernel, 1, 63) && s.kernel % 2 == 1 && within(s.most_frames, 1, kWidest);
}

bool all_known(const wk_text_call& call, const wk_text_shape& shape) {
  if (!call.ids || call.count < 1 || call.count > shape.positions) return false;
  for (Index i = 0; i < call.count; ++i)
    if (!within(call.ids[i], 0, shape.tokens - 1)) return false;
  return true;
}

bool known(int32_t precision) { return precision == WK_FLOAT || precision == WK_INT16; }

} // namespace

struct wk_front {
  uint32_t mark;
  native::Front part;
};

struct wk_prosody {
  uint32_t mark;
  native::Prosody part;
};

int32_t wk_front_open(const wk_front_shape* shape, wk_read read, void* source, int32_t precision,
                      const char* instructions, wk_front** made) {
  if (!shape || !read || !made || !known(precision)) return WK_BAD_ARGUMENT;
  *made = nullptr;
  if (!fit({shape->features, shape->width, shape->text, shape->outputs}, 16)) return WK_UNSUPPORTED;
  return open_handle(
      read, source, instructions, kFront, made,
      [&](const native::Kernels& kernels, native::Reader* reader, native::Front* part) {
        return native::read_front(kernels, *shape, precision, reader, part);
      });
}

int32_t wk_front_close(wk_front* front) { return close_handle(front, kFront); }

int32_t wk_front_run(const wk_front* front, const float* features, int64_t frames,
                     const float* styling, int32_t threads, double due, float* hidden) {
  if (!may_run(front, kFront, features, frames, styling, threads, hidden)) return WK_BAD_ARGUMENT;
  return native::run_front(front->part, features, frames, styling, threads, due, hidden)
             ? WK_OK
             : WK_OUT_OF_MEMORY;
}

int32_t wk_prosody_open(const wk_prosody_shape* shape, wk_read read, void* source,
                        int32_t precision, const char* instructions, wk_prosody** made) {
  if (!shape || !read || !made || !known(precision)) return WK_BAD_ARGUMENT;
  *made = nullptr;
  if (!fit({shape->features}, 16) || !fit({shape->width}, 64)) return WK_UNSUPPORTED;
  return open_handle(
      read, source, instructions, kProsody, made,
      [&](const native::Kernels& kernels, native::Reader* reader, native::Prosody* part) {
        return native::read_prosody(kernels, *shape, precision, reader, part);
      });
}

int32_t wk_prosody_close(wk_prosody* prosody) { return close_handle(prosody, kProsody); }

int32_t wk_prosody_run(const wk_prosody* prosody, const float* encoding, int64_t frames,
                       const float* styling, int32_t threads, double due, float* curves) {
  if (!may_run(prosody, kProsody, encoding, frames, styling, threads, curves))
    return WK_BAD_ARGUMENT;
  return native::run_prosody(prosody->part, encoding, frames, styling, threads, due, curves)
             ? WK_OK
             : WK_OUT_OF_MEMORY;
}

struct wk_text {
  uint32_t mark;
  native::Text part;
};

int32_t wk_text_open(const wk_text_shape* shape, wk_read read, void* source, int32_t precision,
                     const char* instructions, wk_text** made) {
  if (!shape || !read || !made || !known(precision)) return WK_BAD_ARGUMENT;
  *made = nullptr;
  if (!fits(*shape)) return WK_UNSUPPORTED;
  return open_handle(
      read, source, instructions, kText, made,
      [&](const native::Kernels& kernels, native::Reader* reader, native::Text* part) {
        return native::read_text(kernels, *shape, precision, reader, part);
      });
}

int32_t wk_text_close(wk_text* text) { return close_handle(text, kText); }

int32_t wk_text_run(const wk_text* text, const wk_text_call* call) {
  if (!call || !call->style || !call->durations || !call->features ||
      !may_run(text, kText, call->style, call->count, call->styling, call->threads,
               call->encoding) ||
      !native::finite(call->style, text->part.shape.style) ||
      !all_known(*call, text->part.shape))
    return WK_BAD_ARGUMENT;
  return native::run_text(text->part, *call) ? WK_OK : WK_OUT_OF_MEMORY;
}
