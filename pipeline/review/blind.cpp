#include "pipeline/review/blind.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

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

/// The standard error is none where all agree or none do, which says nothing of what is possible.
std::string kappa_words(const std::optional<Kappa>& kappa) {
  if (!kappa) return "Cohen's kappa is not defined";
  if (!(kappa->interval.low < kappa->interval.high))
    return fmt::format("Cohen's kappa {:.2f} (without an interval: its error cannot be estimated)",
                       kappa->value);
  return fmt::format("Cohen's kappa {:.2f} (95 % {:.2f} to {:.2f})", kappa->value,
                     kappa->interval.low, kappa->interval.high);
}

}  // namespace

std::vector<std::uint64_t> drawn_for_reading(const Review& review, const CellIndex& index,
                                             std::size_t many, std::uint64_t seed) {
  std::set<std::uint64_t> read;
  for (const auto& reading : review.readings)
    read.insert(reading.cells.begin(), reading.cells.end());
  std::vector<std::uint64_t> cells;
  for (const auto& cell : index.cells()) {
    if (read.contains(cell.id)) continue;
    const auto said = review.cells.find(cell.id);
    if (said != review.cells.end() ? !said->second.name.empty() : cell.class_index >= 0)
      cells.push_back(cell.id);
  }
  for (const auto& [id, at] : review.placed)
    if (const auto said = review.cells.find(id);
        said != review.cells.end() && !said->second.name.empty() && !read.contains(id))
      cells.push_back(id);
  detail::SplitMix64 random(seed);
  const auto wanted = std::min(many, cells.size());
  for (std::size_t i = 0; i < wanted; ++i)
    std::swap(cells[i], cells[i + random.below(cells.size() - i)]);
  cells.resize(wanted);
  std::sort(cells.begin(), cells.end());
  return cells;
}

ReaderAgreement agreement_of_readers(const Review& review, const BlindReading& blind) {
  ReaderAgreement result;
  const auto open = unsettled(review, blind);
  for (const auto id : blind.cells) {
    for (std::size_t r = 0; r < blind.readers.size(); ++r)
      ++result.counts[blind.named.at(r).at(id)].at(r);
    if (blind.agrees(id)) {
      ++result.agreed;
      continue;
    }
    ReaderDifference difference{
        .cell = id, .named = {blind.named[0].at(id), blind.named[1].at(id)}, .settled = {}};
    // One that is gone is no cell.
    if (const auto said = review.cells.find(id);
        std::find(open.begin(), open.end(), id) == open.end())
      difference.settled = said == review.cells.end() ? "" : said->second.name;
    result.differences.push_back(std::move(difference));
  }
  result.kappa = kappa_of(blind);
  return result;
}

std::string reading_words(const Review& review, const BlindReading& blind) {
  const auto agreement = agreement_of_readers(review, blind);
  const auto cells = blind.cells.size();
  const auto kappa = kappa_words(agreement.kappa);
  auto words = fmt::format(
      "{} and {}, blind to each other, named {} cells: {} alike ({:.1f} %), {}", blind.readers[0],
      blind.readers[1], cells, agreement.agreed,
      100.0 * static_cast<double>(agreement.agreed) / static_cast<double>(cells), kappa);
  const auto differences = agreement.differences.size();
  if (differences == 0) return words + ".";
  const auto left = unsettled(review, blind).size();
  return words + fmt::format("; {} {}, {}.", differences,
                             differences == 1 ? "difference" : "differences",
                             left == 0 ? std::string("settled by somebody else")
                                       : fmt::format("{} not settled", left));
}

std::string reading_words(const Review& review) {
  std::vector<std::string> words;
  for (const auto& reading : review.readings)
    if (reading.over > 0) words.push_back(reading_words(review, reading));
  return fmt::format("{}", fmt::join(words, " "));
}

}  // namespace cytocape
