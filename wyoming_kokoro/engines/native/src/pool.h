// Threads that help whoever calls: started at first use, shared by all calls.
#pragma once

namespace native {

// Runs work(data, 0) to work(data, tasks - 1), on up to `threads` threads, the caller among them,
// and returns when all are done. Of calls at once, the one with the smallest `due` gets the help, and
// the others wait between tasks until it leaves; where that is the same for all, they go on side by
// side.
void run_tasks(int threads, double due, int tasks, void (*work)(void*, int), void* data);

// While one lives, numbers too small for the normal form count as zero on this thread.
class FlushedDenormals {
 public:
  FlushedDenormals();
  ~FlushedDenormals();
  FlushedDenormals(const FlushedDenormals&) = delete;
  FlushedDenormals& operator=(const FlushedDenormals&) = delete;

 private:
  unsigned long long before_;
};

} // namespace native
