#pragma once

/// Words and numbers as the page prints them. Internal to pipeline/pages. Pure; thread-safe. No
/// function here ever prints NaN or an infinite number.

#include <kainjow/mustache.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/report.hpp"
#include "pipeline/wording/review.hpp"

namespace cytocape::report_page {

using kainjow::mustache::data;
using List = kainjow::mustache::list;

inline constexpr const char* kDash = "\u2013";   ///< for a number that is absent
inline constexpr const char* kSpace = "\u00a0";  ///< between a number and its unit

/// Every text that comes from outside passes here; the template escapes it. Displayable
/// (io/text.hpp), and each run of letters that are read from right to left stands in isolates
/// (U+2068, U+2069): a name within a sentence leaves the numbers beside it where they are.
[[nodiscard]] std::string shown(std::string_view value);
[[nodiscard]] data as_text(std::string_view value);
/// {"text": value}, or false where it is empty, for a section of a template.
[[nodiscard]] data optional_text(std::string_view value);
/// A list of {"text": value}.
[[nodiscard]] data texts(const std::vector<std::string>& values);
/// The same of remarks, each ended with a full stop.
[[nodiscard]] data remark_texts(const std::vector<Phrase>& remarks);

/// Throws StorageError where `source` is no template.
[[nodiscard]] std::string render(std::string_view source, const data& values);

/// One decimal; "<0.1 %" of what would be printed as 0.0 and is none.
[[nodiscard]] std::string percent(double fraction);
/// "(19.1-30.9)" of fractions, in per cent.
[[nodiscard]] std::string percent_range(const Interval& interval);
/// Three significant digits, more where they would put `value` on the other side of `beside`.
[[nodiscard]] std::string number(double value, std::optional<double> beside = std::nullopt);
/// "(1.2-3.4)"; an end that is not finite becomes "or more".
[[nodiscard]] std::string number_range(const Interval& interval,
                                       std::optional<double> beside = std::nullopt);
/// "1 cell", "2 cells".
[[nodiscard]] std::string counted(std::uint64_t count, const char* one, const char* many);

using wording::time_words;
/// `html` with each ISO date of its <main> that is text, and not of a drawing, in a <span
/// class="date">, which keeps it on one line.
[[nodiscard]] std::string with_whole_dates(const std::string& html);
/// Ends with a full stop, added where no mark of punctuation ends it.
[[nodiscard]] std::string sentence(std::string text);
/// As many whole sentences as fit into `bytes`, but at least one.
[[nodiscard]] std::string first_sentences(const std::string& text, std::size_t bytes);
[[nodiscard]] std::string joined(const std::vector<std::string>& words, const char* between);
/// `text` as a CSS string, quotes included; no character of it can end the string.
[[nodiscard]] std::string css_string(std::string_view text);
/// A CSS length's or an SVG coordinate's number; more digits would be noise.
[[nodiscard]] std::string coordinate(double value);

[[nodiscard]] std::string specimen_words(Specimen specimen);       ///< "peripheral blood"
[[nodiscard]] std::string slide_words(const SlideReport& report);  ///< "Blood slide PB_17"
[[nodiscard]] const char* status_words(Status status);
/// In few words; "ok" would be taken for a result.
[[nodiscard]] const char* status_label(Status status);
/// The label of a class of the model; says so where there is none.
[[nodiscard]] std::string class_label(const SlideReport& report, int class_index);

/// "not measured" -> "not-measured": part of a CSS class and of a mark's id.
[[nodiscard]] std::string code_of(std::string words);

/// Gives each reason for an absent number a letter, in order of appearance.
class Marks {
 public:
  /// Sets `key` to a dash and `key`_mark to the reason's letter.
  void absent(data& row, const std::string& key, const std::string& reason);
  /// The letter of a reason.
  [[nodiscard]] std::string letter_of(const std::string& reason);
  /// Sets `key` to the percentage, or as above.
  void percentage(data& row, const std::string& key, const std::optional<double>& fraction,
                  const std::string& reason);
  [[nodiscard]] data list() const;

 private:
  std::vector<std::string> reasons_;
};

}  // namespace cytocape::report_page
