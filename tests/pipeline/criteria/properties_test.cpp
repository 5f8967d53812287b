// What must hold for every case, tried on hundreds of drawn ones.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "pipeline/criteria/criteria.hpp"
#include "pipeline/criteria/genetics.hpp"
#include "pipeline/criteria/items.hpp"
#include "pipeline/criteria/possible_facts.hpp"
#include "tests/pipeline/criteria/case_facts.hpp"
#include "tests/pipeline/criteria/drawn_case.hpp"

namespace cytocape::criteria {
namespace {

using testing::Draw;

/// Values around and on the thresholds.
const std::vector<double>& values_of(const std::string& code) {
  static const std::map<std::string, std::vector<double>> values = {
      {"wbc", {2.5, 5, 10, 12.99, 13, 40}},
      {"haemoglobin", {8, 11.9, 12, 12.5, 13, 15}},
      {"platelets", {40, 149, 150, 300}},
      {"amc", {0.3, 0.5, 0.8, 1, 2, 9}},
      {"monocytes", {5, 10, 11, 30}},
      {"anc", {0.5, 1.79, 1.8, 6}},
      {"classical_monocytes", {80, 94, 96}},
      {"age", {2, 17.9, 18, 70}},
      {"eosinophils", {0.1, 1.5}},
      {"pb_blasts", {0, 2, 4.9, 5, 19.9, 20, 40}},
      {"bm_blasts", {0, 5, 9.9, 10, 19.9, 20, 40}}};
  return values.at(code);
}

SlideCounts draw_ok_slide(Draw& draw, Specimen specimen) {
  auto slide = testing::example_slide(specimen);
  slide.called["monocyte"] = draw.one_of<std::uint64_t>({0, 5, 20, 40, 90});
  slide.called["immature_monocyte"] = draw.one_of<std::uint64_t>({0, 0, 10, 40});
  slide.called["myeloblast"] = draw.one_of<std::uint64_t>({0, 2, 10, 20, 40, 120});
  slide.called["promonocyte"] = draw.one_of<std::uint64_t>({0, 0, 5, 30});
  return slide;
}

/// Everything is known.
Case draw_complete(Draw& draw) {
  Case facts;
  facts.id = "drawn";
  const Provenance from{.file = "labs.csv", .row = 2, .date = "2024-03-01", .source = "LIS"};
  for (const auto& item : items()) {
    const auto& code = item.code;
    // Blasts come from the slides where no person counted them.
    const bool on_slides = code.ends_with("_blasts") && draw.chance(0.7);
    if (item.kind == ItemKind::number && !on_slides)
      facts.findings.numbers[code] = {
          .value = draw.one_of(values_of(code)), .given = "", .from = from};
    if (item.kind == ItemKind::answer)
      facts.findings.answers[code] = {draw.chance(0.3) ? Choice::yes : Choice::no, from};
    if (item.kind == ItemKind::sex)
      facts.findings.answers[code] = {draw.chance(0.5) ? Choice::male : Choice::female, from};
  }
  const auto mutations = draw.below(3);
  if (mutations == 0) facts.findings.no_mutation = from;
  for (std::size_t i = 0; i < mutations; ++i)
    facts.findings.mutations.push_back(
        {.gene = draw.one_of<std::string>({"TET2", "SRSF2", "ASXL1"}),
         .vaf = draw.one_of<std::optional<double>>({1.0, 2.0, 9.9, 10.0, 40.0, std::nullopt}),
         .from = from});
  facts.slides = {draw_ok_slide(draw, Specimen::blood), draw_ok_slide(draw, Specimen::marrow)};
  return facts;
}

/// The laboratory gives exactly what the slide counted, and a growth factor is a reactive cause.
void make_consistent(Case& facts) {
  const auto share_on = [&](const SlideCounts& slide, const char* group) {
    const auto sum = count_group({slide}, slide.specimen, cell_group(group));
    return static_cast<double>(sum.count) / static_cast<double>(sum.total);
  };
  const auto share = [&](const char* group) { return share_on(facts.slides.front(), group); };
  auto& numbers = facts.findings.numbers;
  numbers["monocytes"].value = 100 * share("monocytes");
  numbers["amc"].value = numbers["wbc"].value * share("monocytes");
  numbers["anc"].value = numbers["wbc"].value * share("neutrophils");
  for (const auto& slide : facts.slides)
    if (const auto given = numbers.find(std::string(to_string(slide.specimen)) + "_blasts");
        given != numbers.end())
      given->second.value = 100 * share_on(slide, "blast_equivalents");
  auto& answers = facts.findings.answers;
  if (answers.at("reactive_cause").value == Choice::no)
    answers.at("growth_factor").value = Choice::no;
}

/// The same model without a class: its cells were called something else.
void forget_class(SlideCounts& slide, const std::string& code) {
  slide.called["lymphocyte"] += slide.called[code];
  slide.called.erase(code);
}

/// A case of which less is known.
Case with_less(Case facts, Draw& draw) {
  const double share = draw.one_of<double>({0.1, 0.3, 0.7});
  std::erase_if(facts.findings.numbers, [&](const auto&) { return draw.chance(share); });
  std::erase_if(facts.findings.answers, [&](const auto&) { return draw.chance(share); });
  if (draw.chance(share)) {
    facts.findings.mutations.clear();
    facts.findings.no_mutation.reset();
  }
  for (auto& slide : facts.slides) {
    if (draw.chance(share / 2)) slide.status = Status::insufficient;
    if (draw.chance(share / 2)) forget_class(slide, "promonocyte");
    if (draw.chance(share / 2)) forget_class(slide, "immature_monocyte");
  }
  std::erase_if(facts.slides, [&](const auto&) { return draw.chance(share / 2); });
  return facts;
}

bool decided(State state) {
  return state == State::met || state == State::not_met;
}

constexpr int kCases = 400;

/// Compares each case with one of which less is known.
template <class Included>
void expect_never_back(Draw& draw, bool consistent, const Included& included) {
  int compared = 0;
  for (int i = 0; i < kCases; ++i) {
    auto complete = draw_complete(draw);
    if (consistent) make_consistent(complete);
    const auto more = evaluate(complete, published_rules());
    const auto less = evaluate(with_less(complete, draw), published_rules());
    for (std::size_t e = 0; e < more.editions.size(); ++e)
      for (std::size_t c = 0; c < more.editions[e].criteria.size(); ++c) {
        const auto& before = less.editions[e].criteria[c];
        const auto& after = more.editions[e].criteria[c];
        if (!decided(before.state) || !included(before)) continue;
        ++compared;
        ASSERT_NE(after.state, State::not_assessable)
            << "case " << i << ", " << more.editions[e].edition << ", " << before.id << ": "
            << before.sentence << " -> " << after.sentence;
      }
  }
  EXPECT_GT(compared, kCases);
}

TEST(CriteriaProperties, MoreInformationNeverTurnsADecidedCriterionBackToNotAssessable) {
  Draw draw(20240301);
  expect_never_back(draw, true, [](const CriterionResult&) { return true; });
}

TEST(CriteriaProperties, NotEvenALaboratoryThatContradictsTheSlideTurnsALeafBack) {
  Draw draw(20240302);
  expect_never_back(draw, false, [](const CriterionResult& row) { return !row.input.empty(); });
}

TEST(CriteriaProperties, AFurtherSlideNeverTurnsALeafBackToNotAssessable) {
  Draw draw(20240303);
  int compared = 0;
  for (int i = 0; i < kCases; ++i) {
    auto facts = draw_complete(draw);
    const auto before = evaluate(facts, published_rules());
    facts.slides.push_back(
        draw_ok_slide(draw, draw.chance(0.5) ? Specimen::blood : Specimen::marrow));
    facts.slides.back().slide += "-2";
    if (draw.chance(0.5)) forget_class(facts.slides.back(), "promonocyte");
    const auto after = evaluate(facts, published_rules());
    for (std::size_t e = 0; e < after.editions.size(); ++e)
      for (std::size_t c = 0; c < after.editions[e].criteria.size(); ++c) {
        const auto& row = before.editions[e].criteria[c];
        if (row.input.empty() || !decided(row.state)) continue;
        ++compared;
        ASSERT_NE(after.editions[e].criteria[c].state, State::not_assessable)
            << "case " << i << ": " << after.editions[e].criteria[c].sentence;
      }
  }
  EXPECT_GT(compared, kCases);
}

/// A leaf that was decided may become indeterminate, and never not assessable.
void expect_no_leaf_back(const Case& less, const Case& more, int& compared) {
  const auto before = evaluate(less, published_rules());
  const auto after = evaluate(more, published_rules());
  for (std::size_t e = 0; e < after.editions.size(); ++e)
    for (std::size_t c = 0; c < after.editions[e].criteria.size(); ++c) {
      const auto& was = before.editions[e].criteria[c];
      const auto& is = after.editions[e].criteria[c];
      if (was.input.empty() || !decided(was.state)) continue;
      ++compared;
      ASSERT_NE(is.state, State::not_assessable)
          << was.id << ": " << was.sentence << " -> " << is.sentence;
    }
}

/// A model that does not know some classes of the sums, as the shipped ones do not.
void forget_some(SlideCounts& slide, Draw& draw) {
  for (const auto* code : {"immature_monocyte", "promonocyte", "monoblast", "myeloblast", "blast"})
    if (draw.chance(0.5)) forget_class(slide, code);
}

TEST(CriteriaProperties, BlastsOfAPersonNeverTurnALeafOfAModelThatKnowsLessBack) {
  Draw draw(20240304);
  int compared = 0;
  for (int i = 0; i < kCases && !::testing::Test::HasFatalFailure(); ++i) {
    auto less = draw_complete(draw);
    for (const auto* code : {"amc", "monocytes", "anc", "pb_blasts", "bm_blasts"})
      less.findings.numbers.erase(code);
    for (auto& slide : less.slides) forget_some(slide, draw);
    auto more = less;
    const Provenance from{.file = "labs.csv", .row = 3, .date = "2024-03-01", .source = "LIS"};
    for (const auto* code : {"pb_blasts", "bm_blasts"})
      if (draw.chance(0.7))
        more.findings.numbers[code] = {
            .value = draw.one_of<double>({0, 1, 4.9, 8, 15, 19.9, 25}), .given = "", .from = from};
    expect_no_leaf_back(less, more, compared);
  }
  EXPECT_GT(compared, kCases);
}

TEST(CriteriaProperties, AFurtherSlideOfAModelThatKnowsLessNeverTurnsALeafBack) {
  Draw draw(20240305);
  int compared = 0;
  for (int i = 0; i < kCases && !::testing::Test::HasFatalFailure(); ++i) {
    auto less = draw_complete(draw);
    for (const auto* code : {"amc", "monocytes", "anc", "pb_blasts", "bm_blasts"})
      less.findings.numbers.erase(code);
    const auto specimen = draw.one_of<Specimen>({Specimen::blood, Specimen::marrow});
    less.slides = {draw_ok_slide(draw, specimen)};
    less.slides.front().called["monocyte"] = draw.one_of<std::uint64_t>({20, 32, 40, 90});
    forget_some(less.slides.front(), draw);
    auto more = less;
    more.slides.push_back(less.slides.front());  // of the same model
    auto& called = more.slides.back().called;
    more.slides.back().slide += "-2";
    for (const auto* code : {"monocyte", "blast", "myeloblast"})
      if (called.contains(code)) {
        const auto moved = draw.below(called.at(code) + 1);
        called[code] -= moved;
        called["lymphocyte"] += moved;
      }
    expect_no_leaf_back(less, more, compared);
  }
  EXPECT_GT(compared, kCases);
}

/// Everything that a result says, as one text.
std::string printed(const CaseResult& result) {
  std::string text = result.agreement;
  for (const auto& edition : result.editions) {
    text += fmt::format("\n{} {} {} {}", edition.code, edition.sentence,
                        fmt::join(edition.shortest, "\n"), fmt::join(plain(edition.hints), "\n"));
    for (const auto& row : edition.criteria)
      text += fmt::format("\n{} {} {} {} {}", row.id, to_string(row.state), row.sentence.plain(),
                          row.source.plain(), fmt::join(plain(row.remarks), "|"));
    for (const auto& change : edition.changes)
      text += fmt::format("\n{} {} {}", change.if_known.label, change.if_known.why.plain(),
                          change.becomes);
  }
  return text;
}

TEST(CriteriaProperties, TheResultDoesNotDependOnTheOrderOfItsInput) {
  Draw draw(7);
  for (int i = 0; i < kCases / 5; ++i) {
    auto facts = with_less(draw_complete(draw), draw);
    for (int extra = 0; extra < 3; ++extra) {
      facts.slides.push_back(
          draw_ok_slide(draw, draw.chance(0.5) ? Specimen::blood : Specimen::marrow));
      facts.slides.back().slide += fmt::format("-{}", extra);
    }
    const auto before = printed(evaluate(facts, published_rules()));
    std::shuffle(facts.slides.begin(), facts.slides.end(), draw.generator());
    std::shuffle(facts.findings.mutations.begin(), facts.findings.mutations.end(),
                 draw.generator());
    ASSERT_EQ(printed(evaluate(facts, published_rules())), before);
  }
}

TEST(CriteriaProperties, WhatIsSaidToDecideACriterionDecidesIt) {
  Draw draw(11);
  std::size_t tried = 0;
  for (int i = 0; i < kCases / 10; ++i) {
    const auto facts = with_less(draw_complete(draw), draw);
    const auto known = read_whole_case(facts);
    for (const auto& rules : published_rules()) {
      auto readings = known.readings;
      read_aml(rules, facts.findings, readings);
      const PossibleFacts possible_facts(rules, readings, known.derived);
      for (std::size_t c = 0; c < rules.criteria.size(); ++c)
        for (const bool met : {true, false})
          for (const auto& way : possible_facts.ways(c, met)) {
            ++tried;
            ASSERT_EQ(possible_facts.states_if(way)[c], met ? State::met : State::not_met)
                << rules.edition << " " << rules.criteria[c].id;
          }
    }
  }
  EXPECT_GT(tried, 1000U);
}

TEST(CriteriaProperties, ADecidedCriterionAsksForNothingMore) {
  Draw draw(13);
  for (int i = 0; i < kCases / 10; ++i) {
    const auto facts = with_less(draw_complete(draw), draw);
    for (const auto& rules : published_rules()) {
      auto readings = read_case(facts);
      read_aml(rules, facts.findings, readings);
      const PossibleFacts possible_facts(rules, readings);
      const auto states = possible_facts.states();
      for (std::size_t c = 0; c < rules.criteria.size(); ++c) {
        if (!decided(states[c])) continue;
        const auto ways = possible_facts.ways(c, states[c] == State::met);
        ASSERT_EQ(ways, std::vector<Assignment>{Assignment{}}) << rules.criteria[c].id;
      }
    }
  }
}

TEST(CriteriaProperties, AClassFollowsOnlyFromCompleteInput) {
  // An answer that could still exclude the disease keeps it open.
  Draw draw(17);
  for (int i = 0; i < kCases / 5; ++i) {
    const auto result = evaluate(with_less(draw_complete(draw), draw), published_rules());
    for (const auto& edition : result.editions) {
      if (edition.state != State::met) continue;
      for (const auto& change : edition.changes)
        ASSERT_TRUE(change.known || change.code.starts_with(edition.code.substr(0, 4)))
            << edition.code << " but " << change.if_known.label << " gives " << change.code;
    }
  }
}

}  // namespace
}  // namespace cytocape::criteria
