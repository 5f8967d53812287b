#include "pipeline/review/blind.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "io/random.hpp"

namespace cytocape {
namespace {

std::size_t class_of(std::vector<std::string>& names, const std::string& name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<std::size_t>(found - names.begin());
  names.push_back(name);
  return names.size() - 1;
}

std::optional<Kappa> kappa_of(const BlindReading& blind) {
  std::vector<std::string> names;
  std::vector<std::pair<std::size_t, std::size_t>> pairs;
  for (const auto id : blind.cells)
    pairs.emplace_back(class_of(names, blind.named[0].at(id)),
                       class_of(names, blind.named[1].at(id)));
  std::vector<std::vector<std::int64_t>> table(names.size(),
                                               std::vector<std::int64_t>(names.size()));
  for (const auto& [first, second] : pairs) ++table[first][second];
  return cohen_kappa(table);
}

}  // namespace

std::vector<std::uint64_t> drawn_for_reading(const Review& review, const CellIndex& index,
                                             std::size_t many, std::uint64_t seed) {
  std::vector<std::uint64_t> cells;
  for (const auto& cell : index.cells()) {
    const auto said = review.cells.find(cell.id);
    if (said != review.cells.end() ? !said->second.name.empty() : cell.class_index >= 0)
      cells.push_back(cell.id);
  }
  for (const auto& [id, at] : review.placed)
    if (const auto said = review.cells.find(id);
        said != review.cells.end() && !said->second.name.empty())
      cells.push_back(id);
  detail::SplitMix64 random(seed);
  const auto wanted = std::min(many, cells.size());
  for (std::size_t i = 0; i < wanted; ++i)
    std::swap(cells[i], cells[i + random.below(cells.size() - i)]);
  cells.resize(wanted);
  std::sort(cells.begin(), cells.end());
  return cells;
}

ReaderAgreement agreement_of_readers(const Review& review) {
  const auto& blind = *review.blind;
  ReaderAgreement result;
  const auto open = unsettled(review);
  for (const auto id : blind.cells) {
    for (std::size_t r = 0; r < blind.readers.size(); ++r)
      ++result.counts[blind.named.at(r).at(id)].at(r);
    if (blind.agrees(id)) {
      ++result.agreed;
      continue;
    }
    ReaderDifference difference{
        .cell = id, .named = {blind.named[0].at(id), blind.named[1].at(id)}, .settled = {}};
    if (std::find(open.begin(), open.end(), id) == open.end())
      difference.settled = review.cells.at(id).name;
    result.differences.push_back(std::move(difference));
  }
  result.kappa = kappa_of(blind);
  return result;
}

std::string reading_words(const Review& review) {
  if (!review.blind || review.blind->over == 0) return "";
  const auto& blind = *review.blind;
  const auto agreement = agreement_of_readers(review);
  const auto cells = blind.cells.size();
  const auto kappa =
      agreement.kappa
          ? fmt::format("Cohen's kappa {:.2f} (95 % {:.2f} to {:.2f})", agreement.kappa->value,
                        agreement.kappa->interval.low, agreement.kappa->interval.high)
          : std::string("Cohen's kappa is not defined");
  auto words = fmt::format(
      "{} and {}, blind to each other, named {} cells: {} alike ({:.1f} %), {}", blind.readers[0],
      blind.readers[1], cells, agreement.agreed,
      100.0 * static_cast<double>(agreement.agreed) / static_cast<double>(cells), kappa);
  const auto differences = agreement.differences.size();
  if (differences == 0) return words + ".";
  const auto left = unsettled(review).size();
  return words + fmt::format("; {} {}, {}.", differences,
                             differences == 1 ? "difference" : "differences",
                             left == 0 ? std::string("settled by somebody else")
                                       : fmt::format("{} not settled", left));
}

}  // namespace cytocape
