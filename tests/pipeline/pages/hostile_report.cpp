#include "tests/pipeline/pages/hostile_report.hpp"

#include <initializer_list>
#include <string>

#include "tests/io/example_report.hpp"

namespace cytocape::testing {
namespace {

constexpr const char* kEvil = "<script>alert(1)</script>\"'&";

class Poison {
 public:
  void operator()(std::initializer_list<std::string*> texts) {
    for (auto* text : texts) {
      *text = kEvil;
      ++fields_;
    }
  }
  void operator()(std::initializer_list<Phrase*> texts) {
    for (auto* text : texts) {
      *text = kEvil;
      ++fields_;
    }
  }
  void operator()(std::vector<Phrase>& texts) {
    texts.assign(2, kEvil);
    ++fields_;
  }
  void operator()(std::vector<std::string>& texts) {
    texts.assign(2, kEvil);
    ++fields_;
  }
  void operator()(criteria::Need& need) {
    (*this)({&need.input, &need.label});
    (*this)({&need.condition.say, &need.answer, &need.why});
  }
  [[nodiscard]] std::size_t fields() const { return fields_; }

 private:
  std::size_t fields_ = 0;
};

void poison_outlook(Poison& poison, criteria::EditionResult& edition) {
  for (auto& item : edition.classes) poison({&item.id, &item.title, &item.name});
  for (auto& decision : edition.decisions) {
    // The class keeps its identity: it tells which list the decision stands in.
    decision.class_id = edition.classes.front().id;
    poison({&decision.title});
    for (auto& need : decision.confirm) poison(need);
    for (auto& alternatives : decision.one_of)
      for (auto& way : alternatives)
        for (auto& need : way) poison(need);
    for (auto& need : decision.exclude) poison(need);
  }
  for (auto& change : edition.changes) {
    poison(change.if_known);
    poison({&change.code, &change.becomes});
  }
}

void poison_edition(Poison& poison, criteria::EditionResult& edition) {
  poison({&edition.edition, &edition.title, &edition.source, &edition.rules_sha256,
          &edition.grade_rule, &edition.code, &edition.sentence});
  poison(edition.shortest);
  poison(edition.hints);
  for (auto& row : edition.criteria) {
    poison({&row.id, &row.cite});
    poison({&row.title, &row.condition.say, &row.asked, &row.source, &row.sentence, &row.text});
    poison(row.members);
    poison(row.remarks);
  }
  poison_outlook(poison, edition);
}

void poison_case(Poison& poison, criteria::CaseResult& assessment) {
  poison({&assessment.id, &assessment.labs.path, &assessment.labs.sha256, &assessment.agreement});
  assessment.given.resize(1);
  auto& given = assessment.given.front();
  poison({&given.item, &given.value, &given.unit, &given.gene, &given.date, &given.source,
          &given.file, &given.cells});
  for (auto& [input, reading] : assessment.readings) {
    poison({&reading.input});
    poison({&reading.source, &reading.gap});
    poison(reading.remarks);
    if (reading.basis != criteria::Basis::counted) continue;
    criteria::PersonsCount by_hand{.count = reading.count, .total = reading.total, .from = {}};
    poison({&by_hand.from.file, &by_hand.from.date, &by_hand.from.source});
    reading.from.what = by_hand;
    for (auto& part : reading.classes) poison({&part.code, &part.label});
  }
  for (auto& edition : assessment.editions) poison_edition(poison, edition);
}

void poison_counts(Poison& poison, SlideReport& report) {
  poison({&report.denominator_rule, &report.reference_source});
  for (std::size_t i = 0; i < report.differential.size(); ++i) {
    poison({&report.differential[i].name, &report.differential[i].label});
    poison({&report.model.classes[i]});
  }
  for (auto& group : report.groups) {
    poison({&group.code, &group.label, &group.note, &group.gap});
    poison(group.classes);
    poison(group.unknown_parts);
  }
  for (auto& figure : report.figures) {
    poison({&figure.label, &figure.gap});
    poison({&figure.rule});
  }
  for (auto& check : report.quality) {
    poison({&check.label, &check.unit, &check.key, &check.meaning, &check.remedy});
  }
}

}  // namespace

SlideReport hostile_report(std::size_t& fields) {
  Poison poison;
  auto report = example_record().report;
  auto& slide = report.slide;
  auto& model = report.model;
  auto& run = report.run;
  poison({&slide.id, &slide.reader, &slide.vendor, &report.slide_sha256, &report.case_id});
  poison({&report.identity.accession, &report.identity.stain, &report.identity.sampled});
  slide.path = kEvil;
  slide.associated = {kEvil};
  poison({&model.name, &model.path, &model.sha256});
  model.card_json =
      std::string(R"({"limits": "<script>alert(1)</script>\"'&", "training_data": [)") +
      R"({"name": "<script>alert(1)</script>\"'&", "citation": )" +
      R"("<script>alert(1)</script>\"'&", "licence": "<script>alert(1)</script>\"'&"}]})";
  poison({&run.tool_version, &run.commit, &run.command, &run.config_toml, &run.config_sha256,
          &run.device, &run.started_utc, &run.finished_utc});
  run.libraries[kEvil] = kEvil;
  poison(report.status_reasons);
  poison(report.failures);
  poison_counts(poison, report);
  poison_case(poison, report.assessment);
  fields = poison.fields();
  return report;
}

}  // namespace cytocape::testing
