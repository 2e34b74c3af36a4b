#include "pool.h"

#include <pthread.h>
#include <sched.h>
#include <stddef.h>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace native {
namespace {

constexpr int kMostHelpers = 255;
constexpr int kSpins = 2000; // some tens of microseconds: as long as a layer's end takes

struct Job {
  void (*work)(void*, int);
  void* data;
  int tasks;
  int most_helpers;
  double due;
  Job* next_job;
  int next_task;
  int helpers;
};

pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
pthread_cond_t posted = PTHREAD_COND_INITIALIZER;
Job* jobs = nullptr;
int helpers_started = 0;
int sleepers = 0;
unsigned posts = 0;
bool fork_handled = false;

void pause_a_little() {
#if defined(__x86_64__)
  _mm_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

void work_on(Job* job) {
  for (;;) {
    const int task = __atomic_fetch_add(&job->next_task, 1, __ATOMIC_RELAXED);
    if (task >= job->tasks) return;
    job->work(job->data, task);
  }
}

// The most urgent job that may have one more helper. The mutex is held.
Job* job_to_help() {
  Job* best = nullptr;
  for (Job* job = jobs; job; job = job->next_job) {
    const bool open = job->helpers < job->most_helpers &&
                      __atomic_load_n(&job->next_task, __ATOMIC_RELAXED) < job->tasks;
    if (open && (!best || job->due < best->due)) best = job;
  }
  return best;
}

void* help(void*) {
  FlushedDenormals flushed;
  pthread_mutex_lock(&mutex);
  for (;;) {
    if (Job* job = job_to_help()) {
      __atomic_fetch_add(&job->helpers, 1, __ATOMIC_RELAXED);
      pthread_mutex_unlock(&mutex);
      work_on(job);
      __atomic_fetch_sub(&job->helpers, 1, __ATOMIC_RELEASE); // the job may be gone after this
      pthread_mutex_lock(&mutex);
      continue;
    }
    const unsigned seen = posts;
    pthread_mutex_unlock(&mutex);
    int spins = 0;
    while (spins < kSpins && __atomic_load_n(&posts, __ATOMIC_RELAXED) == seen) {
      pause_a_little();
      ++spins;
    }
    pthread_mutex_lock(&mutex);
    while (posts == seen) {
      ++sleepers;
      pthread_cond_wait(&posted, &mutex);
      --sleepers;
    }
  }
}

// After a fork the child has none of the threads, and nobody holds the mutex there.
void forget_after_fork() {
  pthread_mutex_init(&mutex, nullptr);
  pthread_cond_init(&posted, nullptr);
  jobs = nullptr;
  helpers_started = sleepers = 0;
}

// Sees that there are `wanted` helpers, as far as the system gives threads. The mutex is held.
void start_helpers(int wanted) {
  if (!fork_handled) fork_handled = pthread_atfork(nullptr, nullptr, forget_after_fork) == 0;
  while (helpers_started < wanted) {
    pthread_t thread;
    if (pthread_create(&thread, nullptr, help, nullptr) != 0) return;
    pthread_detach(thread);
    ++helpers_started;
  }
}

void remove(Job* job) {
  Job** place = &jobs;
  while (*place != job) place = &(*place)->next_job;
  *place = job->next_job;
}

} // namespace

void run_tasks(int threads, double due, int tasks, void (*work)(void*, int), void* data) {
  int helpers = (threads < tasks ? threads : tasks) - 1;
  if (helpers > kMostHelpers) helpers = kMostHelpers;
  if (helpers < 1) {
    for (int task = 0; task < tasks; ++task) work(data, task);
    return;
  }
  Job job = {work, data, tasks, helpers, due, nullptr, 0, 0};
  pthread_mutex_lock(&mutex);
  start_helpers(helpers);
  job.next_job = jobs;
  jobs = &job;
  __atomic_fetch_add(&posts, 1, __ATOMIC_RELAXED);
  const bool wake = sleepers > 0;
  pthread_mutex_unlock(&mutex);
  if (wake) pthread_cond_broadcast(&posted);
  work_on(&job);
  pthread_mutex_lock(&mutex);
  remove(&job);
  pthread_mutex_unlock(&mutex);
  for (int spins = 0; __atomic_load_n(&job.helpers, __ATOMIC_ACQUIRE) > 0; ++spins)
    if (spins < kSpins)
      pause_a_little();
    else
      sched_yield();
}

#if defined(__x86_64__)
FlushedDenormals::FlushedDenormals() : before_(_mm_getcsr()) {
  _mm_setcsr(static_cast<unsigned>(before_) | 0x8040);
}
FlushedDenormals::~FlushedDenormals() { _mm_setcsr(static_cast<unsigned>(before_)); }
#elif defined(__aarch64__)
FlushedDenormals::FlushedDenormals() {
  __asm__ volatile("mrs %0, fpcr" : "=r"(before_));
  __asm__ volatile("msr fpcr, %0" : : "r"(before_ | 1ull << 24));
}
FlushedDenormals::~FlushedDenormals() { __asm__ volatile("msr fpcr, %0" : : "r"(before_)); }
#else
FlushedDenormals::FlushedDenormals() : before_(0) {}
FlushedDenormals::~FlushedDenormals() {}
#endif

} // namespace native
