#include <fmt/format.h>

#include <algorithm>

#include "embedded/page_identity.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/text.hpp"
#include "pipeline/wording/review.hpp"

namespace cytocape::report_page {
namespace {

/// The worst of the slides'.
Status status_of(std::span<const SlideReport> slides) {
  auto worst = Status::ok;
  for (const auto& slide : slides) worst = std::max(worst, slide.status);
  return worst;
}

data or_dash(const std::string& text) {
  return as_text(text.empty() ? kDash : text);
}

data slide_row(const SlideReport& report) {
  data row;
  row.set("title", as_text(slide_words(report)));
  row.set("id", as_text(report.slide.id));
  row.set("specimen", specimen_words(report.specimen));
  row.set("accession", or_dash(report.identity.accession));
  row.set("sampled", or_dash(report.identity.sampled));
  row.set("stain", or_dash(report.identity.stain));
  row.set("model", or_dash(report.model.name));
  row.set("analysed", or_dash(time_words(report.run.finished_utc)));
  row.set("status", to_string(report.status));
  row.set("label", status_label(report.status));
  return row;
}

/// What the laboratory told of the patient.
std::string patient_words(const criteria::Readings& readings) {
  std::vector<std::string> words;
  const auto sex = readings.find("sex");
  if (sex != readings.end() && sex->second.answer)
    words.emplace_back(to_string(*sex->second.answer));
  const auto age = readings.find("age");
  if (age != readings.end() && age->second.value)
    words.push_back(fmt::format("{} years", number(*age->second.value)));
  return joined(words, ", ");
}

/// Who answers for the counts, of each slide that was reviewed.
List step_items(std::span<const SlideReport> slides) {
  List items;
  for (const auto& slide : slides) {
    if (!slide.review) continue;
    auto words = wording::review_steps(*slide.review);
    if (words.empty()) continue;
    if (slides.size() > 1) words = fmt::format("{}: {}", slide.slide.id, words);
    items.push_back(data{"text", as_text(words)});
  }
  return items;
}

}  // namespace

std::string heading_of(const criteria::CaseResult& assessment,
                       std::span<const SlideReport> slides) {
  if (!assessment.id.empty()) return "Case " + assessment.id;
  return slides.empty() ? "Case without a name" : slides.front().slide.id;
}

std::string case_status_words(std::span<const SlideReport> slides) {
  const auto worst = status_of(slides);
  if (slides.size() < 2) return status_label(worst);
  if (worst == Status::ok) return "all analyses complete";
  return fmt::format("worst slide: {}", to_string(worst));
}

std::string identity(const criteria::CaseResult& assessment, std::span<const SlideReport> slides) {
  data values;
  values.set("heading", as_text(heading_of(assessment, slides)));
  values.set("status", to_string(status_of(slides)));
  values.set("status_words", case_status_words(slides));
  values.set("reviewed", wording::review_state(slides));
  values.set("steps", step_items(slides));
  values.set("patient", optional_text(patient_words(assessment.readings)));
  values.set("judged", std::any_of(slides.begin(), slides.end(), has_counts));
  List rows;
  for (const auto& report : slides) {
    auto row = slide_row(report);
    row.set("number", std::to_string(rows.size() + 1));
    row.set("several", slides.size() > 1);
    rows.push_back(row);
  }
  values.set("slides", rows);
  values.set("several", slides.size() > 1);
  return render(text::page_identity, values);
}

}  // namespace cytocape::report_page
