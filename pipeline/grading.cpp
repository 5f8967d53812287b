#include "pipeline/grading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

namespace cytocape {
namespace {

std::vector<std::string> missing_parts(const SlideReport& report, const GradingFacts& facts) {
  std::vector<std::string> reasons;
  if (facts.failed > 0)
    reasons.push_back(fmt::format("{} block(s) or cell(s) failed; the first: {}", facts.failed,
                                  report.failures.empty() ? "?" : report.failures.front()));
  if (facts.blocks_done != report.blocks_planned)
    reasons.push_back(fmt::format("{} of {} planned blocks have an outcome", facts.blocks_done,
                                  report.blocks_planned));
  return reasons;
}

std::vector<std::string> weak_points(const SlideReport& report, const SlideJob& job) {
  std::vector<std::string> reasons;
  const auto& config = job.run->config;
  const bool marrow = report.specimen == "bm";
  const auto needed =
      static_cast<std::uint64_t>(marrow ? config.min_leukocytes_bm : config.min_leukocytes_pb);
  if (config.regions == RegionKind::grid)
    reasons.emplace_back("regions of a grid were classified, not cells: no differential");
  else if (report.denominator < needed)
    reasons.push_back(fmt::format("{} cells counted; {} are needed (counting.min_leukocytes_{})",
                                  report.denominator, needed, report.specimen));
  const auto excluded = report.quality.find("excluded_share");
  if (excluded != report.quality.end() && excluded->second > config.max_excluded_share)
    reasons.push_back(
        fmt::format("{:.0f} % of the located cells were excluded; at most {:.0f} % "
                    "may be (quality.max_excluded_share)",
                    100 * excluded->second, 100 * config.max_excluded_share));
  const auto& mpp = report.slide.mpp;
  const double enlargement = std::max(mpp.x, mpp.y) / job.crop.mpp;
  if (enlargement > kMaxEnlargement)
    reasons.push_back(
        fmt::format("the slide's {:.3g} um/px is {:.1f} times coarser than the "
                    "model's {:.3g} um/px; at most {} times is allowed",
                    std::max(mpp.x, mpp.y), enlargement, job.crop.mpp, kMaxEnlargement));
  return reasons;
}

}  // namespace

void grade(SlideReport& report, const GradingFacts& facts) {
  auto missing = missing_parts(report, facts);
  auto weak = weak_points(report, facts.job);
  report.status = !missing.empty() ? Status::incomplete
                  : !weak.empty()  ? Status::insufficient
                                   : Status::ok;
  report.status_reasons = std::move(missing);
  report.status_reasons.insert(report.status_reasons.end(), weak.begin(), weak.end());
}

std::string denominator_rule(const std::string& specimen) {
  if (specimen == "bm")
    return "Percentages are of the nucleated cells called; megakaryocytes, platelets, smudge "
           "cells, "
           "artefacts and unidentified cells are outside.";
  return "Percentages are of the leukocytes called; normoblasts, platelets, smudge cells, "
         "artefacts and unidentified cells are outside.";
}

}  // namespace cytocape
