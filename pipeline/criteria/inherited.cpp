#include "pipeline/criteria/inherited.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/sources_of_yes.hpp"
#include "pipeline/criteria/untested.hpp"
#include "pipeline/criteria/verdict_words.hpp"
#include "pipeline/criteria/words.hpp"

namespace cytocape::criteria {
namespace {

bool begins_with_one(const std::string& word, std::initializer_list<std::string_view> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view one) { return word.starts_with(one); });
}

/// Inherited, or present in all cells since birth.
bool is_of_germline(const std::vector<std::string>& words, std::size_t i) {
  const auto& word = words[i];
  const auto* next = i + 1 < words.size() ? &words[i + 1] : nullptr;
  if (word == "germ" || word == "keim")
    return next != nullptr && begins_with_one(*next, {"line", "bahn"});
  return begins_with_one(
      word,
      {"germline", "germinal", "germlin", "kiembaan", "keimbahn", "constitution", "konstitution",
       "constitucional", "costituzional", "constitutioneel", "hereditar", "hereditair", "ereditari",
       "inherited", "erblich", "vererbt", "ererbt", "heredad", "congenital"});
}

/// Of a variant that is no finding.
bool is_of_no_meaning(const std::vector<std::string>& words, std::size_t i) {
  const auto& word = words[i];
  if (begins_with_one(
          word, {"benign", "polymorphi", "polymorfi", "polimorfi", "artefact", "artifact",
                 "artefakt", "artefatt", "artefacto", "contaminat", "kontaminat", "contamina"}))
    return true;
  if (is_one_of(word, {"vus", "vous", "snp"})) return true;
  constexpr std::size_t kNear = 2;
  if (!begins_with_one(word, {"signific", "signifik"})) return false;
  const auto is_doubt = [](const std::string& one) {
    return begins_with_one(one, {"uncertain", "unknown", "unclear", "undetermined", "unklar",
                                 "incert", "inconnu", "inciert", "desconocid", "indetermin",
                                 "unbekannt", "sconosciut", "onbeken", "onduidelijk"});
  };
  for (auto j = i > kNear ? i - kNear : 0; j < words.size() && j <= i + kNear; ++j)
    if (is_doubt(words[j])) return true;
  return false;
}

/// Where one of the three words before excludes, whether it leaves it possible; none where none
/// does.
std::optional<bool> is_left_possible_before(const std::vector<std::string>& words, std::size_t i) {
  constexpr std::size_t kNear = 3;
  for (auto j = i > kNear ? i - kNear : 0; j < i; ++j)
    if (tells_of_excluding(words[j])) return is_left_possible(words, j);
  return std::nullopt;
}

/// "not germline", "germline excluded".
bool is_denied_at(const std::vector<std::string>& words, std::size_t i) {
  constexpr std::size_t kNear = 4;
  const auto possible = is_left_possible_before(words, i);
  if (possible) return !*possible;
  if (has_denial_before(words, i, {"rather", "than"})) return true;
  for (auto j = i + 1; j < words.size() && j <= i + kNear; ++j) {
    const auto& word = words[j];
    const bool denied = word != "germline" && denies_behind(word) &&
                        !is_one_of(word, {"wild", "wildtype", "wt", "unmutated"});
    const bool out = word == "ruled" || tells_of_excluding(word);
    if (out && is_left_possible(words, j)) return false;
    if (denied || out) return true;
  }
  return false;
}

/// "germline control", "germline test pending", "constitutional symptoms".
bool is_of_something_else(const std::vector<std::string>& words, std::size_t i) {
  const auto* next = i + 1 < words.size() ? &words[i + 1] : nullptr;
  return next != nullptr &&
         begins_with_one(*next, {"control", "kontroll", "sample", "dna", "symptom", "test", "pair",
                                 "subtract", "filter", "pending", "status", "match", "comparison"});
}

/// "somatic", "not in the germline".
bool tells_of_acquired(std::string_view source) {
  const auto words = plain_words(ascii_signs(source));
  for (std::size_t i = 0; i < words.size(); ++i) {
    const bool denied = is_denied_at(words, i);
    if (is_of_germline(words, i) && denied) return true;
    if (!denied && begins_with_one(words[i], {"somati", "somaci", "acquired", "acquis", "erworben",
                                              "adquirid", "acquisit", "verworven"}))
      return true;
  }
  return false;
}

}  // namespace

bool tells_of_no_acquired(std::string_view source) {
  if (says_absent(source)) return true;
  const auto words = plain_words(ascii_signs(source));
  for (std::size_t i = 0; i < words.size(); ++i)
    if ((is_of_germline(words, i) || is_of_no_meaning(words, i)) && !is_denied_at(words, i) &&
        !is_of_something_else(words, i))
      return true;
  return false;
}

bool is_taken_back(const Mutation& mutation) {
  return tells_of_no_acquired(mutation.from.source) ||
         takes_itself_back(mutation.from.source, {.item = "mutation", .gene = mutation.gene});
}

bool may_be_inherited(const Mutation& mutation) {
  if (tells_of_acquired(mutation.from.source)) return false;
  constexpr double kLow = 40;   // per cent: about half of the copies
  constexpr double kHigh = 60;  // per cent
  const double vaf = mutation.vaf.value_or(0);
  return vaf >= kLow && vaf <= kHigh &&
         is_one_of(mutation.gene, {"DDX41", "GATA2", "RUNX1", "ETV6", "CEBPA"});
}

}  // namespace cytocape::criteria
