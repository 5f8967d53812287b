#include "pipeline/pages/page_frame.hpp"

#include <string>

#include "embedded/page_head.hpp"
#include "io/report.hpp"
#include "pipeline/pages/page_style.hpp"

namespace cytocape {

void set_frame(kainjow::mustache::data& page) {
  using kainjow::mustache::partial;
  page.set("head", partial{[] { return std::string(text::page_head); }});
  page.set("page_style", page_style());
  page.set("research_use", kResearchUse);
}

}  // namespace cytocape
