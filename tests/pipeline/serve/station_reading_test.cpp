// What several people say of one slide, and of what the model called its cells.

#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/pipeline/serve/station_night.hpp"

namespace cytocape {
namespace {

using nlohmann::json;
using ::testing::HasSubstr;
using testing::json_of;
using testing::kPassword;
using ::testing::Not;
using testing::StationClient;

class ReadersOfASlide : public testing::StationOfANight {
 protected:
  json blind(StationClient& who) { return json_of(who.get("/api/slide/S1/blind"))["blind"]; }
  int set(StationClient& who, json body) {
    body["seen"] = seq(who);
    return who.post("/api/slide/S1/blind", body).status;
  }
  int start_reading(StationClient& who, const char* second = "colleague", int cells = 40) {
    return set(who, {{"action", "start"}, {"readers", {"reader", second}}, {"cells", cells}});
  }
  /// Names all but the first `other` cells neutrophils, those lymphocytes.
  void read_all(StationClient& who, std::size_t other) {
    const auto ids = blind(who)["ids"];
    for (std::size_t i = 0; i < ids.size(); ++i)
      ASSERT_EQ(decide(who, {{"kind", "read"},
                             {"cells", {ids[i]}},
                             {"to", i < other ? "lymphocyte" : "segmented_neutrophil"}}),
                200);
    ASSERT_EQ(decide(who, {{"kind", "finish"}}), 200);
  }
};

TEST_F(ReadersOfASlide, SeeNothingOfEachOtherUntilBothHaveFinished) {
  auto doc = client("signer"), ann = client("reader"), bob = client("colleague");
  EXPECT_EQ(start_reading(ann), 403) << "a signer begins it";
  ASSERT_EQ(start_reading(doc), 200);
  EXPECT_EQ(start_reading(doc), 422) << "one goes on";
  const auto ids = blind(ann)["ids"];
  ASSERT_EQ(ids.size(), 40U);
  EXPECT_EQ(blind(bob)["ids"], ids);
  EXPECT_FALSE(blind(doc).contains("ids"));
  ASSERT_EQ(decide(ann, {{"kind", "read"}, {"cells", {ids[0]}}, {"to", "blast"}}), 200);
  EXPECT_EQ(decide(doc, {{"kind", "read"}, {"cells", {ids[0]}}, {"to", "blast"}}), 422);
  for (const auto* path : {"/blind", "/review", "/audit", "/audit.csv", "/cells", "/conclusions"}) {
    const auto seen = bob.get(std::string("/api/slide/S1") + path).body;
    EXPECT_THAT(seen, Not(HasSubstr("\"to\":\"blast\""))) << path;
    EXPECT_THAT(seen, Not(HasSubstr(",blast,"))) << path;
  }
  EXPECT_EQ(blind(bob)["mine"], json::object());
  EXPECT_EQ(blind(ann)["mine"].size(), 1U);
  // Nor does anybody else tell them by a decision of their own.
  EXPECT_EQ(decide(doc, {{"kind", "reclassify"}, {"cells", {ids[1]}}, {"to", "blast"}}), 422);
  EXPECT_EQ(decide(doc, {{"kind", "undo"}, {"of", 2}}), 422);
  EXPECT_EQ(decide(ann, {{"kind", "finish"}}), 422) << "39 are left";
  EXPECT_THAT(json_of(doc.get("/api/slide/S1/conclusions"))["open"].dump(),
              HasSubstr("a blind reading goes on"));
}

TEST_F(ReadersOfASlide, AgreeByKappaCountWhatBothSayAndLeaveTheRestToAThird) {
  auto doc = client("signer"), ann = client("reader"), bob = client("colleague");
  ASSERT_EQ(start_reading(doc), 200);
  read_all(ann, 20);
  EXPECT_EQ(decide(ann, {{"kind", "read"}, {"cells", {blind(ann)["ids"][0]}}, {"to", "blast"}}),
            422)
      << "has finished";
  read_all(bob, 18);
  const auto result = blind(doc)["results"][0];
  EXPECT_EQ(result["agreed"], 38);
  // Of 40 cells 20 and 18 are lymphocytes, 2 apart: po = .95, pe = .5, kappa = .9.
  EXPECT_NEAR(result["kappa"]["value"].get<double>(), 0.9, 1e-12);
  ASSERT_EQ(result["differences"].size(), 2U);
  const auto cell = result["differences"][0]["cell"];
  const json settle{{"kind", "reclassify"}, {"cells", {cell}}, {"to", "monocyte"}};
  EXPECT_EQ(decide(ann, settle), 422) << "one of the two";
  EXPECT_THAT(json_of(doc.get("/api/slide/S1/conclusions"))["open"].dump(),
              HasSubstr("2 cells on which the blind readers differ are left"));
  EXPECT_EQ(decide(doc, settle), 200);
  EXPECT_EQ(blind(doc)["results"][0]["differences"][0]["settled"], "monocyte");
  const auto review = json_of(doc.get("/api/slide/S1/review"));
  EXPECT_EQ(review["live"]["verified"], 39);
  EXPECT_EQ(review["cells"][result["differences"][0]["cell"].dump()]["by"], "signer");
  EXPECT_THAT(doc.get("/api/slide/S1/report.html").body,
              HasSubstr("reader and colleague, blind to each other, named 40 cells"));
  EXPECT_THAT(bob.get("/api/slide/S1/audit").body, HasSubstr("\"to\":\"lymphocyte\""));
  EXPECT_EQ(check_reviews(out_).front().fault, "");
}

TEST_F(ReadersOfASlide, AReadingIsEndedByASignerAndByNobodyElse) {
  auto doc = client("signer"), ann = client("reader");
  EXPECT_EQ(start_reading(doc, "reader"), 422) << "twice the same";
  EXPECT_EQ(start_reading(doc, "viewer"), 422) << "may not decide";
  ASSERT_EQ(start_reading(doc), 200);
  EXPECT_EQ(decide(ann, {{"kind", "undo"}, {"of", 2}}), 422);
  ASSERT_EQ(set(doc, {{"action", "end"}}), 200);
  EXPECT_TRUE(blind(doc).is_null());
  EXPECT_EQ(decide(ann, confirm({1})), 200);
}

TEST_F(ReadersOfASlide, AReadingThatWasEndedStaysSoAndWhatWasNamedStaysHidden) {
  auto doc = client("signer"), ann = client("reader"), bob = client("colleague");
  auto tec = client("technician");
  ASSERT_EQ(start_reading(doc), 200);
  const auto ids = blind(ann)["ids"];
  ASSERT_EQ(decide(ann, {{"kind", "read"}, {"cells", ids}, {"to", "promonocyte"}}), 200);
  ASSERT_EQ(set(doc, {{"action", "end"}}), 200);
  const auto end = seq(tec);
  for (int again = 0; again < 2; ++again) {
    for (const auto* path : {"/audit", "/audit.csv", "/blind", "/review"})
      EXPECT_THAT(bob.get(std::string(kSlide) + path).body, Not(HasSubstr("promonocyte\"")))
          << path;
    EXPECT_THAT(bob.get("/api/slide/S1/audit.csv").body, Not(HasSubstr(",promonocyte,")));
    const auto answer =
        tec.post("/api/slide/S1/decisions", {{"kind", "undo"}, {"of", end}, {"seen", seq(tec)}});
    EXPECT_EQ(answer.status, 422);
    EXPECT_THAT(answer.body, HasSubstr("does not go on"));
    EXPECT_TRUE(again == 1 || blind(ann).is_null());
    if (again == 0) {
      ASSERT_EQ(start_reading(doc), 200);
    }
  }
  EXPECT_EQ(blind(ann)["mine"], json::object());
}

TEST_F(ReadersOfASlide, CellsOnWhichTheyDifferAreLeftWhateverIsReadAfterwards) {
  auto doc = client("signer"), ann = client("reader"), bob = client("colleague");
  ASSERT_EQ(start_reading(doc), 200);
  const auto first = blind(ann)["ids"];
  read_all(ann, 40);
  read_all(bob, 0);
  ASSERT_EQ(start_reading(doc, "colleague", 150), 200);
  const auto second = blind(ann)["ids"];
  EXPECT_EQ(second.size(), 150U);
  for (const auto& id : first)
    EXPECT_EQ(std::count(second.begin(), second.end(), id), 0) << "everybody knows of it";
  read_all(ann, 0);
  read_all(bob, 0);
  EXPECT_THAT(json_of(doc.get("/api/slide/S1/conclusions"))["open"].dump(),
              HasSubstr("40 cells on which the blind readers differ are left"));
  EXPECT_EQ(decide(ann, {{"kind", "remove"}, {"cells", {first[0]}}}), 422) << "one of the two";
  const auto page = doc.get("/api/slide/S1/report.html").body;
  EXPECT_THAT(page, HasSubstr("named 40 cells: 0 alike"));
  EXPECT_THAT(page, HasSubstr("named 150 cells: 150 alike"));
  EXPECT_EQ(blind(doc)["results"].size(), 2U);
}

TEST_F(ReadersOfASlide, ACellThatIsGoneLeavesNothingToSettle) {
  auto doc = client("signer"), ann = client("reader"), bob = client("colleague");
  ASSERT_EQ(decide(doc, {{"kind", "add"}, {"parts", {{{"x", 60}, {"y", 60}, {"to", "blast"}}}}}),
            200);
  ASSERT_EQ(start_reading(doc, "colleague", 1000), 200);
  auto ids = blind(ann)["ids"];
  const json placed = ids.back();
  EXPECT_GE(placed.get<std::uint64_t>(), kFirstPlacedId);
  ASSERT_EQ(decide(ann, {{"kind", "read"}, {"cells", ids}, {"to", "blast"}}), 200);
  ASSERT_EQ(decide(bob, {{"kind", "read"}, {"cells", ids}, {"to", "blast"}}), 200);
  ASSERT_EQ(decide(bob, {{"kind", "read"}, {"cells", {placed}}, {"to", "monocyte"}}), 200);
  ASSERT_EQ(decide(ann, {{"kind", "finish"}}), 200);
  ASSERT_EQ(decide(bob, {{"kind", "finish"}}), 200);
  EXPECT_THAT(doc.get("/api/slide/S1/conclusions").body, HasSubstr("blind readers differ"));
  ASSERT_EQ(decide(doc, {{"kind", "undo"}, {"of", 2}}), 200);
  EXPECT_THAT(doc.get("/api/slide/S1/conclusions").body, Not(HasSubstr("blind readers differ")));
  EXPECT_EQ(blind(doc)["results"][0]["differences"][0]["settled"], "");
}

TEST_F(ReadersOfASlide, NothingIsSaidOfTheirCellsWhileTheyRead) {
  auto doc = client("signer"), ann = client("reader"), bob = client("colleague");
  for (const auto& early : {json{{"kind", "reference"}, {"cells", {150}}},
                            json{{"kind", "reclassify"}, {"cells", {151}}, {"to", "promonocyte"}},
                            json{{"kind", "comment"}, {"cells", {152}}, {"text", "I say so"}}})
    ASSERT_EQ(decide(doc, early), 200);
  ASSERT_EQ(start_reading(doc, "colleague", 1000), 200);  // all that have a class
  const auto place = [](double x, double y) {
    return json::array({{{"x", x}, {"y", y}, {"to", "blast"}}});
  };
  const auto x = testing::place_x(5), y = testing::place_y(5);
  for (auto* who : {&ann, &doc})
    for (const auto& said :
         {json{{"kind", "comment"}, {"cells", {5}}, {"text", "blast"}},
          json{{"kind", "reference"}, {"cells", {5}}}, json{{"kind", "undo"}, {"of", 2}},
          json{{"kind", "add"}, {"parts", place(x, y)}},
          json{{"kind", "add"}, {"parts", place(x + 20, y)}}})
      EXPECT_EQ(decide(*who, said), 422) << said;
  EXPECT_EQ(decide(ann, {{"kind", "comment"}, {"text", "of the slide"}}), 200);
  const auto get = [](StationClient& who, const char* path) {
    return who.get(std::string(kSlide) + path);
  };
  EXPECT_EQ(json_of(get(bob, "/cells"))["class"][5], -1);
  EXPECT_EQ(json_of(get(bob, "/cells"))["certainty"][5], nullptr);
  EXPECT_EQ(json_of(get(doc, "/cells"))["class"][5], 0);
  for (const auto* path : {"/cells", "/review", "/audit", "/audit.csv", "/blind"})
    for (const auto* word : {"promonocyte\"}", "promonocyte\",\"by", ",promonocyte,", "I say so",
                             "segmented_neutrophil\",\"seg", "segmented_neutrophil; seg"})
      EXPECT_THAT(get(bob, path).body, Not(HasSubstr(word))) << path;
  const auto audit = json_of(get(bob, "/audit"));
  EXPECT_GE(audit["rows"].size(), 5U);
  for (const auto& row : audit["rows"]) EXPECT_EQ(row["hash"], "") << row;
  EXPECT_EQ(json_of(get(bob, "/review"))["references"], json::array());
  EXPECT_EQ(json_of(bob.get("/api/references"))["cells"], json::array());
  EXPECT_EQ(json_of(doc.get("/api/references"))["cells"].size(), 1U);
  EXPECT_EQ(get(bob, "/evidence/150").status, 409);
  EXPECT_EQ(get(bob, "/report.html").status, 409);
  EXPECT_EQ(get(doc, "/report.html").status, 200);
  read_all(ann, 0);
  EXPECT_EQ(get(ann, "/report.html").status, 409) << "the other one still reads";
  read_all(bob, 0);
  EXPECT_EQ(json_of(get(bob, "/cells"))["class"][5], 0);
  EXPECT_THAT(get(bob, "/audit").body, HasSubstr("I say so"));
}

TEST_F(ReadersOfASlide, AReadingThatWaitsForSomebodyWhoMayNotReadAnyMoreIsSaid) {
  auto doc = client("signer"), chief = client("administrator");
  ASSERT_EQ(start_reading(doc), 200);
  const auto notes = [&] { return json_of(chief.get("/api/accounts"))["notes"].dump(); };
  EXPECT_EQ(notes(), "[]");
  const auto answer = json_of(
      chief.post("/api/accounts", {{"name", "reader"}, {"role", "viewer"}, {"password", ""}}));
  EXPECT_THAT(answer["notes"].dump(),
              HasSubstr("The blind reading of slide S1 waits for reader, who may not read"));
  EXPECT_EQ(json_of(doc.get(std::string(testing::kSlide) + "/blind"))["absent"],
            json::array({"reader"}));
  chief.post("/api/accounts", {{"name", "reader"}, {"role", "reader"}, {"password", ""}});
  EXPECT_EQ(notes(), "[]");
}

TEST_F(ReadersOfASlide, AHashDoesNotTellWhatWasNamed) {
  auto doc = client("signer"), ann = client("reader");
  ASSERT_EQ(start_reading(doc), 200);
  const json read{
      {"kind", "read"}, {"cells", {blind(ann)["ids"][0]}}, {"to", "blast"}, {"salt", "chosen"}};
  ASSERT_EQ(decide(ann, read), 200);
  ASSERT_EQ(decide(ann, read), 200);
  std::set<std::string> salts;
  for (const auto& row : Ledger::read(out_ / "S1" / kReviewFile)->after(0))
    if (row.what.kind == "read") salts.insert(json::parse(row.what.body).at("salt"));
  EXPECT_EQ(salts.size(), 2U);
  EXPECT_EQ(salts.count("chosen"), 0U);
  for (const auto& salt : salts) EXPECT_EQ(salt.size(), 64U);
}

TEST_F(ReadersOfASlide, KappaWithoutAnErrorHasNoInterval) {
  auto doc = client("signer"), ann = client("reader"), bob = client("colleague");
  ASSERT_EQ(start_reading(doc), 200);
  read_all(ann, 20);
  read_all(bob, 20);
  EXPECT_THAT(blind(doc)["results"][0]["words"].get<std::string>(),
              HasSubstr("Cohen's kappa 1.00 (without an interval"));
}

TEST_F(ReadersOfASlide, WhoHasNotSeenAnothersEntryNeitherOverwritesNorTakesItBack) {
  auto ann = client("technician"), bob = client("reader");
  const auto entry = [](const char* text, std::int64_t seen) {
    return json{{"kind", "morphology"}, {"item", "Auer rods"}, {"text", text}, {"seen", seen}};
  };
  ASSERT_EQ(ann.post("/api/slide/S1/decisions", entry("seen", 0)).status, 200);
  EXPECT_EQ(bob.post("/api/slide/S1/decisions", entry("not seen", 0)).status, 409);
  EXPECT_EQ(bob.post("/api/slide/S1/decisions", {{"kind", "undo"}, {"of", 2}, {"seen", 0}}).status,
            409);
  ASSERT_EQ(ann.post("/api/slide/S1/decisions", confirm({5}, 2)).status, 200);  // row 3
  ASSERT_EQ(bob.post("/api/slide/S1/decisions",
                     {{"kind", "reclassify"}, {"cells", {5}}, {"to", "blast"}, {"seen", 3}})
                .status,
            200);  // row 4
  EXPECT_EQ(ann.post("/api/slide/S1/decisions", {{"kind", "undo"}, {"of", 3}, {"seen", 3}}).status,
            409)
      << "the cell was named meanwhile";
  EXPECT_EQ(ann.post("/api/slide/S1/decisions", {{"kind", "undo"}, {"of", 3}, {"seen", 4}}).status,
            200);
  const auto review = json_of(ann.get("/api/slide/S1/review"));
  EXPECT_EQ(review["cells"]["5"]["name"], "blast");
  EXPECT_EQ(review["morphology"]["Auer rods"], "seen");
}

TEST_F(ReadersOfASlide, AuerRodsLeaveTheClassOpenAndAreSaidFirst) {
  auto tec = client("technician");
  const auto said = [&] { return tec.get("/api/slide/S1/conclusions").body; };
  EXPECT_THAT(said(), Not(HasSubstr("Auer")));
  ASSERT_EQ(decide(tec, {{"kind", "morphology"}, {"item", "Auer rods"}, {"text", "seen"}}), 200);
  const auto result = json_of(tec.get("/api/slide/S1/conclusions"));
  EXPECT_THAT(result["alerts"].dump(),
              HasSubstr("The review of slide S1 by technician names Auer rods"));
  EXPECT_THAT(result["open"].dump(), Not(HasSubstr("contradict"))) << "nothing to settle";
  EXPECT_EQ(decide(tec, {{"kind", "morphology"}, {"item", "Auer rods"}, {"text", "some"}}), 400);
}

TEST_F(ReadersOfASlide, AuerRodsOfACasesOtherSlideAreSaidOnEachOfItsSlidesAndOnNoOther) {
  testing::draw_night(out_, "S2", testing::drawn_cells(), "S1");
  testing::draw_night(out_, "S3", testing::drawn_cells());
  auto tec = client("technician");
  const auto said = [&](const std::string& id) {
    return tec.get("/api/slide/" + id + "/conclusions").body;
  };
  EXPECT_THAT(said("S2"), Not(HasSubstr("Auer")));
  ASSERT_EQ(decide(tec, {{"kind", "morphology"}, {"item", "Auer rods"}, {"text", "seen"}}), 200);
  EXPECT_THAT(said("S2"), HasSubstr("The review of slide S1 by technician names Auer rods"));
  EXPECT_THAT(tec.get("/api/slide/S2/report.html").body, HasSubstr("names Auer rods"));
  EXPECT_THAT(said("S3"), Not(HasSubstr("Auer")));
}

TEST_F(ReadersOfASlide, AgreementOfTheModelIsToldByMonthAndClass) {
  auto tec = client("technician");
  ASSERT_EQ(decide(tec, confirm({0, 1, 2})), 200);
  ASSERT_EQ(decide(tec, {{"kind", "reclassify"}, {"cells", {3}}, {"to", "monocyte"}}), 200);
  ASSERT_EQ(decide(tec, {{"kind", "reclassify"}, {"cells", {199}}, {"to", "monocyte"}}), 200);
  const auto rows = json_of(tec.get("/api/agreement"))["rows"];
  ASSERT_EQ(rows.size(), 1U) << rows;
  EXPECT_EQ(rows[0]["code"], "segmented_neutrophil");
  EXPECT_EQ(rows[0]["seen"], 4);
  EXPECT_EQ(rows[0]["kept"], 3);
  EXPECT_EQ(rows[0]["model"], "drawn");
}

TEST_F(ReadersOfASlide, ReferenceCellsOfTheSiteAndTheEvidenceOfACellAreShown) {
  auto tec = client("technician");
  ASSERT_EQ(decide(tec, {{"kind", "reference"}, {"cells", {150}}}), 200);
  EXPECT_EQ(json_of(tec.get("/api/references"))["cells"],
            json::array({{{"slide", "S1"}, {"cell", 150}, {"code", "monocyte"}}}));
  const auto map = tec.get("/api/slide/S1/evidence/150");
  EXPECT_EQ(map.status, 200);
  EXPECT_EQ(map.content_type, "image/jpeg");
  EXPECT_EQ(tec.get("/api/slide/S1/evidence/199").status, 404) << "unidentified";
  EXPECT_EQ(tec.get("/api/slide/S1/evidence/999").status, 404);
}

}  // namespace
}  // namespace cytocape
