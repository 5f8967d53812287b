#include "pipeline/criteria/sources_of_no.hpp"

#include <algorithm>
#include <optional>
#include <vector>

#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/listed_tests.hpp"
#include "pipeline/criteria/named_diseases.hpp"
#include "pipeline/criteria/resolutions.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/source_words.hpp"
#include "pipeline/criteria/untested.hpp"
#include "pipeline/criteria/verdict_words.hpp"
#include "pipeline/criteria/words.hpp"

namespace cytocape::criteria {
namespace {

/// A word of the source, and what it is there.
struct Token {
  std::string small;
  std::string_view written;
  std::size_t begin = 0;
  std::size_t end = 0;
  std::size_t clause = 0;
  bool number = false;   ///< begins with a digit
  bool disease = false;  ///< a part of a name that is weighed by itself
  bool gene = false;     ///< a symbol, a transcript, a marker
  bool own = false;      ///< a gene that the answer is given to
  bool initial = false;  ///< begins a sentence
  bool opens = false;    ///< a bracket
  bool closes = false;
  SourceWord kind = SourceWord::unknown;
};

bool is_capital(char c) {
  return c >= 'A' && c <= 'Z';
}

bool ends_a_clause(std::string_view gap) {
  return gap.find_first_of(";,()\n[]") != std::string_view::npos ||
         gap.find(". ") != std::string_view::npos || gap.find(" - ") != std::string_view::npos;
}

bool ends_a_sentence(std::string_view gap) {
  return gap.find_first_of(";:\n") != std::string_view::npos ||
         gap.find(". ") != std::string_view::npos;
}

bool turns(const std::string& word) {
  return is_one_of(word,
                   {
                       "but",    "however", "although", "though",  "whereas", "while", "besides",
                       "except", "aber",    "jedoch",   "ausser",  "obwohl",  "mais",  "cependant",
                       "sauf",   "pero",    "aunque",   "excepto", "salvo",   "ma",    "pero",
                       "tranne", "eccetto", "maar",     "mas",     "porem",
                   });
}

/// "q34", "9q34", "11q23": a band.
bool is_band(const std::string& word) {
  const auto arm = word.find_first_of("pq");
  if (arm == std::string::npos || arm > 2) return false;
  auto digits = word.substr(0, arm) + word.substr(arm + 1);
  return std::all_of(digits.begin(), digits.end(),
                     [](char c) { return is_digit(c) || c == '.'; }) &&
         arm + 1 < word.size();
}

bool is_of_a_notation(const std::string& word) {
  return is_one_of(word, {"t", "inv", "del", "der", "ins", "dic", "nuc", "ish", "arr"}) ||
         is_band(word);
}

/// "CD34", "HLA".
bool is_marker(const std::string& word) {
  return (word.starts_with("cd") && word.size() > 2 && is_digit(word[2])) || word == "hla";
}

bool is_of_mpn(const std::string& item) {
  return is_one_of(item, {"mpn_history", "mpn_now"});
}

/// Whether a symbol is of what the answer is given to.
bool is_own(const std::string& symbol, const AskedOf& asked) {
  const auto gene = read_gene(symbol).gene;
  if (asked.item == "bcr_abl1") return gene == "BCR" || gene == "ABL1";
  if (asked.item == "tk_fusion")
    return is_kinase_gene(gene) || joins_kinase({gene}) || gene == "FIP1L1" || gene == "PCM1";
  if (is_of_mpn(asked.item)) return drives_mpn(gene) || gene == "BCR" || gene == "ABL1";
  if (asked.item != "mutation") return true;
  const auto fused = fused_genes(asked.gene);
  return fused.empty() ? gene == read_gene(asked.gene).gene || asked.gene.empty()
                       : std::find(fused.begin(), fused.end(), gene) != fused.end();
}

/// The words of a source with what is known of each by itself.
std::vector<Token> tokens_of(const std::string& text, const AskedOf& asked) {
  std::vector<Token> tokens;
  std::size_t clause = 0;
  std::size_t from = 0;
  for (const auto& word : words_of_text(text)) {
    const auto gap = std::string_view(text).substr(from, word.begin - from);
    if (!tokens.empty() && (ends_a_clause(gap) || turns(word.small))) ++clause;
    Token token{.small = word.small,
                .written = std::string_view(text).substr(word.begin, word.end - word.begin),
                .begin = word.begin,
                .end = word.end,
                .clause = clause,
                .number = is_digit(word.small.front()),
                .initial = tokens.empty() || ends_a_sentence(gap),
                .opens = gap.find('(') != std::string_view::npos,
                .closes = gap.find(')') != std::string_view::npos};
    token.kind = source_word(token.small);
    const bool symbol = token.small.size() > 1 &&
                        std::none_of(token.written.begin(), token.written.end(), is_small);
    const bool transcript = !transcript_of(token.small).empty();
    const auto name = std::string(token.written);
    const auto fused = symbol ? fused_genes(name) : std::vector<std::string>();
    token.gene =
        transcript || is_marker(token.small) || !fused.empty() || (symbol && read_gene(name).known);
    token.own = (token.gene && is_one_of(asked.item, {"other_neoplasm", "myeloid_sarcoma"})) ||
                (transcript && (asked.item == "bcr_abl1" || is_of_mpn(asked.item))) ||
                (symbol && token.gene && is_own(name, asked)) ||
                std::any_of(fused.begin(), fused.end(),
                            [&](const std::string& gene) { return is_own(gene, asked); });
    tokens.push_back(std::move(token));
    from = word.end;
  }
  for (const auto& [place, disease] : places_of_diseases(text))
    for (auto& token : tokens)
      if (token.begin >= place.begin && token.end <= place.end) {
        token.disease = true;
        // What named_diseases() finds beside other answers alone.
        if (!disease->beside_no.empty() && asked.item == "other_neoplasm")
          token.kind = SourceWord::event;
      }
  return tokens;
}

/// Reads one source from its first word to its last.
class Reader {
 public:
  Reader(std::string text, const AskedOf& asked)
      : text_(std::move(text)), asked_(asked), tokens_(tokens_of(text_, asked)) {
    for (const auto& token : tokens_) words_.push_back(token.small);
    point_ = is_point_mutation();
    names_alone_ = std::all_of(tokens_.begin(), tokens_.end(), [](const Token& one) {
      return one.gene || one.number || one.kind == SourceWord::joining;
    });
  }

  [[nodiscard]] std::optional<Unread> first_unread() {
    for (at_ = 0; at_ < tokens_.size(); ++at_) {
      if (at_ == 0 || token().clause != tokens_[at_ - 1].clause) begin_clause();
      if (!is_read()) return Unread{.part = clause_text(token().clause), .contrary = contrary_};
    }
    if (waiting_ != nullptr && !denied_once_) return Unread{.part = clause_text(waiting_->clause)};
    // "CHR" may be a laboratory or a remission.
    if (initials_ && !denied_once_ && !says_how()) return Unread{.part = text_};
    return text_.find('?') == std::string::npos ? std::nullopt
                                                : std::optional(Unread{.part = text_});
  }

 private:
  [[nodiscard]] const Token& token() const { return tokens_[at_]; }
  [[nodiscard]] const std::string& word() const { return tokens_[at_].small; }
  [[nodiscard]] const Token* behind(std::size_t steps = 1) const {
    return at_ + steps < tokens_.size() ? &tokens_[at_ + steps] : nullptr;
  }
  [[nodiscard]] const Token* before(std::size_t steps = 1) const {
    return at_ >= steps ? &tokens_[at_ - steps] : nullptr;
  }

  /// Whether a method, a sample, a place, a person or a report is told.
  [[nodiscard]] bool says_how() const {
    return std::any_of(tokens_.begin(), tokens_.end(), [](const Token& one) {
      return is_one_of(one.small, {"lis", "chart"}) || one.kind == SourceWord::test ||
             one.kind == SourceWord::sample || one.kind == SourceWord::place ||
             one.kind == SourceWord::person || one.kind == SourceWord::record ||
             one.kind == SourceWord::clinical;
    });
  }

  [[nodiscard]] bool is_point_mutation() const {
    return std::any_of(words_.begin(), words_.end(), [](const std::string& word) {
      return is_one_of(word, {"v617f", "itd", "tkd", "d835", "d842v", "w515", "w515l", "w515k"});
    });
  }

  template <class Wanted>
  [[nodiscard]] bool any_in_clause(Wanted wanted) const {
    return std::any_of(tokens_.begin(), tokens_.end(), [&](const Token& one) {
      return one.clause == token().clause && wanted(one);
    });
  }

  /// "no BCR::ABL1, PDGFRA or PDGFRB detected", "negative for PDGFRA, PDGFRB, JAK2 fusions".
  [[nodiscard]] bool goes_on() const {
    const bool names_alone = !any_in_clause([](const Token& one) {
      return !one.gene && !one.number && !is_of_a_notation(one.small) &&
             one.kind != SourceWord::event && one.kind != SourceWord::joining;
    });
    return names_alone || joins_before_verdict();
  }

  /// "PDGFRA or PDGFRB detected", but not "PDGFRA detected or suspected".
  [[nodiscard]] bool joins_before_verdict() const {
    for (auto i = at_; i < tokens_.size() && tokens_[i].clause == token().clause; ++i) {
      const auto& small = tokens_[i].small;
      if (is_one_of(small, {"or", "nor", "oder", "noch", "ou", "ni", "o"})) return true;
      if (affirms(small) || tells_of_finding(small)) return false;
    }
    return false;
  }

  void begin_clause() {
    const bool list = denying_ && !consumed_ && goes_on();
    // "kein Transkript (p190) nachweisbar"
    const bool resumes = token().closes && !token().opens && denied_outside_;
    denied_outside_ = token().opens && denying_ && !consumed_;
    denying_ = list || resumes;
    consumed_ = false;
    free_ = 0;
  }

  [[nodiscard]] std::string clause_text(std::size_t clause) const {
    std::size_t begin = text_.size();
    std::size_t end = 0;
    for (const auto& one : tokens_)
      if (one.clause == clause) {
        begin = std::min(begin, one.begin);
        end = std::max(end, one.end);
      }
    return text_.substr(begin, end - begin);
  }

  [[nodiscard]] bool clause_denies() const {
    return denying_ || any_in_clause([](const Token& one) {
             return denies_behind(one.small) || is_no(one.small) || is_not(one.small) ||
                    says_normal(one.small);
           });
  }

  static bool says_normal(const std::string& word) {
    return word.starts_with("unauffall") || word.starts_with("intact") ||
           word.starts_with("intakt") ||
           is_one_of(word, {"normal", "normale", "normales", "normaler", "normales", "normalen",
                            "normaux", "normali", "normales", "normaal", "unremarkable",
                            "unrearranged", "norma"});
  }

  /// Whether what is said in this clause is said of other genes.
  [[nodiscard]] bool is_of_another() const {
    const bool own = any_in_clause([](const Token& one) { return one.own; });
    const bool other = any_in_clause([](const Token& one) { return one.gene; });
    return other && (!own || (point_ && asked_.item == "tk_fusion"));
  }

  void deny() {
    denied_once_ = true;
    denying_ = true;
    consumed_ = false;
    free_ = 4;
  }

  [[nodiscard]] bool is_negated(std::size_t near) const {
    for (std::size_t i = 1; i <= near; ++i)
      if (const auto* one = before(i); one != nullptr && one->clause == token().clause)
        if (is_no(one->small) || is_not(one->small) ||
            is_one_of(one->small, {"cannot", "can",    "be",     "sein",  "etre",   "zu",   "kann",
                                   "konnte", "sicher", "peut",   "puede", "pueden", "puo",  "puede",
                                   "pode",   "kan",    "worden", "never", "if",     "until"}))
          return true;
    return false;
  }

  /// "excluded", but not "cannot be excluded"; "to exclude" asks.
  [[nodiscard]] std::optional<bool> read_exclusion() {
    constexpr std::size_t kNear = 5;
    if (is_one_of(word(), {"ausschluss", "exclusion", "esclusione"})) {
      const bool asks =
          before() != nullptr &&
          is_one_of(before()->small, {"zum", "zur", "for", "pour", "para", "per", "di"});
      if (denying_) return false;
      if (asks) waiting_ = &token();
      denied_once_ = denied_once_ || !asks;
      return true;
    }
    const bool ruled = word() == "ruled" || word() == "rule" || word() == "rules";
    if (!ruled && !tells_of_excluding(word())) return std::nullopt;
    const bool result = word() == "ruled" || word() == "rules" || word() == "esclude" ||
                        (denies_behind(word()) && !ruled) || word() == "descarta" ||
                        word() == "descartan" || word() == "excludes";
    const bool passive = before() != nullptr && is_one_of(before()->small, {"wurde", "wurden"});
    if (!result) {
      if (is_negated(kNear) && !(before() != nullptr && is_one_of(before()->small, {"zu"})))
        return false;
      waiting_ = &token();
      return true;
    }
    if (!passive && is_negated(kNear)) return false;
    if (behind() != nullptr && is_not(behind()->small)) return false;
    deny();
    denying_ = false;
    return true;
  }

  [[nodiscard]] std::optional<bool> read_denial() {
    const auto* next = behind();
    // "report no 4711", "no sangue"
    if (word() == "no" && next != nullptr &&
        ((next->number && next->small != "0") ||
         (next->kind == SourceWord::sample && !next->small.starts_with("material"))))
      return true;
    // "pas de transcrit"
    const bool no_noun = word() == "pas" && next != nullptr && is_one_of(next->small, {"d", "de"});
    if (is_no(word()) || no_noun ||
        is_one_of(
            word(),
            {"ni",       "noch",        "absence", "lack",        "lacks", "lacking", "assenza",
             "ausencia", "abwesenheit", "fehlen",  "afwezigheid", "free",  "frei",    "nor",
             "none",     "nie",         "niemals", "jamais",      "nunca", "nichts",  "nothing",
             "rien",     "nada",        "niente",  "nulla",       "niets", "denies",  "denied",
             "denying",  "verneint",    "nie",     "niega",       "nega"})) {
      deny();
      return true;
    }
    if (is_not(word())) {
      deny();
      free_ = 0;
      return verb_follows();
    }
    if (word() == "cannot" || word() == "kann" || word() == "konnte") return true;
    if (says_normal(word()) || (denies_behind(word()) && !tells_of_excluding(word()))) {
      const auto* last = before();
      if (last != nullptr && last->clause == token().clause &&
          (is_not(last->small) || is_no(last->small) || last->small == "false" ||
           last->small == "if" || last->small == "once" || last->small == "than"))
        return false;
      if (next != nullptr && is_not(next->small)) return false;
      denied_once_ = true;
      denying_ = denying_ ||
                 (next != nullptr &&
                  is_one_of(next->small, {"for", "fur", "pour", "para", "per", "di", "de", "auf"}));
      consumed_ = false;
      if (denying_) free_ = 4;
      return true;
    }
    return std::nullopt;
  }

  /// "not detected", "not MPN"; but "not on the panel", "not asked".
  [[nodiscard]] bool verb_follows() const {
    for (auto i = at_ + 1; i < tokens_.size() && tokens_[i].clause == token().clause; ++i) {
      const auto& one = tokens_[i];
      if (affirms(one.small) || tells_of_finding(one.small) || tells_of_being_met(one.small) ||
          tells_of_excluding(one.small) || one.disease || one.kind == SourceWord::found ||
          one.kind == SourceWord::event || is_no(one.small))
        return true;
    }
    return before() != nullptr && (affirms(before()->small) || tells_of_finding(before()->small));
  }

  /// "positive", "detected", "known".
  [[nodiscard]] std::optional<bool> read_finding() {
    const bool finds = affirms(word()) || tells_of_finding(word()) || tells_of_being_met(word()) ||
                       token().kind == SourceWord::found ||
                       is_one_of(word(), {"ja", "oui", "si", "sim", "yes", "existe"});
    if (!finds) return std::nullopt;
    const auto* next = behind();
    // "seen by", "control positive", "confirmed by FISH"
    if (is_one_of(word(), {"seen", "gesehen", "vu", "visto"}) && next != nullptr &&
        is_one_of(next->small, {"by", "in", "von", "par", "por", "da", "at", "on", "am"}))
      return true;
    // "p190 + p210"
    if (word() == "+" && next != nullptr && next->gene && next->clause == token().clause)
      return true;
    const bool alone = (next == nullptr || next->clause != token().clause) &&
                       (before() == nullptr || before()->clause != token().clause);
    if (word() == "si" && !alone) return true;
    if (any_in_clause([](const Token& one) {
          return one.small.starts_with("contr") || one.small.starts_with("kontr");
        }) &&
        !any_in_clause([](const Token& one) { return one.own; }))
      return true;
    const bool confirms = word().starts_with("confirm") || word().starts_with("conferm") ||
                          word().starts_with("best") || word().starts_with("bevest");
    if (confirms && denied_once_ && !any_in_clause([](const Token& one) { return one.own; }))
      return true;
    if (is_denied_here() || clause_ends_denied()) return true;
    return token().kind != SourceWord::found && is_of_another();
  }

  /// "no p210 detected"; but not the second of "no p210 detected p190 detected".
  [[nodiscard]] bool is_denied_here() {
    if (!denying_) return false;
    const bool again = consumed_ && any_own_since(verb_);
    if (token().kind != SourceWord::found) {
      consumed_ = true;
      verb_ = at_;
    }
    return !again;
  }

  [[nodiscard]] bool any_own_since(std::size_t from) const {
    for (auto i = from + 1; i < at_; ++i)
      if (tokens_[i].own) return true;
    return false;
  }

  /// "detectado: no", "nachweisbar nicht": the denial stands behind; "known none".
  [[nodiscard]] bool clause_ends_denied() const {
    const auto* next = behind();
    return next != nullptr && next->clause == token().clause && behind(2) == nullptr &&
           (is_no(next->small) || is_not(next->small) || next->small == "none");
  }

  /// "tested", but "requested" and "sent" wait for an answer.
  [[nodiscard]] bool read_testing() {
    const bool waits =
        is_one_of(word(), {"requested", "sent", "ordered", "required", "indicated", "necessary",
                           "yet", "possible", "moglich", "sufficient", "conclusif", "conclusivo"});
    if (waits && waiting_ == nullptr) waiting_ = &token();
    return true;
  }

  /// "fusion" beside a denial, behind "for" or before what tests for it.
  [[nodiscard]] bool read_event() const {
    if (clause_denies() || is_of_another()) return true;
    constexpr std::size_t kNear = 5;
    for (std::size_t i = 1; i <= kNear; ++i) {
      const auto* next = behind(i);
      if (next == nullptr || next->clause != token().clause) break;
      if (is_one_of(next->small, {"by", "in", "with", "mit", "par", "con", "avec", "per", "at"}))
        break;
      if (next->kind == SourceWord::test && !is_one_of(next->small, {"signal", "signals", "type"}))
        return true;
    }
    for (std::size_t i = 1; i <= kNear; ++i) {
      const auto* last = before(i);
      if (last == nullptr || last->clause != token().clause) break;
      if (is_one_of(last->small, {"for", "fur", "auf", "pour", "para", "per", "di", "de", "of",
                                  "by", "dual", "panel", "analysis", "nach"}))
        return true;
    }
    return false;
  }

  [[nodiscard]] double value() const {
    auto digits = word();
    std::replace(digits.begin(), digits.end(), ',', '.');
    return parse_number(digits).value_or(0);
  }

  [[nodiscard]] bool is_bound() const {
    return any_in_clause([](const Token& one) {
      return is_one_of(one.small, {"<", "below", "unter", "cutoff", "cut", "limit", "lod", "loq",
                                   "threshold", "schwelle", "seuil", "umbral", "soglia",
                                   "nachweisgrenze", "coverage", "depth", "limite"}) ||
             one.small.starts_with("sensi") || one.small.starts_with("empfind");
    });
  }

  /// "0.5 %", "3/200 nuclei", "1F2R": numbers that may count what was found.
  [[nodiscard]] bool read_number() const {
    const auto* next = behind();
    const bool pattern = word().size() > 1 && word().find_first_of("rgfyb") != std::string::npos &&
                         word().find_first_not_of("0123456789rgfyb") == std::string::npos;
    if (pattern) return word().find('f') == std::string::npos;
    if (value() <= 0 || clause_denies() || is_bound() || is_of_another()) return true;
    if (next == nullptr || next->clause != token().clause) return true;
    if (next->small == "%") return has_blasts();
    const bool of = is_one_of(next->small, {"of", "von", "de", "di", "sur", "su", "aus"});
    const auto* whole = of ? behind(2) : next;
    const bool slash = text_.substr(token().end, next->begin - token().end) == "/";
    if ((of || slash) && whole != nullptr && whole->number) return !is_share_of_cells(*whole);
    const bool cells = any_in_clause([](const Token& one) { return is_of_cells(one.small); });
    return !(cells && is_of_cells(next->small) && names_an_event());
  }

  /// "0 copies", "0 % fusion".
  [[nodiscard]] bool denies_as_zero() const {
    const auto* next = behind();
    return token().number && value() <= 0 && next != nullptr && next->clause == token().clause &&
           (next->small == "%" || next->kind == SourceWord::event || is_of_cells(next->small));
  }

  [[nodiscard]] bool has_blasts() const {
    return any_in_clause(
        [](const Token& one) { return one.small.find("blast") != std::string::npos; });
  }

  [[nodiscard]] bool names_an_event() const {
    const bool probe = any_in_clause([](const Token& one) {
      return one.small.starts_with("prob") || one.small.starts_with("sond");
    });
    return !probe && any_in_clause([](const Token& one) { return one.kind == SourceWord::event; });
  }

  static bool is_of_cells(const std::string& word) {
    return is_one_of(word,
                     {"nuclei", "nuclear", "cells", "kerne", "kernen", "zellen", "noyaux",
                      "cellules", "nucleos", "celulas", "cellule", "nucleus", "interphases"}) ||
           word.starts_with("metaphas") || word.starts_with("metafas") ||
           word.starts_with("interphasekern");
  }

  /// Of 20 or more, where cells are spoken of; but "3/2024" and "report 17/200".
  [[nodiscard]] bool is_share_of_cells(const Token& whole) const {
    const auto number = parse_number(whole.small).value_or(0);
    const bool year = number >= 1950 && number < 2100;
    const auto* last = before();
    const bool of_a_report = last != nullptr && last->clause == token().clause &&
                             (last->kind == SourceWord::record || last->kind == SourceWord::place ||
                              last->kind == SourceWord::sample);
    const bool of_cells = any_in_clause([](const Token& one) {
      return is_of_cells(one.small) || one.small == "fish" || one.kind == SourceWord::event;
    });
    return of_cells && number >= 20 && !year && !of_a_report && number != value();
  }

  /// A name of a laboratory or a person, or initials.
  [[nodiscard]] bool is_name() {
    const auto written = token().written;
    if (!is_capital(written.front())) return false;
    const bool initials =
        written.size() <= 5 && std::none_of(written.begin(), written.end(), is_small);
    const bool shouted = std::none_of(text_.begin(), text_.end(), is_small);
    if (initials && (!shouted || written.size() <= 3)) {
      initials_ = true;
      return true;
    }
    const auto beside = [&](const Token* one) {
      return one != nullptr && (one->kind == SourceWord::place || one->kind == SourceWord::person);
    };
    if (beside(before()) || beside(behind()) || (was_name_ && (!token().initial || was_initial())))
      return true;
    const auto* last = before();
    if (token().initial || last == nullptr) return false;
    // "Xpert Ultra negative"
    if (any_in_clause(
            [](const Token& one) { return denies_behind(one.small) || says_normal(one.small); }))
      return true;
    return last->clause != token().clause ||
           is_one_of(last->small, {"at", "of", "in", "from", "by", "von", "aus", "de", "di", "du",
                                   "par", "por", "a", "da", "der", "st", "per"});
  }

  /// The first letter of "J. Keller" and "O'Brien".
  [[nodiscard]] bool is_first_name() const {
    const auto* next = behind();
    return token().written.size() == 1 && is_capital(token().written.front()) && next != nullptr &&
           next->written.size() > 2 && is_capital(next->written.front()) &&
           next->kind == SourceWord::unknown;
  }

  [[nodiscard]] bool was_initial() const {
    return before() != nullptr && before()->written.size() == 1;
  }

  [[nodiscard]] bool is_read() {
    const bool was_name = was_name_;
    was_name_ = false;
    if (tells_of_treatment_at(words_, at_) && !is_before_treatment()) return false;
    const bool to_come = word() == "be" && before() != nullptr && before()->small == "to";
    if (has_no_result_at(words_, at_) || to_come || is_one_of(word(), {"tbc", "tba", "tbd"})) {
      if (waiting_ == nullptr) waiting_ = &token();
      return true;
    }
    // "only p210"
    if (says_only(word()) && any_in_clause([](const Token& one) { return one.own; })) return false;
    if (const auto read = read_exclusion()) return *read;
    if (denying_ && limits_a_denial(word()) && !token().gene) return false;
    if (const auto read = read_denial()) return *read;
    if (denies_as_zero()) deny();
    if (token().number) return contrary_ = !read_number(), !contrary_;
    // "KIF5B", a partner
    if (asked_.item == "tk_fusion" && token().gene && !token().own && names_alone_) return false;
    const bool weighed = token().disease && token().kind != SourceWord::event;
    if (weighed || token().gene || is_of_a_notation(word())) return true;
    if (const auto read = read_finding()) return contrary_ = !*read, *read;
    if (is_of_testing(word())) return read_testing();
    if (token().kind == SourceWord::event) return contrary_ = !read_event(), !contrary_;
    if (token().kind == SourceWord::waiting) {
      if (!clause_denies() && waiting_ == nullptr) waiting_ = &token();
      return true;
    }
    was_name_ = was_name && is_name();
    if (was_name_ || is_first_name()) return was_name_ = true;
    if (token().kind != SourceWord::unknown && token().kind != SourceWord::limiting) return true;
    if (is_one_of(word(), {"%", "<"}) || turns(word())) return true;
    was_name_ = was_name;
    was_name_ = is_name();
    if (was_name_ || word().size() == 1) return true;
    if (is_identifier()) return true;
    // "no lymphadenopathy"
    if (denying_ && free_ > 0 && !is_of_genes()) {
      --free_;
      return true;
    }
    return false;
  }

  static bool says_only(const std::string& word) {
    return is_one_of(word, {"only", "nur", "lediglich", "seulement", "uniquement", "solo",
                            "solamente", "soltanto", "alleen", "just", "apenas"});
  }

  /// "v3", "E24".
  [[nodiscard]] bool is_identifier() const {
    const auto digits = word().find_first_of("0123456789");
    return digits != std::string::npos && digits <= 2 &&
           std::all_of(word().begin() + static_cast<std::ptrdiff_t>(digits), word().end(),
                       is_digit);
  }

  [[nodiscard]] bool is_of_genes() const {
    return is_one_of(asked_.item, {"bcr_abl1", "tk_fusion", "mutation"});
  }

  /// "before treatment", "pre-treatment sample".
  [[nodiscard]] bool is_before_treatment() const {
    const auto* last = before();
    return last != nullptr && is_one_of(last->small, {"pre", "before", "prior", "vor", "avant",
                                                      "antes", "prima", "ahead", "any", "de"});
  }

  std::string text_;
  const AskedOf& asked_;
  std::vector<Token> tokens_;
  std::vector<std::string> words_;
  std::size_t at_ = 0;
  bool point_ = false;
  bool names_alone_ = false;     ///< of genes, without another word
  bool denying_ = false;         ///< what follows is denied
  bool consumed_ = false;        ///< and something was
  bool denied_once_ = false;     ///< something, anywhere before
  std::size_t free_ = 0;         ///< so many words behind a denial may be anything
  bool denied_outside_ = false;  ///< of the bracket that is read
  bool was_name_ = false;
  bool contrary_ = false;
  bool initials_ = false;  ///< a word is taken for those of a laboratory or a person
  std::size_t verb_ = 0;   ///< what was denied last
  const Token* waiting_ = nullptr;
};

}  // namespace

std::optional<Unread> not_read_as_denial(std::string_view source, const AskedOf& asked) {
  auto text = without_line_breaks(ascii_signs(source));
  if (asked.item == "bcr_abl1") text = with_transcripts_spelt(text);
  return Reader(std::move(text), asked).first_unread();
}

}  // namespace cytocape::criteria
