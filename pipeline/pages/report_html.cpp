#include <fmt/format.h>

#include <algorithm>

#include "embedded/page_html.hpp"
#include "embedded/page_report_css.hpp"
#include "pipeline/pages/page_style.hpp"
#include "pipeline/pages/report/map_style.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/text.hpp"
#include "pipeline/pages/report_writer.hpp"

namespace cytocape {

using namespace report_page;

namespace {

/// The worst of the slides'.
Status status_of(std::span<const SlideReport> slides) {
  auto worst = Status::ok;
  for (const auto& slide : slides) worst = std::max(worst, slide.status);
  return worst;
}

std::string case_status_words(std::span<const SlideReport> slides) {
  const auto worst = status_of(slides);
  if (slides.size() < 2) return status_label(worst);
  if (worst == Status::ok) return "all analyses complete";
  return fmt::format("worst slide: {}", to_string(worst));
}

std::string heading_of(const criteria::CaseResult& assessment,
                       std::span<const SlideReport> slides) {
  if (!assessment.id.empty()) return "Case " + assessment.id;
  return slides.empty() ? "Case without a name" : slides.front().slide.id;
}

List slide_items(std::span<const SlideReport> slides) {
  List items;
  for (const auto& report : slides) {
    data item;
    item.set("number", std::to_string(items.size() + 1));
    item.set("title", as_text(slide_words(report)));
    item.set("status", to_string(report.status));
    item.set("label", status_label(report.status));
    item.set("counts", optional_text(has_counts(report) ? counted(report.denominator,
                                                                  "cell counted", "cells counted")
                                                        : ""));
    item.set("body", report_page::slide({report, items.size(), slides.size()}));
    items.push_back(item);
  }
  return items;
}

std::size_t most_classes(std::span<const SlideReport> slides) {
  std::size_t most = 0;
  for (const auto& report : slides) most = std::max(most, report.model.classes.size());
  return most;
}

}  // namespace

std::string report_html(const criteria::CaseResult& assessment,
                        std::span<const SlideReport> slides) {
  constexpr std::size_t kHead = 80;
  const auto heading = heading_of(assessment, slides);
  data page;
  page.set("research_use", kResearchUse);
  page.set("page_style", page_style());
  page.set("report_style", std::string(text::page_report_css));
  page.set("map_style", map_style(most_classes(slides)));
  page.set("page_head", css_string(std::string_view(heading).substr(0, kHead)));
  page.set("heading", as_text(heading));
  page.set("status", to_string(status_of(slides)));
  page.set("status_words", case_status_words(slides));
  page.set("has_alerts", !assessment.alerts.empty());
  page.set("alerts", texts(assessment.alerts));
  const bool judged = std::any_of(slides.begin(), slides.end(), has_counts);
  page.set("judged", judged);
  if (judged) {
    page.set("headline", headline(assessment, slides));
    page.set("editions", editions(assessment, any_usable(slides)));
    page.set("case_provenance", case_provenance(assessment));
  }
  page.set("slides", slide_items(slides));
  return with_whole_dates(render(text::page_html, page));
}

std::string report_html(const SlideReport& report) {
  return report_html(report.assessment, {&report, 1});
}

}  // namespace cytocape
