#include "memory.h"

#include <stdlib.h>
#include <string.h>

namespace native {
namespace {
constexpr Index kAlignment = 64;
constexpr Index kSlack = 64; // whole vectors may be read at a block's end
} // namespace

void* allocate_unset(Index bytes) {
  const size_t size = static_cast<size_t>((bytes + kSlack + kAlignment - 1) / kAlignment * kAlignment);
  char* block = static_cast<char*>(aligned_alloc(static_cast<size_t>(kAlignment), size));
  if (block) memset(block + bytes, 0, size - static_cast<size_t>(bytes));
  return block;
}

void* allocate(Index bytes) {
  void* block = allocate_unset(bytes);
  if (block) memset(block, 0, static_cast<size_t>(bytes));
  return block;
}

void* Memory::take(Index* bytes) {
  int best = -1;
  for (int i = 0; i < count_; ++i)
    if (kept_[i].bytes >= *bytes && (best < 0 || kept_[i].bytes < kept_[best].bytes)) best = i;
  if (best < 0) {
    const Index size = (*bytes + kSlack + kAlignment - 1) / kAlignment * kAlignment;
    return aligned_alloc(static_cast<size_t>(kAlignment), static_cast<size_t>(size));
  }
  void* block = kept_[best].start;
  *bytes = kept_[best].bytes;
  kept_[best] = kept_[--count_];
  return block;
}

void Memory::give(void* block, Index bytes) {
  if (!block) return;
  if (count_ == kKept) {
    free(block);
    return;
  }
  kept_[count_++] = {block, bytes};
}

void Memory::free_all() {
  while (count_ > 0) free(kept_[--count_].start);
}

bool Signal::open(Memory* memory, Index row_bytes, Index before, int fill) {
  memory_ = memory;
  row_bytes_ = row_bytes;
  first_ = end_ = -before;
  fill_ = fill;
  return pad(before);
}

bool Signal::reserve(Index end) {
  const Index wanted = (end - first_) * row_bytes_;
  if (block_ && start_ + wanted <= block_ + bytes_) return true;
  const Index held = (end_ - first_) * row_bytes_;
  if (block_ && wanted <= bytes_) {
    memmove(block_, start_, static_cast<size_t>(held));
    start_ = block_;
    return true;
  }
  // A little more than asked for: later blocks need not move everything at every step.
  Index bytes = wanted + wanted / 4;
  char* block = static_cast<char*>(memory_->take(&bytes));
  if (!block) return false;
  if (held) memcpy(block, start_, static_cast<size_t>(held));
  memory_->give(block_, bytes_);
  block_ = start_ = block;
  bytes_ = bytes;
  return true;
}

bool Signal::pad(Index count) {
  if (count == 0) return true;
  if (!reserve(end_ + count)) return false;
  memset(row(end_), fill_, static_cast<size_t>(count * row_bytes_));
  end_ += count;
  return true;
}

void Signal::drop(Index time) {
  if (time <= first_) return;
  if (time > end_) time = end_;
  start_ += (time - first_) * row_bytes_;
  first_ = time;
}

void Signal::release() {
  if (!block_) return;
  memory_->give(block_, bytes_);
  block_ = start_ = nullptr;
  bytes_ = 0;
  first_ = end_;
}

} // namespace native
