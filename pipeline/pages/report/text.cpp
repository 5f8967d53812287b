#include "pipeline/pages/report/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <regex>

#include "io/errors.hpp"
#include "io/text.hpp"
#include "pipeline/settings/taxonomy.hpp"
#include "pipeline/wording/numbers.hpp"

namespace cytocape::report_page {
namespace {

std::string letter(std::size_t index) {
  constexpr std::size_t kLetters = 26;
  std::string text(1, static_cast<char>('a' + index % kLetters));
  return index < kLetters ? text : letter(index / kLetters - 1) + text;
}

/// Hebrew to Arabic Extended-A and their presentation forms, by the bytes that begin them in UTF-8:
/// all letters of U+0590-08FF begin with D6 (from 90 on), D7-DF or E0 A0-A3, the forms of
/// U+FB1D-FDFF and U+FE70-FEFF with EF AC-B7 and EF B9-BB, older scripts of U+10800-10FFF and
/// U+1E800-1EFFF with F0 90 A0-BF and F0 9E A0-BB.
bool right_to_left(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto in = [](unsigned value, unsigned low, unsigned high) {
    return value >= low && value <= high;
  };
  switch (byte(0)) {
    case 0xD6:
      return byte(1) >= 0x90;
    case 0xE0:
      return in(byte(1), 0xA0, 0xA3);
    case 0xEF:
      return (byte(1) == 0xAC && byte(2) >= 0x9D) || in(byte(1), 0xAD, 0xB7) ||
             in(byte(1), 0xB9, 0xBB);
    case 0xF0:
      return (byte(1) == 0x90 || byte(1) == 0x9E) && byte(2) >= 0xA0;
    default:
      return in(byte(0), 0xD7, 0xDF);
  }
}

/// Behind the next `what` from `from` on, or the end.
std::size_t end_behind(const std::string& text, std::string_view what, std::size_t from) {
  const auto at = text.find(what, from);
  return at == std::string::npos ? text.size() : at + what.size();
}

/// "2024-03-01" at the start of `text`.
bool is_date(std::string_view text) {
  constexpr std::string_view kShape = "0000-00-00";
  if (text.size() < kShape.size()) return false;
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  return std::equal(kShape.begin(), kShape.end(), text.begin(),
                    [&](char shape, char c) { return shape == '0' ? digit(c) : c == shape; });
}

void append_dated(std::string& out, std::string_view text) {
  constexpr std::size_t kLength = 10;
  while (!text.empty()) {
    const bool date = is_date(text);
    const auto part = text.substr(0, date ? kLength : 1);
    out += date ? "<span class=\"date\">" : "";
    out += part;
    out += date ? "</span>" : "";
    text.remove_prefix(part.size());
  }
}

bool begins_letter(char c) {
  return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
}

}  // namespace

std::string shown(std::string_view value) {
  const auto text = displayable(value);
  std::string out;
  std::size_t first = std::string::npos;  // of the run, in `out`
  std::size_t end = 0;                    // behind its last letter, in `out`
  const auto isolate = [&] {
    if (first == std::string::npos) return;
    out.insert(end, "\u2069");
    out.insert(first, "\u2068");
    first = std::string::npos;
  };
  for (std::size_t i = 0; i < text.size();) {
    auto next = i + 1;
    while (next < text.size() && !begins_letter(text[next])) ++next;
    const bool latin = (text[i] >= 'A' && text[i] <= 'Z') || (text[i] >= 'a' && text[i] <= 'z');
    const bool digit = text[i] >= '0' && text[i] <= '9';
    const bool turned = right_to_left(std::string_view(text).substr(i));
    // Blanks and marks between two words of the script belong to the run, anything else ends it.
    if (latin || digit) isolate();
    if (turned && first == std::string::npos) first = out.size();
    out.append(text, i, next - i);
    if (turned) end = out.size();
    i = next;
  }
  isolate();
  return out;
}

data as_text(std::string_view value) {
  return shown(value);
}

data optional_text(std::string_view value) {
  return value.empty() ? data(data::type::bool_false) : data{"text", as_text(value)};
}

data texts(const std::vector<std::string>& values) {
  List list;
  for (const auto& value : values) list.push_back(data{"text", as_text(value)});
  return list;
}

data remark_texts(const std::vector<Phrase>& remarks) {
  List list;
  for (const auto& remark : remarks)
    list.push_back(data{"text", as_text(sentence(remark.typeset()))});
  return list;
}

std::string render(std::string_view source, const data& values) {
  kainjow::mustache::mustache page_template{std::string(source)};
  auto html = page_template.render(values);
  if (!page_template.is_valid()) {
    throw StorageError("report.html: a template of the page is damaged: " +
                       page_template.error_message());
  }
  return html;
}

std::string percent(double fraction) {
  const auto value = 100 * fraction;
  if (!std::isfinite(value)) return kDash;
  constexpr double kNone = 0.0005;  // what sums of shares leave of nothing
  if (value >= kNone && value < 0.05) return std::string("<0.1") + kSpace + "%";
  return fmt::format("{:.1f}{}%", value, kSpace);
}

std::string percent_range(const Interval& interval) {
  if (!std::isfinite(interval.low) || !std::isfinite(interval.high)) return "";
  return fmt::format("({:.1f}\u2013{:.1f})", 100 * interval.low, 100 * interval.high);
}

std::string number(double value, std::optional<double> beside) {
  if (!std::isfinite(value)) return kDash;
  return beside ? wording::format_beside(value, *beside) : wording::format_number(value);
}

std::string number_range(const Interval& interval, std::optional<double> beside) {
  if (!std::isfinite(interval.low)) return "";
  const auto low = number(interval.low, beside);
  if (!std::isfinite(interval.high)) return fmt::format("({} or more)", low);
  return fmt::format("({}\u2013{})", low, number(interval.high, beside));
}

std::string counted(std::uint64_t count, const char* one, const char* many) {
  return fmt::format("{}{}{}", count, kSpace, count == 1 ? one : many);
}

std::string with_whole_dates(const std::string& html) {
  const auto begin = std::min(html.find("<main>"), html.size());
  auto out = html.substr(0, begin);
  for (auto i = begin; i < html.size();) {
    const bool text = html[i] != '<';
    const bool drawing = html.compare(i, 4, "<svg") == 0;
    const auto end = text ? std::min(html.find('<', i), html.size())
                          : end_behind(html, drawing ? "</svg>" : ">", i);
    const auto part = std::string_view(html).substr(i, end - i);
    if (text)
      append_dated(out, part);
    else
      out += part;
    i = end;
  }
  return out;
}

std::string sentence(std::string text) {
  constexpr std::string_view kEnds = ".!?:";
  if (!text.empty() && kEnds.find(text.back()) == std::string_view::npos) text += '.';
  return text;
}

std::string first_sentences(const std::string& text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  auto end = text.rfind(". ", bytes);
  if (end == std::string::npos) end = text.find(". ");
  return end == std::string::npos ? text : text.substr(0, end + 1);
}

std::string joined(const std::vector<std::string>& words, const char* between) {
  return fmt::format("{}", fmt::join(words, between));
}

std::string css_string(std::string_view text) {
  std::string out = "\"";
  for (const char c : shown(text)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte >= 0x80 || c == ' ' || (c >= '0' && c <= '9') ||
                       (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    out += plain ? std::string(1, c) : fmt::format("\\{:06x}", byte);
  }
  return out + '"';
}

std::string coordinate(double value) {
  return fmt::format("{:.2f}", std::isfinite(value) ? value : 0.0);
}

std::string specimen_words(Specimen specimen) {
  return labels_of(specimen).words;
}

std::string slide_words(const SlideReport& report) {
  return fmt::format("{} {}", labels_of(report.specimen).slide_name, report.slide.id);
}

const char* status_words(Status status) {
  switch (status) {
    case Status::ok:
      return "Everything planned was done, and enough cells were counted.";
    case Status::insufficient:
      return "Done, but not enough for an assessment: no grade is given.";
    case Status::incomplete:
      return "Parts of the slide failed: no grade is given, and nothing here is a negative result.";
    case Status::failed:
      return "The slide could not be analysed: nothing here is a result.";
  }
  return "";
}

const char* status_label(Status status) {
  return labels_of(status).words;
}

std::string class_label(const SlideReport& report, int class_index) {
  const auto at = static_cast<std::size_t>(class_index);
  if (class_index < 0) return "unidentified (too little confidence)";
  if (at >= report.model.classes.size()) return fmt::format("class {}", class_index);
  const auto& name = report.model.classes[at];
  for (const auto& row : report.differential) {
    if (row.name == name) return row.label;
  }
  return name;
}

std::string code_of(std::string words) {
  std::replace(words.begin(), words.end(), ' ', '-');
  return words;
}

std::string Marks::letter_of(const std::string& reason) {
  const auto found = std::find(reasons_.begin(), reasons_.end(), reason);
  const auto index = static_cast<std::size_t>(found - reasons_.begin());
  if (found == reasons_.end()) reasons_.push_back(reason);
  return letter(index);
}

void Marks::absent(data& row, const std::string& key, const std::string& reason) {
  row.set(key, std::string(kDash));
  row.set(key + "_mark", letter_of(reason));
}

void Marks::percentage(data& row, const std::string& key, const std::optional<double>& fraction,
                       const std::string& reason) {
  if (!fraction || !std::isfinite(*fraction)) return absent(row, key, reason);
  row.set(key, percent(*fraction));
  row.set(key + "_mark", data(data::type::bool_false));
}

data Marks::list() const {
  List list;
  for (std::size_t i = 0; i < reasons_.size(); ++i) {
    data row;
    row.set("mark", letter(i));
    row.set("reason", as_text(reasons_[i]));
    list.push_back(row);
  }
  return list;
}

}  // namespace cytocape::report_page
