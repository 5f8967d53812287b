#include "pipeline/wording/review.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <regex>

namespace cytocape::wording {
namespace {

/// In the order of a review; the last is the best.
enum class Stage { not_reviewed, under_review, verified, count_signed, all_signed };

Stage stage_of(const SlideReport& slide) {
  if (!slide.review) return Stage::not_reviewed;
  const auto& review = *slide.review;
  if (!review.signed_off.by.empty())
    return review.count_alone ? Stage::count_signed : Stage::all_signed;
  return review.verified.by.empty() ? Stage::under_review : Stage::verified;
}

const char* words_of(Stage stage, bool amended) {
  switch (stage) {
    case Stage::not_reviewed:
      return "preliminary, not reviewed";
    case Stage::under_review:
      return amended ? "amended, not signed again" : "preliminary, under review";
    case Stage::verified:
      return amended ? "amended, verified, not signed again" : "verified, not signed";
    case Stage::count_signed:
      return amended ? "amended; count signed, conclusions not" : "count signed, conclusions not";
    case Stage::all_signed:
      return amended ? "amended, reviewed and signed" : "reviewed and signed";
  }
  return "";
}

}  // namespace

std::string time_words(const std::string& utc) {
  static const std::regex shape("([0-9]{4}-[0-9]{2}-[0-9]{2})T([0-9]{2}:[0-9]{2})(:[0-9.]+)?Z");
  std::smatch parts;
  if (!std::regex_match(utc, parts, shape)) return utc;
  return fmt::format("{} {} UTC", parts[1].str(), parts[2].str());
}

std::string step_words(const ReviewSummary::Step& step) {
  return step.by.empty() ? "" : fmt::format("{}, {}", step.by, time_words(step.at));
}

std::string review_state(std::span<const SlideReport> slides) {
  auto least = Stage::all_signed;
  bool amended = false;
  for (const auto& slide : slides) {
    least = std::min(least, stage_of(slide));
    amended = amended || (slide.review && slide.review->version > 1);
  }
  return slides.empty() ? words_of(Stage::not_reviewed, false) : words_of(least, amended);
}

std::string review_steps(const ReviewSummary& review) {
  if (review.verified.by.empty() && review.signed_off.by.empty() && review.version == 1) return "";
  const auto step = [](const char* what, const ReviewSummary::Step& done) {
    return done.by.empty() ? fmt::format("not {}", what)
                           : fmt::format("{} by {}", what, step_words(done));
  };
  auto words = step("verified", review.verified) + "; " + step("signed", review.signed_off);
  if (!review.signed_off.by.empty() && review.count_alone)
    words += ", for the count, not for the conclusions of this report";
  return words;
}

std::vector<std::string> amendments(const ReviewSummary& review) {
  std::vector<std::string> list;
  for (const auto& one : review.amendments)
    list.push_back(fmt::format("Version {} was signed by {}; amended by {}: {}", one.version,
                               step_words(one.signed_off), step_words(one.amended), one.reason));
  return list;
}

std::string changes(const SlideReport& report) {
  if (!report.review || report.review->amendments.empty() || !why_withheld(report).empty())
    return "";
  std::vector<std::string> words;
  for (const auto& change : report.review->changes)
    words.push_back(fmt::format("{} {} to {}", change.label, change.before, change.count));
  if (words.empty()) return "every class has as many cells as when it was signed";
  return fmt::format("cells by class, as signed and now: {}", fmt::join(words, ", "));
}

}  // namespace cytocape::wording
