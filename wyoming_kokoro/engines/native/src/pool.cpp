#include "pool.h"

#include <pthread.h>
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
pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
Job* jobs = nullptr;
int jobs_posted = 0;
int changes_awaited = 0;
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

// Takes the next task of a job and does it; returns whether there was one.
bool do_task(Job* job) {
  const int task = __atomic_fetch_add(&job->next_task, 1, __ATOMIC_RELAXED);
  if (task >= job->tasks) return false;
  job->work(job->data, task);
  return true;
}

// Waits until a job was removed, or lost a helper. The mutex is held.
void await_change() {
  ++changes_awaited;
  pthread_cond_wait(&changed, &mutex);
  --changes_awaited;
}

bool several_posted() { return __atomic_load_n(&jobs_posted, __ATOMIC_RELAXED) > 1; }

// Whether a job is more urgent than this one. The mutex is held.
bool must_give_way(const Job* job) {
  for (const Job* other = jobs; other; other = other->next_job)
    if (other->due < job->due) return true;
  return false;
}

// Does what is left of one's own job, and waits between tasks while there is a more urgent one:
// more threads than that has been granted would only take the processor from it.
void work_on_own(Job* job) {
  do {
    if (!several_posted()) continue;
    pthread_mutex_lock(&mutex);
    while (must_give_way(job)) await_change();
    pthread_mutex_unlock(&mutex);
  } while (do_task(job));
}

// Helps with a job until nothing is left of it, or another one may be more urgent.
void help_with(Job* job) {
  while (do_task(job) && !several_posted()) {
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
      help_with(job);
      pthread_mutex_lock(&mutex);
      __atomic_fetch_sub(&job->helpers, 1, __ATOMIC_RELEASE); // it may be gone once the mutex is free
      if (changes_awaited > 0) pthread_cond_broadcast(&changed);
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
  pthread_cond_init(&changed, nullptr);
  jobs = nullptr;
  jobs_posted = changes_awaited = helpers_started = sleepers = 0;
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

// The mutex is held.
void post(Job* job) {
  job->next_job = jobs;
  jobs = job;
  __atomic_fetch_add(&jobs_posted, 1, __ATOMIC_RELAXED);
  __atomic_fetch_add(&posts, 1, __ATOMIC_RELAXED);
}

// The mutex is held.
void remove(Job* job) {
  Job** place = &jobs;
  while (*place != job) place = &(*place)->next_job;
  *place = job->next_job;
  __atomic_fetch_sub(&jobs_posted, 1, __ATOMIC_RELAXED);
  if (changes_awaited > 0) pthread_cond_broadcast(&changed);
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
  post(&job);
  const bool wake = sleepers > 0;
  pthread_mutex_unlock(&mutex);
  if (wake) pthread_cond_broadcast(&posted);
  work_on_own(&job);
  for (int spins = 0; spins < kSpins && __atomic_load_n(&job.helpers, __ATOMIC_ACQUIRE) > 0; ++spins)
    pause_a_little();
  pthread_mutex_lock(&mutex);
  remove(&job);
  while (job.helpers > 0) await_change();
  pthread_mutex_unlock(&mutex);
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
