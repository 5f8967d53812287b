#include "pipeline/criteria/untested.hpp"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <string>
#include <vector>

#include "io/text.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/criteria/verdict_words.hpp"
#include "pipeline/criteria/words.hpp"

namespace cytocape::criteria {
namespace {

/// What was to be done: behind "not" it was not.
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
                          "uitgevoerd",    "feito",        "testada",        "valutabile"});
}

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

/// Whether something was found, or was looked for and was not.
bool is_result(const std::vector<std::string>& words, std::size_t i) {
  const auto& word = words[i];
  const auto* next = i + 1 < words.size() ? &words[i + 1] : nullptr;
  if (is_no(word)) return next != nullptr && !is_material(*next) && !is_of_testing(*next);
  if (is_not(word)) return next != nullptr && tells_of_finding(*next);
  const bool after_not = i > 0 && (is_not(words[i - 1]) || is_no(words[i - 1]));
  return !after_not && (denies_behind(word) || word == "normal");
}

/// Words between "not" and "tested": "not yet tested", "not been done".
bool is_not_tested(const std::vector<std::string>& words, std::size_t i) {
  constexpr std::size_t kNear = 3;
  if (!is_not(words[i]) && !is_no(words[i])) return false;
  for (auto j = i + 1; j < words.size() && j <= i + kNear; ++j)
    if (is_of_testing(words[j])) return true;
  return is_no(words[i]) && i + 1 < words.size() && is_material(words[i + 1]);
}

}  // namespace

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
    const bool to_follow = words[i] == "follow" && i > 0 && words[i - 1] == "to";
    const bool en_attente = words[i] == "attente" || words[i] == "attesa";
    const bool under_way =
        i > 0 && ((words[i - 1] == "in" && is_one_of(words[i], {"corso", "arbeit", "bearbeitung",
                                                                "progress", "process"})) ||
                  (is_one_of(words[i - 1], {"en", "em"}) &&
                   is_one_of(words[i], {"cours", "curso", "proceso", "espera", "processo"})) ||
                  (is_one_of(words[i - 1], {"da", "a", "zu", "te"}) &&
                   is_one_of(words[i], {"eseguire", "realizar", "faire", "realiser", "bepalen"})));
    const bool dry_tap = words[i] == "tap" && i > 0 && words[i - 1] == "dry";
    untested = untested || under_way || dry_tap || words[i] == "sicca" || to_follow || en_attente ||
               tells_of_no_result(words[i]) || is_not_tested(words, i);
  }
  return untested;
}

bool says_found(std::string_view source) {
  const auto words = plain_words(ascii_signs(source));
  bool found = false;
  for (const auto& word : words) {
    const bool aside = is_of_a_test(word) || is_digit(word.front()) ||
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
    const bool says = affirms(word) || tells_of_finding(word) ||
                      is_one_of(word, {"presence", "presencia", "presenza", "presenca",
                                       "aanwezigheid", "vorliegen"});
    if (!aside && !says) return false;
    found = found || says;
  }
  return found;
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

bool begins_as(const std::string& word, std::initializer_list<std::string_view> beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string_view one) { return word.starts_with(one); });
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
