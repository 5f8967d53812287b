#pragma once

/// Text for people on a terminal.

#include <cstddef>
#include <string>

#include "io/assessment.hpp"

namespace cytocape {

/// Columns of the terminal that `descriptor` (unistd.h) writes to, 80 where it is none; at
/// least 40.
[[nodiscard]] std::size_t terminal_width(int descriptor);

/// On stderr, displayable and behind "cytocape: ". A terminal gets each line of it broken at its
/// width; a log gets the lines as they are, so that a search finds them.
void print_error(const std::string& message);

/// On stdout, displayable (io/text.hpp): what holds a name that others gave.
void print_line(const std::string& text);

/// One line or more on stdout, as `wrapped` (io/text.hpp) at the terminal's width.
void print_wrapped(const std::string& first, const std::string& text);

/// What must be acted on today, whether or not there is a classification.
void print_alerts(const criteria::CaseResult& assessment);

/// Where a laboratory's number and a slide's count lie further apart than chance puts them
/// (pipeline/wording/differences.hpp).
void print_differences(const std::vector<std::string>& differences);

/// The sentence of each edition, which names it, with what it waits for; then what all rest on, and
/// what sources contradict each other about.
void print_editions(const criteria::CaseResult& assessment);

}  // namespace cytocape
