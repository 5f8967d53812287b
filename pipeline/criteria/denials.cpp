#include "pipeline/criteria/denials.hpp"

#include <algorithm>
#include <charconv>
#include <string>

#include "pipeline/criteria/listed_tests.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/verdict_words.hpp"
#include "pipeline/criteria/words.hpp"

namespace cytocape::criteria {
namespace {

/// How far from what they are said of words are looked at; a text is read in linear time.
constexpr std::size_t kFarthest = 80;  // bytes

/// Signs that end what is said: "; ", ". ", a line, " but ".
std::size_t end_of_clause(std::string_view text) {
  auto end = text.size();
  for (const auto* sign : {"; ", ". ", "\n", " but ", " however ", " otherwise ", " although "})
    end = std::min(end, text.find(sign));
  return std::min(end, text.size());
}

std::size_t begin_of_clause(std::string_view text) {
  std::size_t begin = 0;
  for (const std::string_view sign :
       {"; ", ". ", "\n", " but ", " however ", " otherwise ", " although "})
    if (const auto at = text.rfind(sign);
        at != std::string_view::npos && !(sign == ". " && text.substr(0, at).ends_with("neg")))
      begin = std::max(begin, at + sign.size());
  return begin;
}

/// Of a percentage before "%": zero denies, another affirms, and "< 0.01 %" does neither.
Said said_by_percentage(const std::vector<std::string>& words, std::size_t percent) {
  if (percent == 0) return Said::named;
  const auto& number = words[percent - 1];
  double value = 0;
  const auto* end = number.data() + number.size();
  const auto read = std::from_chars(number.data(), end, value);
  const bool below = percent > 1 && words[percent - 2] == "<";
  if (read.ec != std::errc{} || read.ptr != end || below) return Said::named;
  // "1.5 % of nuclei, below the cut-off"
  if (std::any_of(words.begin(), words.end(), [](const std::string& word) {
        return is_one_of(word, {"below", "unter", "unterhalb"});
      }))
    return Said::named;
  return value > 0 ? Said::affirmed : Said::denied;
}

/// "not detected", "not seen"; but "not excluded", "not previously reported".
bool is_denying_not(const std::vector<std::string>& words, std::size_t i) {
  constexpr std::size_t kNear = 3;
  for (std::size_t j = i + 1; j < words.size() && j <= i + kNear; ++j)
    if (tells_of_finding(words[j]) || affirms(words[j]) || tells_of_being_met(words[j]) ||
        (is_of_a_join(words[j]) || words[j].starts_with("amplif") || words[j] == "umgelagert") ||
        is_one_of(words[j], {"tested", "done", "performed", "there", "supported", "favoured",
                             "favored", "established"}))
      return true;
  return false;
}

/// What the words behind a mention say of it.
Said said_behind(const std::vector<std::string>& words, bool denied_before) {
  constexpr std::size_t kMost = 10;
  constexpr std::size_t kNear = 5;
  for (std::size_t i = 0; i < words.size() && i < kMost; ++i) {
    const auto& word = words[i];
    // What follows is said of something else.
    if (is_no(word) || is_one_of(word, {"other", "further", "additional"})) {
      const bool last = i + 1 == words.size();
      // "no detectado", "no se detecta"
      const bool of_verb = word == "no" && !last &&
                           (tells_of_finding(words[i + 1]) ||
                            (words[i + 1] == "se" && is_denying_not(words, i + 1)));
      return (last && is_no(word)) || (!last && is_of_a_join(words[i + 1])) || of_verb
                 ? Said::denied
                 : Said::named;
    }
    if (is_one_of(word, {"be", "cannot", "suspected", "possible", "doubtful"})) return Said::named;
    if (is_not(word)) return is_denying_not(words, i) ? Said::denied : Said::named;
    if (word == "%")
      if (const auto said = said_by_percentage(words, i); said != Said::named) return said;
    // "0/200", "0 of 200"
    if (word == "0" && i + 1 < words.size() &&
        (is_digit(words[i + 1].front()) || is_one_of(words[i + 1], {"of", "in", "out"})))
      return Said::denied;
    if (affirms(word)) return Said::affirmed;
    if (tells_of_finding(word) && !denied_before) return Said::affirmed;
    if (denies_behind(word)) return Said::denied;
    if (word == "ruled" && i + 1 < words.size() && words[i + 1] == "out") return Said::denied;
    if (word == "normal" && i < kNear) return Said::denied;
  }
  return Said::named;
}

/// What "no" is said of where it is not said of a finding: "no metaphases".
bool takes_denial(const std::string& word) {
  return is_one_of(word,
                   {"metaphase", "metaphases", "growth",     "mitosis", "mitoses",  "karyotype",
                    "culture",   "cultures",   "material",   "result",  "results",  "doubt",
                    "other",     "further",    "additional", "blasts",  "only",     "done",
                    "performed", "tested",     "excluded",   "exclude", "possible", "longer"}) ||
         word == "ruled" || word == "rule";
}

/// "negative for", "absence of", "rather than".
bool denies_ahead(const std::vector<std::string>& words, std::size_t i) {
  const auto& word = words[i];
  const auto& next = i + 1 < words.size() ? words[i + 1] : word;
  const bool after_not = i > 0 && is_not(words[i - 1]);
  const bool to_be = i > 0 && words[i - 1] == "be";
  if (is_one_of(word, {"negative", "neg", "absence", "lack", "lacks", "lacking", "none",
                       "inconsistent", "negativ", "negativo", "negativa", "negatif", "negatief",
                       "ausencia", "assenza", "afwezigheid"}))
    return true;
  if (is_one_of(word,
                {"excluded",  "excludes",  "excluding", "descarta",    "descartado",  "descartada",
                 "esclude",   "escluso",   "esclusa",   "exclu",       "exclue",      "excluido",
                 "excluida",  "esclusi",   "escluse",   "escludono",   "exclus",      "exclues",
                 "excluidos", "excluidas", "excluyen",  "descartados", "descartadas", "descartan"}))
    return !after_not && !to_be;
  if (is_one_of(word, {"ruled", "rules"})) return next == "out" && !after_not;
  if (word == "free" || word == "instead") return next == "of";
  if (word == "rather") return next == "than";
  return word == "normal" && std::find(words.begin() + static_cast<std::ptrdiff_t>(i), words.end(),
                                       "for") != words.end();
}

/// "with", which says that something is there, but not in "not consistent with".
bool says_there(const std::vector<std::string>& words, std::size_t i) {
  const auto& word = words[i];
  if (word == "with")
    return i == 0 || !is_one_of(words[i - 1], {"consistent", "compatible", "keeping", "line"});
  return affirms(word) || is_one_of(word, {"besides", "except", "apart", "excepting", "ausser",
                                           "shows", "showed", "carries", "carrying"});
}

/// Whether the words before a mention deny it.
bool is_denied_before(const std::vector<std::string>& words) {
  constexpr std::size_t kMost = 12;
  const auto first = words.size() > kMost ? words.size() - kMost : 0;
  bool denied = false;
  for (auto i = first; i < words.size(); ++i) {
    const auto& word = words[i];
    const auto& next = i + 1 < words.size() ? words[i + 1] : word;
    if (is_no(word) || is_not(word) || is_one_of(word, {"ni", "cannot"}))
      denied = word != "cannot" && !takes_denial(next);
    else if (const bool undone = denied && tells_of_excluding(word);
             undone || says_there(words, i) || denies_ahead(words, i))
      denied = !undone && denies_ahead(words, i);
  }
  return denied;
}

/// A symbol, "TET2": what is said behind it is said of it.
bool is_symbol_of_another(std::string_view word) {
  return word.size() >= 3 && std::none_of(word.begin(), word.end(), is_small) &&
         std::any_of(word.begin(), word.end(), is_letter) && !names_a_test(word);
}

/// "not seen earlier, now in 12 of 20", "negative 2019, positive 2024": what was denied is found
/// behind that, in whatever clause.
bool is_found_later(std::string_view behind) {
  constexpr std::size_t kNear = 3;
  const auto words = words_of_text(behind);
  bool denied = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i].small;
    if (is_symbol_of_another(behind.substr(words[i].begin, word.size()))) return false;
    const bool finds = affirms(word) || is_one_of(word, {"detected", "found", "present"});
    const auto near = i > kNear ? i - kNear : 0;
    const bool taken_back =
        std::any_of(words.begin() + static_cast<std::ptrdiff_t>(near),
                    words.begin() + static_cast<std::ptrdiff_t>(i), [](const Word& one) {
                      return is_no(one.small) || is_not(one.small) || one.small == "nor";
                    });
    if (denied && ((finds && !taken_back) || word == "now")) return true;
    denied = denied || denies_behind(word) || is_not(word);
  }
  return false;
}

/// Words that join mentions to a list.
bool only_joins(const std::vector<std::string>& words) {
  return std::all_of(words.begin(), words.end(), [](const std::string& word) {
    for (const auto* begin : {"transcri", "transkri", "trascri", "fusion"})
      if (word.starts_with(begin)) return true;
    return is_one_of(word,
                     {"+",   "a",    "b",  "and", "or", "nor", "as", "well", "for", "the",  "of",
                      "und", "oder", "et", "ou",  "y",  "o",   "e",  "en",   "de",  "noch", "ni"});
  });
}

/// The text between mentions, as far as it belongs to what is said of one.
class Surroundings {
 public:
  Surroundings(std::string_view text, const std::vector<Mention>& mentions)
      : text_(text), mentions_(mentions) {}

  [[nodiscard]] std::string_view gap_before(std::size_t i) const {
    auto begin = i > 0 ? mentions_[i - 1].end : 0;
    const auto end = mentions_[i].begin;
    begin = std::min(begin, end);
    if (end - begin > kFarthest) begin = end - kFarthest;
    return text_.substr(begin, end - begin);
  }

  [[nodiscard]] std::string_view gap_behind(std::size_t i) const {
    const auto begin = mentions_[i].end;
    auto end = i + 1 < mentions_.size() ? mentions_[i + 1].begin : text_.size();
    end = std::max(begin, std::min(end, begin + kFarthest));
    return text_.substr(begin, end - begin);
  }

  [[nodiscard]] std::vector<std::string> words_before(std::size_t i) const {
    auto gap = gap_before(i);
    gap.remove_prefix(begin_of_clause(gap));
    // A comma begins something else, but in a list of what is denied.
    if (const auto comma = gap.rfind(", "); comma != std::string_view::npos) {
      const auto rest = gap.substr(comma + 2);
      gap = rest;
    }
    return plain_words(gap);
  }

  [[nodiscard]] std::vector<std::string> words_behind(std::size_t i) const {
    auto gap = gap_behind(i);
    // "BCR::ABL1 -", "PML::RARA (-)"
    for (const std::string_view sign : {" -", " (-)", "(-)", "-", "-ve", " -ve"})
      if (gap.starts_with(sign) && (gap.size() == sign.size() || gap[sign.size()] == ','))
        return {"negative"};
    gap = gap.substr(0, end_of_clause(gap));
    const auto comma = gap.find(", ");
    if (comma == std::string_view::npos) return plain_words(gap);
    // "PML::RARA, not detected"
    if (plain_words(gap.substr(0, comma)).empty()) {
      auto rest = plain_words(gap.substr(comma + 2));
      const bool is_verdict =
          !rest.empty() && (rest.front() == "not" || denies_behind(rest.front()) ||
                            affirms(rest.front()) || tells_of_finding(rest.front()));
      if (is_verdict) return rest;
    }
    return plain_words(gap.substr(0, comma));
  }

  /// Whether a word, a slash or a bracket stands between mentions i - 1 and i.
  [[nodiscard]] bool are_joined(std::size_t i) const {
    const auto gap = gap_before(i);
    return gap == "/" || gap == " (" || gap == "(" || !plain_words(gap).empty();
  }

  /// Whether mentions i - 1 and i are of one list: "t(15;17), inv(16) and t(8;21)".
  [[nodiscard]] bool are_listed(std::size_t i) const {
    const auto begin = mentions_[i - 1].end;
    const auto end = mentions_[i].begin;
    if (end <= begin) return true;
    const auto gap = text_.substr(begin, end - begin);
    return gap.size() <= kFarthest && gap.find('\n') == std::string_view::npos &&
           gap.find(';') == std::string_view::npos && gap.find(". ") == std::string_view::npos &&
           only_joins(plain_words(gap));
  }

 private:
  std::string_view text_;
  const std::vector<Mention>& mentions_;
};

bool is_denied_with_its_list(std::string_view text, const Mention& mention) {
  const auto denial = listed_denial(text, mention);
  return denial && !is_found_later(text.substr(*denial, kFarthest));
}

}  // namespace

std::vector<Said> what_is_said(std::string_view text, const std::vector<Mention>& mentions) {
  const Surroundings around(text, mentions);
  const bool tests = names_a_test(text);
  std::vector<Said> said(mentions.size(), Said::named);
  bool denied_before = false;
  std::vector<char> before(mentions.size(), 0);
  for (std::size_t i = 0; i < mentions.size(); ++i) {
    const bool listed = i > 0 && around.are_listed(i);
    denied_before = (listed && denied_before) || is_denied_before(around.words_before(i));
    before[i] = denied_before ? 1 : 0;
  }
  // What is said behind a list is said of all of it.
  bool joined = false;
  for (auto i = mentions.size(); i-- > 0;) {
    const bool listed = i + 1 < mentions.size() && around.are_listed(i + 1);
    joined = listed && (joined || around.are_joined(i + 1));
    said[i] = listed ? said[i + 1] : said_behind(around.words_behind(i), before[i] != 0);
    // "inv(16), t(8;21) negative" may be said of the last alone.
    if (listed && said[i] == Said::denied && !tests && !joined) said[i] = Said::named;
    if (said[i] == Said::named && before[i] != 0) said[i] = Said::denied;
    if (said[i] == Said::denied && is_found_later(around.gap_behind(i))) said[i] = Said::named;
    if (said[i] == Said::named && is_denied_with_its_list(text, mentions[i]))
      said[i] = Said::denied;
  }
  return said;
}

bool names_a_test(std::string_view text) {
  const auto words = plain_words(text);
  return std::any_of(words.begin(), words.end(), is_of_a_test);
}

}  // namespace cytocape::criteria
