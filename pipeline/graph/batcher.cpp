#include "pipeline/graph/batcher.hpp"

#include <algorithm>

namespace cytocape {
namespace {

std::size_t crop_bytes(const BlockWork& work) {
  const auto edge = static_cast<std::size_t>(work.job->crop.input_px);
  return edge * edge * 3;
}

std::size_t count_crops(const BlockWork& work) {
  return work.crops.empty() ? 0 : work.crops.size() / crop_bytes(work);
}

}  // namespace

void Batcher::open_batch(const BlockWork& work) {
  if (open_) return;
  open_ = std::make_shared<Batch>();
  open_->job = work.job;
  open_->sequence = next_sequence_++;
}

void Batcher::append_cell(const BlockWork& work, std::size_t cell) {
  const auto bytes = crop_bytes(work);
  const auto begin = work.crops.begin() + static_cast<std::ptrdiff_t>(cell * bytes);
  open_->crops.insert(open_->crops.end(), begin, begin + static_cast<std::ptrdiff_t>(bytes));
  ++open_->count;
}

Batcher::Result Batcher::add(const BlockWorkPtr& work) {
  Result result;
  open_batch(*work);
  const auto crops = count_crops(*work);
  for (std::size_t cell = 0; cell < crops; ++cell) {
    // Closed when the next cell comes, not when full: the block whose last cell fills a batch then
    // completes in that batch and not in an empty one after it.
    if (open_->count == batch_cells_) {
      result.closed.push_back(std::move(open_));
      open_batch(*work);
    }
    append_cell(*work, cell);
  }
  work->crops.clear();
  work->crops.shrink_to_fit();
  open_->completed.push_back(work);
  if (work->ends_slide) {
    open_->ends_slide = true;
    result.closed.push_back(std::move(open_));
    open_.reset();
  }
  if (result.closed.empty())
    result.freed_tokens = 1;
  else
    result.closed.back()->tokens = 1;
  return result;
}

}  // namespace cytocape
