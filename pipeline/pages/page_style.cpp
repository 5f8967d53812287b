#include "pipeline/pages/page_style.hpp"

#include <string_view>

#include "embedded/figures_css.hpp"
#include "embedded/page_css.hpp"
#include "io/report.hpp"

namespace cytocape {

std::string page_style() {
  constexpr std::string_view kPlace = "RESEARCH_USE";
  std::string css(text::page_css);
  css.replace(css.find(kPlace), kPlace.size(), kResearchUse);
  return css;
}

std::string figures_style() {
  return std::string(text::figures_css);
}

}  // namespace cytocape
