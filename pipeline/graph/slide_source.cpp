#include "pipeline/graph/slide_source.hpp"

namespace cytocape {

const SlideRequest* SlideSource::next_admitted() {
  while (next_slide_ < slides_.size()) {
    const auto& slide = slides_[next_slide_++];
    if (!run_->admit || run_->admit(slide)) return &slide;
    ++run_->progress.slides_done;
    run_->progress.bytes -= slide.bytes;
  }
  return nullptr;
}

BlockWorkPtr SlideSource::next() {
  if (!job_) {
    const auto* slide = next_admitted();
    if (slide == nullptr) return nullptr;
    job_ = plan_slide(*slide, run_);
    run_->progress.bytes_planned += slide->bytes;
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
