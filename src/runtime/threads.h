#pragma once
// A pool of threads of the process's own. Work is cut into tasks before it is handed out, so that results do not
// depend on how many threads there are.
#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <thread>
#include <vector>

namespace toucanet {

class Threads {
  using Call = void (*)(void* context, size_t task, size_t thread);
  std::vector<std::jthread> workers_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  std::atomic<size_t> next_{0};
  Call call_ = nullptr;
  void* context_ = nullptr;
  size_t tasks_ = 0, running_ = 0;
  uint64_t round_ = 0;
  bool stop_ = false;

  void work(size_t thread);
  void take(size_t thread);
  void run(size_t tasks, Call, void* context);

 public:
  /// `count` threads in all, the caller's among them; at least 1.
  explicit Threads(size_t count);
  ~Threads();
  Threads(const Threads&) = delete;
  Threads& operator=(const Threads&) = delete;
  size_t count() const { return workers_.size() + 1; }
  /// f(task, thread) for each task in [0, tasks), thread in [0, count()). Returns when all are done. Not reentrant.
  template <class F>
  void parallel(size_t tasks, F&& f) {
    run(
        tasks, [](void* c, size_t task, size_t thread) { (*static_cast<std::remove_reference_t<F>*>(c))(task, thread); }, &f);
  }
};

}  // namespace toucanet
