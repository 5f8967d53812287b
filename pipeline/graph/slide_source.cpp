#include "pipeline/graph/slide_source.hpp"

namespace cytocape {

BlockWorkPtr SlideSource::next() {
  if (!job_) {
    if (next_slide_ == slides_.size()) return nullptr;
    job_ = plan_slide(slides_[next_slide_++], run_);
    next_block_ = 0;
  }
  auto work = std::make_shared<BlockWork>();
  work->job = job_;
  work->sequence = next_sequence_++;
  if (!job_->blocks.empty()) work->block = &job_->blocks[next_block_++];
  work->ends_slide = next_block_ >= job_->blocks.size();
  if (work->ends_slide) job_.reset();
  return work;
}

}  // namespace cytocape
