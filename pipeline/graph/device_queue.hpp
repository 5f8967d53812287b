#pragma once

/// Hands batches to the device. On a GPU its own threads wait for the device while oneTBB's threads
/// go on reading; on the processor there is nothing to wait for, and the calling thread computes.

#include <functional>
#include <memory>

#include "pipeline/graph/work.hpp"

namespace cytocape {

/// Thread-safe. The destructor waits for everything submitted.
class DeviceQueue {
 public:
  using Done = std::function<void(const BatchPtr&)>;

  explicit DeviceQueue(const RunContext& run);
  ~DeviceQueue();
  DeviceQueue(const DeviceQueue&) = delete;
  DeviceQueue& operator=(const DeviceQueue&) = delete;

  [[nodiscard]] int batch_cells() const { return batch_cells_; }

  /// Calls `done` exactly once, from this or another thread; a failure is in the batch.
  void submit(BatchPtr batch, Done done);

 private:
  struct Workers;
  int batch_cells_;
  std::unique_ptr<Workers> workers_;  ///< null on the processor
};

}  // namespace cytocape
