// Memory of one stream: blocks are used again, as whole sentences want many of the same size.
#pragma once

#include "kernels.h"

namespace native {

// Zeroed memory, aligned to 64 bytes; null where there is none. Free it with `free`.
void* allocate(Index bytes);

// The same, with what happens to be there but for some bytes behind the end, which are zero.
void* allocate_unset(Index bytes);

template <class T>
T* allocate_array(Index count) {
  return static_cast<T*>(allocate(count * static_cast<Index>(sizeof(T))));
}

class Memory {
 public:
  // A block of at least `*bytes`, which becomes its size; null where there is no memory.
  void* take(Index* bytes);
  void give(void* block, Index bytes);
  void free_all();

 private:
  static constexpr int kKept = 64;
  struct Block {
    void* start;
    Index bytes;
  };
  Block kept_[kKept];
  int count_;
};

// A signal as it is made and read: the columns from `first` to `end`, a row each. What has been
// read by all is dropped. Its memory grows with what lies between.
class Signal {
 public:
  // Rows of `row_bytes`; the first `before` of them, at negative times, are `fill`ed.
  [[nodiscard]] bool open(Memory* memory, Index row_bytes, Index before, int fill);
  Index first() const { return first_; }
  Index end() const { return end_; }
  Index row_bytes() const { return row_bytes_; }
  char* row(Index time) const { return start_ + (time - first_) * row_bytes_; }
  template <class T>
  T* rows(Index time) const {
    return reinterpret_cast<T*>(row(time));
  }
  // Makes room for the rows up to `end`; `close_at` tells that they have been written.
  [[nodiscard]] bool reserve(Index end);
  void close_at(Index end) { end_ = end; }
  // Appends `count` filled rows.
  [[nodiscard]] bool pad(Index count);
  // Forgets the rows before `time`.
  void drop(Index time);
  void release();

 private:
  Memory* memory_;
  char* block_;
  Index bytes_;
  char* start_; // of the row `first_`
  Index row_bytes_;
  Index first_;
  Index end_;
  int fill_;
};

} // namespace native
