/// The parts of `adapt` that run no network: which folders mean what, and what is said of a fit.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "io/errors.hpp"
#include "pipeline/adaptation/adapt.hpp"
#include "pipeline/adaptation/report.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// Bytes alone are looked at: these are no pictures.
void write_cells(const fs::path& folder, int count) {
  fs::create_directories(folder);
  for (int i = 0; i < count; ++i)
    std::ofstream(folder / (std::to_string(i) + ".png")) << folder.string() << i;
}

ModelCard card_of(const std::vector<std::string>& classes) {
  ModelCard card;
  for (const auto& name : classes) card.classes.push_back({.name = name});
  return card;
}

const std::vector<std::string> kBlood{"band_neutrophil", "erythroblast", "monocyte",
                                      "segmented_neutrophil"};

SiteCells cells_of(const fs::path& folder, const std::vector<std::string>& classes = {}) {
  AdaptRequest request;
  request.data = folder;
  request.classes = classes;
  return site_cells_of(request, card_of(kBlood));
}

std::string refusal_of(const fs::path& folder, const std::vector<std::string>& classes = {}) {
  try {
    (void)cells_of(folder, classes);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(SiteClasses, AFolderNamedForAGroupMeansTheClassesThatTheModelHasOfIt) {
  const testing::TempDir dir;
  write_cells(dir / "neutrophil", 2);
  EXPECT_THAT(cells_of(dir.path()).cells.front().may_be, ElementsAre(0, 3));
}

TEST(SiteClasses, AreKnownByTheTaxonomysAliases) {
  const testing::TempDir dir;
  write_cells(dir / "normoblast", 2);
  EXPECT_THAT(cells_of(dir.path()).cells.front().may_be, ElementsAre(1));
}

TEST(SiteClasses, TheUserSaysWhatAFolderMeans) {
  const testing::TempDir dir;
  write_cells(dir / "polys", 2);
  write_cells(dir / "junk", 2);
  const auto site = cells_of(dir.path(), {"polys=segmented_neutrophil,band_neutrophil", "junk="});
  EXPECT_EQ(site.cells.size(), 2U);
  EXPECT_THAT(site.cells.front().may_be, ElementsAre(0, 3));
  EXPECT_EQ(site.passed_over.size(), 2U);
}

TEST(SiteClasses, AnUnknownFolderIsRefusedWithTheRemedy) {
  const testing::TempDir dir;
  write_cells(dir / "hairy", 2);
  EXPECT_THAT(refusal_of(dir.path()),
              AllOf(HasSubstr("hairy"), HasSubstr("--class hairy="), HasSubstr("taxonomy.toml")));
}

TEST(SiteClasses, AnOptionForAFolderThatIsNotThereIsRefused) {
  const testing::TempDir dir;
  write_cells(dir / "monocyte", 2);
  EXPECT_THAT(refusal_of(dir.path(), {"monocytes=monocyte"}), HasSubstr("no such folder"));
}

TEST(SiteClasses, ANewClassNeedsThirtyCells) {
  const testing::TempDir dir;
  write_cells(dir / "monocyte", 2);
  write_cells(dir / "promonocyte", 29);
  EXPECT_THAT(refusal_of(dir.path()),
              AllOf(HasSubstr("promonocyte"), HasSubstr("29 cells"), HasSubstr("at least 30")));
  write_cells(dir / "promonocyte", 30);
  const auto site = cells_of(dir.path());
  EXPECT_EQ(site.classes.back(), "promonocyte");
  EXPECT_EQ(site.known, kBlood.size());
}

/// A fit that needs no network.
class MadeUp : public Adapted {
 public:
  void save(const fs::path& /*path*/) const override {}
};

Probabilities calls(std::vector<int> called, std::vector<std::int64_t> labels) {
  Probabilities p{.classes = 4, .value = {}, .labels = std::move(labels)};
  for (const int call : called)
    for (int c = 0; c < 4; ++c) p.value.push_back(c == call ? 0.7 : 0.1);
  return p;
}

SiteCells four_cells() {
  SiteCells site{.classes = kBlood, .known = 4};
  for (const auto& may_be : std::vector<std::vector<int>>{{0, 3}, {0, 3}, {2}, {2}})
    site.cells.push_back({.path = {}, .name = {}, .may_be = may_be, .group = 0});
  return site;
}

AdaptReport report_of(const std::vector<int>& home_after) {
  MadeUp fit;
  fit.figures.before = calls({1, 0, 2, 1}, {0, 0, 2, 2});
  fit.figures.after = calls({3, 0, 2, 2}, {3, 0, 2, 2});
  fit.figures.home_before = calls({0, 1, 2, 3}, {0, 1, 2, 3});
  fit.figures.home_after = calls(home_after, {0, 1, 2, 3});
  for (const int share : {1, 2})
    fit.figures.curve.push_back(
        {.taught = {share, 0, share, share}, .held_back = fit.figures.after});
  AdaptReport report;
  fill_figures(fit, four_cells(), report);
  return report;
}

TEST(AdaptReport, ACellIsRightWhereItWasCalledOneOfTheClassesThatItsLabelLeavesOpen) {
  const auto report = report_of({0, 1, 2, 3});
  EXPECT_EQ(report.classes_before.count, 2U);
  EXPECT_EQ(report.classes_after.count, 4U);
  EXPECT_EQ(report.groups_before.count, 2U);
  EXPECT_EQ(report.groups_after.count, 4U);
}

TEST(AdaptReport, WhatIsLostIsCountedOverGroups) {
  EXPECT_EQ(lost_at_home(report_of({3, 1, 2, 0})), 0);  // the other neutrophil
  EXPECT_NEAR(lost_at_home(report_of({2, 1, 2, 3})), 0.25, 1e-12);
}

TEST(AdaptReport, SaysInWordsWhatWasSeen) {
  auto report = report_of({2, 1, 2, 3});
  report.model = "pb";
  report.request.site = "City & Sons";
  report.warnings = {"Mind <this>."};
  EXPECT_THAT(adapt_text(report),
              AllOf(HasSubstr("pb taught by City & Sons"), HasSubstr("50.0 % -> 100.0 %")));
  EXPECT_THAT(adapt_html(report), AllOf(HasSubstr("City &amp; Sons"),
                                        HasSubstr("Mind &lt;this&gt;."), HasSubstr("McNemar")));
  EXPECT_THAT(adapt_json(report), HasSubstr("\"mcnemar_p\""));
}

}  // namespace
}  // namespace cytocape
