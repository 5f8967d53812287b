// What must hold for every case, tried on a hundred thousand drawn ones: boundary values, unusable
// slides, contradictions, fusions. A failure names the seed and the smallest case that still fails.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <functional>
#include <random>
#include <regex>

#include "pipeline/criteria/classification.hpp"
#include "pipeline/criteria/criteria.hpp"
#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/genetics.hpp"
#include "pipeline/criteria/items.hpp"
#include "pipeline/criteria/possible_facts.hpp"
#include "tests/pipeline/criteria/drawn_case.hpp"

namespace cytocape::criteria {
namespace {

using testing::Draw;
using testing::draw_case;
using testing::draw_slide;
using testing::drawn_from;
using testing::drawn_mutation;

struct Judgement {
  std::string code;
  std::vector<State> states;
  std::vector<Basis> bases;       ///< by criterion; of leaves alone
  std::array<Reading, 2> blasts;  ///< in blood and in marrow
};

/// As evaluate() judges, without what would decide and change it. The readings are not copied for
/// each edition: that would be most of the time that this takes.
std::vector<Judgement> judge(const Case& facts) {
  auto known = read_whole_case(facts);
  std::vector<Judgement> all;
  for (const auto& rules : published_rules()) {
    Judgement result;
    read_aml(rules, facts.findings, known.readings);
    const PossibleFacts possible(rules, known.readings, known.derived);
    result.states = possible.states();
    for (const auto& criterion : rules.criteria)
      result.bases.push_back(criterion.is_leaf() ? known.readings.at(criterion.input).basis
                                                 : Basis::exact);
    result.blasts = {known.readings.at("pb_blasts"), known.readings.at("bm_blasts")};
    result.code = classify(rules, result.states).code(rules);
    all.push_back(std::move(result));
  }
  return all;
}

/// None, possible, follows.
int strength(const Judgement& judgement) {
  const auto& code = judgement.code;
  if (code.starts_with("cmml")) return 2;
  return code.starts_with("open") ? 1 : 0;
}

std::string described(const Case& facts) {
  std::string text;
  for (const auto& [code, number] : facts.findings.numbers)
    text += fmt::format(" {}={}{}", code, number.value,
                        number.cells ? fmt::format("@{}", *number.cells) : "");
  for (const auto& [code, answer] : facts.findings.answers)
    text += fmt::format(" {}={}", code, to_string(answer.value));
  for (const auto& mutation : facts.findings.mutations)
    text += fmt::format(" mutation={}{}:{}", mutation.gene, mutation.variant,
                        mutation.vaf ? fmt::format("{}", *mutation.vaf) : "?");
  if (facts.findings.no_mutation) text += " mutation=no";
  for (const auto& [code, from] : facts.findings.said_unknown) text += " " + code + "=unknown";
  for (const auto& [code, number] : facts.findings.higher)
    text += fmt::format(" was_{}={}", code, number.value);
  for (const auto& row : facts.findings.karyotypes) text += " karyotype=" + row.iscn;
  for (const auto& slide : facts.slides) {
    text += fmt::format(" {}.status={}", to_string(slide.specimen), to_string(slide.status));
    for (const auto* cell : {"monocyte", "myeloblast", "promonocyte"})
      text += fmt::format(" {}.{}={}", to_string(slide.specimen), cell, slide.called.at(cell));
  }
  return text;
}

/// What is wrong with a case; empty where nothing is.
using Property = std::function<std::string(const Case&)>;

/// Every case that has one fact less.
std::vector<Case> smaller(const Case& facts) {
  std::vector<Case> all;
  const auto without = [&](const auto& change) {
    all.push_back(facts);
    change(all.back());
  };
  for (const auto& [code, number] : facts.findings.numbers)
    without([&, key = code](Case& one) { one.findings.numbers.erase(key); });
  for (const auto& [code, answer] : facts.findings.answers)
    without([&, key = code](Case& one) { one.findings.answers.erase(key); });
  for (std::size_t i = 0; i < facts.findings.mutations.size(); ++i)
    without([&](Case& one) {
      one.findings.mutations.erase(one.findings.mutations.begin() + static_cast<std::ptrdiff_t>(i));
    });
  for (const auto& [code, from] : facts.findings.said_unknown)
    without([&, key = code](Case& one) { one.findings.said_unknown.erase(key); });
  for (const auto& [code, number] : facts.findings.higher)
    without([&, key = code](Case& one) { one.findings.higher.erase(key); });
  if (!facts.findings.karyotypes.empty())
    without([](Case& one) { one.findings.karyotypes.clear(); });
  if (facts.findings.no_mutation) without([](Case& one) { one.findings.no_mutation.reset(); });
  for (std::size_t i = 0; i < facts.slides.size(); ++i)
    without(
        [&](Case& one) { one.slides.erase(one.slides.begin() + static_cast<std::ptrdiff_t>(i)); });
  return all;
}

Case smallest(Case facts, const Property& property) {
  for (bool shrunk = true; shrunk;) {
    shrunk = false;
    for (auto& one : smaller(facts))
      if (!property(one).empty()) {
        facts = std::move(one);
        shrunk = true;
        break;
      }
  }
  return facts;
}

/// Tries a property on so many drawn cases.
void expect_of_every_case(std::uint64_t seed, int cases,
                          const std::function<Property(Draw&)>& make) {
  for (int i = 0; i < cases; ++i) {
    const auto own = seed + static_cast<std::uint64_t>(i);
    Draw draw(own);
    const auto facts = draw_case(draw);
    const auto property = make(draw);
    if (property(facts).empty()) continue;
    const auto least = smallest(facts, property);
    FAIL() << "seed " << own << ": " << property(least) << "\n  case:" << described(least);
  }
}

struct Excluding {
  const char* name;
  void (*add)(Case& facts);
  bool ends_both;
  /// A break whose fusion is still to be looked for: without the fusion it is a clone.
  bool may_be_clone = false;
};

template <int which>
void answer_yes(Case& facts) {
  constexpr std::array<const char*, 6> kCodes = {"bcr_abl1", "tk_fusion",       "mpn_history",
                                                 "mpn_now",  "myeloid_sarcoma", "other_neoplasm"};
  facts.findings.answers[kCodes[which]] = {Choice::yes, drawn_from()};
}

void add_fusion(Case& facts, const char* fusion) {
  facts.findings.mutations.push_back(drawn_mutation(fusion, std::nullopt));
}

void add_karyotype(Case& facts, const char* iscn) {
  facts.findings.karyotypes.emplace_back(iscn, drawn_from());
}

/// Takes away all that rows tell of an item.
void tell_nothing(Case& facts, const std::string& code) {
  auto& findings = facts.findings;
  findings.answers.erase(code);
  findings.numbers.erase(code);
  findings.said_unknown.erase(code);
  if (code == "karyotype") findings.karyotypes.clear();
  if (code != "mutation") return;
  findings.mutations.clear();
  findings.no_mutation.reset();
}

void say_unknown(Case& facts, const std::string& code) {
  tell_nothing(facts, code);
  facts.findings.said_unknown[code] = drawn_from();
}

const std::vector<Excluding>& excluding_facts() {
  static const std::vector<Excluding> all = {
      {"bcr_abl1", answer_yes<0>, true},
      {"tk_fusion", answer_yes<1>, true},
      {"mpn_history", answer_yes<2>, true},
      {"mpn_now", answer_yes<3>, true},
      {"myeloid_sarcoma", answer_yes<4>, true},
      {"other_neoplasm", answer_yes<5>, false},
      {"a child",
       [](Case& facts) { facts.findings.numbers["age"] = {.value = 3, .from = drawn_from()}; },
       true},
      {"25 % blasts in marrow earlier",
       [](Case& facts) {
         facts.findings.higher["bm_blasts"] = {.value = 25, .from = drawn_from()};
       },
       false},
      {"20 % blasts in blood earlier",
       [](Case& facts) {
         facts.findings.higher["pb_blasts"] = {.value = 20, .from = drawn_from()};
       },
       false},
      {"PML::RARA", [](Case& facts) { add_fusion(facts, "PML::RARA"); }, true},
      {"KMT2A::MLLT3", [](Case& facts) { add_fusion(facts, "KMT2A::MLLT3"); }, false},
      {"NUP98-r", [](Case& facts) { add_fusion(facts, "NUP98-NSD1"); }, false},
      {"a fusion of no table", [](Case& facts) { add_fusion(facts, "MLLT3::AFDN"); }, false},
      {"t(15;17)", [](Case& facts) { add_karyotype(facts, "46,XX,t(15;17)(q24;q21)[20]"); }, true},
      {"inv(16)", [](Case& facts) { add_karyotype(facts, "46,XX,inv(16)(p13q22)[20]"); }, false},
      {"t(2;11)", [](Case& facts) { add_karyotype(facts, "46,XX,t(2;11)(p21;q23)[20]"); }, false,
       true}};
  return all;
}

TEST(CriteriaSafety, AnExcludingFactNeverYieldsOrStrengthensCmml) {
  expect_of_every_case(1'000'000, 30'000, [](Draw& draw) -> Property {
    const auto fact = excluding_facts()[draw.below(excluding_facts().size())];
    return [fact](const Case& facts) -> std::string {
      auto with = facts;
      fact.add(with);
      const auto after = judge(with);
      // What excludes holds whatever was before.
      if (std::all_of(after.begin(), after.end(),
                      [](const auto& one) { return one.code == "none"; }))
        return "";
      const auto before = judge(facts);
      for (std::size_t e = 0; e < before.size(); ++e) {
        const int most = fact.ends_both ? 0 : 1;
        const int limit = fact.may_be_clone ? most : std::min(strength(before[e]), most);
        if (strength(after[e]) > limit || after[e].code.starts_with("c"))
          return fmt::format("{}: {} becomes {} with {}", published_rules()[e].edition,
                             before[e].code, after[e].code, fact.name);
      }
      return "";
    };
  });
}

/// Whether more blasts decided for fewer.
std::string lowered(const std::vector<Judgement>& before, const std::vector<Judgement>& after) {
  for (std::size_t e = 0; e < before.size(); ++e) {
    const auto& rules = published_rules()[e];
    for (std::size_t c = 0; c < rules.criteria.size(); ++c) {
      const auto& leaf = rules.criteria[c];
      if (!leaf.input.ends_with("_blasts") || leaf.bound.comparison != Comparison::below) continue;
      const bool falls =
          (after[e].states[c] == State::met && before[e].states[c] != State::met) ||
          (before[e].states[c] == State::not_met && after[e].states[c] != State::not_met);
      if (falls) return fmt::format("{}: {} with more blasts", rules.edition, leaf.id);
    }
    if (before[e].code.ends_with("cmml_2") && after[e].code.ends_with("cmml_1"))
      return fmt::format("{}: {} becomes {}", rules.edition, before[e].code, after[e].code);
    for (std::size_t i = 0; i < before[e].blasts.size(); ++i) {
      const auto& was = before[e].blasts.at(i);
      const auto& is = after[e].blasts.at(i);
      if (!was.interval || !is.interval) continue;
      if (is.interval->low < was.interval->low - 1e-9 ||
          is.interval->high < was.interval->high - 1e-9)
        return fmt::format("{}: a bound of {} falls", rules.edition, was.input);
    }
  }
  return "";
}

TEST(CriteriaSafety, MoreBlastsOnASlideNeverLowerAGradeOrABound) {
  expect_of_every_case(2'000'000, 25'000, [](Draw& draw) -> Property {
    const auto place = draw.below(2);
    const auto more = draw.one_of<std::uint64_t>({1, 5, 20, 60});
    return [place, more](const Case& facts) -> std::string {
      if (place >= facts.slides.size()) return "";
      auto with = facts;
      auto& called = with.slides[place].called;
      const auto moved = std::min(more, called.at("segmented_neutrophil"));
      called.at("segmented_neutrophil") -= moved;
      called.at("myeloblast") += moved;
      return lowered(judge(facts), judge(with));
    };
  });
}

/// The greatest share of blasts that is told of a specimen, as a fraction; none where nothing is.
std::optional<double> most_blasts(const Case& facts, Specimen specimen) {
  std::optional<double> most;
  const auto number = facts.findings.numbers.find(std::string(to_string(specimen)) + "_blasts");
  if (number != facts.findings.numbers.end()) most = number->second.value / 100;
  for (const auto& slide : facts.slides) {
    const auto alone = count_group({slide}, specimen, cell_group("blast_equivalents"));
    if (alone.usable) most = std::max(most.value_or(0), alone.interval.high);
  }
  return most;
}

std::string lost_alert(const Case& facts, const Case& with) {
  const auto before = evaluate(facts, published_rules()).alerts;
  const auto after = evaluate(with, published_rules()).alerts;
  const auto today = [](const std::string& alert) {
    return alert.find("today") != std::string::npos;
  };
  if (after.size() < before.size()) return "an alert is gone: " + before.front();
  return std::count_if(after.begin(), after.end(), today) <
                 std::count_if(before.begin(), before.end(), today)
             ? "an alert is for today no longer"
             : "";
}

/// A case and the same with one slide more.
struct WithAnother {
  Case as_many;  ///< blasts as on the slide beside it: more cells decide of themselves
  Case more;
};

/// None where a slide of `slide`'s specimen with so many blasts more does not show clearly more
/// than all that is told of them, or where nothing is.
std::optional<WithAnother> with_another(const Case& facts, SlideCounts slide, std::uint64_t more) {
  const auto most = most_blasts(facts, slide.specimen);
  for (const auto& one : facts.slides)
    if (one.specimen == slide.specimen) slide.called = one.called;
  WithAnother with{.as_many = facts, .more = facts};
  with.as_many.slides.push_back(slide);
  const auto moved = std::min(more, slide.called.at("segmented_neutrophil"));
  slide.called["segmented_neutrophil"] -= moved;
  slide.called["myeloblast"] += moved;
  with.more.slides.push_back(slide);
  const auto alone = count_group({slide}, slide.specimen, cell_group("blast_equivalents"));
  if (!most || alone.interval.low <= *most) return std::nullopt;
  return with;
}

TEST(CriteriaSafety, AnotherSlideWithMoreBlastsNeverSettlesAnything) {
  expect_of_every_case(9'000'000, 3'000, [](Draw& draw) -> Property {
    auto slide = draw_slide(draw, draw.one_of<Specimen>({Specimen::blood, Specimen::marrow}));
    slide.slide += "-2";
    slide.status = Status::ok;
    const auto blasts = draw.one_of<std::uint64_t>({20, 40, 60, 120});
    return [slide, blasts](const Case& facts) -> std::string {
      const auto with = with_another(facts, slide, blasts);
      const auto before = judge(facts);
      const std::size_t place = slide.specimen == Specimen::blood ? 0 : 1;
      if (!with || !before.front().blasts.at(place).value) return "";
      const auto as_many = judge(with->as_many);
      const auto after = judge(with->more);
      for (std::size_t e = 0; e < before.size(); ++e)
        if (strength(after[e]) == 2 && strength(before[e]) < 2 && strength(as_many[e]) < 2)
          return fmt::format("{} becomes {}", before[e].code, after[e].code);
      if (auto words = lowered(before, after); !words.empty()) return words;
      return lost_alert(facts, with->more);
    };
  });
}

TEST(CriteriaSafety, ASlideThatIsNotOkChangesNothing) {
  expect_of_every_case(3'000'000, 15'000, [](Draw& draw) -> Property {
    auto slide = draw_slide(draw, draw.one_of<Specimen>({Specimen::blood, Specimen::marrow}));
    slide.slide += "-2";
    slide.status = draw.one_of({Status::insufficient, Status::incomplete, Status::failed});
    return [slide](const Case& facts) -> std::string {
      auto with = facts;
      with.slides.push_back(slide);
      const auto before = judge(facts);
      const auto after = judge(with);
      for (std::size_t e = 0; e < before.size(); ++e)
        if (before[e].states != after[e].states)
          return fmt::format("{} becomes {} by a slide that is {}", before[e].code, after[e].code,
                             to_string(slide.status));
      return "";
    };
  });
}

TEST(CriteriaSafety, AnUnknownNeverDecides) {
  expect_of_every_case(4'000'000, 15'000, [](Draw& draw) -> Property {
    const auto code = draw.one_of<std::string>(
        {"bcr_abl1", "tk_fusion", "mpn_history", "mpn_now", "myeloid_sarcoma", "other_neoplasm",
         "age", "mutation NPM1", "mutation KMT2A::MLLT3", "mutation"});
    return [code](const Case& facts) -> std::string {
      auto with = facts;
      say_unknown(with, code);
      const auto all = judge(with);
      for (std::size_t e = 0; e < all.size(); ++e) {
        const auto& rules = published_rules()[e];
        for (std::size_t c = 0; c < rules.criteria.size(); ++c) {
          const auto& leaf = rules.criteria[c];
          if (all[e].bases[c] == Basis::unknown && all[e].states[c] != State::not_assessable)
            return rules.edition + ": " + leaf.id + " is decided";
        }
        if (all[e].code.starts_with("c")) return all[e].code + " without " + code;
      }
      return "";
    };
  });
}

TEST(CriteriaSafety, AnUnknownOfAnyItemDecidesNoMoreThanNoRow) {
  expect_of_every_case(7'000'000, 10'000, [](Draw& draw) -> Property {
    const auto code = items()[draw.below(items().size())].code;
    return [code](const Case& facts) -> std::string {
      auto silent = facts;
      tell_nothing(silent, code);
      auto with = facts;
      say_unknown(with, code);
      const auto before = judge(silent);
      const auto after = judge(with);
      for (std::size_t e = 0; e < before.size(); ++e)
        if (after[e].code != before[e].code && !after[e].code.starts_with("open"))
          return fmt::format("{} becomes {} with {} unknown", before[e].code, after[e].code, code);
      return "";
    };
  });
}

/// A "yes" of an earlier day, and a "no" of a later one.
void deny_later(Case& facts, const std::string& code) {
  auto earlier = drawn_from();
  earlier.date = "2023-03-01";
  tell_nothing(facts, code);
  const RowAnswer no{.value = "no", .from = drawn_from()};
  facts.findings.contested[code] = {.last = no, .others = {{.value = "yes", .from = earlier}}};
  if (code == "mutation") facts.findings.denied_later = {drawn_mutation("NPM1", 40)};
}

TEST(CriteriaSafety, AnExcludingYesOfAnyTimeIsNeverCmmlWithoutAnAlert) {
  expect_of_every_case(8'000'000, 1'500, [](Draw& draw) -> Property {
    const auto code = draw.one_of<std::string>({"bcr_abl1", "tk_fusion", "mpn_history", "mpn_now",
                                                "myeloid_sarcoma", "other_neoplasm", "mutation"});
    return [code](const Case& facts) -> std::string {
      auto with = facts;
      deny_later(with, code);
      const auto result = evaluate(with, published_rules());
      for (const auto& edition : result.editions)
        if (edition.code.starts_with("c")) return edition.code + " with a denied " + code;
      return result.alerts.empty() ? "no alert on " + code : "";
    };
  });
}

TEST(CriteriaSafety, BothEditionsStayWithinTheirTables) {
  const std::regex who("none|(open|cmml)/(open|md|mp)/(open|cmml_1|cmml_2)");
  const std::regex icc(
      "none|open|cmus|ccmus|(open|cmml)/(open|md|mp|none)/(open|none|cmml_1|cmml_2)");
  expect_of_every_case(5'000'000, 10'000, [&](Draw&) -> Property {
    return [&](const Case& facts) -> std::string {
      const auto all = judge(facts);
      if (!std::regex_match(all[0].code, who)) return "WHO 2022: " + all[0].code;
      if (!std::regex_match(all[1].code, icc)) return "ICC 2022: " + all[1].code;
      for (const auto& one : all)
        for (const auto& reading : one.blasts) {
          if (!reading.value) continue;
          const double low = reading.interval ? reading.interval->low : *reading.value;
          if (low >= 20 && one.code != "none") return one.code + " with 20 % blasts";
        }
      return "";
    };
  });
}

TEST(CriteriaSafety, TheOrderOfRowsChangesNothing) {
  expect_of_every_case(6'000'000, 5'000, [](Draw& draw) -> Property {
    const auto seed = draw.below(1'000'000);
    return [seed](const Case& facts) -> std::string {
      auto with = facts;
      add_karyotype(with, "46,XX,t(9;11)(p21;q23)[20]");
      add_karyotype(with, "45,XX,-7[20]");
      auto shuffled = with;
      Draw order(seed);
      std::shuffle(shuffled.findings.mutations.begin(), shuffled.findings.mutations.end(),
                   order.generator());
      std::shuffle(shuffled.findings.karyotypes.begin(), shuffled.findings.karyotypes.end(),
                   order.generator());
      std::shuffle(shuffled.slides.begin(), shuffled.slides.end(), order.generator());
      const auto before = judge(with);
      const auto after = judge(shuffled);
      for (std::size_t e = 0; e < before.size(); ++e)
        if (before[e].states != after[e].states) return before[e].code + ", then " + after[e].code;
      return "";
    };
  });
}

}  // namespace
}  // namespace cytocape::criteria
