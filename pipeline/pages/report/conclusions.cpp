#include "embedded/page_conclusions.hpp"
#include "pipeline/pages/report/outlook.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/text.hpp"

namespace cytocape::report_page {

std::string conclusions(const criteria::CaseResult& assessment, bool usable) {
  data values;
  List list;
  for (const auto& edition : assessment.editions) {
    data item;
    item.set("number", std::to_string(list.size() + 1));
    item.set("edition", as_text(edition.edition));
    item.set("sentence", as_text(sentence(edition.sentence)));
    item.set("sentence_state", code_of(to_string(edition.state)));
    item.set("missing", optional_text(edition.code == criteria::kWithheld
                                          ? ""
                                          : missing_words(edition, assessment.readings)));
    list.push_back(item);
  }
  values.set("any", !list.empty());
  values.set("editions", list);
  values.set("usable", usable);
  values.set("agreement", optional_text(assessment.agreement));
  return render(text::page_conclusions, values);
}

}  // namespace cytocape::report_page
