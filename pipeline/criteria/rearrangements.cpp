#include "pipeline/criteria/rearrangements.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "embedded/criteria_karyotype.hpp"
#include "pipeline/settings/toml_reader.hpp"

namespace cytocape::criteria {
namespace {

/// A break that an entry of the table asks for.
struct Site {
  std::string chromosome;
  std::vector<std::string> bands;

  [[nodiscard]] bool holds(const Break& broken) const {
    if (broken.chromosome != chromosome) return false;
    if (bands.empty() || broken.band.empty()) return bands.empty() && broken.band.empty();
    return std::any_of(bands.begin(), bands.end(),
                       [&](const auto& band) { return broken.band.starts_with(band); });
  }
};

struct Entry {
  std::vector<Site> sites;
  std::vector<std::string> kinds;
  std::string fusion;
  bool without_bands = false;
  bool certain = true;
};

Site read_site(const std::string& text) {
  Site site;
  std::string word;
  for (const char c : text + " ") {
    if (c != ' ') {
      word += c;
      continue;
    }
    if (site.chromosome.empty())
      site.chromosome = word;
    else if (!word.empty())
      site.bands.push_back(word);
    word.clear();
  }
  return site;
}

std::vector<Entry> read_table() {
  TomlReader reader;
  reader.add(text::criteria_karyotype, "configs/criteria/karyotype.toml");
  std::vector<Entry> entries;
  for (const auto& name : reader.tables_below("rearrangement")) {
    const auto prefix = "rearrangement." + name + ".";
    Entry entry;
    for (const auto& site : reader.texts(prefix + "breaks")) entry.sites.push_back(read_site(site));
    entry.kinds = reader.texts(prefix + "by");
    entry.fusion = reader.text(prefix + "fusion");
    if (reader.has(prefix + "without_bands"))
      entry.without_bands = reader.boolean(prefix + "without_bands");
    if (reader.has(prefix + "certain")) entry.certain = reader.boolean(prefix + "certain");
    entries.push_back(std::move(entry));
  }
  reader.refuse_unread();
  return entries;
}

const std::vector<Entry>& table() {
  static const auto instance = read_table();
  return instance;
}

/// Each site by a break of its own.
bool matches(const Entry& entry, const Rearrangement& found) {
  if (std::find(entry.kinds.begin(), entry.kinds.end(), found.kind) == entry.kinds.end())
    return false;
  const bool bare = std::all_of(found.breaks.begin(), found.breaks.end(),
                                [](const Break& broken) { return broken.band.empty(); });
  std::vector<char> used(found.breaks.size(), 0);
  for (const auto& site : entry.sites) {
    bool held = false;
    for (std::size_t i = 0; i < found.breaks.size() && !held; ++i) {
      if (used[i] != 0) continue;
      held = site.holds(found.breaks[i]) ||
             (bare && entry.without_bands && found.breaks[i].chromosome == site.chromosome);
      if (held) used[i] = 1;
    }
    if (!held) return false;
  }
  return true;
}

bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// More chromosomes take part in no rearrangement; and what follows stays linear in the text.
constexpr std::size_t kMostBreaks = 12;

/// What stands in the brackets that open at `at`; none where they do not close or hold others.
std::optional<std::string_view> in_brackets(std::string_view text, std::size_t at) {
  constexpr std::size_t kMostSigns = 120;
  if (at >= text.size() || text[at] != '(') return std::nullopt;
  const auto inside = text.substr(at + 1, kMostSigns);
  const auto end = inside.find_first_of("()");
  if (end == std::string_view::npos || inside[end] != ')') return std::nullopt;
  return inside.substr(0, end);
}

bool is_chromosome(std::string_view text) {
  if (text == "X" || text == "Y") return true;
  if (text.empty() || text.size() > 2 || !std::all_of(text.begin(), text.end(), is_digit))
    return false;
  const int number = text.size() == 1 ? text[0] - '0' : 10 * (text[0] - '0') + text[1] - '0';
  return number >= 1 && number <= 22;
}

std::string without_signs(std::string_view text) {
  std::string plain;
  for (const char c : text)
    if (c != '?' && c != ' ' && c != '.') plain += c;
  return plain;
}

/// "15;17" or "4"; empty where one is no chromosome.
std::vector<std::string> chromosomes_of(std::string_view text) {
  std::vector<std::string> all;
  std::string word;
  for (const char c : without_signs(text) + ";") {
    if (c != ';') {
      word += c;
      continue;
    }
    if (!is_chromosome(word) || all.size() == kMostBreaks) return {};
    all.push_back(std::exchange(word, {}));
  }
  return all;
}

/// "q24.1;q21" by chromosome, "p13q22" of one: what begins with p or q. Of a span, "q31-33" or
/// "q31~q33", the last is taken.
std::vector<std::string> bands_of(std::string_view text) {
  std::vector<std::string> all;
  bool span = false;
  for (const char c : without_signs(text)) {
    const bool arm = c == 'p' || c == 'q';
    if (span && !all.empty()) {
      if (arm)
        all.pop_back();
      else
        all.back().resize(1);
    }
    span = c == '-' || c == '~';
    if (arm && all.size() < kMostBreaks) all.emplace_back(1, c);
    if (is_digit(c) && !all.empty()) all.back() += c;
  }
  return all;
}

std::vector<Break> breaks_of(const std::vector<std::string>& chromosomes,
                             const std::vector<std::string>& bands) {
  std::vector<Break> breaks;
  // An inversion or deletion of one chromosome has two breaks.
  const auto count =
      chromosomes.size() == 1 ? std::max<std::size_t>(bands.size(), 1) : chromosomes.size();
  for (std::size_t i = 0; i < count; ++i)
    breaks.push_back({.chromosome = chromosomes[chromosomes.size() == 1 ? 0 : i],
                      .band = i < bands.size() ? bands[i] : ""});
  return breaks;
}

/// An inversion whose bands are not written broke twice.
void complete_bare(Rearrangement& found) {
  if (found.kind == "inv" && found.breaks.size() == 1 && found.breaks.front().band.empty())
    found.breaks.push_back(found.breaks.front());
}

}  // namespace

std::vector<Rearrangement> rearrangements_in(std::string_view text) {
  constexpr std::array<std::string_view, 6> kKinds = {"t", "inv", "ins", "del", "dup", "add"};
  std::vector<Rearrangement> all;
  for (auto at = text.find('('); at != std::string_view::npos; at = text.find('(', at + 1)) {
    auto begin = at;
    while (begin > 0 && at - begin < 4 && is_letter(text[begin - 1])) --begin;
    const auto kind = text.substr(begin, at - begin);
    if (std::find(kKinds.begin(), kKinds.end(), kind) == kKinds.end()) continue;
    const auto inside = in_brackets(text, at);
    if (!inside) continue;
    const auto chromosomes = chromosomes_of(*inside);
    if (chromosomes.empty()) continue;
    Rearrangement found{.kind = std::string(kind), .breaks = {}, .begin = begin};
    found.end = at + inside->size() + 2;
    found.doubtful =
        inside->find('?') != std::string_view::npos || (begin > 0 && text[begin - 1] == '?');
    std::vector<std::string> bands;
    if (const auto second = in_brackets(text, found.end)) {
      bands = bands_of(*second);
      if (!bands.empty()) found.end += second->size() + 2;
      found.doubtful = found.doubtful || second->find('?') != std::string_view::npos;
    }
    found.breaks = breaks_of(chromosomes, bands);
    complete_bare(found);
    all.push_back(std::move(found));
  }
  return all;
}

std::vector<ShownFusion> fusions_of(const Rearrangement& rearrangement) {
  std::vector<ShownFusion> found;
  for (const bool pairs : {true, false}) {
    if (!found.empty()) break;
    for (const auto& entry : table())
      if ((entry.sites.size() > 1) == pairs && matches(entry, rearrangement))
        found.push_back({.fusion = entry.fusion,
                         .written = "",
                         .certain = entry.certain && !rearrangement.doubtful});
  }
  return found;
}

}  // namespace cytocape::criteria
