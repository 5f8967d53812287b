#include "tests/io/example_assessment.hpp"

#include <string>

namespace cytocape::testing {
namespace {

using namespace criteria;

/// As pipeline/wording sets it behind a number.
const Phrase kPerVolume{" x 10^9/L", "\u00a0\u00d7\u00a010\u2079/L"};

constexpr const char* kMonocytesFrom = "3 of 5 cells of blood slide PB_17";
constexpr const char* kBloodFrom = "1 of 5 cells of blood slide PB_17";

Reading counted_monocytes() {
  Reading reading;
  reading.input = "monocytes";
  reading.basis = Basis::counted;
  reading.value = 60;
  reading.interval = Interval{23.07, 88.24};
  reading.source = kMonocytesFrom;
  reading.from.what =
      SlidesCount{.count = 3, .total = 5, .specimen = Specimen::blood, .slides = {"PB_17"}};
  reading.count = 3;
  reading.total = 5;
  reading.scale = 100;
  reading.classes = {{"monocyte", "monocyte", 3}};
  return reading;
}

Readings example_readings() {
  Readings readings;
  readings["monocytes"] = counted_monocytes();
  auto amc = counted_monocytes();
  amc.input = "amc";
  amc.value = 1.5;
  amc.interval = Interval{0.57675, 2.206};
  amc.scale = 2.5;
  amc.source = "WBC 2.5" + kPerVolume + " (analyser 1, 2026-01-02) " + Phrase("x", "\u00d7") +
               " 60 % (" + amc.source + ")";
  amc.remarks = {"the laboratory's 0.4" + kPerVolume + " contradicts the slide's 1.5"};
  readings["amc"] = amc;
  Reading wbc;
  wbc.input = "wbc";
  wbc.basis = Basis::exact;
  wbc.value = 2.5;
  wbc.source = "analyser 1, 2026-01-02";
  readings["wbc"] = wbc;
  Reading blood;
  blood.input = "pb_blasts";
  blood.basis = Basis::lower_bound;
  blood.value = 20;
  blood.interval = Interval{3.62, 100};
  blood.source = kBloodFrom;
  blood.gap = "the model does not know promonocytes";
  blood.count = 1;
  blood.total = 5;
  blood.scale = 100;
  blood.classes = {{"blast", "blast", 1}};
  readings["pb_blasts"] = blood;
  Reading marrow;
  marrow.input = "bm_blasts";
  marrow.gap = "no marrow slide";
  readings["bm_blasts"] = marrow;
  Reading fusion;
  fusion.input = "bcr_abl1";
  fusion.basis = Basis::exact;
  fusion.answer = Choice::no;
  fusion.source = "FISH, 2026-01-03";
  readings["bcr_abl1"] = fusion;
  Reading persistence;
  persistence.input = "persistence";
  persistence.gap = "not given";
  readings["persistence"] = persistence;
  return readings;
}

/// A row of a criterion made of others.
CriterionResult gate(const char* id, const Phrase& title, int level, State state) {
  CriterionResult row;
  row.id = id;
  row.title = title;
  row.level = level;
  row.state = state;
  row.text = "What the edition asks for.";
  row.cite = "table 6";
  return row;
}

/// A row that asks about a quantity of the readings.
CriterionResult leaf(CriterionResult row, const Reading& reading, double threshold, Unit unit) {
  row.input = reading.input;
  row.value = reading.value;
  row.interval = reading.interval;
  row.threshold = threshold;
  row.unit = unit;
  row.source = reading.source;
  row.remarks = reading.remarks;
  return row;
}

std::vector<CriterionResult> who_rows(const Readings& readings) {
  auto monocytosis = gate("monocytosis", "Persistent monocytosis, absolute and relative", 0,
                          State::not_assessable);
  monocytosis.members = {"amc_half", "monocytes_tenth", "persistence"};
  monocytosis.sentence = "All are required. Not assessable: Monocytosis persists.";
  auto amc =
      leaf(gate("amc_half", "Absolute monocyte count of at least 0.5" + kPerVolume, 1, State::met),
           readings.at("amc"), 0.5, Unit::cells_per_volume);
  amc.asked = "at least 0.5" + kPerVolume;
  amc.sentence = "Absolute monocyte count (AMC): 1.5" + kPerVolume +
                 ", 95 % interval 0.577 to 2.21" + kPerVolume + "; required: at least 0.5" +
                 kPerVolume + ": the whole interval meets it.";
  auto tenth = leaf(gate("monocytes_tenth", "Monocytes at least 10 % of leukocytes", 1, State::met),
                    readings.at("monocytes"), 10, Unit::percent);
  tenth.asked = "at least 10 %";
  tenth.sentence = "Monocytes: 60 %, 95 % interval 23.1 to 88.2 %; required: at least 10 %.";
  auto persistence = gate("persistence", "Monocytosis persists", 1, State::not_assessable);
  persistence.input = "persistence";
  persistence.asked = "yes";
  persistence.sentence = "Persistence of the monocytosis: not known, not given; required: yes.";
  auto blasts =
      leaf(gate("pb_blasts_below_20", "Blasts below 20 % in blood", 0, State::indeterminate),
           readings.at("pb_blasts"), 20, Unit::percent);
  blasts.asked = "below 20 %";
  blasts.sentence =
      "Blasts in blood: 20 % counted, at least 3.62 % (95 %), because the model does not know "
      "promonocytes; required: below 20 %: the known part alone does not decide.";
  auto fusion = gate("no_bcr_abl1", "No BCR::ABL1", 0, State::met);
  fusion.input = "bcr_abl1";
  fusion.condition.choices = {Choice::no};
  fusion.asked = "no";
  fusion.answer = Choice::no;
  fusion.source = "FISH, 2026-01-03";
  fusion.sentence = "BCR::ABL1: no (FISH, 2026-01-03); required: no.";
  auto mp = leaf(gate("mp", "Leukocytes at least 13" + kPerVolume, 0, State::not_met),
                 readings.at("wbc"), 13, Unit::cells_per_volume);
  mp.asked = "at least 13" + kPerVolume;
  mp.sentence =
      "Leukocytes (WBC): 2.5" + kPerVolume + "; required: at least 13" + kPerVolume + ": not met.";
  return {monocytosis, amc, tenth, persistence, blasts, fusion, mp};
}

Asked answered(Choice choice) {
  Asked asked;
  asked.choices = {choice};
  return asked;
}

Asked in_percent(Comparison comparison, double threshold) {
  Asked asked;
  asked.ranges = {{{comparison, threshold}}};
  asked.unit = Unit::percent;
  return asked;
}

struct Answered {
  Asked condition;
  const char* answer;
};
const Answered kYes{answered(Choice::yes), "yes"};

Need need(const char* input, const char* label, const Answered& asked, const char* why) {
  Need result;
  result.input = input;
  result.label = label;
  result.condition = asked.condition;
  result.answer = asked.answer;
  result.why = why;
  return result;
}

void fill_outlook(EditionResult& edition) {
  const auto persistence = need("persistence", "persistence of the monocytosis", kYes, "not given");
  auto blood = need("pb_blasts", "blasts in blood",
                    {in_percent(Comparison::below, 20), "below 20 %"}, "now 20 %");
  blood.cells = 1800;
  Decision decision;
  decision.class_id = "cmml";
  decision.title = "CMML";
  decision.confirm = {persistence, blood};
  decision.one_of = {{{need("dysplasia_erythroid", "erythroid dysplasia", kYes, "not given")},
                      {need("cytogenetics", "clonal cytogenetic abnormality", kYes, "not given"),
                       need("mutation", "mutation of a myeloid gene",
                            {in_percent(Comparison::above, 0), "above 0 %"}, "not given")}}};
  decision.exclude = {need("persistence", "persistence of the monocytosis",
                           {answered(Choice::no), "no"}, "not given")};
  edition.decisions = {decision};
  Change known;
  known.if_known = need("bcr_abl1", "BCR::ABL1", kYes, "now no, FISH, 2026-01-03");
  known.known = true;
  known.code = "none";
  known.becomes = "criteria of CMML not met";
  Change open;
  open.if_known = persistence;
  open.code = "cmml/md/open";
  open.becomes = "CMML, subtype MD-CMML, grade open (CMML-1 or CMML-2 possible)";
  edition.changes = {open, known};
}

EditionResult who(const Readings& readings) {
  EditionResult edition;
  edition.edition = "WHO 2022";
  edition.title = "WHO classification, 5th edition (2022)";
  edition.source = "Khoury et al., Leukemia 2022, table 6";
  edition.rules_sha256 = std::string(64, 'd');
  edition.grade_rule = "Where blood and marrow disagree, the higher grade is taken.";
  edition.criteria = who_rows(readings);
  edition.classes = {
      {"cmml", "CMML", "chronic myelomonocytic leukaemia", Axis::disease, State::not_assessable},
      {"md", "MD-CMML", "myelodysplastic CMML", Axis::subtype, State::met},
      {"cmml_1", "CMML-1", "CMML with fewer blasts", Axis::grade, State::indeterminate}};
  edition.code = "open/md/open";
  edition.state = State::not_assessable;
  edition.sentence =
      "By WHO 2022 undecided: CMML possible, not confirmed; if CMML, subtype MD-CMML, grade open "
      "(CMML-1 or "
      "CMML-2 possible).";
  edition.shortest = {
      "The shortest way to confirm CMML: persistence of the monocytosis: yes (not given).",
      "To decide the grade: blasts in blood (the model does not know promonocytes)."};
  fill_outlook(edition);
  edition.hints = {"Blasts lie above the range of CMML-1 in at least one specimen."};
  return edition;
}

EditionResult icc(const Readings& readings) {
  EditionResult edition;
  edition.edition = "ICC 2022";
  edition.title = "International Consensus Classification (2022)";
  edition.source = "Arber et al., Blood 2022";
  edition.rules_sha256 = std::string(64, 'e');
  edition.grade_rule = "Where blood and marrow disagree, the higher grade is taken.";
  auto high = leaf(gate("amc_one", "Absolute monocyte count of at least 1.0" + kPerVolume, 0,
                        State::indeterminate),
                   readings.at("amc"), 1, Unit::cells_per_volume);
  high.asked = "at least 1" + kPerVolume;
  high.sentence = "Absolute monocyte count (AMC): the interval crosses the threshold.";
  auto increased =
      leaf(gate("bm_blasts_increased", "Blasts at least 5 % in marrow", 0, State::not_assessable),
           readings.at("bm_blasts"), 5, Unit::percent);
  increased.asked = "at least 5 %";
  increased.sentence = "Blasts in marrow: not known, no marrow slide; required: at least 5 %.";
  edition.criteria = {high, increased};
  edition.classes = {
      {"cmml", "CMML", "chronic myelomonocytic leukaemia", Axis::disease, State::not_met}};
  edition.code = "none";
  edition.state = State::not_met;
  edition.sentence = "By ICC 2022 no class follows from these findings: criteria of CMML not met.";
  return edition;
}

}  // namespace

CaseResult example_assessment() {
  CaseResult result;
  result.id = "case 17";
  result.labs = {"labs/labs.csv", std::string(64, 'f')};
  result.given = {{"wbc", "2.5", "10*9/L", "", "2026-01-02", "analyser 1", "labs.csv", 2},
                  {"mutation", "38", "%", "TET2", "", "", "labs.csv", 3}};
  result.readings = example_readings();
  result.editions = {who(result.readings), icc(result.readings)};
  result.agreement = "Whether WHO 2022 and ICC 2022 agree is open: WHO 2022 cannot be decided yet.";
  return result;
}

}  // namespace cytocape::testing
