// Shares of blasts that a text tells.

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/text.hpp"
#include "pipeline/criteria/named_diseases.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/verdict_words.hpp"
#include "pipeline/criteria/words.hpp"

namespace cytocape::criteria {
namespace {

bool is_equivalent(const std::string& word) {
  const bool disease = word.find("blastic") != std::string::npos ||
                       word.find("leuk") != std::string::npos ||
                       word.find("leuc") != std::string::npos;
  return !disease && (word.starts_with("promono") || word.starts_with("monobl"));
}

/// "Monoblasten", but in no "Monoblasten-Leukaemie".
bool are_equivalents(const std::vector<Word>& words, std::size_t i) {
  if (!is_equivalent(words[i].small)) return false;
  const auto next = i + 1 < words.size() ? words[i + 1].small : std::string();
  const auto before = i > 0 ? words[i - 1].small : std::string();
  return !next.starts_with("leuk") && !next.starts_with("leuc") && !before.starts_with("leuc") &&
         !before.starts_with("akut") && before != "acute" &&
         !(i > 1 && words[i - 2].small == "sheets");  // of monoblasts: a finding, and no count
}

bool has_name_of_blasts(const std::string& word) {
  return word.find("blast") != std::string::npos;
}

/// "ring sideroblasts", "Normoblasten", "eritroblastos": only their names have blasts.
bool are_other_cells(const std::string& word) {
  const auto& others = cells_called_blasts();
  return has_name_of_blasts(word) &&
         std::any_of(others.begin(), others.end(), [&](const std::string& other) {
           return word.find(other) != std::string::npos;
         });
}

/// "blasts", "Blasten", "myeloblasts", "promonocytes"; no normoblasts.
bool are_blasts(const std::string& word) {
  return is_equivalent(word) || (has_name_of_blasts(word) && !are_other_cells(word));
}

bool is_percent(const std::string& word) {
  return is_one_of(word, {"%", "percent", "pct", "prozent", "procent"});
}

std::optional<double> number_in(std::string word) {
  std::replace(word.begin(), word.end(), ',', '.');
  return parse_number(word);
}

/// "< 20 %", "below 20 %".
bool is_limit(const std::vector<Word>& words, std::size_t number) {
  if (number == 0) return false;
  const auto& before = words[number - 1].small;
  if (is_one_of(before, {"<", "below", "under", "unter", "than", "no", "not", "menos", "meno",
                         "moins", "onder"}))
    return before != "than" || number < 2 || words[number - 2].small != "more";
  return false;
}

bool ends_clause(std::string_view gap) {
  return gap.find_first_of(";\n") != std::string_view::npos ||
         gap.find(", ") != std::string_view::npos || gap.find(". ") != std::string_view::npos;
}

std::string_view gap_before(std::string_view text, const std::vector<Word>& words, std::size_t i) {
  const auto begin = i == 0 ? 0 : words[i - 1].end;
  return text.substr(begin, words[i].begin - begin);
}

/// The word of blasts, or of other cells of such a name, that the number at `number` is said of;
/// none where there is none.
std::optional<std::size_t> blasts_before(std::string_view text, const std::vector<Word>& words,
                                         std::size_t number) {
  constexpr std::size_t kNear = 5;
  for (std::size_t i = number; i-- > 0 && number - i <= kNear;) {
    if (ends_clause(gap_before(text, words, i + 1))) break;
    if (are_blasts(words[i].small) || are_other_cells(words[i].small)) return i;
    // "20-30 %", "tra 20 e 30 %"
    const bool range =
        (i + 1 == number && gap_before(text, words, number) == "-") ||
        (i + 2 == number && is_one_of(words[i + 1].small, {"and", "to", "und", "bis", "et", "y",
                                                           "e", "a", "en", "tot", "au"}));
    if (is_percent(words[i].small) || (number_in(words[i].small) && !range)) break;
  }
  return std::nullopt;
}

std::optional<std::size_t> blasts_behind(std::string_view text, const std::vector<Word>& words,
                                         std::size_t percent) {
  constexpr std::size_t kNear = 6;
  for (auto i = percent + 1; i < words.size() && i - percent <= kNear; ++i) {
    if (ends_clause(gap_before(text, words, i))) break;
    if (number_in(words[i].small) || is_percent(words[i].small)) break;
    if (are_other_cells(words[i].small) || is_no(words[i].small)) break;
    if (!are_blasts(words[i].small)) continue;
    // "25 % of blasts" are a part of them.
    const bool part = is_one_of(words[i - 1].small, {"of", "der", "des", "the"});
    return part ? std::nullopt : std::optional(i);
  }
  return std::nullopt;
}

/// "without promonocytes", "promonocytes not included".
bool leaves_out(const std::vector<Word>& words, std::size_t i) {
  constexpr std::size_t kNear = 2;
  const auto& word = words[i].small;
  if (is_one_of(word, {"without", "excluding", "excl", "ohne", "sin", "sans", "senza", "zonder",
                       "sem", "hors", "exklusive", "excluyendo", "escludendo"})) {
    for (auto j = i + 1; j < words.size() && j <= i + kNear; ++j)
      if (are_equivalents(words, j)) return true;
    return word == "excluding";
  }
  const bool after_not =
      i > 0 && is_one_of(words[i - 1].small,
                         {"not", "nicht", "no", "non", "niet", "nao", "pas", "sin", "sans"});
  return after_not &&
         (word.starts_with("includ") || word.starts_with("inclu") || word.starts_with("count") ||
          word.starts_with("cont") || word.starts_with("compris") || word.starts_with("compres") ||
          word.starts_with("eingerechnet") || word.starts_with("einbezogen") ||
          word.starts_with("enthalten") || word.starts_with("mitgez") ||
          word.starts_with("meegeteld") || word.starts_with("meegerekend"));
}

/// "counted separately", "zusaetzlich", "a parte".
bool tells_apart(const std::vector<Word>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i].small;
    const bool a_part = i > 0 && words[i - 1].small == "a" && is_one_of(word, {"parte", "part"});
    for (const auto* begin : {"separa", "separe", "getrennt", "gesondert", "addition", "zusatzlich",
                              "zusaetzlich", "daneben", "apart", "bovendien", "ademas", "afzonder"})
      if (word.starts_with(begin)) return true;
    if (a_part || is_one_of(word, {"plus", "additional", "further", "extra", "weitere", "aggiunta",
                                   "alem", "outre", "excluded", "exclus"}))
      return true;
    if (leaves_out(words, i)) return true;
  }
  return false;
}

/// "blasts incl. promonocytes", "davon Promonozyten", "total blasts": what is told of equivalents
/// is a part of the blasts.
bool tells_included(const std::vector<Word>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i].small;
    const auto* next = i + 1 < words.size() ? &words[i + 1].small : nullptr;
    const bool of_which =
        next != nullptr &&
        ((word == "of" && is_one_of(*next, {"which", "these", "them", "those"})) ||
         (word == "di" && *next == "cui"));
    const bool total = is_one_of(word, {"total", "totale", "totaux", "totales", "all", "gesamt"}) &&
                       next != nullptr && are_blasts(*next);
    if (of_which || total || word.starts_with("incl") || word.starts_with("inkl") ||
        word.starts_with("einschl") ||
        is_one_of(word, {"davon", "darunter", "thereof", "dont", "compris", "comprises", "compresi",
                         "waarvan", "gesamtblasten"}))
      return true;
  }
  return false;
}

/// A share that a text tells.
struct ToldShare {
  double percent = 0;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string kind;  ///< "promono", "monobl"; empty of blasts
};

/// "promonocytes", "blast equivalents"; empty of what are blasts in so many words.
std::string kind_of(const std::vector<Word>& words, std::size_t i) {
  if (is_equivalent(words[i].small)) return words[i].small.substr(0, 6);
  const bool equivalents = i + 1 < words.size() && (words[i + 1].small.starts_with("equiv") ||
                                                    words[i + 1].small.starts_with("aquiv"));
  const bool joined = i > 0 && is_one_of(words[i - 1].small, {"and", "und", "or", "with"});
  return equivalents && !joined ? "promon" : "";
}

std::vector<ToldShare> shares_told(std::string_view text, const std::vector<Word>& words) {
  std::vector<ToldShare> shares;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (!is_percent(words[i].small)) continue;
    const auto percent = number_in(words[i - 1].small);
    if (!percent || *percent > 100 || is_limit(words, i - 1)) continue;
    auto blasts = blasts_before(text, words, i - 1);
    if (!blasts) blasts = blasts_behind(text, words, i);
    if (!blasts || are_other_cells(words[*blasts].small)) continue;
    shares.push_back({.percent = *percent,
                      .begin = std::min(words[*blasts].begin, words[i - 1].begin),
                      .end = std::max(words[*blasts].end, words[i].end),
                      .kind = kind_of(words, *blasts)});
  }
  return shares;
}

/// Whether a share stands in brackets behind blasts, "blasts 15 % (monoblasts 10 %)".
bool is_in_brackets(std::string_view text, const ToldShare& share) {
  const auto before = text.substr(0, share.begin);
  const auto open = before.rfind('(');
  return !share.kind.empty() && open != std::string_view::npos && open > 0 &&
         before.find(')', open) == std::string_view::npos;
}

/// The highest of each kind, summed; "12 % blasts, 11 % promonocytes" are 23 %.
NamedBlasts summed(std::string_view text, const std::vector<ToldShare>& shares) {
  std::map<std::string, const ToldShare*> highest;
  for (const auto& share : shares) {
    auto& kept = highest[share.kind];
    if (kept == nullptr || share.percent > kept->percent) kept = &share;
  }
  NamedBlasts sum;
  auto begin = text.size();
  std::size_t end = 0;
  for (const auto& [kind, share] : highest) {
    sum.percent += share->percent;
    begin = std::min(begin, share->begin);
    end = std::max(end, share->end);
  }
  sum.percent = std::min(sum.percent, 100.0);
  if (end > begin) sum.written = text.substr(begin, end - begin);
  sum.alone = !highest.empty() && !highest.contains("");
  return sum;
}

NamedBlasts highest_of(std::string_view text, const std::vector<ToldShare>& shares) {
  NamedBlasts highest;
  for (const auto& share : shares)
    if (share.percent > highest.percent)
      highest = {.percent = share.percent,
                 .written = std::string(text.substr(share.begin, share.end - share.begin))};
  return highest;
}

}  // namespace

std::vector<NamedBlasts> named_blasts(std::string_view written) {
  const auto text = without_line_breaks(ascii_signs(written));
  const auto words = words_of_text(text);
  bool equivalents = false;
  for (std::size_t i = 0; i < words.size(); ++i)
    equivalents = equivalents || are_equivalents(words, i);
  const bool apart = equivalents && tells_apart(words);
  const auto shares = shares_told(text, words);
  std::vector<ToldShare> own;
  std::vector<ToldShare> others;
  for (const auto& share : shares) {
    const bool of_equivalents = !share.kind.empty();
    if (apart && of_equivalents) others.push_back(share);
    if (!of_equivalents || apart || !is_in_brackets(text, share)) own.push_back(share);
  }
  const bool included = !apart && tells_included(words);
  std::vector<NamedBlasts> named;
  if (auto sum = included ? highest_of(text, shares) : summed(text, own); !sum.written.empty())
    named.push_back(std::move(sum));
  if (auto beside = summed(text, others); !beside.written.empty()) {
    beside.apart = true;
    named.push_back(std::move(beside));
  } else if (apart) {  // of how many is not told
    named.push_back({.percent = 100, .written = text, .apart = true});
  }
  return named;
}

}  // namespace cytocape::criteria
