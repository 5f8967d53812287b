#include "pipeline/criteria/karyotype.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "io/text.hpp"
#include "pipeline/criteria/karyotype_variants.hpp"
#include "pipeline/criteria/rearrangements.hpp"
#include "pipeline/criteria/signs.hpp"

namespace cytocape::criteria {
namespace {

/// Splits at a sign that stands in no brackets.
std::vector<std::string_view> split(std::string_view text, char sign) {
  std::vector<std::string_view> parts;
  std::size_t begin = 0;
  int depth = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '(' || text[i] == '[') ++depth;
    if ((text[i] == ')' || text[i] == ']') && depth > 0) --depth;
    if (text[i] != sign || depth > 0) continue;
    parts.push_back(trimmed(text.substr(begin, i - begin)));
    begin = i + 1;
  }
  parts.push_back(trimmed(text.substr(begin)));
  return parts;
}

/// How many metaphases show a clone. Without a number it is taken for one.
struct CellCount {
  std::optional<std::uint64_t> cells;
  bool composite = false;  ///< "[cp12]": not every cell has every abnormality
};

/// Takes "[12]" or "[cp12]" off the end.
CellCount take_cells(std::string_view& clone) {
  CellCount count;
  const auto open = clone.rfind('[');
  if (open == std::string_view::npos || !clone.ends_with(']')) return count;
  auto inside = trimmed(clone.substr(open + 1, clone.size() - open - 2));
  count.composite = inside.starts_with("cp");
  if (count.composite) inside.remove_prefix(2);
  std::uint64_t cells = 0;
  const auto* end = inside.data() + inside.size();
  const auto read = std::from_chars(inside.data(), end, cells);
  if (read.ec == std::errc{} && read.ptr == end) count.cells = cells;
  clone = trimmed(clone.substr(0, open));
  return count;
}

/// "46", "45~48", "46<2n>", "mos 46".
bool is_chromosome_count(std::string_view text) {
  if (text.starts_with("mos ")) text = trimmed(text.substr(4));
  return !text.empty() && is_digit(text.front()) &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return is_digit(c) || is_one_of({&c, 1}, {"~", "-", "<", ">", "n", "?"});
         });
}

/// "XX", "XY", "X", "XXYc", "U".
bool is_sex(std::string_view text) {
  if (text.ends_with('c')) text.remove_suffix(1);
  return !text.empty() && text.size() <= 6 && std::all_of(text.begin(), text.end(), [](char c) {
    return is_one_of({&c, 1}, {"X", "Y", "U", "x", "y", "?"});
  });
}

/// The clone that another one descends from.
enum class Descent { none, from_first, from_previous };

Descent descent_of(std::string_view written) {
  const auto small = in_small_letters(written);
  std::string_view text = small;
  if (is_one_of(text, {"idem", "sl"})) return Descent::from_first;
  if (!text.starts_with("sdl") && !text.starts_with("sl")) return Descent::none;
  text.remove_prefix(text.starts_with("sdl") ? 3 : 2);
  const bool numbered = std::all_of(text.begin(), text.end(), is_digit);
  return numbered ? Descent::from_previous : Descent::none;
}

/// "-7", "+8", "+der(1)t(1;7)(q10;p10)", "del(7q)", "2~4dmin", "i(17q)".
bool is_abnormality(std::string_view text) {
  if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
    auto number = text.substr(1);
    if (number.ends_with('c')) number.remove_suffix(1);
    if (is_one_of(number, {"X", "Y"})) return true;
    if (!number.empty() && number.size() <= 2 &&
        std::all_of(number.begin(), number.end(), is_digit))
      return true;
    text = number;
  }
  while (!text.empty() && (is_digit(text.front()) || text.front() == '~' || text.front() == '?'))
    text.remove_prefix(1);
  const auto end = std::find_if_not(text.begin(), text.end(), is_letter);
  const auto kind = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  if (is_one_of(kind, {"mar", "dmin", "r", "min", "inc"})) return true;
  return end != text.end() && *end == '(' &&
         is_one_of(kind,
                   {"t",   "inv", "ins", "del",  "dup", "add", "der", "i",   "idic", "dic", "r",
                    "trp", "hsr", "rob", "ider", "fra", "qdp", "rec", "tas", "trc",  "psu", "mar"});
}

/// "T (15;17)(Q24;Q21)" as ISCN writes it, "t(15;17)(q24;q21)"; what cannot be so written stays.
std::string spelt_as_iscn(std::string_view part) {
  if (is_abnormality(part)) return std::string(part);
  std::string spelt;
  for (const char c : part) {
    if (c == ' ') continue;
    const char before = spelt.empty() ? ' ' : spelt.back();
    const bool sex = (c == 'x' || c == 'X' || c == 'y' || c == 'Y') &&
                     is_one_of({&before, 1}, {"+", "-", "(", ";"});
    const char small = small_of(c);
    spelt += sex ? static_cast<char>(small - 'a' + 'A') : small;
  }
  return is_abnormality(spelt) ? spelt : std::string(part);
}

/// Whether an abnormality is of chromosome 7: "-7", "del(7)(q22)", "del(7q)", "der(1;7)(q10;p10)".
bool is_of_chromosome_7(std::string_view text) {
  if (is_one_of(text, {"-7", "+7"})) return true;
  for (auto at = text.find('7'); at != std::string_view::npos; at = text.find('7', at + 1)) {
    const char before = at > 0 ? text[at - 1] : ' ';
    const char after = at + 1 < text.size() ? text[at + 1] : ' ';
    if ((before == '(' || before == ';') && !is_digit(after)) return true;
  }
  return false;
}

/// Whether a text says that there is no karyotype.
bool tells_of_no_result(std::string_view text) {
  const auto small = in_small_letters(text);
  constexpr std::array kWords = {
      "fail",      "no metaphase", "no mitos",    "no growth",     "not grow",  "no dividing",
      "not done",  "not perform",  "not test",    "not available", "no result", "no analys",
      "no analyz", "unsuccessful", "insuffic",    "inadequate",    "pending",   "awaited",
      "cancelled", "n/a",          "outstanding", "not evaluable", "not eval",  "no cell"};
  return small == "nd" || small == "na" || small == "none" ||
         std::any_of(kWords.begin(), kWords.end(),
                     [&](const char* word) { return small.find(word) != std::string::npos; });
}

/// Whether a text is of a kind that joins what was apart.
bool joins(std::string_view abnormality) {
  const auto begin = std::find_if(abnormality.begin(), abnormality.end(), is_letter);
  const auto end = std::find_if_not(begin, abnormality.end(), is_letter);
  const std::string_view kind(begin, end);
  return end != abnormality.end() && *end == '(' &&
         is_one_of(kind, {"t", "ins", "inv", "dic", "der", "add", "dup", "ider"});
}

/// Where a result of FISH or an array begins: "nuc ish(..)", "arr[GRCh38] ..".
std::size_t begin_of_molecular(std::string_view text) {
  const auto small = in_small_letters(text);
  auto begin = text.size();
  for (const std::string_view kind :
       {"nuc ish", "nucish", "ish(", "ish ", "arr[", "arr(", "arr ", "ogm[", "sseq", "rsa("})
    for (auto at = small.find(kind); at != std::string::npos; at = small.find(kind, at + 1))
      if (at == 0 || !is_letter_or_digit(small[at - 1])) begin = std::min(begin, at);
  return begin;
}

/// "nuc ish(KMT2Ax2)[200]": two copies of everything, and nothing joined or apart.
bool is_normal_molecular(std::string_view text) {
  const auto small = in_small_letters(text);
  for (const auto* sign : {" con ", " sep ", "amp", "dim", "enh", "mos"})
    if (small.find(sign) != std::string::npos) return false;
  bool any = false;
  for (auto at = small.find('x'); at != std::string::npos; at = small.find('x', at + 1)) {
    if (at + 1 >= small.size() || !is_digit(small[at + 1])) continue;
    const bool two = small[at + 1] == '2' && (at + 2 == small.size() || !is_digit(small[at + 2]));
    if (!two) return false;
    any = true;
  }
  return any;
}

class Reader {
 public:
  KaryotypeFacts read(std::string_view written) {
    const auto plain = without_line_breaks(ascii_signs(written));
    const auto whole = trimmed(plain);
    const auto molecular = begin_of_molecular(whole);
    if (molecular < whole.size()) read_molecular(whole.substr(molecular));
    auto text = trimmed(whole.substr(0, molecular));
    while (!text.empty() && (text.back() == '.' || text.back() == ',' || text.back() == ';'))
      text = trimmed(text.substr(0, text.size() - 1));
    bool recipient = true;
    find_in_every_cell(text);
    for (const auto clone : split(text, '/')) {
      // "//" stands before the cells of a donor.
      if (clone.empty()) recipient = false;
      if (!clone.empty() && recipient) read_clone(clone);
      if (!clone.empty() && !recipient) facts_.unread.emplace_back(clone);
    }
    facts_.is_iscn = clones_ > 0;
    facts_.no_result = !facts_.is_iscn && facts_.fusions.empty() && tells_of_no_result(text);
    if (facts_.no_result) facts_.unread.clear();
    const bool nothing = facts_.acquired.empty() && facts_.doubtful.empty() && !facts_.loss_of_y &&
                         facts_.molecular.empty() && facts_.maybe_inherited.empty();
    facts_.donor = text.find("//") != std::string_view::npos;
    facts_.normal = facts_.is_iscn && nothing && facts_.unread.empty();
    set_risk();
    return std::move(facts_);
  }

 private:
  /// Those of the kinds that people are born with that no clone lacks.
  void find_in_every_cell(std::string_view text) {
    bool first = true;
    std::set<std::string> before;
    for (auto clone : split(text.substr(0, text.find("//")), '/')) {
      take_cells(clone);
      const auto parts = split(clone, ',');
      if (parts.size() < 2 || !is_chromosome_count(parts[0])) continue;
      std::set<std::string> own;
      for (const auto& written : parts) {
        if (descent_of(written) != Descent::none) own.insert(before.begin(), before.end());
        if (auto part = spelt_as_iscn(written); may_be_variant(part)) own.insert(std::move(part));
      }
      std::erase_if(in_every_cell_, [&](const auto& part) { return !own.contains(part); });
      if (first) in_every_cell_ = own;
      first = false;
      before = std::move(own);
    }
  }

  void read_molecular(std::string_view text) {
    if (is_normal_molecular(text)) return;
    keep(facts_.molecular, text);
    for (const auto& fusion : fusions_named_in(text)) add_fusion(fusion);
  }

  void read_clone(std::string_view text) {
    const auto whole = text;
    const auto count = take_cells(text);
    const auto parts = split(text, ',');
    const bool heads = parts.size() >= 2 && is_chromosome_count(parts[0]) &&
                       (is_sex(parts[1]) || descent_of(parts[1]) != Descent::none);
    if (!heads) return keep_unread(whole);
    ++clones_;
    if (facts_.sex.empty() && descent_of(parts[1]) == Descent::none) facts_.sex = parts[1];
    if (parts[1].ends_with('c')) keep(facts_.constitutional, parts[1]);
    std::size_t own = 0;
    auto descent = descent_of(parts[1]);
    for (std::size_t i = 2; i < parts.size(); ++i) {
      if (const auto of = descent_of(parts[i]); of != Descent::none)
        descent = of;
      else
        own += static_cast<std::size_t>(read_part(parts[i], count));
    }
    if (descent == Descent::from_first) own += in_first_;
    if (descent == Descent::from_previous) own += in_previous_;
    if (clones_ == 1) in_first_ = own;
    in_previous_ = own;
    facts_.most_in_a_clone = std::max(facts_.most_in_a_clone, own);
  }

  /// Whether it is an acquired abnormality.
  bool read_part(std::string_view written, const CellCount& count) {
    const auto part = spelt_as_iscn(written);
    if (!is_abnormality(part)) {
      keep_unread(part);
      return false;
    }
    const auto found = rearrangements_in(part);
    if (found.empty() && joins(part)) {
      keep(facts_.unread, part);
      add_fusion({.fusion = "", .written = part, .certain = false});
      return false;
    }
    if (part.ends_with('c') || is_variant(found)) {
      keep(facts_.constitutional, part);
      // Nobody is born with PML::RARA: what is certain by its bands is to be looked into.
      for (const auto& rearrangement : found)
        for (auto& fusion : fusions_of(rearrangement))
          if (fusion.certain) add_fusion({fusion.fusion, part, false});
      return false;
    }
    if (in_every_cell_.contains(part) || part.starts_with("fra(")) {
      keep(facts_.maybe_inherited, part);
      add_fusions(found, part, true);
      return false;
    }
    const bool loss = part.front() == '-';
    const std::uint64_t least = loss ? 3 : 2;  // of a clone, by ISCN
    const bool too_few = count.cells && *count.cells < least && !count.composite;
    const bool doubtful =
        too_few || part.find('?') != std::string::npos || part.find("or") != std::string::npos;
    add_fusions(found, part, doubtful);
    if (doubtful) {
      keep(facts_.doubtful, part);
      return false;
    }
    if (part == "-Y") {
      facts_.loss_of_y = true;
      return false;
    }
    trisomy_8_ = trisomy_8_ || part == "+8";
    of_chromosome_7_ = of_chromosome_7_ || is_of_chromosome_7(part);
    keep(facts_.acquired, part);
    return true;
  }

  void keep_unread(std::string_view text) {
    keep(facts_.unread, text);
    // "11q23" beside abnormalities is one.
    constexpr std::size_t kLongestBand = 10;
    const bool alone = text.size() <= kLongestBand && text.find(' ') == std::string_view::npos;
    std::string written = alone ? "abn " : "";
    written += text;
    for (const auto& fusion : fusions_named_in(written)) add_fusion(fusion);
  }

  void keep(std::vector<std::string>& list, std::string_view text) {
    if (seen_.emplace(&list, text).second) list.emplace_back(text);
  }

  void add_fusions(const std::vector<Rearrangement>& found, std::string_view part, bool doubtful) {
    for (const auto& rearrangement : found)
      for (auto& fusion : fusions_of(rearrangement)) {
        fusion.written = part;
        fusion.certain = fusion.certain && !doubtful;
        add_fusion(fusion);
      }
  }

  void add_fusion(const ShownFusion& fusion) {
    const auto [known, is_new] = fusions_.try_emplace(fusion.fusion, facts_.fusions.size());
    if (is_new)
      facts_.fusions.push_back(fusion);
    else if (fusion.certain && !facts_.fusions[known->second].certain)
      facts_.fusions[known->second] = fusion;
  }

  void set_risk() {
    using enum CytogeneticRisk;
    if (!facts_.is_iscn) return;
    if (trisomy_8_ || of_chromosome_7_ || facts_.is_complex())
      facts_.risk = high;
    else if (!facts_.unread.empty() || !facts_.doubtful.empty() || !facts_.molecular.empty())
      facts_.risk = not_known;
    else
      facts_.risk = facts_.acquired.empty() && facts_.maybe_inherited.empty() ? low : intermediate;
  }

  KaryotypeFacts facts_;
  std::size_t clones_ = 0;
  std::size_t in_first_ = 0;
  std::size_t in_previous_ = 0;
  bool trisomy_8_ = false;
  bool of_chromosome_7_ = false;
  std::set<std::pair<const void*, std::string>> seen_;
  std::map<std::string, std::size_t> fusions_;
  std::set<std::string> in_every_cell_;
};

}  // namespace

KaryotypeFacts read_karyotype(std::string_view iscn) {
  return Reader().read(iscn);
}

}  // namespace cytocape::criteria
