#include "pipeline/criteria/untested.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "io/text.hpp"
#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/listed_tests.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/verdict_words.hpp"
#include "pipeline/criteria/words.hpp"

namespace cytocape::criteria {

bool is_of_testing(const std::string& word) {
  return is_one_of(word, {"tested",        "done",         "performed",      "available",
                          "assessed",      "assessable",   "examined",       "evaluable",
                          "evaluated",     "investigated", "requested",      "sent",
                          "checked",       "analysed",     "analyzed",       "informative",
                          "interpretable", "reported",     "interpretabile", "interpretierbar",
                          "moglich",       "possible",     "conclusif",      "conclusivo",
                          "known",         "indicated",    "necessary",      "required",
                          "sufficient",    "processed",    "received",       "ordered",
                          "determined",    "yet",          "getestet",       "untersucht",
                          "durchgefuhrt",  "bestimmt",     "gemacht",        "auswertbar",
                          "beurteilbar",   "verfugbar",    "realizado",      "realizada",
                          "disponible",    "testado",      "testato",        "eseguito",
                          "effettuato",    "disponibile",  "fait",           "realise",
                          "teste",         "getest",       "bepaald",        "verricht",
                          "uitgevoerd",    "feito",        "testada",        "valutabile",
                          "covered",       "included",     "contained",      "enthalten",
                          "erfasst",       "gesucht",      "realizo",        "hizo",
                          "recherche",     "recherchee",   "recherches",     "cherche",
                          "realisee",      "faite",        "effectue",       "effectuee",
                          "testee",        "buscado",      "buscada",        "ricercato",
                          "ricercata",     "ricercati",    "cercato",        "analizado",
                          "analizada",     "analizzato",   "analysiert",     "determinado",
                          "determinada",   "determinato",  "determine",      "estudiado",
                          "estudiada",     "eseguita",     "effettuata",     "testata",
                          "onderzocht",    "testes",       "testees",        "recherchees",
                          "realises",      "realisees",    "effectues",      "effectuees",
                          "faits",         "faites",       "testados",       "testadas",
                          "realizados",    "realizadas",   "determinados",   "determinadas",
                          "estudiados",    "estudiadas",   "analizados",     "analizadas",
                          "disponibles",   "disponibili",  "testati",        "testate",
                          "eseguiti",      "eseguite",     "effettuati",     "effettuate",
                          "analizzati",    "feitos",       "feitas",         "erfolgt"});
}

namespace {

/// That there is no result, by themselves.
bool tells_of_no_result(const std::string& word) {
  for (const auto* begin : {"insuffi", "insufi", "inadequa", "fail", "ininterp", "inconclu",
                            "echou", "fehlgeschl", "unvollst", "incomplet"})
    if (word.starts_with(begin)) return true;
  return is_one_of(
      word, {"echec",         "aguarda",       "folgt",           "volgt",        "pending",
             "awaited",       "awaiting",      "outstanding",     "untested",     "tbd",
             "ausstehend",    "pendiente",     "pendente",        "fallido",      "fallito",
             "fallita",       "haemolysed",    "hemolysed",       "hemolyzed",    "clotted",
             "inconclusive",  "uninformative", "ungenugend",      "unzureichend", "onvoldoende",
             "degraded",      "qns",           "rejected",        "error",        "repeated",
             "lost",          "expired",       "unsuccessful",    "cancelled",    "canceled",
             "postponed",     "planned",       "uninterpretable", "unevaluable",  "misslungen",
             "fehlgeschlagen"});
}

/// Of what a "no" tells that nothing was tested: "no material".
bool is_material(const std::string& word) {
  return is_one_of(
      word,
      {"material",  "result",    "results",  "rna",         "dna",        "sample",   "cells",
       "growth",    "test",      "tests",    "fish",        "pcr",        "data",     "answer",
       "report",    "marrow",    "aspirate", "biopsy",      "metaphases", "ergebnis", "befund",
       "resultado", "risultato", "resultat", "information", "record"});
}

/// Words between "not" and "tested": "not yet tested", "not been done".
bool is_not_tested(const std::vector<std::string>& words, std::size_t i) {
  constexpr std::size_t kNear = 3;
  if (!is_not(words[i]) && !is_no(words[i])) return false;
  for (auto j = i + 1; j < words.size() && j <= i + kNear; ++j)
    // "no MPN known"
    if (is_of_testing(words[j]) && (words[j] != "known" || is_not(words[i]))) return true;
  return is_no(words[i]) && i + 1 < words.size() && is_material(words[i + 1]);
}

/// Whether something was found, or was looked for and was not.
bool is_result(const std::vector<std::string>& words, std::size_t i) {
  const auto& word = words[i];
  const auto* next = i + 1 < words.size() ? &words[i + 1] : nullptr;
  // "no se ha realizado"
  const bool of_verb = next != nullptr && is_one_of(*next, {"se", "ha", "han", "fue"});
  if (is_no(word))
    return next != nullptr && !is_material(*next) && !is_of_testing(*next) &&
           !(of_verb && is_not_tested(words, i));
  if (is_not(word)) return next != nullptr && tells_of_finding(*next);
  const bool after_not = i > 0 && (is_not(words[i - 1]) || is_no(words[i - 1]));
  return !after_not && (denies_behind(word) || word == "normal");
}

}  // namespace

bool has_no_result_at(const std::vector<std::string>& words, std::size_t i) {
  const auto& word = words[i];
  const auto before = i > 0 ? words[i - 1] : std::string();
  const bool under_way =
      (before == "in" &&
       is_one_of(word, {"corso", "arbeit", "bearbeitung", "progress", "process"})) ||
      (is_one_of(before, {"en", "em"}) &&
       is_one_of(word, {"cours", "curso", "proceso", "espera", "processo", "estudio", "estudo"})) ||
      (is_one_of(before, {"da", "a", "zu", "te"}) &&
       is_one_of(word, {"eseguire", "realizar", "faire", "realiser", "bepalen"})) ||
      (before == "under" && is_one_of(word, {"investigation", "evaluation", "review", "study"})) ||
      (before == "to" && word == "follow") || (before == "dry" && word == "tap") ||
      (is_one_of(before, {"steht", "stehen"}) && word == "aus");
  return under_way || is_one_of(word, {"attente", "attesa", "sicca"}) || tells_of_no_result(word) ||
         is_not_tested(words, i);
}

bool says_untested(std::string_view source) {
  const auto words = plain_words(ascii_signs(source));
  if (words.empty()) return false;
  // "n.d." may be "not done" or "not detected".
  const bool ambiguous = std::all_of(words.begin(), words.end(), [](const std::string& word) {
    return is_one_of(word, {"nd", "n", "d"});
  });
  if (ambiguous) return true;
  bool untested = is_one_of(words.front(), {"unknown", "unbekannt", "onbekend"}) ||
                  (words.size() == 2 && words[0] == "n" && words[1] == "a") ||
                  in_small_letters(source) == "status unknown";
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (is_result(words, i)) return false;
    untested = untested || has_no_result_at(words, i);
  }
  return untested;
}

namespace {

/// "other fusions", "the rest": but no "other tests".
bool are_others(const std::vector<std::string>& words, std::size_t i) {
  if (!is_one_of(words[i], {"other", "others", "rest", "remaining", "andere", "anderen", "ubrige",
                            "ubrigen", "weitere", "autres", "otros", "otras", "resto", "altri",
                            "altre", "overige", "outros", "outras", "restliche"}))
    return false;
  return i + 1 == words.size() ||
         !is_one_of(words[i + 1], {"tests", "test", "studies", "results", "markers", "labs",
                                   "methods", "samples", "investigations"});
}

/// A part of what is asked about.
class AskedParts {
 public:
  AskedParts(std::string_view item, const std::string& gene)
      : bcr_abl1_(item == "bcr_abl1"), kinases_(item == "tk_fusion") {
    if (!gene.empty()) genes_ = fused_genes(gene);
    if (!gene.empty() && genes_.empty()) genes_ = {read_gene(gene).gene};
  }

  [[nodiscard]] bool is_part(const std::string& small, std::string_view written) const {
    if (bcr_abl1_) return !transcript_of(small).empty();
    const auto genes =
        is_symbol(written) ? fused_genes(std::string(written) + "-r") : std::vector<std::string>();
    if (genes.size() != 1) return false;
    if (kinases_) return genes.front() != "ABL1" && genes.front() != "BCR";
    return std::find(genes_.begin(), genes_.end(), genes.front()) != genes_.end();
  }

  [[nodiscard]] bool has_parts() const { return bcr_abl1_ || kinases_ || !genes_.empty(); }

 private:
  static bool is_symbol(std::string_view written) {
    return written.size() > 2 && std::none_of(written.begin(), written.end(), is_small);
  }

  bool bcr_abl1_ = false;
  bool kinases_ = false;
  std::vector<std::string> genes_;
};

/// With the transcripts as proteins where they are asked about: "m-bcr" is no "M-bcr".
std::string asked_text(std::string_view source, std::string_view item) {
  auto text = ascii_signs(source);
  return item == "bcr_abl1" ? with_transcripts_spelt(text) : text;
}

bool parts_clauses(std::string_view gap) {
  return gap.find_first_of(";,()\n") != std::string_view::npos ||
         gap.find(". ") != std::string_view::npos;
}

}  // namespace

bool says_part_untested(std::string_view source, std::string_view item, const std::string& gene) {
  const AskedParts asked(item, gene);
  if (!asked.has_parts()) return false;
  const auto text = asked_text(source, item);
  const auto places = words_of_text(text);
  const auto words = plain_words(text);
  bool named = false;     // a part of which nothing is told yet
  bool untested = false;  // and what is named behind is what was not tested
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto gap_begin = i == 0 ? 0 : places[i - 1].end;
    const bool apart =
        parts_clauses(std::string_view(text).substr(gap_begin, places[i].begin - gap_begin));
    const bool no_result = has_no_result_at(words, i);
    if (apart) untested = false;
    // "p190, not tested"
    if (apart && !no_result) named = false;
    if (is_result(words, i)) {
      named = false;
      untested = false;
      continue;
    }
    const auto written = std::string_view(text).substr(places[i].begin, words[i].size());
    const bool part = asked.is_part(words[i], written) || are_others(words, i);
    if ((part && untested) || (no_result && named)) return true;
    named = named || part;
    untested = untested || no_result;
  }
  return false;
}

LeftUntold left_untold(std::string_view source, std::string_view item) {
  if (item != "bcr_abl1" && item != "tk_fusion") return LeftUntold::nothing;
  std::set<std::string> proteins;
  bool karyotype = false;
  bool other_test = false;
  for (const auto& word : plain_words(asked_text(source, item))) {
    if (const auto protein = transcript_of(word); !protein.empty()) proteins.insert(protein);
    for (const auto* begin : {"karyot", "caryot", "cariot", "cytogen", "zytogen", "citogen"})
      karyotype = karyotype || word.starts_with(begin);
    other_test = other_test || is_of_a_test(word) || word.starts_with("mole");
    if (word == "fish") return LeftUntold::nothing;
  }
  if (karyotype && !other_test && proteins.empty()) return LeftUntold::cryptic_fusions;
  const bool some = item == "bcr_abl1" && !proteins.empty() &&
                    !(proteins.contains("p210") && proteins.contains("p190"));
  return some ? LeftUntold::other_transcripts : LeftUntold::nothing;
}

bool says_left_possible(std::string_view source) {
  const auto words = plain_words(ascii_signs(source));
  for (std::size_t i = 0; i < words.size(); ++i)
    if (is_left_possible(words, i)) return true;
  return false;
}

namespace {

/// What stands beside a verdict and says nothing: "PCR", "in 80 % of cells".
bool stands_aside(const std::string& word) {
  return is_of_a_test(word) || is_digit(word.front()) ||
         is_one_of(word, {"in",
                          "of",
                          "cells",
                          "nuclei",
                          "by",
                          "the",
                          "result",
                          "%",
                          "is",
                          "was",
                          "signal",
                          "signals",
                          "fusion",
                          "strongly",
                          "weakly",
                          "clearly",
                          "du",
                          "de",
                          "des",
                          "del",
                          "della",
                          "di",
                          "do",
                          "la",
                          "le",
                          "il",
                          "el",
                          "un",
                          "une",
                          "una",
                          "a",
                          "van",
                          "het",
                          "transcrit",
                          "transcrits",
                          "transcript",
                          "transcripts",
                          "trascritto",
                          "transcrito",
                          "transkript",
                          "gen",
                          "gene",
                          "fusione",
                          "fusie",
                          "rearrangement",
                          "rearrangements"});
}

}  // namespace

bool says_found(std::string_view source) {
  bool found = false;
  for (const auto& word : plain_words(ascii_signs(source))) {
    const bool says = affirms(word) || tells_of_finding(word) ||
                      is_one_of(word, {"presence", "presencia", "presenza", "presenca",
                                       "aanwezigheid", "vorliegen"});
    if (!stands_aside(word) && !says) return false;
    found = found || says;
  }
  return found;
}

bool says_absent(std::string_view source) {
  const auto words = plain_words(ascii_signs(source));
  bool absent = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    const bool verb =
        i > 0 && (affirms(word) || tells_of_finding(word)) && has_denial_before(words, i);
    const bool denies = verb || (denies_behind(word) && word != "germline");
    const bool named = is_digit(word.front()) && !parse_number(word);  // "5q"
    const bool beside =
        (stands_aside(word) && !named) || is_not(word) || is_no(word) || word == "type";
    if (!denies && !beside) return false;
    absent = absent || denies;
  }
  return absent;
}

namespace {

/// "one", "une", "zwei", and what is no number but few: "some weeks".
std::optional<double> number_of(const std::string& word) {
  if (const auto number = parse_number(word)) return number;
  if (is_one_of(word, {"a", "an", "one", "un", "une", "una", "uno", "ein", "eine", "einem", "einer",
                       "eines", "einen", "een", "um", "uma"}))
    return 1;
  if (is_one_of(word, {"two",      "deux",   "dos",     "due",    "zwei",    "twee",
                       "dois",     "duas",   "few",     "couple", "some",    "several",
                       "quelques", "einige", "einigen", "wenige", "wenigen", "algunas",
                       "algunos",  "pocas",  "poche",   "pochi",  "qualche", "enkele"}))
    return 2;
  if (is_one_of(word, {"three", "trois", "tres", "tre", "drei", "drie"})) return 3;
  return std::nullopt;
}

/// How many months a word of time stands for; none of another word.
std::optional<double> months_of(const std::string& word) {
  constexpr double kWeek = 0.25;  // 12 weeks are three months
  constexpr double kDay = 1.0 / 30;
  if (begins_as(word, {"month", "monat", "maand"}) ||
      is_one_of(word, {"mois", "mes", "meses", "mese", "mesi"}))
    return 1;
  if (begins_as(word, {"week", "weken", "woche", "semaine", "seman", "settiman"})) return kWeek;
  if (begins_as(word, {"giorn", "hour", "stunde", "heure"}) ||
      is_one_of(word, {"day", "days", "tag", "tage", "tagen", "jour", "jours", "dia", "dias", "dag",
                       "dagen"}))
    return kDay;
  return std::nullopt;
}

}  // namespace

bool says_brief(std::string_view source) {
  constexpr double kLeastMonths = 3;
  const auto words = plain_words(ascii_signs(source));
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    if (is_one_of(word, {"once", "single", "einmal", "einmalig", "first", "transient", "transitory",
                         "new", "transitoire", "transitoria", "transitorio", "passager", "unique",
                         "erstmals", "neu", "nouveau", "nueva", "nuovo", "eenmalig"}))
      return true;
    const bool one = i > 0 && is_one_of(words[i - 1], {"1", "one"});
    if (one && is_one_of(word, {"count", "cbc", "value", "sample", "measurement", "time"}))
      return true;
    const auto number = i > 0 ? number_of(words[i - 1]) : std::nullopt;
    const auto months = months_of(word);
    if (number && months && *number * *months < kLeastMonths - 1e-9) return true;
  }
  return false;
}

}  // namespace cytocape::criteria
