#include "tests/pipeline/criteria/drawn_case.hpp"

#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/items.hpp"
#include "tests/pipeline/criteria/case_facts.hpp"

namespace cytocape::criteria::testing {
namespace {

double draw_value(Draw& draw, const std::string& code) {
  if (code.ends_with("_blasts"))
    return draw.one_of<double>({0, 1, 2, 4.9, 5, 8, 9.9, 10, 15, 19.9, 20, 40});
  if (code == "monocytes") return draw.one_of<double>({5, 10, 11, 30});
  if (code == "classical_monocytes") return draw.one_of<double>({80, 94, 96});
  if (code == "wbc") return draw.one_of<double>({2.5, 5, 12.99, 13, 40});
  if (code == "amc") return draw.one_of<double>({0.3, 0.5, 0.8, 1, 2});
  if (code == "anc") return draw.one_of<double>({0.5, 1.79, 1.8, 3});
  if (code == "haemoglobin") return draw.one_of<double>({8, 11.9, 12, 12.5, 13, 15});
  if (code == "platelets") return draw.one_of<double>({40, 149, 150, 300});
  if (code == "age") return draw.one_of<double>({2, 17.9, 18, 70, 70, 70});
  return 1.5;
}

Choice draw_answer(Draw& draw, const std::string& code) {
  const bool wanted_yes = code == "persistence" || code == "marrow_cmml" ||
                          code.starts_with("dysplasia") || code == "immunophenotype";
  return draw.chance(wanted_yes ? 0.75 : 0.08) ? Choice::yes : Choice::no;
}

/// What a laboratory says of an item: nothing, that it is unknown, or its value.
void draw_item(Draw& draw, const Item& item, Findings& findings) {
  if (draw.chance(0.12)) return;
  if (item.kind != ItemKind::mutation && draw.chance(0.04)) {
    findings.said_unknown[item.code] = drawn_from();
    return;
  }
  const bool blasts = item.code.ends_with("_blasts");
  if (item.kind == ItemKind::number && (!blasts || draw.chance(0.5))) {
    auto& number = findings.numbers[item.code];
    number = {.value = draw_value(draw, item.code), .given = "", .from = drawn_from()};
    if (blasts && draw.chance(0.6))
      number.cells = draw.one_of<std::uint64_t>({100, 200, 500, 1000});
    if (blasts && draw.chance(0.1))
      findings.higher[item.code] = {.value = number.value + draw.one_of<double>({1, 15, 20, 60}),
                                    .given = "",
                                    .from = {.file = "labs.csv", .row = 3, .date = "2023-03-01"}};
  }
  if (item.kind == ItemKind::answer)
    findings.answers[item.code] = {draw_answer(draw, item.code), drawn_from()};
  if (item.kind == ItemKind::sex)
    findings.answers[item.code] = {draw.one_of({Choice::male, Choice::female}), drawn_from()};
}

}  // namespace

Provenance drawn_from() {
  return {.file = "labs.csv", .row = 2, .date = "2024-03-01", .source = "LIS"};
}

Mutation drawn_mutation(const std::string& gene, std::optional<double> vaf) {
  const auto name = read_gene(gene);
  return {.gene = name.gene,
          .vaf = vaf,
          .from = drawn_from(),
          .variant = name.variant,
          .listed = name.known};
}

SlideCounts draw_slide(Draw& draw, Specimen specimen) {
  auto slide = testing::example_slide(specimen);
  slide.called["monocyte"] = draw.one_of<std::uint64_t>({5, 20, 40, 90});
  slide.called["myeloblast"] = draw.one_of<std::uint64_t>({0, 2, 10, 20, 40, 120});
  slide.called["promonocyte"] = draw.one_of<std::uint64_t>({0, 0, 5, 30});
  if (draw.chance(0.2))
    slide.status = draw.one_of({Status::insufficient, Status::incomplete, Status::failed});
  return slide;
}

Case draw_case(Draw& draw) {
  Case facts;
  facts.id = "drawn";
  auto& findings = facts.findings;
  for (const auto& item : items()) draw_item(draw, item, findings);
  const auto mutations = draw.below(3);
  if (mutations == 0) findings.no_mutation = drawn_from();
  for (std::size_t i = 0; i < mutations; ++i)
    findings.mutations.push_back(drawn_mutation(
        draw.one_of<std::string>({"TET2", "SRSF2", "ASXL1", "MYD88", "FOOBAR", "UBA1", "JAK2"}),
        draw.one_of<std::optional<double>>({1.0, 2.0, 9.9, 10.0, 40.0, std::nullopt})));
  if (draw.chance(0.25))
    findings.karyotypes.push_back(
        {draw.one_of<std::string>({"46,XX[20]", "45,XX,-7[20]", "45,X,-Y[20]", "47,XX,+21c[20]",
                                   "47,XX,+8[1]/46,XX[19]", "unread"}),
         drawn_from()});
  for (const auto specimen : values_of<Specimen>())
    if (draw.chance(0.85)) facts.slides.push_back(draw_slide(draw, specimen));
  return facts;
}

}  // namespace cytocape::criteria::testing
