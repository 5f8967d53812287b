#include "pipeline/graph/device_queue.hpp"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>
#include <utility>

#include "pipeline/graph/stages.hpp"

namespace cytocape {

/// Two threads, so that one batch is uploaded while the other is computed.
struct DeviceQueue::Workers {
  static constexpr int kThreads = 2;

  Workers() {
    for (int i = 0; i < kThreads; ++i) threads.emplace_back([this] { serve(); });
  }
  ~Workers() {
    {
      const std::lock_guard lock(mutex);
      closing = true;
    }
    wake.notify_all();
    for (auto& thread : threads) thread.join();
  }

  void serve() {
    for (;;) {
      std::unique_lock lock(mutex);
      wake.wait(lock, [this] { return closing || !waiting.empty(); });
      if (waiting.empty()) return;
      const auto [batch, done] = std::move(waiting.front());
      waiting.pop_front();
      lock.unlock();
      classify_batch(*batch);
      done(batch);
    }
  }

  std::mutex mutex;
  std::condition_variable wake;
  std::deque<std::pair<BatchPtr, Done>> waiting;
  bool closing = false;
  std::vector<std::thread> threads;
};

DeviceQueue::DeviceQueue(const RunContext& run)
    : batch_cells_(run.config.classifier.batch),
      workers_(run.classifier->on_cpu() ? nullptr : std::make_unique<Workers>()) {}

DeviceQueue::~DeviceQueue() = default;

void DeviceQueue::submit(BatchPtr batch, Done done) {
  if (!workers_) {
    classify_batch(*batch);
    done(batch);
    return;
  }
  {
    const std::lock_guard lock(workers_->mutex);
    workers_->waiting.emplace_back(std::move(batch), std::move(done));
  }
  workers_->wake.notify_one();
}

}  // namespace cytocape
