#pragma once

/// Text for people on a terminal.

#include <cstddef>
#include <string>

#include "io/assessment.hpp"

namespace cytocape {

/// Columns of stdout's terminal, 80 where it is none; at least 40.
[[nodiscard]] std::size_t terminal_width();

/// `text` broken at blanks into lines of at most `width` columns: the first begins with `first`,
/// the others with as many blanks. A longer word, such as a path, stays whole. Ends with a line
/// break.
[[nodiscard]] std::string wrapped(const std::string& first, const std::string& text,
                                  std::size_t width);

/// One line or more on stdout, as `wrapped` at the terminal's width.
void print_wrapped(const std::string& first, const std::string& text);

/// The sentence of each edition, which names it.
void print_editions(const criteria::CaseResult& assessment);

}  // namespace cytocape
