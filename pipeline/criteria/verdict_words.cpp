#include "pipeline/criteria/verdict_words.hpp"

#include <algorithm>

#include "pipeline/criteria/signs.hpp"

namespace cytocape::criteria {

bool affirms(const std::string& word) {
  return is_one_of(
      word, {"pos",        "positive",  "positivity", "confirmed",  "proven",     "rearranged",
             "+",          "fused",     "mutated",    "mutiert",    "positiv",    "positivo",
             "positiva",   "positif",   "positief",   "confirmado", "confirmada", "confermato",
             "confermata", "confirmee", "confirme",   "bestaetigt", "bestatigt",  "bevestigd"});
}

bool tells_of_finding(const std::string& word) {
  return is_one_of(word,
                   {"found",         "detected",     "present",      "seen",         "identified",
                    "observed",      "detectable",   "detektiert",   "detektierbar", "shown",
                    "evident",       "demonstrated", "yes",          "nachweisbar",  "nachgewiesen",
                    "gefunden",      "vorhanden",    "vorliegend",   "gesehen",      "gevonden",
                    "aangetoond",    "aanwezig",     "gezien",       "detecte",      "detectee",
                    "retrouve",      "retrouvee",    "presente",     "observe",      "evidence",
                    "detectado",     "detectada",    "detecta",      "encontrado",   "encontrada",
                    "observado",     "observada",    "identificado", "rilevato",     "rilevata",
                    "riscontrato",   "riscontrata",  "evidenziato",  "trovato",      "presenti",
                    "erkennbar",     "detectes",     "detectees",    "retrouves",    "retrouvees",
                    "identifies",    "observes",     "presents",     "presentes",    "detectados",
                    "detectadas",    "encontrados",  "encontradas",  "observados",   "observadas",
                    "identificados", "rilevati",     "rilevate",     "rilevabile",   "rilevabili",
                    "riscontrati",   "riscontrate",  "evidenziati",  "evidenziate",  "trovati",
                    "trovate",       "identificati", "observa",      "observan",     "identifica",
                    "encuentra",     "encuentran",   "detectan",     "rileva",       "rilevano",
                    "osserva",       "riscontra",    "detectables",  "detectavel",   "detectaveis",
                    "aantoonbaar"});
}

bool tells_of_being_met(const std::string& word) {
  return is_one_of(
      word, {"met",        "fulfilled",   "satisfied",   "erfullt",     "rempli",     "remplis",
             "remplies",   "reunis",      "soddisfatti", "soddisfatto", "cumplidos",  "cumplen",
             "cumple",     "preenchidos", "vervuld",     "atendidos",   "rispettati", "soddisfa",
             "soddisfano", "erfullen",    "remplit",     "remplissent"});
}

bool denies_behind(const std::string& word) {
  return is_one_of(word, {"negative",   "neg",          "negativ",       "absent",
                          "none",       "undetected",   "undetectable",  "negativer",
                          "negativen",  "indetectable", "indetectables", "unremarkable",
                          "excluded",   "nd",           "nil",           "ausgeschlossen",
                          "negativo",   "negativa",     "negativi",      "negatif",
                          "negatief",   "negatieve",    "negativos",     "absente",
                          "absence",    "ausente",      "assente",       "afwezig",
                          "escluso",    "esclusa",      "excluido",      "excluida",
                          "exclu",      "exclue",       "uitgesloten",   "descartado",
                          "descartada", "abwesend",     "wild",          "wildtype",
                          "wildtyp",    "unmutiert",    "unmutierte",    "unmutata",
                          "unmutado",   "wt",           "unmutated",     "germline",
                          "negatifs",   "negatives",    "negativas",     "absents",
                          "absentes",   "assenti",      "ausentes",      "exclus",
                          "exclues",    "esclusi",      "escluse",       "excluidos",
                          "excluidas",  "descartados",  "descartadas"});
}

bool is_no(const std::string& word) {
  return is_one_of(word,
                   {"no",     "kein",    "keine",  "keinen",  "keiner", "keinerlei", "without",
                    "ohne",   "sin",     "sans",   "senza",   "sem",    "zonder",    "geen",
                    "nessun", "nessuna", "ningun", "ninguna", "nenhum", "nenhuma",   "aucun",
                    "aucune", "neither", "never",  "weder"});
}

bool is_not(const std::string& word) {
  return is_one_of(word, {"not", "nicht", "niet", "wasn", "isn", "non", "nao", "pas", "ne"});
}

bool has_denial_before(const std::vector<std::string>& words, std::size_t i,
                       std::initializer_list<std::string_view> also) {
  constexpr std::size_t kNear = 3;
  for (auto j = i > kNear ? i - kNear : 0; j < i; ++j)
    if (is_no(words[j]) || is_not(words[j]) ||
        std::find(also.begin(), also.end(), words[j]) != also.end())
      return true;
  return false;
}

bool tells_of_excluding(const std::string& word) {
  return is_one_of(word, {"exclude",       "excluded",        "excluding",      "rule",
                          "ruled",         "descartar",       "descarta",       "excluir",
                          "exclure",       "escludere",       "esclude",        "exclui",
                          "ausschliessen", "auszuschliessen", "ausgeschlossen", "uitsluiten",
                          "uitgesloten",   "descartado",      "descartada",     "excluida",
                          "exclue",        "exclus",          "exclues",        "escluso",
                          "esclusa",       "esclusi",         "escluse",        "escludono",
                          "excluido",      "excluidos",       "excluidas",      "excluyen",
                          "descartados",   "descartadas",     "descartan"});
}

bool is_left_possible(const std::vector<std::string>& words, std::size_t i) {
  return tells_of_excluding(words[i]) &&
         has_denial_before(words, i, {"cannot", "be", "sein", "etre", "ser", "essere"});
}

bool is_of_a_join(const std::string& word) {
  for (const auto* begin : {"split", "rearr", "riarr", "reord", "fusion", "break", "transloc"})
    if (word.starts_with(begin)) return true;
  return word == "evidence" || word == "nachweis";
}

bool is_of_a_test(const std::string& word) {
  return is_one_of(
      word, {"pcr",        "rtpcr", "qpcr",   "rt",        "rq",    "fish",  "panel",  "ngs",
             "rna",        "dna",   "screen", "screening", "assay", "test",  "tested", "testing",
             "sequencing", "probe", "probes", "southern",  "mlpa",  "array", "kit",    "sanger"});
}

}  // namespace cytocape::criteria
