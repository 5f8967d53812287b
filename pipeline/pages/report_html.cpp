#include <algorithm>

#include "embedded/page_html.hpp"
#include "embedded/page_report_css.hpp"
#include "pipeline/pages/page_frame.hpp"
#include "pipeline/pages/plot.hpp"
#include "pipeline/pages/report/map_style.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/text.hpp"
#include "pipeline/pages/report_writer.hpp"

namespace cytocape {

using namespace report_page;

namespace {

List slide_items(std::span<const SlideReport> slides) {
  List items;
  for (const auto& report : slides) {
    const SlideOfCase one{report, items.size(), slides.size()};
    data item;
    item.set("cells", has_counts(report) ? cells(one) : std::string());
    item.set("method", method(one));
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
  set_frame(page);
  page.set("report_style", std::string(text::page_report_css) + plot_style());
  page.set("map_style", map_style(most_classes(slides)));
  page.set("page_head", css_string(std::string_view(heading).substr(0, kHead)));
  page.set("heading", as_text(heading));
  page.set("status_words", case_status_words(slides));
  page.set("identity", identity(assessment, slides));
  page.set("warnings", warnings(assessment, slides));
  const bool judged = std::any_of(slides.begin(), slides.end(), has_counts);
  page.set("judged", judged);
  page.set("several", std::count_if(slides.begin(), slides.end(), has_counts) > 1);
  if (judged) {
    const bool usable = any_usable(slides);
    page.set("differential", differential(assessment, slides));
    page.set("first_cells", first_cells(slides));
    page.set("review", review_part(slides));
    page.set("conclusions", conclusions(assessment, usable));
    page.set("criteria", criteria_part(assessment, usable));
    page.set("case_provenance", case_provenance(assessment));
  }
  page.set("slides", slide_items(slides));
  return with_whole_dates(render(text::page_html, page));
}

std::string report_html(const SlideReport& report) {
  return report_html(report.assessment, {&report, 1});
}

}  // namespace cytocape
