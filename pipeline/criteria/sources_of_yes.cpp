#include "pipeline/criteria/sources_of_yes.hpp"

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

#include "io/text.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/source_cursor.hpp"
#include "pipeline/criteria/untested.hpp"
#include "pipeline/criteria/verdict_words.hpp"

namespace cytocape::criteria {
namespace {

using Beginnings = std::initializer_list<std::string_view>;

bool starts_as(const std::string& word, Beginnings beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view one) { return word.starts_with(one); });
}

/// What a word denies: the finding itself, in the words for it.
bool is_finding(const std::string& item, const std::string& word) {
  if (starts_as(word, {"evidenc", "nachweis", "hinweis", "anhalt", "signs", "signes", "segni",
                       "signos", "finding", "befund"}))
    return word != "befunde";
  if (item == "mutation")
    return starts_as(word, {"mutat", "mutac", "mutaz", "mutad", "mutier", "mute", "variant"});
  if (item.starts_with("dysplasia"))
    return starts_as(word, {"dysplas", "dysplaz", "dyspl", "displas", "atypi"});
  if (item == "marrow_cmml")
    return starts_as(word, {"cmml", "lmmc", "consistent", "compatib", "vereinbar"});
  if (item == "immunophenotype") return starts_as(word, {"abnorm", "aberr", "expan", "typical"});
  if (item == "persistence")
    return starts_as(word, {"persist", "earlier", "previous", "prior", "former", "fruher", "anter",
                            "preced", "count"});
  return starts_as(
      word, {"abnorm", "aberr", "anomal", "clon", "klon", "veranderung", "alterac", "alteraz"});
}

/// Said of more than the finding: "no other mutation", "no increase of blasts".
bool is_of_more(const std::string& word) {
  return starts_as(word, {"other",  "another", "germline", "normal", "further", "additional",
                          "weiter", "ander",   "autre",    "otra",   "otro",    "altr",
                          "second", "zweit",   "ring",     "sidero", "increas", "vermehr",
                          "excess", "exces",   "blast",    "fibros", "relevant"});
}

/// What is of another test than the finding.
bool is_of_another_test(const std::string& item, const std::string& word) {
  if (starts_as(word, {"fish", "karyot", "caryot", "cariot", "cytogen", "zytogen", "citogen"}))
    return item != "cytogenetics";
  return item != "mutation" && is_one_of(word, {"ngs", "pcr", "flow", "iron", "fish", "biopsy"});
}

class YesReader {
 public:
  YesReader(std::string text, const AskedOf& asked) : at_(std::move(text), asked), asked_(asked) {}

  [[nodiscard]] bool finds_contrary() {
    for (; !at_.at_end(); at_.advance())
      if (takes_back()) return true;
    return false;
  }

 private:
  /// Whether the clause is about another gene, or another test.
  [[nodiscard]] bool is_of_something_else() const {
    const bool genes = at_.any_in_clause([](const SourceToken& one) { return one.gene; });
    if (genes && !(asked_.item == "mutation" && at_.names_own_in_clause())) return true;
    if (at_.any_in_clause([&](const SourceToken& one) {
          return one.disease && !is_finding(asked_.item, one.small);
        }))
      return true;
    return at_.any_in_clause(
        [&](const SourceToken& one) { return is_of_another_test(asked_.item, one.small); });
  }

  [[nodiscard]] bool is_denied() const {
    constexpr std::size_t kNear = 3;
    return at_.is_denied_within(kNear) || at_.any_in_clause([](const SourceToken& one) {
      return is_one_of(one.small, {"excluded", "ausgeschlossen", "exclu", "descartado", "escluso"});
    });
  }

  /// Of somebody else, another tissue or an error.
  static bool is_of_another(const std::string& word) {
    return starts_as(word, {"retract", "withdraw", "swap", "mixup", "donor", "spender", "donneur",
                            "donante", "donator", "fibroblast", "erroneous", "irrtum", "artefa",
                            "artifa", "arteffa", "contamin", "kontamin"}) ||
           word.find("verwechs") != std::string::npos ||
           word.find("vertausch") != std::string::npos ||
           is_one_of(word, {"wrong", "false", "falsch", "faux", "falso", "mistake", "buccal",
                            "storniert", "cancelled"});
  }

  /// "sample swap", "from donor", "fibroblasts positive", "false positive".
  [[nodiscard]] bool is_withdrawn() const {
    const auto& word = at_.word();
    const auto* next = at_.next_of_clause();
    const bool numbered = next != nullptr && starts_as(word, {"class", "klasse", "clase", "acmg"});
    const bool weak_class = numbered && is_one_of(next->small, {"1", "2", "3", "i", "ii", "iii"});
    const bool weak_tier =
        next != nullptr && word == "tier" && is_one_of(next->small, {"3", "4", "iii", "iv"});
    const bool csf = asked_.item.starts_with("dysplasia") &&
                     (word == "csf" || word == "gcsf" || word.starts_with("filgrastim"));
    // "fibroblasts negative": so it is acquired
    const bool elsewhere = word.starts_with("fibroblast") && at_.any_in_clause([](const auto& one) {
      return denies_behind(one.small) || is_no(one.small) || is_not(one.small);
    });
    const bool other_patient = word == "another" && next != nullptr &&
                               starts_as(next->small, {"patient", "person", "sample", "case"});
    return (weak_class || weak_tier || csf || other_patient || is_of_another(word)) && !elsewhere &&
           !is_denied();
  }

  /// "below detection limit"; of dysplasia a share below 10 %.
  [[nodiscard]] bool is_too_little() const {
    const auto& word = at_.word();
    const bool below = is_one_of(word, {"<", "below", "less", "under", "unter", "weniger", "moins",
                                        "menos", "meno", "sous", "inferior"});
    if (asked_.item == "mutation")
      return below && at_.any_in_clause([](const SourceToken& one) {
        return starts_as(one.small, {"detect", "limit", "nachweisgr", "cutoff", "threshold",
                                     "schwelle", "seuil", "umbral", "soglia"});
      });
    if (!asked_.item.starts_with("dysplasia") || !at_.token().number) return false;
    const auto* next = at_.next_of_clause();
    if (next == nullptr || next->small != "%" || is_about_more()) return false;
    constexpr double kLeast = 10;
    const auto share = parse_number(word).value_or(kLeast);
    const bool bounded = at_.any_in_clause([](const SourceToken& one) {
      return is_one_of(
          one.small, {"<", "less", "below", "under", "unter", "weniger", "moins", "menos", "meno"});
    });
    return !tells_of_enough() && (share < kLeast || (bounded && share <= kLeast));
  }

  /// Whether the clause has words that nothing is known of: what is denied may be of them.
  [[nodiscard]] bool is_of_unknown() const {
    return at_.any_in_clause([&](const SourceToken& one) {
      const bool verdict = denies_behind(one.small) || is_no(one.small) || is_not(one.small) ||
                           affirms(one.small) || tells_of_finding(one.small) ||
                           one.small == "corrected";
      return one.kind == SourceWord::unknown && !one.own && !one.number && !verdict &&
             !is_finding(asked_.item, one.small);
    });
  }

  /// "hypogranulation 20 %, hypolobation 8 %": another share is of 10 % and more.
  [[nodiscard]] bool tells_of_enough() const {
    constexpr double kLeast = 10;
    const auto& all = at_.tokens();
    for (std::size_t i = 0; i + 1 < all.size(); ++i) {
      const bool bound =
          i > 0 && is_one_of(all[i - 1].small, {"<", "than", "below", "unter", "als"});
      if (all[i].number && all[i + 1].small == "%" && !bound &&
          parse_number(all[i].small).value_or(0) >= kLeast)
        return true;
    }
    return false;
  }

  [[nodiscard]] bool is_about_more() const {
    return at_.any_in_clause([](const SourceToken& one) { return is_of_more(one.small); });
  }

  /// Whether a denial that begins here is of the finding: nothing stands behind it, or the finding.
  [[nodiscard]] bool denies_ahead() const {
    constexpr std::size_t kNear = 4;
    bool finding = at_.next_of_clause() == nullptr;
    for (std::size_t i = 1; i <= kNear; ++i) {
      const auto* next = at_.next_of_clause(i);
      if (next == nullptr) break;
      if (is_of_more(next->small) || is_of_another(next->small)) return false;
      finding = finding || next->own || affirms(next->small) || tells_of_finding(next->small) ||
                tells_of_being_met(next->small) || is_finding(asked_.item, next->small);
    }
    return finding;
  }

  /// Cytogenetics that nothing was found in.
  [[nodiscard]] bool is_normal() const {
    if (asked_.item != "cytogenetics") return false;
    const auto& word = at_.word();
    const auto* next = at_.next_of_clause();
    if (says_normal(word)) return true;
    if (is_one_of(word, {"single", "one", "1", "einzelne", "eine"}) && next != nullptr &&
        (starts_as(next->small, {"metaphas", "metafas", "zelle", "cellule"}) ||
         next->small == "cell"))
      return true;
    // "46,XX", "loss of Y"
    const auto behind = std::string_view(at_.text()).substr(at_.token().end);
    const bool normal = word.starts_with("46") && behind.size() <= 6 &&
                        (word == "46" || word == "46,xx" || word == "46,xy");
    const bool loss_of_y =
        word == "loy" || (word == "y" && at_.any_in_clause([](const SourceToken& one) {
          return starts_as(one.small, {"loss", "verlust", "perte", "perd"});
        }));
    return normal || loss_of_y || at_.text() == "-Y" || at_.text() == "45,X,-Y";
  }

  /// "Dr. No"
  [[nodiscard]] bool is_a_name() const {
    const auto* last = at_.before();
    return last != nullptr && last->kind == SourceWord::person;
  }

  /// "reactive marrow", but "reactive aggregates".
  [[nodiscard]] bool is_reactive_marrow() const {
    if (asked_.item != "marrow_cmml" || !at_.word().starts_with("reactive") || is_denied())
      return false;
    const auto* next = at_.next_of_clause();
    return next == nullptr ||
           starts_as(next->small, {"marrow", "bone", "knochenm", "chang", "hyper"});
  }

  [[nodiscard]] bool takes_back() const {
    const auto& word = at_.word();
    if (is_withdrawn() || is_normal() || is_too_little()) return true;
    if (is_reactive_marrow()) return true;
    if (is_of_something_else()) return false;
    if (has_no_result_at(at_.words(), at_.place()) ||
        is_one_of(word, {"ordered", "requested", "angefordert", "bestellt"}))
      return true;
    if (is_no(word) || is_not(word) ||
        is_one_of(word, {"none", "absence", "lack", "lacking", "ausencia", "assenza", "fehlen"}))
      return !is_a_name() && denies_ahead();
    return denies_behind(word) && word != "germline" && !is_about_more() && !is_denied() &&
           !is_of_unknown();
  }

  SourceCursor at_;
  const AskedOf& asked_;
};

}  // namespace

bool takes_itself_back(std::string_view source, const AskedOf& asked) {
  return YesReader(without_line_breaks(ascii_signs(source)), asked).finds_contrary();
}

}  // namespace cytocape::criteria
