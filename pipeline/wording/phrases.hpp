#pragma once

/// What sentences are put together from, in both spellings (io/phrase.hpp). Pure; thread-safe.

#include <fmt/format.h>

#include <string>
#include <utility>
#include <vector>

#include "io/phrase.hpp"
#include "io/unit.hpp"

namespace cytocape::wording {

template <class T>
const T& as_plain(const T& part) {
  return part;
}
inline const std::string& as_plain(const Phrase& part) {
  return part.plain();
}

template <class T>
const T& as_typeset(const T& part) {
  return part;
}
inline const std::string& as_typeset(const Phrase& part) {
  return part.typeset();
}

/// fmt::format, of which phrases may be parts:
///
///     say("WBC {}{} ({}) {} {} %", "10", behind(Unit::cells_per_volume), "LIS", times(), "20")
///     plain:    WBC 10 x 10^9/L (LIS) x 20 %
///     typeset:  WBC 10 × 10⁹/L (LIS) × 20 %
template <class... Parts>
[[nodiscard]] Phrase say(
    fmt::format_string<decltype(as_plain(std::declval<const Parts&>()))...> pattern,
    const Parts&... parts) {
  return {fmt::format(pattern, as_plain(parts)...), fmt::format(pattern, as_typeset(parts)...)};
}

/// A unit with the blank between it and the number before it; empty for Unit::none. The blank does
/// not break a line where the unit is typeset otherwise than it is written.
[[nodiscard]] Phrase behind(Unit unit);
/// "0.5 x 10^9/L".
[[nodiscard]] Phrase quantity(const std::string& number, Unit unit);
/// The sign between two factors.
[[nodiscard]] Phrase times();

/// A text of the rules' or the program's own tables, in which units are written as unit.hpp and
/// "um" spell them: where one stands behind a number, it is typeset. Not for sentences made here,
/// nor for what a laboratory wrote.
[[nodiscard]] Phrase authored(const std::string& text);

/// "a, b and c".
[[nodiscard]] Phrase join_words(const std::vector<Phrase>& words, const std::string& last = "and");
[[nodiscard]] std::string join_words(const std::vector<std::string>& words,
                                     const std::string& last = "and");
/// "a; b; c".
[[nodiscard]] Phrase join(const std::vector<Phrase>& parts, const std::string& between);
/// "Monocytes" of "monocytes".
[[nodiscard]] std::string upper_first(std::string text);

}  // namespace cytocape::wording
