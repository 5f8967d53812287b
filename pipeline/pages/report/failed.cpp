#include "embedded/page_failed.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/text.hpp"

namespace cytocape::report_page {

std::string failed_slide(const SlideOfCase& slide) {
  const auto& report = slide.report;
  data values;
  values.set("number", std::to_string(slide.number + 1));
  values.set("title", as_text(slide_words(report)));
  values.set("label", status_label(report.status));
  values.set("words", status_words(report.status));
  values.set("has_reasons", !report.status_reasons.empty());
  values.set("reasons", texts(report.status_reasons));
  values.set("provenance", provenance(report));
  return render(text::page_failed, values);
}

}  // namespace cytocape::report_page
