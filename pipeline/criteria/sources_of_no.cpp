#include "pipeline/criteria/sources_of_no.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include "pipeline/criteria/listed_tests.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/source_clauses.hpp"
#include "pipeline/criteria/source_contrary.hpp"
#include "pipeline/criteria/source_cursor.hpp"
#include "pipeline/criteria/source_names.hpp"
#include "pipeline/criteria/source_numbers.hpp"
#include "pipeline/criteria/source_words.hpp"
#include "pipeline/criteria/untested.hpp"
#include "pipeline/criteria/verdict_words.hpp"

namespace cytocape::criteria {
namespace {

/// "only p210".
bool says_only(const std::string& word) {
  return no_words().only.holds(word);
}

/// Reads one source from its first word to its last.
class Reader {
 public:
  Reader(std::string text, const AskedOf& asked) : at_(std::move(text), asked), asked_(asked) {}

  [[nodiscard]] std::optional<Unread> first_unread() {
    for (; !at_.at_end(); at_.advance()) {
      if (at_.begins_clause()) begin_clause();
      if (!is_read()) return unread();
    }
    if (waiting_ != nullptr && !is_answered())
      return Unread{.part = at_.clause_text(waiting_->clause)};
    // "CHR" may be a laboratory or a remission.
    const bool unclear = initials_ && !denied_once_ && !at_.says_how();
    if (unclear || at_.text().find('?') != std::string::npos) return Unread{.part = at_.text()};
    return std::nullopt;
  }

 private:
  /// The clause that is not read, of which another word may say that something was found.
  [[nodiscard]] Unread unread() {
    Unread result{.part = at_.clause_text(at_.token().clause), .contrary = contrary_};
    for (const auto clause = at_.token().clause; !result.contrary;) {
      at_.advance();
      if (at_.at_end() || at_.token().clause != clause) break;
      static_cast<void>(is_read());
      result.contrary = contrary_;
    }
    return result;
  }

  /// Whether the denial is the answer that was waited for: "FISH failed, PCR negative", "negative,
  /// karyotype pending"; but not "negative (result pending)", "QC failed, no fusion".
  [[nodiscard]] bool is_answered() const {
    if (!denied_once_) return false;
    if (waiting_->small == "repeated") return true;
    const auto tests_in = [&](std::size_t clause) {
      return std::any_of(at_.tokens().begin(), at_.tokens().end(), [&](const SourceToken& one) {
        return one.clause == clause && (one.kind == SourceWord::test || one.gene);
      });
    };
    const bool again =
        std::any_of(at_.tokens().begin(), at_.tokens().end(),
                    [](const SourceToken& one) { return no_words().again.holds(one.small); });
    if (denied_in_ > waiting_->clause) return again || !failed_ || tests_in(denied_in_);
    const bool confirms =
        std::any_of(at_.tokens().begin(), at_.tokens().end(), [&](const SourceToken& one) {
          return one.clause == waiting_->clause &&
                 (one.kind == SourceWord::waiting || one.small.starts_with("confirm"));
        });
    return denied_in_ == waiting_->clause || confirms || tests_in(waiting_->clause);
  }

  /// "no BCR::ABL1, PDGFRA or PDGFRB detected", "negative for PDGFRA, PDGFRB, JAK2 fusions".
  [[nodiscard]] bool goes_on() const {
    const bool names_alone = !at_.any_in_clause([](const SourceToken& one) {
      return !one.gene && !one.number && !is_of_a_notation(one.small) &&
             one.kind != SourceWord::event && one.kind != SourceWord::joining;
    });
    return names_alone || joins_before_verdict(at_);
  }

  void begin_clause() {
    const bool list = denying_ && !consumed_ && goes_on();
    // "kein Transkript (p190) nachweisbar"
    const bool resumes = at_.token().closes && !at_.token().opens && denied_outside_;
    denied_outside_ = at_.token().opens && denying_ && !consumed_;
    denying_ = list || resumes;
    consumed_ = false;
    free_ = 0;
  }

  [[nodiscard]] bool is_denied_clause() const { return denying_ || at_.denies_in_clause(); }

  /// Whether what may say that something was found does not.
  [[nodiscard]] bool takes(bool read) {
    contrary_ = !read;
    return read;
  }

  void note_denial() {
    denied_once_ = true;
    denied_in_ = at_.token().clause;
  }

  void deny() {
    note_denial();
    denying_ = true;
    consumed_ = false;
    free_ = 4;
  }

  /// "excluded", but not "cannot be excluded"; "to exclude" asks.
  [[nodiscard]] std::optional<bool> read_exclusion() {
    constexpr std::size_t kNear = 5;
    if (is_one_of(at_.word(), {"ausschluss", "exclusion", "esclusione"})) {
      const bool asks =
          at_.before() != nullptr &&
          is_one_of(at_.before()->small, {"zum", "zur", "for", "pour", "para", "per", "di"});
      if (denying_) return false;
      if (asks) waiting_ = &at_.token();
      if (!asks) note_denial();
      return true;
    }
    const bool ruled = at_.word() == "ruled" || at_.word() == "rule" || at_.word() == "rules";
    if (!ruled && !tells_of_excluding(at_.word())) return std::nullopt;
    const bool result = at_.word() == "ruled" || at_.word() == "rules" || at_.word() == "esclude" ||
                        (denies_behind(at_.word()) && !ruled) || at_.word() == "descarta" ||
                        at_.word() == "descartan" || at_.word() == "excludes";
    const bool passive =
        at_.before() != nullptr && is_one_of(at_.before()->small, {"wurde", "wurden"});
    if (!result) {
      if (is_taken_back_within(at_, kNear) &&
          !(at_.before() != nullptr && is_one_of(at_.before()->small, {"zu"})))
        return false;
      waiting_ = &at_.token();
      return true;
    }
    if (!passive && is_taken_back_within(at_, kNear)) return false;
    if (at_.behind() != nullptr && is_not(at_.behind()->small)) return false;
    deny();
    denying_ = false;
    return true;
  }

  [[nodiscard]] std::optional<bool> read_denial() {
    const auto* next = at_.behind();
    // "report no 4711", "no sangue"
    if (at_.word() == "no" && next != nullptr &&
        ((next->number && next->small != "0") ||
         (next->kind == SourceWord::sample && !next->small.starts_with("material"))))
      return true;
    // "pas de transcrit"
    const bool no_noun =
        at_.word() == "pas" && next != nullptr && is_one_of(next->small, {"d", "de"});
    if (is_no(at_.word()) || no_noun || no_words().denials.holds(at_.word())) {
      deny();
      return true;
    }
    // "rien à signaler"
    if (at_.word() == "ras" && !is_of_genes() && at_.tokens().size() == 1) {
      deny();
      return true;
    }
    if (is_not(at_.word())) {
      deny();
      free_ = 0;
      return verb_follows(at_);
    }
    if (at_.word() == "cannot" || at_.word() == "kann" || at_.word() == "konnte") return true;
    if (says_normal(at_.word()) || (denies_behind(at_.word()) && !tells_of_excluding(at_.word()))) {
      const auto* last = at_.before();
      if (last != nullptr && last->clause == at_.token().clause &&
          (is_not(last->small) || is_no(last->small) || last->small == "false" ||
           last->small == "if" || last->small == "once" || last->small == "than"))
        return false;
      if (next != nullptr && is_not(next->small)) return false;
      note_denial();
      denying_ = denying_ ||
                 (next != nullptr &&
                  is_one_of(next->small, {"for", "fur", "pour", "para", "per", "di", "de", "auf"}));
      consumed_ = false;
      if (denying_) free_ = 4;
      return true;
    }
    return std::nullopt;
  }

  /// "positive", "detected", "known".
  [[nodiscard]] std::optional<bool> read_finding() {
    const bool finds = affirms(at_.word()) || tells_of_finding(at_.word()) ||
                       tells_of_being_met(at_.word()) || at_.token().kind == SourceWord::found ||
                       is_one_of(at_.word(), {"ja", "oui", "si", "sim", "yes", "existe"});
    if (!finds) return std::nullopt;
    const auto* next = at_.behind();
    // "seen by", "control positive", "confirmed by FISH"
    if (is_one_of(at_.word(), {"seen", "gesehen", "vu", "visto"}) && next != nullptr &&
        is_one_of(next->small, {"by", "in", "von", "par", "por", "da", "at", "on", "am"}))
      return true;
    // "p190 + p210"
    if (at_.word() == "+" && next != nullptr && next->gene && next->clause == at_.token().clause)
      return true;
    const bool alone = (next == nullptr || next->clause != at_.token().clause) &&
                       (at_.before() == nullptr || at_.before()->clause != at_.token().clause);
    if (at_.word() == "si" && !alone) return true;
    if (at_.any_in_clause([](const SourceToken& one) {
          return one.small.starts_with("contr") || one.small.starts_with("kontr");
        }) &&
        !at_.names_own_in_clause())
      return true;
    const bool confirms = at_.word().starts_with("confirm") || at_.word().starts_with("conferm") ||
                          at_.word().starts_with("best") || at_.word().starts_with("bevest");
    if (confirms && denied_once_ && !at_.names_own_in_clause()) return true;
    if (is_denied_here() || clause_ends_denied(at_)) return true;
    return at_.token().kind != SourceWord::found && at_.is_of_another();
  }

  /// "no p210 detected"; but not the second of "no p210 detected p190 detected".
  [[nodiscard]] bool is_denied_here() {
    if (!denying_) return false;
    const bool again = consumed_ && any_own_since(verb_);
    if (at_.token().kind != SourceWord::found) {
      consumed_ = true;
      verb_ = at_.place();
    }
    return !again;
  }

  [[nodiscard]] bool any_own_since(std::size_t from) const {
    for (auto i = from + 1; i < at_.place(); ++i)
      if (at_.tokens()[i].own) return true;
    return false;
  }

  /// "tested", but "requested" and "sent" wait for an answer.
  [[nodiscard]] bool read_testing() {
    const bool waits = is_one_of(
        at_.word(), {"requested", "sent", "ordered", "required", "indicated", "necessary", "yet",
                     "possible", "moglich", "sufficient", "conclusif", "conclusivo"});
    if (waits && waiting_ == nullptr) waiting_ = &at_.token();
    return true;
  }

  /// "fusion" beside a denial, behind "for" or before what tests for it.
  [[nodiscard]] bool read_event() const {
    if (is_denied_clause() || at_.is_of_another() || list_ends_denied(at_) ||
        at_.any_in_clause(is_kit) || is_of_control(at_))
      return true;
    // "tryptase 6 ng/mL": the number tells
    if (const auto* next = at_.next_of_clause();
        next != nullptr && next->number &&
        is_one_of(at_.word(), {"tryptase", "triptasa", "triptasi"}))
      return true;
    return is_tested_for(at_);
  }

  /// "no other neoplasm" beside the disease itself.
  [[nodiscard]] bool leaves_possible() const {
    const bool of_others = asked_.item == "other_neoplasm" && no_words().others.holds(at_.word());
    return limits_a_denial(at_.word()) && !at_.token().gene && !of_others;
  }

  [[nodiscard]] bool is_read() {
    const bool was_name = was_name_;
    was_name_ = false;
    if (tells_of_treated(at_) || tells_of_mpn(at_, asked_, denying_)) return takes(false);
    // "negative besides PDGFRB"
    if (turns(at_.word()) && denied_once_ && at_.names_own_in_clause() && !at_.denies_in_clause())
      return takes(false);
    if (tells_of_one_that_was(at_, asked_) || tells_of_a_junction(at_, is_denied_clause()))
      return takes(false);
    const bool to_come =
        at_.word() == "be" && at_.before() != nullptr && at_.before()->small == "to";
    if (has_no_result_at(at_.words(), at_.place()) || to_come ||
        is_one_of(at_.word(), {"tbc", "tba", "tbd"})) {
      if (waiting_ == nullptr) waiting_ = &at_.token();
      failed_ = failed_ || at_.word().starts_with("fail");
      return true;
    }
    // "only p210"
    if (says_only(at_.word()) && at_.names_own_in_clause()) return false;
    if (const auto read = read_exclusion()) return *read;
    if (denying_ && leaves_possible()) return false;
    if (const auto read = read_denial()) return *read;
    if (denies_as_zero(at_)) deny();
    if (at_.token().number) return takes(!is_number_of_findings(at_, denying_));
    // "KIF5B", a partner
    if (asked_.item == "tk_fusion" && at_.token().gene && !at_.token().own &&
        at_.names_genes_alone())
      return false;
    const bool weighed = at_.token().disease && at_.token().kind != SourceWord::event;
    if (weighed || at_.token().gene || is_of_a_notation(at_.word())) return true;
    if (const auto read = read_finding()) return takes(*read);
    if (is_of_testing(at_.word())) return read_testing();
    if (at_.token().kind == SourceWord::event) return takes(read_event());
    if (at_.token().kind == SourceWord::waiting) {
      if (!is_denied_clause() && waiting_ == nullptr) waiting_ = &at_.token();
      return true;
    }
    was_name_ = (was_name && (is_name(at_, true) || are_initials(at_))) || is_first_name(at_);
    if (was_name_) return true;
    if (at_.token().kind != SourceWord::unknown && at_.token().kind != SourceWord::limiting)
      return true;
    if (is_one_of(at_.word(), {"%", "<"}) || turns(at_.word())) return true;
    const bool initials = are_initials(at_) && is_beside_a_name();
    initials_ = initials_ || initials;
    was_name_ = initials || is_name(at_, was_name);
    if (was_name_ || is_kit(at_.token()) || at_.word().size() == 1 || is_identifier(at_.word()))
      return true;
    // "no lymphadenopathy"
    if (denying_ && free_ > 0 && !is_of_genes()) {
      --free_;
      return true;
    }
    return false;
  }

  [[nodiscard]] bool is_of_genes() const {
    return is_one_of(asked_.item, {"bcr_abl1", "tk_fusion", "mutation"});
  }

  /// Initials of a person or a laboratory, or such an answer to a question about genes; "HU", "IFN"
  /// and "MF" tell of a myeloproliferative neoplasm.
  [[nodiscard]] bool is_beside_a_name() const {
    const auto names = [](const SourceToken* one) {
      return one != nullptr && (one->kind == SourceWord::place || one->kind == SourceWord::person);
    };
    const bool of_mpn = asked_.item == "mpn_history" || asked_.item == "mpn_now";
    const bool variant = at_.any_in_clause([](const SourceToken& one) { return one.gene; }) &&
                         at_.word().find_first_of("0123456789") != std::string::npos;
    return !of_mpn || denied_once_ || variant || at_.word().starts_with("cmml") ||
           names(at_.before()) || names(at_.behind()) || at_.tokens().size() == 1;
  }

  SourceCursor at_;
  const AskedOf& asked_;
  bool denying_ = false;         ///< what follows is denied
  bool consumed_ = false;        ///< and something was
  bool denied_once_ = false;     ///< something, anywhere before
  bool failed_ = false;          ///< a test did
  std::size_t denied_in_ = 0;    ///< the clause of the last denial
  std::size_t free_ = 0;         ///< so many words behind a denial may be anything
  bool denied_outside_ = false;  ///< of the bracket that is read
  bool was_name_ = false;
  bool contrary_ = false;
  bool initials_ = false;  ///< a word is taken for those of a laboratory or a person
  std::size_t verb_ = 0;   ///< what was denied last
  const SourceToken* waiting_ = nullptr;
};

}  // namespace

std::optional<Unread> not_read_as_denial(std::string_view source, const AskedOf& asked) {
  auto text = without_line_breaks(ascii_signs(source));
  if (asked.item == "bcr_abl1") text = with_transcripts_spelt(text);
  return Reader(std::move(text), asked).first_unread();
}

}  // namespace cytocape::criteria
