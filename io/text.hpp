#pragma once

/// Small text helpers shared by the readers and writers of this folder.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace cytocape {

/// Messages of other libraries on one line: runs of white space and control characters become a
/// single blank, the ends are trimmed. An empty text becomes "no cause given".
[[nodiscard]] std::string one_line(std::string_view text);

/// Without blanks, control characters and no-break spaces (U+00A0, U+202F) at its ends.
[[nodiscard]] std::string_view trimmed(std::string_view text);

/// A decimal number that fills `text` but for blanks; locale-independent, and none for anything
/// else, so that "0.25um" is never read as 0.25 and neither "nan" nor "inf" as a number.
[[nodiscard]] std::optional<double> parse_number(std::string_view text);

/// A to Z alone, whatever the locale: of names that programs give.
[[nodiscard]] std::string in_lower_case(std::string text);

[[nodiscard]] bool is_utf8(std::string_view text);

/// Bytes that are not UTF-8 become U+FFFD: file names may hold anything, reports may not.
[[nodiscard]] std::string valid_utf8(std::string_view text);

/// `text` as it may be shown to a person: valid UTF-8 in which characters that nobody sees but that
/// change how the rest is shown stand as U+FFFD. These are control characters but for tab and line
/// breaks (a terminal would obey them) and those that turn the direction of reading (U+061C,
/// U+200E, U+200F, U+202A-202E, U+2066-2069): a name that ends in U+202E would print 16.4 as 4.61.
[[nodiscard]] std::string displayable(std::string_view text);

/// `text` for a message: all of it, or its first `most` bytes, cut between letters, and how long it
/// is. Messages name values that others wrote, and a value can be a whole file.
[[nodiscard]] std::string shortened(std::string_view text, std::size_t most = 80);

/// `text` as part of a file name: letters, digits, '.', '-' and '_' stay, anything else would
/// surprise some file system and becomes '_'. `start` goes before an empty text and before one that
/// would be hidden.
[[nodiscard]] std::string safe_file_name(std::string text, std::string_view start);

/// For the text of an HTML or SVG element and for a quoted attribute: displayable, with & < > " and
/// ' as entities.
[[nodiscard]] std::string escape_html(std::string_view text);

/// `text`, displayable, broken at blanks into lines of at most `width` columns: the first begins
/// with `first`, the others with as many blanks. A longer word, such as a path, stays whole. Ends
/// with a line break.
[[nodiscard]] std::string wrapped(const std::string& first, const std::string& text,
                                  std::size_t width);

}  // namespace cytocape
