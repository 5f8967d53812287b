#pragma once

/// What all pages look like: colours for light, dark and paper, text, tables, the research-use line
/// at the foot of each printed sheet. pipeline/pages/page.css holds it.

#include <string>

namespace cytocape {

/// CSS for a page's <style>, before its own rules. A page prints kResearchUse in an element of
/// class "research" before and behind its <main>.
[[nodiscard]] std::string page_style();

/// CSS that pages of a model's figures share, behind page_style(): warnings, tiles, tables of
/// figures. pipeline/pages/figures.css holds it.
[[nodiscard]] std::string figures_style();

}  // namespace cytocape
