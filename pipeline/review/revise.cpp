#include "pipeline/review/revise.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <set>

#include "models/data/model_card.hpp"
#include "pipeline/case/class_sums.hpp"
#include "pipeline/case/grading.hpp"
#include "pipeline/case/quality.hpp"
#include "pipeline/review/blind.hpp"
#include "pipeline/review/morphology.hpp"
#include "pipeline/settings/taxonomy.hpp"
#include "pipeline/statistics/statistics.hpp"

namespace cytocape {
namespace {

using Counts = std::map<std::string, std::uint64_t>;

/// A model may have a class for what it cannot name.
constexpr const char* kUnidentifiedClass = "unidentified";

std::uint64_t sum_of(const Counts& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0},
                         [](auto sum, const auto& one) { return sum + one.second; });
}

std::uint64_t of_class(const Counts& counts, const std::string& name) {
  const auto found = counts.find(name);
  return found == counts.end() ? 0 : found->second;
}

/// A row for each class that people named and the model does not know.
void add_unknown_classes(SlideReport& report, const ReviewedCounts& counts) {
  const bool all_seen = sum_of(counts.called) == 0;
  for (const auto& verified : counts.verified) {
    const auto& name = verified.first;
    const auto known = [&](const DifferentialRow& row) { return row.name == name; };
    if (std::any_of(report.differential.begin(), report.differential.end(), known)) continue;
    const auto& description = cell_class(name);
    report.differential.push_back({.name = description.code,
                                   .label = description.label,
                                   .in_denominator = description.counted_in(report.specimen),
                                   .partly_known = !all_seen});
  }
}

void correct(SlideReport& report) {
  const auto card = card_from_json(report.model.card_json, report.model.path);
  Called called{.called = {}, .confusion = card.confusion, .counted = {}};
  for (const auto& row : report.differential) {
    if (called.called.size() < report.model.classes.size())
      called.called.push_back(row.count - row.verified);
    called.verified.push_back(row.verified);
    called.counted.push_back(row.in_denominator);
  }
  const auto fractions = corrected_fractions(called);
  double whole = 0;
  for (std::size_t c = 0; c < fractions.size(); ++c)
    if (called.counted[c]) whole += fractions[c];
  for (std::size_t c = 0; c < report.differential.size(); ++c) {
    auto& row = report.differential[c];
    row.corrected_fraction.reset();
    row.corrected95.reset();
    if (row.in_denominator && whole > 0) row.corrected_fraction = fractions[c] / whole;
  }
}

void judge_again(SlideReport& report, const ReviewedCounts& counts) {
  const auto before = report.quality;
  for (auto& check : report.quality) {
    if (check.verdict == QualityCheck::Verdict::not_measured) continue;
    if (check.rule == QualityRule::countable_cells || check.rule == QualityRule::full_count)
      check.value = static_cast<double>(report.denominator);
    else if (check.rule == QualityRule::excluded_share && counts.located > 0)
      check.value =
          100.0 *
          static_cast<double>(counts.without_class + of_class(counts.called, kUnidentifiedClass) +
                              of_class(counts.verified, kUnidentifiedClass)) /
          static_cast<double>(counts.located);
    else
      continue;
    check = judged(std::move(check));
  }
  regrade(report, before);
}

/// The model's index of a class; -1 where it does not know it.
std::int16_t index_of(const SlideReport& report, const std::string& name) {
  const auto& classes = report.model.classes;
  for (std::size_t c = 0; c < classes.size(); ++c)
    if (cell_class(classes[c]).code == name) return static_cast<std::int16_t>(c);
  return -1;
}

/// Pictures go to the class that they have now. A map is of the class that the network called, so
/// that a renamed cell shows none.
void move_pictures(SlideReport& report, const Review& review) {
  std::vector<GalleryCell> kept;
  for (auto& cell : report.gallery) {
    const auto found = review.cells.find(cell.id);
    if (found != review.cells.end()) {
      const auto now = found->second.name.empty() ? -1 : index_of(report, found->second.name);
      if (now < 0) continue;
      if (now != cell.class_index) cell.map.clear();
      cell.class_index = static_cast<std::int16_t>(now);
    }
    kept.push_back(std::move(cell));
  }
  std::stable_sort(kept.begin(), kept.end(), [](const auto& a, const auto& b) {
    return static_cast<std::uint16_t>(a.class_index) < static_cast<std::uint16_t>(b.class_index);
  });
  report.gallery = std::move(kept);
}

void move_places(SlideReport& report, const Review& review, const CellIndex& index) {
  report.places.clear();
  const auto put = [&](Level0Point at, std::int16_t class_index) {
    if (class_index >= 0)
      report.places.push_back({static_cast<float>(at.x), static_cast<float>(at.y), class_index});
  };
  for (const auto& cell : index.cells()) {
    const auto found = review.cells.find(cell.id);
    put(cell.centre, found == review.cells.end()  ? cell.class_index
                     : found->second.name.empty() ? std::int16_t{-1}
                                                  : index_of(report, found->second.name));
  }
  for (const auto& [id, at] : review.placed)
    if (const auto found = review.cells.find(id);
        found != review.cells.end() && !found->second.name.empty())
      put(at, index_of(report, found->second.name));
}

std::string lines_of(const std::map<std::string, ReviewedItem>& morphology) {
  std::vector<std::string> lines;
  for (const auto& [item, seen] : morphology)
    if (!seen.text.empty()) lines.push_back(item + ": " + seen.text);
  return fmt::format("{}", fmt::join(lines, "; "));
}

/// Those on the slide; what is said of single cells is in the review.
std::string comments_of(const Review& review) {
  std::vector<std::string> texts;
  for (const auto& comment : review.comments)
    if (comment.cells.empty()) texts.push_back(comment.text);
  return fmt::format("{}", fmt::join(texts, "; "));
}

/// What is counted otherwise than when it was signed.
std::vector<ReviewSummary::Change> changes_of(const SlideReport& report, const Review& review,
                                              const ReviewedCounts& now, const CellIndex& index) {
  if (review.signed_before == nullptr) return {};
  const auto before = count(*review.signed_before, index);
  std::vector<ReviewSummary::Change> changes;
  std::set<std::string> seen;
  const auto compare = [&](const std::string& name, const std::string& label) {
    const auto was = of_class(before.verified, name) + of_class(before.called, name);
    const auto is = of_class(now.verified, name) + of_class(now.called, name);
    if (seen.insert(name).second && was != is) changes.push_back({name, label, was, is});
  };
  for (const auto& row : report.differential) compare(row.name, row.label);
  // A class that nobody names any more has no row.
  for (const auto& verified : before.verified)
    compare(verified.first, cell_class(verified.first).label);
  return changes;
}

ReviewSummary summary_of(const Review& review, const ReviewedCounts& counts) {
  return {.cells_verified = counts.verified_cells(),
          .cells_total = counts.named_cells(),
          .renamed = counts.renamed,
          .removed = counts.removed,
          .added = counts.added,
          .version = review.version,
          .verified = review.verified,
          .signed_off = review.signed_off,
          .amendments = review.amendments,
          .morphology = lines_of(review.morphology),
          .reading = reading_words(review),
          .findings = {},
          .comment = comments_of(review),
          .reviewers = fmt::format("{}", fmt::join(review.reviewers, ", ")),
          .chain_head = review.head};
}

}  // namespace

std::uint64_t ReviewedCounts::verified_cells() const {
  return sum_of(verified);
}

std::uint64_t ReviewedCounts::named_cells() const {
  return sum_of(verified) + sum_of(called);
}

ReviewedCounts count(const Review& review, const CellIndex& index) {
  ReviewedCounts counts;
  const auto name = [&](const ReviewedCell& cell) {
    ++counts.verified[cell_class(cell.name).code];
    if (cell.name == kUnidentifiedClass) ++counts.unidentified;
  };
  for (const auto& cell : index.cells()) {
    const auto found = review.cells.find(cell.id);
    if (found != review.cells.end() && found->second.name.empty()) {
      ++counts.removed;
      continue;
    }
    ++counts.located;
    if (found != review.cells.end()) {
      name(found->second);
      if (found->second.renamed) ++counts.renamed;
    } else if (cell.class_index >= 0) {
      ++counts.called[cell_class(index.called(cell)).code];
    } else {
      ++counts.without_class;
      if (cell.exclusion == Exclusion::unidentified) ++counts.unidentified;
    }
  }
  for (const auto& [id, at] : review.placed) {
    const auto found = review.cells.find(id);
    if (found == review.cells.end() || found->second.name.empty()) continue;
    ++counts.located;
    ++counts.added;
    name(found->second);
  }
  return counts;
}

void revise_differential(SlideReport& report, const ReviewedCounts& counts) {
  add_unknown_classes(report, counts);
  for (auto& row : report.differential) {
    row.verified = of_class(counts.verified, row.name);
    row.count = row.verified + of_class(counts.called, row.name);
  }
  report.denominator = denominator_of(report.differential);
  for (auto& row : report.differential) {
    row.fraction.reset();
    row.wilson95.reset();
    if (!row.in_denominator || report.denominator == 0) continue;
    row.fraction = static_cast<double>(row.count) / static_cast<double>(report.denominator);
    row.wilson95 = wilson95(row.count, report.denominator);
  }
}

void revise(SlideReport& report, const Review& review, const CellIndex& index) {
  const auto counts = count(review, index);
  revise_differential(report, counts);
  correct(report);
  judge_again(report, counts);
  move_pictures(report, review);
  move_places(report, review, index);
  report.review = summary_of(review, counts);
  report.review->changes = changes_of(report, review, counts, index);
  report.review->findings = findings_of(review, report.specimen, report.slide.id);
}

}  // namespace cytocape
