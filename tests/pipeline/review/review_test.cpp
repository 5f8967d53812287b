#include "pipeline/review/review.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>

#include "io/digest.hpp"
#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "io/record.hpp"
#include "io/sqlite_connection.hpp"
#include "io/text_file.hpp"
#include "pipeline/case/assess.hpp"
#include "pipeline/case/case_report.hpp"
#include "pipeline/review/morphology.hpp"
#include "pipeline/review/review_file.hpp"
#include "pipeline/review/reviewed_report.hpp"
#include "pipeline/review/revise.hpp"
#include "pipeline/review/training_cells.hpp"
#include "pipeline/settings/taxonomy.hpp"
#include "tests/pipeline/review/drawn_night.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;

Decision of_cells(DecisionKind kind, std::vector<std::uint64_t> cells, std::string to = "") {
  Decision decision;
  decision.kind = kind;
  decision.cells = std::move(cells);
  decision.to = std::move(to);
  return decision;
}

/// A drawn slide of 200 cells, its record, and its review.
class ReviewOfASlide : public ::testing::Test {
 protected:
  ReviewOfASlide()
      : report_folder_(testing::draw_night(folder_.path() / "out", "S1", testing::drawn_cells())),
        record_(read_record(report_folder_ / "report.h5")),
        sha256_(sha256_of_file(report_folder_ / "report.h5")),
        file_(report_folder_, sha256_) {}

  [[nodiscard]] CellIndex index() const { return {record_.cells, record_.report.model.classes}; }

  /// The row's number; 0 where it was refused.
  std::int64_t decide(Decision decision, const std::string& by = "ann") {
    const auto answer = file_.decide(std::move(decision), {by}, file_.now().seq, index());
    why_ = answer.why;
    return answer.row ? answer.row->seq : 0;
  }

  std::int64_t undo(std::int64_t of) {
    Decision decision;
    decision.kind = DecisionKind::undo;
    decision.of = of;
    return decide(decision);
  }

  [[nodiscard]] SlideReport revised() {
    auto report = record_.report;
    revise(report, file_.now(), index());
    assess(report, {.id = "S1", .labs = {}, .findings = {}});
    return report;
  }

  static const DifferentialRow& row(const SlideReport& report, const std::string& name) {
    for (const auto& one : report.differential)
      if (one.name == name) return one;
    throw std::runtime_error("no row " + name);
  }

  testing::TempDir folder_;
  fs::path report_folder_;
  Record record_;
  std::string sha256_;
  ReviewFile file_;
  std::string why_;
};

TEST_F(ReviewOfASlide, IsNoFileBeforeTheFirstDecision) {
  EXPECT_EQ(file_.now().seq, 0);
  EXPECT_FALSE(fs::exists(report_folder_ / kReviewFile));
  EXPECT_EQ(decide(of_cells(DecisionKind::confirm, {0})), 2);
  EXPECT_TRUE(fs::exists(report_folder_ / kReviewFile));
}

TEST_F(ReviewOfASlide, ARenamedCellCountsInItsNewClassAndUndoGivesItBack) {
  const auto before = row(record_.report, "monocyte").count;
  const auto seq = decide(of_cells(DecisionKind::reclassify, {140}, "blast"));
  EXPECT_EQ(row(revised(), "monocyte").count, before - 1);
  EXPECT_EQ(row(revised(), "blast").count, 13U);
  EXPECT_EQ(row(revised(), "blast").verified, 1U);
  const auto taken_back = undo(seq);
  EXPECT_EQ(row(revised(), "monocyte").count, before);
  EXPECT_EQ(undo(seq), 0);
  EXPECT_THAT(why_, HasSubstr("taken back already"));
  undo(taken_back);
  EXPECT_EQ(row(revised(), "blast").count, 13U);
}

TEST_F(ReviewOfASlide, NoCellIsPlacedOnOneThatCounts) {
  const auto placed = [&](DecisionKind kind, double x, double y) {
    auto decision = of_cells(kind, {});
    decision.parts = {{{x, y}, "blast"}};
    if (kind == DecisionKind::split) {
      decision.cells = {3};
      decision.parts.push_back({{testing::place_x(3), testing::place_y(3)}, "blast"});
    }
    return decide(decision);
  };
  const auto x = testing::place_x(7), y = testing::place_y(7);
  for (const auto kind : {DecisionKind::add, DecisionKind::split}) {
    EXPECT_EQ(placed(kind, x, y), 0);
    EXPECT_THAT(why_, HasSubstr("cell 7 lies there already"));
    EXPECT_EQ(placed(kind, x + 9, y - 9), 0);
  }
  EXPECT_EQ(placed(DecisionKind::add, testing::place_x(199), testing::place_y(199)), 0)
      << "unidentified, and may be named";
  decide(of_cells(DecisionKind::remove, {7}));
  EXPECT_NE(placed(DecisionKind::add, x, y), 0) << why_;
  EXPECT_EQ(placed(DecisionKind::split, x, y + 3), 0) << "was added";
  EXPECT_NE(placed(DecisionKind::split, x + 17, y), 0) << why_;
}

TEST_F(ReviewOfASlide, AllCellsAreAccountedForWhateverIsDecided) {
  decide(of_cells(DecisionKind::remove, {138, 139}));
  decide(of_cells(DecisionKind::reclassify, {198, 199}, "monocyte"));
  Decision split = of_cells(DecisionKind::split, {3});
  split.parts = {{{200, 30}, "monocyte"}, {{220, 30}, "blast"}};
  decide(split);
  Decision add;
  add.kind = DecisionKind::add;
  add.parts = {{{500, 290}, "blast"}};
  decide(add);
  const auto counts = count(file_.now(), index());
  EXPECT_EQ(counts.removed, 3U);
  EXPECT_EQ(counts.added, 3U);
  EXPECT_EQ(counts.located, 200U - 3 + 3);
  EXPECT_EQ(counts.named_cells() + counts.without_class, counts.located);
  EXPECT_EQ(counts.unidentified, 0U);
}

TEST_F(ReviewOfASlide, CorrectedToTheTruthGivesTheTruth) {
  std::map<std::string, std::uint64_t> truth;
  const auto drawn = testing::drawn_cells();
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    if (drawn[i].truth.empty()) {
      decide(of_cells(DecisionKind::remove, {i}));
      continue;
    }
    ++truth[drawn[i].truth];
    if (drawn[i].called == drawn[i].truth)
      decide(of_cells(DecisionKind::confirm, {i}));
    else
      decide(of_cells(DecisionKind::reclassify, {i}, drawn[i].truth));
  }
  const auto report = revised();
  for (const auto& [name, count] : truth) EXPECT_EQ(row(report, name).count, count) << name;
  // Nothing is left of the classifier's error, and sampling remains.
  for (const auto& group : report.groups) {
    if (!group.corrected) continue;
    EXPECT_DOUBLE_EQ(*group.corrected, *group.fraction) << group.code;
    EXPECT_DOUBLE_EQ(group.classifier95.low, *group.fraction) << group.code;
    EXPECT_DOUBLE_EQ(group.classifier95.high, *group.fraction) << group.code;
    EXPECT_LT(group.both95.low, *group.fraction) << group.code;
  }
  EXPECT_EQ(report.review->cells_verified, report.review->cells_total);
  // The criteria take the true shares: of 196 cells without smudges 34 are monocytes, 17 blasts.
  const auto& readings = report.assessment.readings;
  EXPECT_NEAR(*readings.at("monocytes").value, 100.0 * 34 / 196, 1e-9);
  EXPECT_NEAR(*readings.at("pb_blasts").value, 100.0 * 17 / 196, 1e-9);
}

TEST_F(ReviewOfASlide, TheClassifiersErrorShrinksWithEveryVerifiedCell) {
  const auto width = [](const SlideReport& report) {
    const auto& group = report.groups.front();
    return group.classifier95.high - group.classifier95.low;
  };
  const auto none = width(revised());
  std::vector<std::uint64_t> half;
  for (std::uint64_t i = 0; i < 100; ++i) half.push_back(i);
  decide(of_cells(DecisionKind::confirm, half));
  const auto some = width(revised());
  EXPECT_GT(none, 0);
  EXPECT_LT(some, 0.7 * none);
  EXPECT_GT(some, 0);
}

/// What the model does not know may be among the cells that nobody looked at.
TEST_F(ReviewOfASlide, AClassThatTheModelDoesNotKnowIsALowerBoundUntilAllCellsAreSeen) {
  decide(of_cells(DecisionKind::reclassify, {140, 141}, "promonocyte"));
  const auto partly = revised();
  EXPECT_EQ(row(partly, "promonocyte").count, 2U);
  EXPECT_TRUE(row(partly, "promonocyte").partly_known);
  const auto blasts = [](const SlideReport& report) {
    for (const auto& group : report.groups)
      if (group.code == "blast_equivalents") return group;
    throw std::runtime_error("no blasts");
  };
  EXPECT_THAT(blasts(partly).unknown_parts, ::testing::Contains("promonocytes"));
  EXPECT_EQ(blasts(partly).count, 14U);
  std::vector<std::uint64_t> rest;
  for (std::uint64_t i = 0; i < 198; ++i)
    if (i != 140 && i != 141) rest.push_back(i);
  decide(of_cells(DecisionKind::confirm, rest));
  EXPECT_THAT(blasts(revised()).unknown_parts, ::testing::Not(::testing::Contains("promonocytes")));
}

TEST_F(ReviewOfASlide, TooFewCellsLeftMakeItInsufficient) {
  std::vector<std::uint64_t> many;
  for (std::uint64_t i = 0; i < 120; ++i) many.push_back(i);
  const auto seq = decide(of_cells(DecisionKind::remove, many));
  EXPECT_EQ(revised().status, Status::insufficient);
  undo(seq);
  EXPECT_EQ(revised().status, Status::ok);
}

TEST_F(ReviewOfASlide, RefusesWhatCannotBe) {
  const auto refused = [&](const Decision& decision) { return decide(decision) == 0; };
  EXPECT_TRUE(refused(of_cells(DecisionKind::confirm, {200}))) << "no such cell";
  EXPECT_TRUE(refused(of_cells(DecisionKind::confirm, {199}))) << "unidentified";
  EXPECT_TRUE(refused(of_cells(DecisionKind::remove, {placed_id(7, 0)})));
  EXPECT_TRUE(refused(of_cells(DecisionKind::amend, {}))) << "not signed";
  EXPECT_EQ(undo(1), 0) << "the beginning";
  EXPECT_EQ(undo(99), 0);
}

TEST_F(ReviewOfASlide, ASignedReviewIsClosedUntilItIsAmended) {
  decide(of_cells(DecisionKind::confirm, {0}));
  decide(of_cells(DecisionKind::verify, {}), "tec");
  EXPECT_EQ(file_.now().verified.by, "tec");
  decide(of_cells(DecisionKind::confirm, {1}));
  EXPECT_EQ(file_.now().verified.by, "") << "something was decided behind it";
  decide(of_cells(DecisionKind::verify, {}), "tec");
  const auto sign = decide(of_cells(DecisionKind::sign, {}), "doc");
  EXPECT_EQ(decide(of_cells(DecisionKind::confirm, {2})), 0);
  EXPECT_THAT(why_, HasSubstr("signed by doc"));
  EXPECT_EQ(undo(sign), 0);
  auto amend = of_cells(DecisionKind::amend, {});
  amend.text = "a blast was missed";
  EXPECT_GT(decide(amend, "doc"), 0);
  EXPECT_EQ(file_.now().version, 2);
  EXPECT_EQ(file_.now().signed_off.by, "");
  EXPECT_GT(decide(of_cells(DecisionKind::confirm, {2})), 0);
}

TEST_F(ReviewOfASlide, AnAmendedOneTellsWhatWasSignedByWhomAndWhatHasChangedSince) {
  const auto taken_back = decide(of_cells(DecisionKind::reclassify, {0, 1}, "blast"));
  decide(of_cells(DecisionKind::verify, {}), "tec");
  decide(of_cells(DecisionKind::sign, {}), "doc");
  EXPECT_TRUE(revised().review->amendments.empty());
  auto amend = of_cells(DecisionKind::amend, {});
  amend.text = "no blasts";
  decide(amend, "chief");
  EXPECT_TRUE(revised().review->changes.empty());
  undo(taken_back);
  decide(of_cells(DecisionKind::reclassify, {2}, "monocyte"));
  const auto review = *revised().review;
  ASSERT_EQ(review.amendments.size(), 1U);
  EXPECT_EQ(review.amendments[0].verified.by, "tec");
  EXPECT_EQ(review.amendments[0].signed_off.by, "doc");
  EXPECT_EQ(review.amendments[0].amended.by, "chief");
  EXPECT_EQ(review.amendments[0].reason, "no blasts");
  std::map<std::string, std::pair<std::uint64_t, std::uint64_t>> changes;
  for (const auto& change : review.changes) changes[change.name] = {change.before, change.count};
  // As signed 98 neutrophils and 14 blasts, though the row of it was taken back afterwards.
  EXPECT_EQ(changes,
            (decltype(changes){
                {"segmented_neutrophil", {98, 99}}, {"monocyte", {36, 37}}, {"blast", {14, 12}}}));
}

TEST_F(ReviewOfASlide, WhoHasNotSeenAnothersDecisionDoesNotOverrideIt) {
  const auto seen = file_.now().seq;
  decide(of_cells(DecisionKind::reclassify, {140}, "blast"), "ann");
  const auto answer =
      file_.decide(of_cells(DecisionKind::reclassify, {140}, "lymphocyte"), {"bob"}, seen, index());
  EXPECT_TRUE(answer.conflict);
  EXPECT_THAT(answer.why, HasSubstr("by ann"));
  EXPECT_EQ(file_.now().cells.at(140).name, "blast");
  const auto later = file_.decide(of_cells(DecisionKind::reclassify, {140}, "lymphocyte"), {"bob"},
                                  file_.now().seq, index());
  EXPECT_TRUE(later.row);
}

TEST_F(ReviewOfASlide, WhoHasNotSeenThatADecisionWasTakenBackConfirmsNothing) {
  const auto row = decide(of_cells(DecisionKind::reclassify, {140}, "blast"), "ann");
  const auto seen = file_.now().seq;
  Decision back;
  back.kind = DecisionKind::undo;
  back.of = row;
  EXPECT_TRUE(file_.decide(back, {"ann"}, seen, index()).row);
  const auto answer = file_.decide(of_cells(DecisionKind::confirm, {140}), {"bob"}, seen, index());
  EXPECT_TRUE(answer.conflict) << "bob saw a blast";
}

TEST_F(ReviewOfASlide, ASignatureIsOfTheRowsThatWereSeenAndOfNoOther) {
  decide(of_cells(DecisionKind::verify, {}), "tec");
  const auto seen = file_.now().seq;
  decide(of_cells(DecisionKind::confirm, {1}), "ann");
  const auto answer = file_.decide(of_cells(DecisionKind::sign, {}), {"doc"}, seen, index());
  EXPECT_TRUE(answer.conflict && !answer.row);
  EXPECT_EQ(file_.now().signed_off.by, "");
}

TEST_F(ReviewOfASlide, ThatWasEmptiedIsNotBegunAnew) {
  const auto path = report_folder_ / kReviewFile;
  { std::ofstream file(path); }
  std::filesystem::last_write_time(
      path, std::filesystem::file_time_type::clock::now() - std::chrono::hours(1));
  EXPECT_THROW(static_cast<void>(file_.now()), StorageError);
  EXPECT_THROW(decide(of_cells(DecisionKind::confirm, {0})), StorageError);
}

TEST_F(ReviewOfASlide, TwoProgramsOnOneFileSeeEachOthersRows) {
  ReviewFile other(report_folder_, sha256_);
  decide(of_cells(DecisionKind::confirm, {0}));
  EXPECT_EQ(other.now().seq, 2);
  EXPECT_TRUE(other.decide(of_cells(DecisionKind::confirm, {1}), {"bob"}, 2, index()).row);
  EXPECT_EQ(file_.now().cells.size(), 2U);
}

TEST_F(ReviewOfASlide, IsNotTakenForThatOfAnotherRecord) {
  decide(of_cells(DecisionKind::confirm, {0}));
  EXPECT_THROW(ReviewFile(report_folder_, std::string(64, 'e')), StorageError);
  EXPECT_THROW(static_cast<void>(read_review(report_folder_, std::string(64, 'e'))), StorageError);
}

TEST_F(ReviewOfASlide, RowsCannotBeChangedOrDeletedAndOtherMeansAreFound) {
  decide(of_cells(DecisionKind::reclassify, {140}, "blast"));
  decide(of_cells(DecisionKind::confirm, {141}));
  EXPECT_EQ(check_reviews(folder_.path() / "out").front().fault, "");
  SqliteConnection raw(report_folder_ / kReviewFile, SqlAccess::write);
  EXPECT_THROW(raw.run("UPDATE entries SET author = 'eve' WHERE seq = 2"), StorageError);
  EXPECT_THROW(raw.run("DELETE FROM entries WHERE seq = 3"), StorageError);
  EXPECT_THROW(raw.run("INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE seq = 2"),
               StorageError);
  raw.run(
      "DROP TRIGGER entries_do_not_change;"
      "UPDATE entries SET body = replace(body, 'blast', 'lymphocyte') WHERE seq = 2");
  EXPECT_THAT(check_reviews(folder_.path() / "out").front().fault, HasSubstr("entry 2"));
  EXPECT_THROW(static_cast<void>(read_review(report_folder_, sha256_)), StorageError);
}

TEST_F(ReviewOfASlide, TheReportOfItsCaseCountsAsReviewed) {
  decide(of_cells(DecisionKind::reclassify, {170, 171, 172, 173, 174}, "blast"));
  CaseReportRequest request{
      .records = {report_folder_}, .labs = {}, .case_id = {}, .out = folder_.path() / "cases"};
  request.revise = revise_by_review;
  const auto outcome = report_case(request);
  std::uint64_t blasts = 0;
  for (const auto& counted : outcome.assessment.readings.at("pb_blasts").classes)
    if (counted.code == "blast") blasts = counted.count;
  EXPECT_EQ(blasts, 17U);
}

/// Of one slide alone, and of both together, where it is told once.
TEST_F(ReviewOfASlide, ADiseaseThatItsCasesOtherSlideShowsIsInEveryReportOfTheCase) {
  Decision seen;
  seen.kind = DecisionKind::morphology;
  seen.item = kAuerRods;
  seen.text = "seen";
  decide(seen);
  auto cells = testing::drawn_cells();
  cells.pop_back();  // another picture
  const auto other = testing::draw_night(folder_.path() / "out", "S2", cells, "S1");
  ReviewFile review(other, sha256_of_file(other / "report.h5"));
  const auto record = read_record(other / "report.h5");
  ASSERT_TRUE(review
                  .decide(of_cells(DecisionKind::confirm, {1}), {"ann"}, 0,
                          {record.cells, record.report.model.classes})
                  .row);
  for (const auto& records : {std::vector{other}, std::vector{other, report_folder_}}) {
    CaseReportRequest request{
        .records = records, .labs = {}, .case_id = {}, .out = folder_.path() / "cases"};
    request.revise = revise_by_review;
    request.overwrite = true;
    const auto alerts = report_case(request).assessment.alerts;
    EXPECT_EQ(std::count_if(alerts.begin(), alerts.end(),
                            [](const auto& alert) {
                              return alert.find("names Auer rods") != std::string::npos;
                            }),
              1)
        << records.size();
    EXPECT_THAT(fmt::format("{}", fmt::join(alerts, " ")), HasSubstr("review of slide S1"));
  }
}

TEST_F(ReviewOfASlide, VerifiedCellsAloneBecomePicturesToTeachByWithTheirCaseAsTheGroup) {
  decide(of_cells(DecisionKind::reclassify, {170}, "promonocyte"));
  decide(of_cells(DecisionKind::confirm, {0, 1}));
  decide(of_cells(DecisionKind::remove, {2}));
  Decision add;
  add.kind = DecisionKind::add;
  add.parts = {{{500, 290}, "blast"}};
  const auto seq = decide(add);
  const auto out = folder_.path() / "cells";
  const auto written =
      write_training_cells({.reports = folder_.path() / "out", .out = out, .slides = {}});
  EXPECT_EQ(written.cells, (std::map<std::string, std::uint64_t>{
                               {"blast", 1}, {"promonocyte", 1}, {"segmented_neutrophil", 2}}));
  EXPECT_EQ(read_image(out / "promonocyte" / "S1_170.png").width(), 80);
  EXPECT_TRUE(fs::exists(out / "blast" / ("S1_" + std::to_string(placed_id(seq, 0)) + ".png")));
  EXPECT_THAT(read_text_file(out / "groups.csv", 10000),
              HasSubstr("S1_170.png,S1,S1,170,630.5,270.5,monocyte,ann\n"));
  EXPECT_THROW(static_cast<void>(write_training_cells(
                   {.reports = folder_.path() / "out", .out = out, .slides = {}})),
               ConfigError);
}

TEST(Decision, BodiesOutsideTheBoundsAreRefusedByKey) {
  const auto refused = [](const char* kind, const std::string& body) -> std::string {
    try {
      static_cast<void>(decision_of(kind, body));
    } catch (const ConfigError& error) {
      return error.what();
    }
    return "";
  };
  EXPECT_THAT(refused("drop table", "{}"), HasSubstr("kind"));
  EXPECT_THAT(refused("confirm", "[1]"), HasSubstr("body"));
  EXPECT_THAT(refused("confirm", R"({"cells":[-1]})"), HasSubstr("cells"));
  EXPECT_THAT(refused("confirm", R"({"cells":[1,1]})"), HasSubstr("twice"));
  EXPECT_THAT(refused("confirm", R"({"cells":["1; DROP TABLE entries"]})"), HasSubstr("cells"));
  EXPECT_THAT(refused("confirm", "{}"), HasSubstr("no cell"));
  EXPECT_THAT(refused("reclassify", R"({"cells":[1],"to":"<b>"})"), HasSubstr("no class"));
  EXPECT_THAT(refused("add", R"({"parts":[{"x":1e300,"y":0,"to":"blast"}]})"), HasSubstr("x"));
  EXPECT_THAT(refused("comment", R"({"text":" "})"), HasSubstr("text"));
  EXPECT_THAT(refused("comment", R"({"text":")" + std::string(5000, 'a') + R"("})"),
              HasSubstr("text"));
  EXPECT_EQ(refused("reclassify", R"({"cells":[1],"to":"blast"})"), "");
}

TEST(Decision, IsTheSameReadBack) {
  Decision decision = of_cells(DecisionKind::split, {5});
  decision.from = {"monocyte"};
  decision.parts = {{{1.5, 2.5}, "monocyte"}, {{3, 4}, "blast"}};
  decision.text = "it's \"two\" <cells>; -- DROP";
  EXPECT_EQ(decision_of("split", body_of(decision)), decision);
}

}  // namespace
}  // namespace cytocape
