#include "pipeline/criteria/sources_of_yes.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "io/text.hpp"
#include "pipeline/criteria/karyotype.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/source_cursor.hpp"
#include "pipeline/criteria/untested.hpp"
#include "pipeline/criteria/verdict_words.hpp"
#include "pipeline/criteria/yes_words.hpp"

namespace cytocape::criteria {
namespace {

/// What a word denies: the finding itself, in the words for it.
bool is_finding(const std::string& item, const std::string& word) {
  const auto& lists = yes_words().finding;
  if (lists.at("any").holds(word)) return true;
  const auto own = lists.find(item.starts_with("dysplasia") ? "dysplasia" : item);
  return (own == lists.end() ? lists.at("cytogenetics") : own->second).holds(word);
}

/// What is of another test than the finding.
bool is_of_another_test(const std::string& item, const std::string& word) {
  if (begins_as(word, {"fish", "karyot", "caryot", "cariot", "cytogen", "zytogen", "citogen"}))
    return item != "cytogenetics";
  return item != "mutation" && is_one_of(word, {"ngs", "pcr", "flow", "iron", "fish", "biopsy"});
}

double number_at(const SourceToken& token) {
  auto digits = token.small;
  std::replace(digits.begin(), digits.end(), ',', '.');
  return parse_number(digits).value_or(0);
}

class YesReader {
 public:
  YesReader(std::string text, const AskedOf& asked)
      : at_(std::move(text), asked),
        asked_(asked),
        dysplasia_(asked.item.starts_with("dysplasia")) {}

  [[nodiscard]] bool finds_contrary() {
    if (asked_.item == "cytogenetics" && is_normal_karyotype()) return true;
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
      return yes_words().excluded.holds(one.small);
    });
  }

  [[nodiscard]] bool clause_denies() const {
    return at_.any_in_clause([](const SourceToken& one) {
      return denies_behind(one.small) || is_no(one.small) || is_not(one.small) ||
             tells_of_excluding(one.small);
    });
  }

  /// "of another patient", "autre malade", "not this patient's".
  [[nodiscard]] bool is_of_another_person() const {
    const auto& word = at_.word();
    const auto* next = at_.next_of_clause();
    const bool person = begins_as(
        word, {"patient", "person", "pazient", "pacient", "malade", "enferm", "krank", "paziente"});
    if (person && at_.is_denied_within(3)) return true;
    return next != nullptr &&
           is_one_of(word, {"another", "other", "andere", "anderer", "anderen", "anderem", "autre",
                            "otro", "otra", "altro", "altra", "fremde", "fremder"}) &&
           begins_as(next->small,
                     {"patient", "person", "sample", "case", "probe", "pazient", "pacient",
                      "malade", "enferm", "muestra", "campion", "echantillon", "kranken"});
  }

  /// "class 3 variant", "tier III".
  [[nodiscard]] bool is_weak_class() const {
    const auto* next = at_.next_of_clause();
    if (next == nullptr) return false;
    return (begins_as(at_.word(), {"class", "klasse", "clase", "acmg"}) &&
            is_one_of(next->small, {"1", "2", "3", "i", "ii", "iii"})) ||
           (at_.word() == "tier" && is_one_of(next->small, {"3", "4", "iii", "iv"}));
  }

  /// Of somebody else, another tissue, an error, or nothing that is sure.
  [[nodiscard]] bool is_withdrawn() const {
    const auto& word = at_.word();
    const auto& table = yes_words();
    if (is_of_another_person()) return true;
    if (is_a_name() || is_denied()) return false;
    const bool of_person = asked_.item == "mutation" || asked_.item == "cytogenetics";
    const bool tissue =
        table.tissues.holds(word) && is_no_throughput() && !clause_denies() && of_person;
    const bool stimulated = table.stimulated.holds(word) && of_person;
    const bool slight = table.slight.holds(word) && !of_person && asked_.item != "persistence";
    const bool silent = table.silent.holds(word) && asked_.item == "mutation";
    return is_weak_class() || tissue || stimulated || slight || silent || is_doubtful() ||
           ((table.another.holds(word) || table.errors.holds(word)) && !clause_denies());
  }

  /// The German word for skin, but "haut débit".
  [[nodiscard]] bool is_no_throughput() const {
    return at_.word() != "haut" || is_capital(at_.token().written.front());
  }

  /// "questionable", but "doubtful in the first sample, confirmed".
  [[nodiscard]] bool is_doubtful() const {
    if (!yes_words().doubtful.holds(at_.word()) || is_of_something_else()) return false;
    return !at_.any_in_clause([](const SourceToken& one) {
      return one.small.starts_with("pathogen") || one.small.starts_with("germline") || one.disease;
    });
  }

  /// "not reproduced", "klinisch nicht relevant".
  [[nodiscard]] bool is_denied_of_itself() const {
    const auto* next = at_.next_of_clause();
    const auto& table = yes_words();
    if (next == nullptr || !(is_not(at_.word()) || is_no(at_.word()))) return false;
    if (table.reproduced.holds(next->small)) return true;
    if (!table.important.holds(next->small)) return false;
    const auto* noun = at_.next_of_clause(2);
    return noun == nullptr || is_finding(asked_.item, noun->small);
  }

  [[nodiscard]] bool is_bounded_at(std::size_t i) const {
    const auto& all = at_.tokens();
    for (std::size_t j = i > 2 ? i - 2 : 0; j < i; ++j)
      if (yes_words().below.holds(all[j].small) || is_one_of(all[j].small, {"than", "als"}))
        return true;
    return false;
  }

  /// "8 of 100", "8/100": the second number.
  [[nodiscard]] const SourceToken* whole_of() const {
    const auto* next = at_.next_of_clause();
    if (next != nullptr && yes_words().out_of.holds(next->small)) next = at_.next_of_clause(2);
    const bool slash = next != nullptr && at_.text()[at_.token().end] == '/';
    const bool joined = next != nullptr && next != at_.next_of_clause();
    return next != nullptr && next->number && (slash || joined) ? next : nullptr;
  }

  /// "below detection limit"; of dysplasia a share below 10 %; of a karyotype one cell.
  [[nodiscard]] bool is_too_little() const {
    const auto& word = at_.word();
    const auto& table = yes_words();
    if (asked_.item == "mutation" && table.below.holds(word)) {
      const auto* next = at_.next_of_clause();
      const auto* behind = at_.next_of_clause(2);
      const bool share = next != nullptr && next->number && behind != nullptr &&
                         table.percent.holds(behind->small) && number_at(*next) <= 2;
      return (share && at_.any_in_clause([](const auto& one) { return one.small == "vaf"; })) ||
             at_.any_in_clause(
                 [&](const SourceToken& one) { return table.limits.holds(one.small); });
    }
    if (!at_.token().number) return false;
    const auto* whole = whole_of();
    if (asked_.item == "cytogenetics")
      return whole != nullptr && number_at(at_.token()) < 2 && number_at(*whole) > 2;
    if (!dysplasia_ || is_about_more() || tells_of_enough()) return false;
    const auto share = share_at(at_.place());
    constexpr double kLeast = 10;  // per cent
    return share && (*share < kLeast || (is_bounded_at(at_.place()) && *share <= kLeast));
  }

  /// In per cent: of "8 %", "8 of 100"; none where a number is neither.
  [[nodiscard]] std::optional<double> share_at(std::size_t i) const {
    const auto& all = at_.tokens();
    if (!all[i].number || i + 1 >= all.size()) return std::nullopt;
    if (yes_words().percent.holds(all[i + 1].small)) return number_at(all[i]);
    auto j = i + 1;
    const bool slash = at_.text()[all[i].end] == '/';
    if (!slash && yes_words().out_of.holds(all[j].small)) ++j;
    if (j >= all.size() || !all[j].number || (!slash && j == i + 1)) return std::nullopt;
    const auto whole = number_at(all[j]);
    constexpr double kFewest = 20;  // cells: less is a date
    if (whole < kFewest || number_at(all[i]) > whole) return std::nullopt;
    return 100 * number_at(all[i]) / whole;
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
    for (std::size_t i = 0; i + 1 < at_.tokens().size(); ++i)
      if (const auto share = share_at(i); share && *share >= kLeast && !is_bounded_at(i))
        return true;
    return false;
  }

  [[nodiscard]] bool is_about_more() const {
    return at_.any_in_clause(
        [](const SourceToken& one) { return yes_words().more.holds(one.small); });
  }

  /// Whether a denial that begins here is of the finding: nothing stands behind it, or the finding.
  [[nodiscard]] bool denies_ahead() const {
    constexpr std::size_t kNear = 4;
    bool finding = at_.next_of_clause() == nullptr;
    for (std::size_t i = 1; i <= kNear; ++i) {
      const auto* next = at_.next_of_clause(i);
      if (next == nullptr) break;
      const auto& table = yes_words();
      if (table.more.holds(next->small) || table.another.holds(next->small) ||
          table.errors.holds(next->small) || table.tissues.holds(next->small) ||
          table.slight.holds(next->small))
        return false;
      finding = finding || next->own || affirms(next->small) || tells_of_finding(next->small) ||
                tells_of_being_met(next->small) || is_finding(asked_.item, next->small);
    }
    return finding;
  }

  /// "46,XX in all metaphases", "46,XX,inv(9)(p12q13)", "45,X,-Y[12]".
  [[nodiscard]] bool is_normal_karyotype() const {
    const auto& text = at_.text();
    for (const auto& token : at_.tokens()) {
      if (!is_one_of(std::string_view(token.small).substr(0, 2), {"45", "46", "47"}) ||
          text.find(",X", token.begin) > token.begin + 3)
        continue;
      const auto end = text.find_first_of(" ;", token.begin);
      const auto facts = read_karyotype(text.substr(token.begin, end - token.begin));
      return facts.is_iscn && facts.acquired.empty() && facts.fusions.empty() &&
             facts.unread.empty();
    }
    return text.starts_with("-Y");
  }

  /// Cytogenetics that nothing was found in.
  [[nodiscard]] bool is_normal() const {
    const auto& word = at_.word();
    const auto* next = at_.next_of_clause();
    // "o. B.", "within normal limits"
    if (asked_.item == "cytogenetics" ||
        (asked_.item != "mutation" && !is_about_blasts() && !is_of_something_else())) {
      const auto* last = at_.last_of_clause();
      if (word == "wnl" || (word == "o" && at_.text().find("o.B.") != std::string::npos) ||
          (word == "nonclonal") ||
          (says_normal(word) &&
           (asked_.item == "cytogenetics" || next == nullptr ||
            begins_as(next->small, {"limit", "matur", "reif", "morph"})) &&
           (last == nullptr || !is_one_of(last->small, {"beside", "neben", "and", "und", "not",
                                                        "than", "resto", "otherwise"})) &&
           !is_denied() && !names_abnormality()))
        return true;
    }
    if (asked_.item != "cytogenetics") return false;
    if (is_one_of(word, {"single", "one", "1", "einzelne", "eine", "une", "una"}) &&
        next != nullptr &&
        (begins_as(next->small, {"metaphas", "metafas", "zelle", "cellule", "mitos"}) ||
         next->small == "cell" || (next->small.starts_with("anom") && word == "1")))
      return true;
    const bool loss_of_y =
        word == "loy" || (word == "y" && at_.any_in_clause([](const SourceToken& one) {
          return begins_as(one.small, {"loss", "verlust", "perte", "perd"});
        }));
    return loss_of_y;
  }

  [[nodiscard]] bool is_about_blasts() const {
    return at_.any_in_clause([](const SourceToken& one) {
      return one.small.find("blast") != std::string::npos || one.small.starts_with("reticul") ||
             one.small.starts_with("cellul");
    });
  }

  /// "mosaic +8[7]/normal[13]", "del(5q) beside normal cells".
  [[nodiscard]] bool names_abnormality() const {
    const auto& text = at_.text();
    for (const auto* sign : {"del(", "+8", "t(", "inv(", "-7", "dup(", "add(", "der(", "trisom",
                             "Trisom", "monosom", "Monosom", "20q", "7q", "5q"})
      if (text.find(sign) != std::string::npos) return true;
    return tells_of_enough();
  }

  /// "Dr. No"
  [[nodiscard]] bool is_a_name() const {
    const auto* last = at_.before();
    return last != nullptr && last->kind == SourceWord::person &&
           is_capital(at_.token().written[0]);
  }

  /// "reactive marrow", but "reactive aggregates".
  [[nodiscard]] bool is_reactive_marrow() const {
    if (asked_.item != "marrow_cmml" || !at_.word().starts_with("reactive") || is_denied())
      return false;
    const auto* next = at_.next_of_clause();
    return next == nullptr ||
           begins_as(next->small, {"marrow", "bone", "knochenm", "chang", "hyper"});
  }

  [[nodiscard]] bool takes_back() const {
    const auto& word = at_.word();
    if (is_withdrawn() || is_normal() || is_too_little()) return true;
    if (is_reactive_marrow()) return true;
    if (is_of_something_else()) return false;
    if (is_denied_of_itself()) return true;
    if (has_no_result_at(at_.words(), at_.place()) || yes_words().ordered.holds(word)) return true;
    if (is_no(word) || is_not(word) || yes_words().denials.holds(word))
      return !is_a_name() && denies_ahead();
    return denies_behind(word) && word != "germline" && !is_about_more() && !is_denied() &&
           !is_of_unknown() &&
           !at_.any_in_clause([](const auto& one) { return yes_words().tissues.holds(one.small); });
  }

  SourceCursor at_;
  const AskedOf& asked_;
  bool dysplasia_;
};

}  // namespace

bool takes_itself_back(std::string_view source, const AskedOf& asked) {
  return YesReader(without_line_breaks(ascii_signs(source)), asked).finds_contrary();
}

}  // namespace cytocape::criteria
