#include <fmt/format.h>

#include <algorithm>

#include "embedded/page_review.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/text.hpp"

namespace cytocape::report_page {
namespace {

std::string step_words(const ReviewSummary::Step& step) {
  return step.by.empty() ? "" : fmt::format("{}, {}", step.by, time_words(step.at));
}

std::string counts_words(const ReviewSummary& review) {
  const auto by = review.reviewers.empty() ? "" : " by " + review.reviewers;
  return fmt::format(
      "Version {}. {} of {} verified{}: {} renamed, {} added; {} removed as no cells.",
      review.version, review.cells_verified, counted(review.cells_total, "cell", "cells"), by,
      review.renamed, review.added, review.removed);
}

/// Empty lines are for a pen.
data lines_of(const ReviewSummary& review, const std::string& counts, const std::string& slide) {
  data item;
  data words(data::type::bool_false);
  if (!counts.empty()) {
    words = data{"text", as_text(counts)};
    words.set("slide", optional_text(slide));
  }
  item.set("counts", words);
  item.set("morphology", as_text(review.morphology));
  item.set("comment", as_text(review.comment));
  item.set("verified", as_text(step_words(review.verified)));
  auto signature = step_words(review.signed_off);
  if (!signature.empty() && review.count_alone)
    signature += ": for this slide's count, not for the conclusions of this report";
  item.set("signed", as_text(signature));
  return item;
}

}  // namespace

std::string review_part(std::span<const SlideReport> slides) {
  List reviews;
  for (const auto& slide : slides)
    if (slide.review)
      reviews.push_back(lines_of(*slide.review, counts_words(*slide.review),
                                 slides.size() > 1 ? slide_words(slide) : std::string()));
  if (reviews.empty()) reviews.push_back(lines_of({}, "", ""));
  data values;
  values.set("reviews", reviews);
  return render(text::page_review, values);
}

}  // namespace cytocape::report_page
