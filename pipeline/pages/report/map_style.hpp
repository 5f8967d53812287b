#pragma once

#include <cstddef>
#include <string>

namespace cytocape::report_page {

/// CSS by which the maps' radio buttons show the chosen class, for up to `classes` of them.
/// Internal to io/.
[[nodiscard]] std::string map_style(std::size_t classes);

}  // namespace cytocape::report_page
