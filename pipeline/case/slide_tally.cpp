#include "pipeline/case/slide_tally.hpp"

#include <fmt/format.h>

#include <utility>

namespace cytocape {
namespace {

constexpr std::size_t kListedFailures = 20;

template <class Of>
std::uint64_t sum_of(const Tally<Of>& tally) {
  std::uint64_t sum = 0;
  for (const auto& [fate, count] : tally) sum += count;
  return sum;
}

template <class Of>
std::uint64_t count_of(const Tally<Of>& tally, const Of& fate) {
  const auto found = tally.find(fate);
  return found == tally.end() ? 0 : found->second;
}

}  // namespace

void SlideTally::add(const BlockRow& block) {
  ++blocks_[fate_of(block)];
  if (block.outcome == BlockOutcome::failed)
    note(fmt::format("block {}: {}", block.index, block.failure));
}

void SlideTally::add(const CellRow& cell) {
  ++cells_[fate_of(cell)];
  if (cell.outcome == CellOutcome::failed)
    note(fmt::format("cell {} at ({:.0f}, {:.0f}): {}", cell.id, cell.centre.x, cell.centre.y,
                     cell.failure));
}

std::uint64_t SlideTally::blocks_done() const {
  return sum_of(blocks_);
}

std::uint64_t SlideTally::located() const {
  return sum_of(cells_);
}

std::uint64_t SlideTally::excluded() const {
  std::uint64_t sum = 0;
  for (const auto why : values_of<Exclusion>()) sum += excluded(why);
  return sum;
}

std::uint64_t SlideTally::excluded(Exclusion why) const {
  return count_of(cells_, {CellOutcome::excluded, why});
}

std::uint64_t SlideTally::failed() const {
  return count_of(blocks_, {BlockOutcome::failed}) + count_of(cells_, {CellOutcome::failed});
}

void SlideTally::note(std::string failure) {
  if (failures_.size() < kListedFailures) failures_.push_back(std::move(failure));
}

}  // namespace cytocape
