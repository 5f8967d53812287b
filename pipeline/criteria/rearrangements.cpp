#include "pipeline/criteria/rearrangements.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "pipeline/criteria/signs.hpp"

namespace cytocape::criteria {
namespace {

/// More chromosomes take part in no rearrangement; and what follows stays linear in the text.
constexpr std::size_t kMostBreaks = 12;

constexpr std::string_view kUnknown = "?";

bool is_arm(char c) {
  return c == 'p' || c == 'q';
}

/// What stands in brackets, and where they end.
struct Bracket {
  std::string text;  ///< in small letters
  std::size_t end = 0;
  bool closed = true;  ///< else the text ends within them
};

/// The brackets that open at `at`; none where they hold others.
std::optional<Bracket> bracket_at(std::string_view text, std::size_t at) {
  constexpr std::size_t kMostSigns = 120;
  constexpr std::string_view kOpening = "([{";
  constexpr std::string_view kClosing = ")]}";
  if (at >= text.size()) return std::nullopt;
  const auto which = kOpening.find(text[at]);
  if (which == std::string_view::npos) return std::nullopt;
  const auto inside = text.substr(at + 1, kMostSigns);
  const auto end = inside.find_first_of(which == 0 ? "()" : which == 1 ? "[]" : "{}");
  if (end == std::string_view::npos) {
    if (inside.size() == kMostSigns) return std::nullopt;
    return Bracket{.text = in_small_letters(inside), .end = text.size(), .closed = false};
  }
  if (inside[end] != kClosing[which]) return std::nullopt;
  return Bracket{.text = in_small_letters(inside.substr(0, end)), .end = at + end + 2};
}

bool is_chromosome(std::string_view text) {
  if (text == "X" || text == "Y") return true;
  if (text.empty() || text.size() > 2 || !std::all_of(text.begin(), text.end(), is_digit))
    return false;
  const int number = text.size() == 1 ? text[0] - '0' : 10 * (text[0] - '0') + text[1] - '0';
  return number >= 1 && number <= 22;
}

std::vector<std::string> split_at_any(std::string_view text, std::string_view signs) {
  std::vector<std::string> parts(1);
  for (const char c : text) {
    if (signs.find(c) == std::string_view::npos)
      parts.back() += c;
    else
      parts.emplace_back();
  }
  return parts;
}

std::string without(std::string_view text, std::string_view signs) {
  std::string rest;
  for (const char c : text)
    if (signs.find(c) == std::string_view::npos) rest += c;
  return rest;
}

/// "q24.1", "q31~33", "q11.2or24", "p13q22", "?": the breaks of one chromosome, in order.
std::vector<Break> breaks_in(const std::string& chromosome, std::string_view bands) {
  const auto plain = without(bands, "?. ");
  std::vector<Break> all;
  enum class Joined { none, span, either } joined = Joined::none;
  char arm = ' ';
  for (std::size_t i = 0; i < plain.size() && all.size() < kMostBreaks; ++i) {
    if (plain[i] == '-' || plain[i] == '~') joined = Joined::span;
    if (plain.compare(i, 2, "or") == 0) joined = Joined::either;
    const bool digit = is_digit(plain[i]);
    if (!is_arm(plain[i]) && !(digit && arm != ' ' && joined != Joined::none)) continue;
    if (!digit) arm = plain[i];
    std::string band(1, arm);
    auto end = digit ? i : i + 1;
    while (end < plain.size() && is_digit(plain[end])) band += plain[end++];
    // The end of an arm and the centromere are no wider bands.
    for (const auto* other : {"ter", "cen", "h"})
      if (plain.compare(end, std::string_view(other).size(), other) == 0) band += other;
    i = end - 1;
    if (joined == Joined::none || all.empty()) {
      all.push_back({.chromosome = chromosome, .band = band, .span_begin = "", .or_in = {}});
    } else if (joined == Joined::span) {
      all.back().span_begin = std::exchange(all.back().band, band);
    } else {
      all.back().or_in.push_back(band);
    }
    joined = Joined::none;
  }
  if (all.empty())
    all.push_back({.chromosome = chromosome, .band = "", .span_begin = "", .or_in = {}});
  return all;
}

/// A chromosome of the first brackets, with a band that may be written beside it.
struct Place {
  std::string chromosome;
  std::string bands;
};

std::optional<Place> place_of(std::string_view written) {
  auto text = without(written, " ?");
  if (text.starts_with("chr")) text.erase(0, 3);
  if (text.empty() || text == "v" || text == "var") return Place{std::string(kUnknown), ""};
  const auto end = std::find_if_not(text.begin(), text.end(),
                                    [](char c) { return is_digit(c) || c == 'x' || c == 'y'; });
  std::string chromosome(text.begin(), end);
  for (auto& c : chromosome)
    if (!is_digit(c)) c = static_cast<char>(c - 'a' + 'A');
  const std::string rest(end, text.end());
  if (!is_chromosome(chromosome)) return std::nullopt;
  if (!rest.empty() && !is_arm(rest.front()) && !rest.starts_with("or") && rest.front() != '~')
    return std::nullopt;
  return Place{chromosome, !rest.empty() && is_arm(rest.front()) ? rest : ""};
}

/// "15;17", "15,17", "9p21;11q23" or "4"; empty where one is no chromosome.
std::vector<Place> places_of(const std::string& inside) {
  const bool bands = inside.find_first_of("pq") != std::string::npos;
  auto parts = split_at_any(inside, bands ? ";,:/" : ";,:/-.+&");
  if (parts.size() == 1 && !bands) {
    // "15 17"
    const auto begin = inside.find_first_not_of(' ');
    const auto end = inside.find_last_not_of(' ');
    if (begin != std::string::npos)
      parts = split_at_any(inside.substr(begin, end - begin + 1), " ");
  }
  std::vector<Place> places;
  for (const auto& part : parts) {
    auto place = place_of(part);
    if (!place || places.size() == kMostBreaks) return {};
    places.push_back(std::move(*place));
  }
  return places;
}

/// "q24;q21", "q11.2or24", "?;q23", and neither genes, "(PML,RARA)", nor numbers.
bool are_bands(const std::string& text) {
  constexpr std::array<std::string_view, 16> kWords = {"p",   "q",    "or",   "orp", "orq", "v",
                                                       "ter", "pter", "qter", "cen", "h",   "qh",
                                                       "ph",  "por",  "qor",  "to"};
  bool any = false;
  std::string word;
  for (const char c : text + " ") {
    if (is_letter(c)) {
      word += c;
      continue;
    }
    if (!word.empty() && std::find(kWords.begin(), kWords.end(), word) == kWords.end())
      return false;
    any = any || !word.empty() || c == '?';
    word.clear();
  }
  return any;
}

/// The breaks of chromosomes by the bands of the second brackets; none where these hold no band.
std::optional<std::vector<Break>> breaks_by(const std::vector<Place>& places,
                                            const std::string& bands, bool& doubtful) {
  if (!are_bands(bands)) return std::nullopt;
  auto groups = split_at_any(bands, ";,:/");
  std::vector<Break> all;
  if (places.size() == 1) {
    for (const auto& group : groups)
      for (auto& one : breaks_in(places.front().chromosome, group)) all.push_back(std::move(one));
    return all;
  }
  if (groups.size() == 1) {
    // "q24q21": as many as chromosomes, or the last chromosome broke more than once.
    auto in_a_row = breaks_in("", groups.front());
    for (std::size_t i = 0; i < in_a_row.size(); ++i) {
      in_a_row[i].chromosome = places[std::min(i, places.size() - 1)].chromosome;
      all.push_back(std::move(in_a_row[i]));
    }
    doubtful = true;
    groups.clear();
  }
  for (std::size_t i = all.size(); i < places.size(); ++i) {
    const auto given = i < groups.size() ? groups[i] : std::string();
    for (auto& one : breaks_in(places[i].chromosome, given)) all.push_back(std::move(one));
  }
  if (!groups.empty() && groups.size() != places.size()) doubtful = true;
  return all;
}

/// An inversion whose bands are not written broke twice.
void complete_bare(Rearrangement& found) {
  if (found.kind == "inv" && found.breaks.size() == 1 && found.breaks.front().band.empty())
    found.breaks.push_back(found.breaks.front());
}

/// The kind that a word stands for; empty where it is none.
std::string kind_of(const std::string& word) {
  constexpr std::array<std::string_view, 18> kKinds = {"t",   "inv",  "ins",  "del", "dup", "add",
                                                       "der", "ider", "idic", "dic", "i",   "r",
                                                       "trp", "qdp",  "rec",  "tas", "hsr", "abn"};
  if (std::find(kKinds.begin(), kKinds.end(), word) != kKinds.end()) return word;
  if (word.starts_with("translo") || word.starts_with("trasloc") ||
      is_one_of(word, {"transl", "trans", "tr", "rcp"}))
    return "t";
  if (word.starts_with("invers")) return "inv";
  if (word.starts_with("inser")) return "ins";
  return "";
}

/// The word that ends before `at` and blanks, and where it begins.
struct WordBefore {
  std::string word;  ///< in small letters
  std::size_t begin = 0;
};

WordBefore word_before(std::string_view text, std::size_t at) {
  constexpr std::size_t kLongest = 14;
  auto end = at;
  while (end > 0 && std::string_view(" -.").find(text[end - 1]) != std::string_view::npos &&
         at - end < 2)
    --end;
  auto begin = end;
  while (begin > 0 && end - begin <= kLongest && is_letter(text[begin - 1])) --begin;
  return {.word = in_small_letters(text.substr(begin, end - begin)), .begin = begin};
}

/// The brackets with bands behind `end`; blanks may stand between.
std::optional<Bracket> bands_behind(std::string_view text, std::size_t end) {
  while (end < text.size() && text[end] == ' ') ++end;
  return bracket_at(text, end);
}

bool is_loose(const std::vector<Break>& breaks) {
  return std::any_of(breaks.begin(), breaks.end(),
                     [](const Break& one) { return !one.or_in.empty(); });
}

/// Sets what the second brackets, or the first, say of bands.
void set_breaks(std::string_view text, const std::vector<Place>& places, Rearrangement& found) {
  if (const auto second = bands_behind(text, found.end)) {
    if (auto breaks = breaks_by(places, second->text, found.doubtful)) {
      found.breaks = std::move(*breaks);
      found.end = second->end;
      found.doubtful =
          found.doubtful || !second->closed || second->text.find('?') != std::string::npos;
    }
  }
  if (found.breaks.empty())
    for (const auto& place : places)
      for (auto& one : breaks_in(place.chromosome, place.bands))
        found.breaks.push_back(std::move(one));
  found.doubtful = found.doubtful || is_loose(found.breaks);
}

/// The expression whose first brackets open at `at`.
std::optional<Rearrangement> bracketed_at(std::string_view text, std::size_t at) {
  const auto before = word_before(text, at);
  // "(15;17)(q24;q21)" lacks its kind.
  const bool lacks_kind = before.word.empty() && text[at] == '(';
  const auto kind = kind_of(lacks_kind ? "t" : before.word);
  if (kind.empty()) return std::nullopt;
  const auto first = bracket_at(text, at);
  if (!first) return std::nullopt;
  const auto places = places_of(first->text);
  if (places.empty() || (lacks_kind && places.size() < 2)) return std::nullopt;
  Rearrangement found{.kind = kind, .breaks = {}, .begin = before.begin, .end = first->end};
  if (lacks_kind) found.begin = at;
  found.doubtful = lacks_kind || !first->closed || text[at] != '(' ||
                   first->text.find_first_of("?~v") != std::string::npos ||
                   first->text.find("or") != std::string::npos ||
                   (before.begin > 0 && text[before.begin - 1] == '?');
  set_breaks(text, places, found);
  if (lacks_kind && found.end == first->end) return std::nullopt;
  complete_bare(found);
  return found;
}

/// "15;17" of "t15;17", "16" of "inv 16": chromosomes without brackets, from `at` on.
std::optional<Rearrangement> unbracketed_at(std::string_view text, const WordBefore& before,
                                            std::size_t at) {
  const auto number = [&](std::size_t& from) {
    const auto begin = from;
    while (from < text.size() && from - begin < 3 && is_digit(text[from])) ++from;
    return std::string(text.substr(begin, from - begin));
  };
  const auto kind = kind_of(before.word);
  const bool inversion = kind == "inv";
  if (!inversion && (kind != "t" || (before.word == "t" && text[before.begin] == 'T')))
    return std::nullopt;
  auto end = at;
  const auto first = number(end);
  if (!is_chromosome(first)) return std::nullopt;
  Rearrangement found{.kind = kind, .breaks = {}, .begin = before.begin, .doubtful = true};
  found.breaks = breaks_in(first, "");
  if (!inversion) {
    if (end >= text.size() || std::string_view(";:,/").find(text[end]) == std::string_view::npos)
      return std::nullopt;
    ++end;
    while (end < text.size() && text[end] == ' ') ++end;
    const auto second = number(end);
    if (!is_chromosome(second)) return std::nullopt;
    found.breaks.push_back(breaks_in(second, "").front());
  }
  found.end = end;
  complete_bare(found);
  return found;
}

}  // namespace

std::vector<Rearrangement> rearrangements_in(std::string_view text) {
  std::vector<Rearrangement> all;
  std::size_t end_of_last = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool opens = text[at] == '(' || text[at] == '[' || text[at] == '{';
    const bool begins_number =
        at > 0 && is_digit(text[at]) &&
        (is_letter(text[at - 1]) ||
         std::string_view(" -.").find(text[at - 1]) != std::string_view::npos);
    if (at < end_of_last || (!opens && !begins_number)) continue;
    auto found = opens ? bracketed_at(text, at) : unbracketed_at(text, word_before(text, at), at);
    if (!found) continue;
    end_of_last = found->end;
    all.push_back(std::move(*found));
  }
  return all;
}

}  // namespace cytocape::criteria
