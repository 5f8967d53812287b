#include "pipeline/wording/review.hpp"

#include <fmt/format.h>

#include "embedded/page_review.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/text.hpp"

namespace cytocape::report_page {
namespace {

std::string counts_words(const ReviewSummary& review) {
  const auto by = review.reviewers.empty() ? "" : " by " + review.reviewers;
  return fmt::format(
      "Version {}. {} of {} verified{}: {} renamed, {} added; {} removed as no cells.",
      review.version, review.cells_verified, counted(review.cells_total, "cell", "cells"), by,
      review.renamed, review.added, review.removed);
}

/// Versions that were amended, but for the last where the page has said all of it already.
std::vector<std::string> history_of(const ReviewSummary& review) {
  auto lines = wording::amendments(review);
  if (!lines.empty() && review.amendments.back().reason.size() <= kReasonAtFirst) lines.pop_back();
  return lines;
}

/// Empty lines are for a pen.
data lines_of(const ReviewSummary& review) {
  data item;
  item.set("counts", data(data::type::bool_false));
  item.set("history", data(data::type::list));
  item.set("morphology", as_text(review.morphology));
  item.set("comment", as_text(review.comment));
  item.set("reading", optional_text(review.reading));
  item.set("verified", as_text(wording::step_words(review.verified)));
  auto signature = wording::step_words(review.signed_off);
  if (!signature.empty() && review.count_alone)
    signature += ": for this slide's count, not for the conclusions of this report";
  item.set("signed", as_text(signature));
  return item;
}

data review_of(const SlideReport& slide, bool several) {
  auto item = lines_of(*slide.review);
  data words{"text", as_text(counts_words(*slide.review))};
  words.set("slide", optional_text(several ? slide_words(slide) : std::string()));
  item.set("counts", words);
  item.set("history", texts(history_of(*slide.review)));
  return item;
}

}  // namespace

std::string review_part(std::span<const SlideReport> slides) {
  List reviews;
  for (const auto& slide : slides)
    if (slide.review) reviews.push_back(review_of(slide, slides.size() > 1));
  if (reviews.empty()) reviews.push_back(lines_of({}));
  data values;
  values.set("reviews", reviews);
  return render(text::page_review, values);
}

}  // namespace cytocape::report_page
