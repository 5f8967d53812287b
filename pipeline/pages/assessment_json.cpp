#include "pipeline/pages/assessment_json.hpp"

#include "pipeline/wording/missing.hpp"
#include "pipeline/wording/rests_on.hpp"

namespace cytocape::json {
namespace {

using namespace criteria;

template <class Values, class ToJson>
Json list(const Values& values, const ToJson& to_json) {
  auto array = Json::array();
  for (const auto& value : values) array.push_back(to_json(value));
  return array;
}

Json answer_json(const std::optional<Choice>& answer) {
  return answer ? to_string(*answer) : "";
}

Json criterion_json(const CriterionResult& row) {
  return {{"id", text(row.id)},
          {"title", text(row.title)},
          {"level", row.level},
          {"state", to_string(row.state)},
          {"input", text(row.input)},
          {"asked", text(row.asked)},
          {"value", number(row.value)},
          {"interval95", interval(row.interval)},
          {"threshold", number(row.threshold)},
          {"unit", plain(row.unit)},
          {"answer", answer_json(row.answer)},
          {"source", text(row.source)},
          {"sentence", text(row.sentence)},
          {"members", texts(row.members)},
          {"remarks", texts(row.remarks)},
          {"text", text(row.text)},
          {"cite", text(row.cite)}};
}

Json need_json(const Need& need) {
  return {{"input", text(need.input)},
          {"label", text(need.label)},
          {"answer", text(need.answer)},
          {"why", text(need.why)},
          {"cells", need.cells ? Json(*need.cells) : Json(nullptr)}};
}

Json needs_json(const std::vector<Need>& needs) {
  return list(needs, need_json);
}

Json decision_json(const Decision& decision) {
  return {{"class", text(decision.class_id)},
          {"title", text(decision.title)},
          {"confirm", needs_json(decision.confirm)},
          {"one_of",
           list(decision.one_of, [](const Alternatives& each) { return list(each, needs_json); })},
          {"exclude", needs_json(decision.exclude)}};
}

Json change_json(const Change& change) {
  return {{"if", need_json(change.if_known)},
          {"known", change.known},
          {"code", text(change.code)},
          {"becomes", text(change.becomes)}};
}

Json class_json(const ClassResult& one) {
  return {{"id", text(one.id)},
          {"title", text(one.title)},
          {"name", text(one.name)},
          {"axis", to_string(one.axis)},
          {"state", to_string(one.state)}};
}

Json edition_json(const EditionResult& edition, const Readings& readings) {
  return {{"edition", text(edition.edition)},
          {"title", text(edition.title)},
          {"source", text(edition.source)},
          {"rules_sha256", text(edition.rules_sha256)},
          {"code", text(edition.code)},
          {"state", to_string(edition.state)},
          {"sentence", text(edition.sentence)},
          {"grade_rule", text(edition.grade_rule)},
          {"criteria", list(edition.criteria, criterion_json)},
          {"classes", list(edition.classes, class_json)},
          {"missing", texts(wording::missing_words(edition, readings))},
          {"shortest", texts(edition.shortest)},
          {"decisions", list(edition.decisions, decision_json)},
          {"changes", list(edition.changes, change_json)},
          {"hints", texts(edition.hints)}};
}

Json reading_json(const Reading& reading) {
  return {{"input", text(reading.input)},
          {"basis", to_string(reading.basis)},
          {"value", number(reading.value)},
          {"interval95", interval(reading.interval)},
          {"answer", answer_json(reading.answer)},
          {"source", text(reading.source)},
          {"gap", text(reading.gap)},
          {"remarks", texts(reading.remarks)},
          {"count", reading.count},
          {"total", reading.total},
          {"classes", list(reading.classes, [](const CountedClass& one) {
             return Json{{"name", text(one.code)}, {"count", one.count}};
           })}};
}

Json given_json(const GivenValue& row) {
  return {{"item", text(row.item)}, {"value", text(row.value)}, {"unit", text(row.unit)},
          {"gene", text(row.gene)}, {"date", text(row.date)},   {"source", text(row.source)},
          {"file", text(row.file)}, {"row", row.row},           {"cells", text(row.cells)}};
}

}  // namespace

Json case_json(const CaseResult& assessment) {
  return {{"id", text(assessment.id)},
          {"labs_path", text(assessment.labs.path)},
          {"labs_sha256", text(assessment.labs.sha256)},
          {"given", list(assessment.given, given_json)}};
}

Json criteria_json(const CaseResult& assessment) {
  return {{"interval_note", kIntervalNote},
          {"alerts", texts(assessment.alerts)},
          {"agreement", text(assessment.agreement)},
          {"editions", list(assessment.editions,
                            [&](const EditionResult& edition) {
                              return edition_json(edition, assessment.readings);
                            })},
          {"rests_on", text(wording::rests_on(assessment.readings))},
          {"disputed", texts(wording::disputed_words(assessment.readings))},
          {"readings", list(assessment.readings,
                            [](const auto& entry) { return reading_json(entry.second); })}};
}

Json figure_json(const Figure& figure) {
  return {{"label", text(figure.label)},   {"unit", plain(figure.unit)},
          {"value", number(figure.value)}, {"interval95", interval(figure.interval)},
          {"numerator", figure.numerator}, {"denominator", figure.denominator},
          {"rule", text(figure.rule)},     {"gap", text(figure.gap)}};
}

}  // namespace cytocape::json
