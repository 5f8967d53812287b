#include "pipeline/settings/taxonomy.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "io/errors.hpp"
#include "pipeline/settings/clinical_order.hpp"

namespace cytocape {
namespace {

TEST(Taxonomy, AliasIsItsClass) {
  EXPECT_EQ(cell_class("erythroblast").code, "normoblast");
}

TEST(Taxonomy, NormoblastsAreOutsideTheBloodCountAndInsideTheMarrowCount) {
  EXPECT_FALSE(cell_class("normoblast").counted_in(Specimen::blood));
  EXPECT_TRUE(cell_class("normoblast").counted_in(Specimen::marrow));
}

TEST(Taxonomy, BlastEquivalentsAreMyeloblastsMonoblastsAndPromonocytes) {
  std::vector<std::string> members;
  for (const auto& description : taxonomy())
    if (description.group == "blast equivalent") members.push_back(description.code);
  EXPECT_THAT(members,
              ::testing::UnorderedElementsAre("blast", "myeloblast", "monoblast", "promonocyte"));
}

TEST(Taxonomy, ImmatureMonocytesAreMonocytes) {
  EXPECT_EQ(cell_class("immature_monocyte").group, "monocyte");
}

/// The names under which a laboratory would teach them.
TEST(Taxonomy, AbnormalMonocytesAreImmatureMonocytesAndHypogranularNeutrophilsNeutrophils) {
  EXPECT_EQ(cell_class("abnormal_monocyte").code, "immature_monocyte");
  const auto& hypogranular = cell_class("hypogranular_neutrophil");
  EXPECT_EQ(hypogranular.group, "neutrophil");
  EXPECT_TRUE(hypogranular.counted_in(Specimen::blood));
  EXPECT_TRUE(hypogranular.counted_in(Specimen::marrow));
}

TEST(Taxonomy, WhatIsNoCellIsNeverCounted) {
  for (const auto* code :
       {"platelet", "smudge_cell", "artefact", "unidentified", "megakaryocyte"}) {
    EXPECT_FALSE(cell_class(code).counted_in(Specimen::blood)) << code;
    EXPECT_FALSE(cell_class(code).counted_in(Specimen::marrow)) << code;
  }
}

TEST(Taxonomy, ClassesAreReportedAsAFilmIsReadEachInItsOwnPlace) {
  std::set<int> places;
  for (const auto& one : taxonomy()) EXPECT_TRUE(places.insert(one.order).second) << one.code;
  EXPECT_LT(cell_class("segmented_neutrophil").order, cell_class("band_neutrophil").order);
  EXPECT_LT(cell_class("lymphocyte").order, cell_class("monocyte").order);
  EXPECT_LT(cell_class("monocyte").order, cell_class("promonocyte").order);
  EXPECT_LT(cell_class("plasma_cell").order, cell_class("normoblast").order);
}

TEST(Taxonomy, UnknownClassNamesTheNearest) {
  try {
    (void)cell_class("monocite");
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), ::testing::HasSubstr("did you mean monocyte?"));
  }
}

TEST(ClinicalOrder, IsThatInWhichAFilmIsReadAndUnknownClassesStandLast) {
  std::vector<DifferentialRow> rows;
  for (const auto* name :
       {"basophil", "of no taxonomy", "band_neutrophil", "monocyte", "segmented_neutrophil"}) {
    rows.emplace_back();
    rows.back().name = name;
  }
  std::vector<std::string> names;
  for (const auto* row : in_clinical_order(rows)) names.push_back(row->name);
  EXPECT_EQ(names, (std::vector<std::string>{"segmented_neutrophil", "band_neutrophil", "basophil",
                                             "monocyte", "of no taxonomy"}));
}

}  // namespace
}  // namespace cytocape
