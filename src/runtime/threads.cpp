#include "runtime/threads.h"

namespace toucanet {

Threads::Threads(size_t count) {
  for (size_t i = 1; i < count; ++i) workers_.emplace_back([this, i] { work(i); });
}

Threads::~Threads() {
  {
    std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
}

void Threads::take(size_t thread) {
  for (size_t t; (t = next_.fetch_add(1, std::memory_order_relaxed)) < tasks_;) call_(context_, t, thread);
}

void Threads::work(size_t thread) {
  uint64_t seen = 0;
  std::unique_lock lock(mutex_);
  for (;;) {
    wake_.wait(lock, [&] { return stop_ || round_ != seen; });
    if (stop_) return;
    seen = round_;
    lock.unlock();
    take(thread);
    lock.lock();
    if (--running_ == 0) done_.notify_one();
  }
}

void Threads::run(size_t tasks, Call call, void* context) {
  if (workers_.empty() || tasks < 2) {
    for (size_t t = 0; t < tasks; ++t) call(context, t, 0);
    return;
  }
  {
    std::lock_guard lock(mutex_);
    call_ = call, context_ = context, tasks_ = tasks;
    next_.store(0, std::memory_order_relaxed);
    running_ = workers_.size();
    ++round_;
  }
  wake_.notify_all();
  take(0);
  std::unique_lock lock(mutex_);
  done_.wait(lock, [&] { return running_ == 0; });
}

}  // namespace toucanet
