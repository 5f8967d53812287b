#include "pipeline/case/assess.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <chrono>

#include "io/digest.hpp"
#include "models/data/model_card.hpp"
#include "pipeline/case/review_findings.hpp"
#include "pipeline/criteria/counts.hpp"
#include "pipeline/criteria/criteria.hpp"
#include "pipeline/criteria/labs_csv.hpp"
#include "pipeline/criteria/slide_shares.hpp"
#include "pipeline/statistics/statistics.hpp"

namespace cytocape {
namespace {

/// The sums that the criteria ask of a specimen's slide.
std::vector<const char*> groups_of(Specimen specimen) {
  switch (specimen) {
    case Specimen::blood:
      return {"monocytes", "blast_equivalents", "neutrophils"};
    case Specimen::marrow:
      return {"monocytes", "blast_equivalents"};
  }
  return {};
}

/// What is printed beside the differential.
criteria::Figure figure_of(const criteria::SlideCounts& counts) {
  switch (counts.specimen) {
    case Specimen::blood:
      return criteria::normoblasts_per_100_leukocytes(counts);
    case Specimen::marrow:
      return criteria::myeloid_erythroid_ratio(counts);
  }
  return {};
}

/// Today where the day is farthest on.
std::string latest_day() {
  constexpr auto kFarthest = std::chrono::hours(14);
  return fmt::format("{:%F}", fmt::gmtime(std::chrono::system_clock::to_time_t(
                                  std::chrono::system_clock::now() + kFarthest)));
}

using Indices = std::vector<std::size_t>;

Called called_of(const SlideReport& report, const ModelCard& card) {
  Called called{.called = {}, .confusion = card.confusion, .counted = {}};
  for (const auto& row : report.differential) {
    if (called.called.size() < card.classes.size())
      called.called.push_back(row.count - row.verified);
    called.verified.push_back(row.verified);
    called.counted.push_back(row.in_denominator);
  }
  return called;
}

Indices members_of(const SlideReport& report, const criteria::GroupCount& group) {
  Indices members;
  for (std::size_t c = 0; c < report.differential.size(); ++c)
    for (const auto& counted : group.classes)
      if (report.differential[c].name == counted.code) members.push_back(c);
  return members;
}

GroupEstimate estimate(const SlideReport& report, const criteria::CellGroup& group,
                       const criteria::GroupCount& counted) {
  GroupEstimate result{.code = group.code,
                       .label = group.label,
                       .note = group.note,
                       .count = counted.count,
                       .total = report.denominator,
                       .classes = {},
                       .unknown_parts = counted.unknown_parts};
  for (const auto& one : counted.classes) result.classes.push_back(one.label);
  if (result.classes.empty()) {
    result.gap = fmt::format("the model does not know {}", fmt::join(counted.unknown_parts, ", "));
  } else if (report.denominator == 0) {
    result.gap = "no cell was counted";
  } else {
    result.fraction = static_cast<double>(counted.count) / static_cast<double>(report.denominator);
    result.wilson95 = wilson95(counted.count, report.denominator);
  }
  return result;
}

/// All intervals come from the same replicates: first the classes, then the groups.
void correct(SlideReport& report, const ModelCard& card, const std::vector<Indices>& groups) {
  std::vector<Indices> wanted;
  for (std::size_t c = 0; c < report.differential.size(); ++c) wanted.push_back({c});
  wanted.insert(wanted.end(), groups.begin(), groups.end());
  const auto shares = corrected_shares(called_of(report, card), wanted);
  const auto classes = report.differential.size();
  for (std::size_t c = 0; c < classes && !shares.empty(); ++c)
    if (report.differential[c].corrected_fraction)
      report.differential[c].corrected95 = shares[c].both;
  for (std::size_t g = 0; g < groups.size(); ++g) {
    auto& group = report.groups[g];
    if (!group.fraction) continue;
    if (shares.empty()) {
      group.gap = "the model's validation figures are too few for a correction";
      continue;
    }
    const auto& share = shares[classes + g];
    group.corrected = share.value;
    group.sampling95 = share.sampling;
    group.classifier95 = share.classifier;
    group.both95 = share.both;
  }
}

void fill_groups(SlideReport& report) {
  // The sums are shown of every slide; the criteria alone leave out those that are not ok.
  auto counts = criteria::counts_of(report);
  counts.status = Status::ok;
  std::vector<Indices> members;
  report.groups.clear();
  for (const auto* code : groups_of(report.specimen)) {
    const auto& group = criteria::cell_group(code);
    const auto counted = criteria::count_group({counts}, report.specimen, group);
    report.groups.push_back(estimate(report, group, counted));
    members.push_back(members_of(report, counted));
  }
  correct(report, card_from_json(report.model.card_json, report.model.path), members);
}

/// How many cells a share must rest on: as many as the slides of each specimen were held to.
std::map<Specimen, std::uint64_t> least_cells(std::span<const SlideReport> slides) {
  std::map<Specimen, std::uint64_t> least;
  for (const auto& slide : slides)
    for (const auto& check : slide.quality)
      if (check.rule == QualityRule::countable_cells && check.at_least)
        least[slide.specimen] =
            std::max(least[slide.specimen], static_cast<std::uint64_t>(*check.at_least));
  return least;
}

std::string why_withheld(std::span<const SlideReport> slides) {
  return slides.size() == 1 ? fmt::format("the slide is {}", to_string(slides.front().status))
                            : "no slide is ok";
}

}  // namespace

Labs::Labs(const std::filesystem::path& path)
    : cases_(criteria::read_labs(path, latest_day())),
      file_{.path = path.string(), .sha256 = sha256_of_file(path), .has_case = false} {}

std::vector<std::string> Labs::cases() const {
  std::vector<std::string> ids;
  for (const auto& [id, findings] : cases_) ids.push_back(id);
  return ids;
}

CaseFacts Labs::of(const std::string& case_id) const {
  CaseFacts facts{.id = case_id, .labs = file_, .findings = {}};
  const auto found = cases_.find(case_id);
  if (found == cases_.end()) return facts;
  facts.labs.has_case = true;
  facts.findings = found->second;
  return facts;
}

criteria::CaseResult assess_case(const CaseFacts& facts, std::span<const SlideReport> slides) {
  criteria::Case one{.id = facts.id,
                     .findings = with_reviews(facts.findings, slides),
                     .slides = {},
                     .least_cells = least_cells(slides)};
  for (const auto& slide : slides) {
    one.slides.push_back(criteria::counts_of(slide));
    // What is withheld is not told beside a person's count either.
    if (!cytocape::why_withheld(slide).empty()) one.slides.back().called.clear();
  }
  auto result = criteria::evaluate(one, criteria::published_rules());
  const bool usable = std::any_of(slides.begin(), slides.end(),
                                  [](const auto& slide) { return slide.status == Status::ok; });
  if (!usable) criteria::withhold_classification(result, why_withheld(slides));
  result.labs = facts.labs;
  result.given = facts.findings.given;
  return result;
}

void assess(SlideReport& report, const CaseFacts& facts) {
  report.case_id = facts.id;
  fill_groups(report);
  report.figures = {figure_of(criteria::counts_of(report))};
  report.assessment = assess_case(facts, std::span(&report, 1));
}

}  // namespace cytocape
