#pragma once

/// Text for people on a terminal.

#include <cstddef>
#include <string>

#include "io/assessment.hpp"

namespace cytocape {

/// Columns of stdout's terminal, 80 where it is none; at least 40.
[[nodiscard]] std::size_t terminal_width();

/// One line or more on stdout, as `wrapped` (io/text.hpp) at the terminal's width.
void print_wrapped(const std::string& first, const std::string& text);

/// The sentence of each edition, which names it.
void print_editions(const criteria::CaseResult& assessment);

}  // namespace cytocape
