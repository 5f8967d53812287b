#include "pipeline/serve/station.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "io/errors.hpp"
#include "io/sqlite_connection.hpp"
#include "pipeline/review/review_file.hpp"
#include "tests/pipeline/serve/station_night.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;
using testing::json_of;
using testing::kPassword;
using testing::kSlide;
using ::testing::Not;
using testing::StationClient;

class ReviewStation : public testing::StationOfANight {};

TEST_F(ReviewStation, ADecisionIsOnTheDiskWhenItIsAcknowledged) {
  auto tec = client("technician");
  const auto answer =
      tec.post(std::string(kSlide) + "/decisions",
               {{"kind", "reclassify"}, {"cells", {170}}, {"to", "blast"}, {"seen", 0}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(json_of(answer)["row"], 2);
  start();
  auto viewer = client("viewer");
  const auto review = json_of(viewer.get(std::string(kSlide) + "/review"));
  EXPECT_EQ(review["cells"]["170"]["name"], "blast");
  EXPECT_EQ(review["cells"]["170"]["by"], "technician");
  for (const auto& row : review["live"]["rows"])
    if (row["code"] == "blast") {
      EXPECT_EQ(row["before_count"], 12);
      EXPECT_EQ(row["count"], 13);
    }
}

TEST_F(ReviewStation, ShowsNothingToWhomIsNotLoggedIn) {
  StationClient nobody(*station_);
  for (const auto* path :
       {"/api/me", "/api/worklist", "/api/slide/S1", "/api/slide/S1/cells", "/api/slide/S1/review",
        "/api/slide/S1/crop/1", "/api/slide/S1/tile/0/0/0", "/api/slide/S1/overview",
        "/api/slide/S1/thumbnail", "/api/slide/S1/conclusions", "/api/slide/S1/report.html",
        "/api/slide/S1/audit", "/api/slide/S1/audit.csv", "/api/slide/S1/blind",
        "/api/slide/S1/evidence/1", "/api/agreement", "/api/references", "/api/accounts"})
    EXPECT_EQ(nobody.get(path).status, 401) << path;
  for (const auto* path : {"/api/slide/S1/decisions", "/api/slide/S1/sign", "/api/slide/S1/blind",
                           "/api/slide/S1/outbox", "/api/accounts", "/api/logout"})
    EXPECT_EQ(nobody.post(path, json::object()).status, 401) << path;
}

struct Allowed {
  const char* role;
  bool decides, verifies, signs, administers;
};

TEST_F(ReviewStation, EachRoleMayDoWhatItIsForAndNoMore) {
  for (const auto& one :
       {Allowed{"viewer", false, false, false, false},
        Allowed{"technician", true, true, false, false},
        Allowed{"reader", true, false, false, false}, Allowed{"signer", true, true, true, false},
        Allowed{"administrator", false, false, false, true}}) {
    auto person = client(one.role);
    const auto forbidden = [&](const char* path, const json& body) {
      return person.post(path, body).status == 403;
    };
    EXPECT_EQ(forbidden("/api/slide/S1/decisions", confirm({1})), !one.decides) << one.role;
    EXPECT_EQ(forbidden("/api/slide/S1/sign", {{"kind", "verify"}, {"password", kPassword}}),
              !one.verifies)
        << one.role;
    EXPECT_EQ(forbidden("/api/slide/S1/sign", {{"kind", "sign"}, {"password", kPassword}}),
              !one.signs)
        << one.role;
    EXPECT_EQ(forbidden("/api/slide/S1/sign", {{"kind", "amend"}, {"password", kPassword}}),
              !one.signs)
        << one.role;
    EXPECT_EQ(
        forbidden("/api/accounts", {{"name", "x"}, {"role", "signer"}, {"password", kPassword}}),
        !one.administers)
        << one.role;
    EXPECT_EQ(person.get("/api/accounts").status == 403, !one.administers) << one.role;
    EXPECT_EQ(person.get("/api/worklist").status, 200) << one.role;
  }
}

TEST_F(ReviewStation, AChangeNeedsTheTokenOfItsPageFromItsOwnSite) {
  auto tec = client("technician");
  auto asked = tec.request("POST", "/api/slide/S1/decisions");
  auto body = confirm({1});
  body["record"] = tec.record_of(kSlide);
  asked.body = body.dump();
  auto without = asked;
  without.csrf.clear();
  EXPECT_EQ(station_->answer(without).status, 403);
  auto others = asked;
  others.csrf = std::string(64, '0');
  EXPECT_EQ(station_->answer(others).status, 403);
  auto foreign = asked;
  foreign.origin = "http://evil.example";
  EXPECT_EQ(station_->answer(foreign).status, 403);
  auto form = asked;
  form.content_type = "application/x-www-form-urlencoded";
  EXPECT_EQ(station_->answer(form).status, 415);
  auto got = asked;
  got.method = "GET";
  EXPECT_EQ(station_->answer(got).status, 404);
  EXPECT_EQ(station_->answer(asked).status, 200);
}

TEST_F(ReviewStation, IsNotCalledByAnotherName) {
  auto viewer = client("viewer");
  for (const auto* host :
       {"evil.example", "127.0.0.1", "127.0.0.1:8081", "", "127.0.0.1:8080.evil.example"}) {
    auto asked = viewer.request("GET", "/api/worklist");
    asked.host = host;
    EXPECT_EQ(station_->answer(asked).status, 421) << host;
    asked.path = "/";
    EXPECT_EQ(station_->answer(asked).status, 421) << host;
  }
}

TEST_F(ReviewStation, NothingThatIsSentBecomesAPath) {
  auto viewer = client("viewer");
  fs::create_directories(folder_.path() / "secret");
  fs::copy(out_ / "S1" / "report.h5", folder_.path() / "secret" / "report.h5");
  for (const std::string& id :
       std::vector<std::string>{"..", ".", "", "../secret", "S1/../../secret", "/etc",
                                std::string("S1\0x", 4), ".hidden", "s1", "S1 "})
    EXPECT_EQ(viewer.get("/api/slide/" + id + "/cells").status, 404) << id;
  for (const auto* path : {"/static/../station.sqlite", "/static//etc/passwd", "/station.sqlite",
                           "/static/leaflet.js/..", "/S1/report.h5", "//"})
    EXPECT_EQ(viewer.get(path).status, 404) << path;
  for (const auto* path :
       {"/api/slide/S1/crop/-1", "/api/slide/S1/crop/99999", "/api/slide/S1/crop/1e3",
        "/api/slide/S1/tile/0/0/9223372036854775807", "/api/slide/S1/tile/-1/0/0",
        "/api/slide/S1/tile/99/0/0", "/api/slide/S1/tile/0/0/x"})
    EXPECT_EQ(viewer.get(path).status, 404) << path;
}

TEST_F(ReviewStation, CookiesAndPagesCannotBeUsedByOtherSites) {
  StationClient nobody(*station_);
  const auto answer = nobody.post("/api/login", {{"name", "viewer"}, {"password", kPassword}});
  std::string cookie, policy;
  for (const auto& [name, value] : answer.headers) {
    if (name == "Set-Cookie") cookie = value;
    if (name == "Content-Security-Policy") policy = value;
  }
  EXPECT_THAT(cookie, HasSubstr("HttpOnly"));
  EXPECT_THAT(cookie, HasSubstr("SameSite=Strict"));
  EXPECT_THAT(policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(policy, HasSubstr("frame-ancestors 'none'"));
  EXPECT_THAT(policy, Not(HasSubstr("unsafe")));
  const auto page = nobody.get("/").body;
  EXPECT_THAT(page, ::testing::StartsWith("<!DOCTYPE html>\n<html lang=\"en\">"));
  EXPECT_THAT(page, HasSubstr("\n<title>cytocape review station</title>"));
  EXPECT_THAT(page, Not(HasSubstr("{{")));
  EXPECT_THAT(page, HasSubstr("For Research Use Only. Not for use in diagnostic procedures."));
  EXPECT_THAT(page, Not(HasSubstr("onclick=")));
  EXPECT_THAT(page, Not(::testing::ContainsRegex("<script>|style=\"|https?://")));
}

TEST_F(ReviewStation, WhatPeopleWriteStaysText) {
  auto tec = client("technician");
  const std::string text =
      "=HYPERLINK(\"x\") <script>alert(1)</script>'); DROP TABLE entries;--\r\nSet-Cookie: a=b";
  const auto answer = tec.post("/api/slide/S1/decisions",
                               {{"kind", "comment"}, {"text", text}, {"cells", {1}}, {"seen", 0}});
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(json_of(answer)["review"]["comments"][0]["text"].get<std::string>().substr(0, 10),
            text.substr(0, 10));
  const auto csv = tec.get("/api/slide/S1/audit.csv").body;
  EXPECT_THAT(csv, HasSubstr("\"'=HYPERLINK"));
  EXPECT_EQ(check_reviews(out_).front().fault, "");
  EXPECT_EQ(tec.post("/api/slide/S1/decisions",
                     {{"kind", "reclassify"}, {"cells", {1}}, {"to", "<img onerror=x>"}})
                .status,
            400);
}

TEST_F(ReviewStation, AWrongPasswordMustWaitAndAnotherNameNeedNot) {
  StationClient nobody(*station_);
  EXPECT_EQ(nobody.log_in("signer", "wrong password"), 401);
  EXPECT_EQ(nobody.log_in("signer", kPassword), 429) << "even with the right one";
  EXPECT_EQ(nobody.log_in("nobody", kPassword), 401);
  EXPECT_EQ(nobody.log_in("reader", kPassword), 200);
}

TEST_F(ReviewStation, LoggingOutEndsTheSession) {
  auto tec = client("technician");
  EXPECT_EQ(tec.post("/api/logout", json::object()).status, 200);
  EXPECT_EQ(tec.get("/api/me").status, 401);
}

TEST_F(ReviewStation, AChangedAccountIsLoggedOutAndAClosedOneStaysOut) {
  auto admin = client("administrator");
  auto tec = client("technician");
  EXPECT_EQ(
      admin.post("/api/accounts", {{"name", "technician"}, {"role", "viewer"}, {"closed", true}})
          .status,
      200);
  EXPECT_EQ(tec.get("/api/me").status, 401);
  StationClient again(*station_);
  EXPECT_EQ(again.log_in("technician", kPassword), 401);
  EXPECT_EQ(
      admin.post("/api/accounts", {{"name", "a b"}, {"role", "viewer"}, {"password", kPassword}})
          .status,
      400);
  EXPECT_EQ(
      admin.post("/api/accounts", {{"name", "new"}, {"role", "viewer"}, {"password", "short"}})
          .status,
      400);
}

TEST_F(ReviewStation, AnAccountThatAnotherProgramChangesCountsAtOnce) {
  auto doc = client("signer");
  EXPECT_EQ(doc.get("/api/me").status, 200);
  Accounts(out_).set({.name = "signer", .role = Role::viewer}, "another password", "shell");
  EXPECT_EQ(doc.get("/api/me").status, 401);
  StationClient again(*station_);
  EXPECT_EQ(again.log_in("signer", kPassword), 401);
}

TEST_F(ReviewStation, ASlideThatIsAnotherFileShowsNoPicturesAndKeepsDecisions) {
  const auto slide = drawn_->path() / "S1.png";
  const auto moved = folder_.path() / "moved";
  fs::create_directories(moved);
  fs::rename(slide, moved / "S1.png");
  start();
  auto tec = client("technician");
  EXPECT_EQ(tec.get("/api/slide/S1/crop/1").status, 404);
  EXPECT_THAT(json_of(tec.get(kSlide))["why_no_pixels"].get<std::string>(), HasSubstr("--slides"));
  EXPECT_EQ(tec.post("/api/slide/S1/decisions", confirm({1})).status, 200);
  start(moved);
  EXPECT_EQ(client("viewer").get("/api/slide/S1/crop/1").status, 200);
  fs::rename(moved / "S1.png", slide);
  std::ofstream(moved / "S1.png") << "another";
}

TEST_F(ReviewStation, ASlideThatWasAnalysedAgainTakesNoDecisionOnItsOldCells) {
  auto tec = client("technician");
  EXPECT_EQ(tec.post("/api/slide/S1/decisions", confirm({1})).status, 200);
  fs::rename(out_ / "S1", folder_.path() / "previous");
  auto cells = testing::drawn_cells();
  cells.resize(150);
  testing::draw_night(out_, "S1", cells);
  const auto review = json_of(tec.get("/api/slide/S1/review"));
  EXPECT_EQ(review["seq"], 0) << "the review went with its record";
  EXPECT_EQ(tec.post("/api/slide/S1/decisions", confirm({1})).status, 409)
      << "cell 1 is another one now";
  auto fresh = client("technician");
  EXPECT_EQ(fresh.post("/api/slide/S1/decisions", confirm({199})).status, 422) << "there is none";
  EXPECT_EQ(fresh.post("/api/slide/S1/decisions", confirm({1})).status, 200);
  EXPECT_EQ(check_reviews(folder_.path() / "previous").front().fault, "");
}

TEST_F(ReviewStation, AReviewOfAnotherSlideIsNeverShownNorContinued) {
  testing::draw_night(out_, "S2", [] {
    auto cells = testing::drawn_cells();
    cells.resize(150);
    return cells;
  }());
  auto tec = client("technician");
  ASSERT_EQ(tec.post("/api/slide/S2/decisions", confirm({1})).status, 200);
  ASSERT_EQ(tec.get("/api/slide/S1/review").status, 200);
  start();  // so that the file is whole
  auto again = client("technician");
  fs::copy(out_ / "S2" / kReviewFile, out_ / "S1" / kReviewFile);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(again.get("/api/slide/S1/review").status, 503);
  EXPECT_EQ(again.post("/api/slide/S1/decisions", confirm({2})).status, 503);
  EXPECT_EQ(Ledger::read(out_ / "S1" / kReviewFile)->after(0).size(), 2U);
  const auto worklist = json_of(again.get("/api/worklist"));
  EXPECT_THAT(worklist["slides"][0]["review_fault"].get<std::string>(),
              HasSubstr("of another record"));
}

TEST_F(ReviewStation, AReviewThatIsReplacedOrTakenAwayTakesNoDecisionThatIsLost) {
  auto tec = client("technician");
  ASSERT_EQ(tec.post("/api/slide/S1/decisions", confirm({1})).status, 200);
  const auto file = out_ / "S1" / kReviewFile;
  fs::create_directories(folder_.path() / "aside");
  for (const auto* end : {"", "-wal", "-shm"})
    if (fs::exists(file.string() + end))
      fs::rename(file.string() + end, folder_.path() / "aside" / (std::string(kReviewFile) + end));
  EXPECT_EQ(tec.post("/api/slide/S1/decisions", confirm({2}, 2)).status, 503);
}

TEST_F(ReviewStation, NestedBodiesAndReasonsOfBlanksAreRefused) {
  auto tec = client("technician");
  auto asked = tec.request("POST", "/api/slide/S1/decisions");
  asked.body = R"({"kind":"comment","text":"x","a":)" + std::string(100000, '[') +
               std::string(100000, ']') + "}";
  EXPECT_EQ(station_->answer(asked).status, 400);
  EXPECT_EQ(tec.post("/api/slide/S1/decisions", {{"kind", "comment"}, {"text", "   "}}).status,
            400);
  EXPECT_EQ(tec.get("/api/slide/S1/review").status, 200);
}

TEST_F(ReviewStation, ACellIsAddedOnTheSlideAndSplitOnce) {
  auto tec = client("technician");
  const auto post = [&](const json& body) {
    return tec.post("/api/slide/S1/decisions", body).status;
  };
  const auto part = [](double x, double y) { return json{{"x", x}, {"y", y}, {"to", "blast"}}; };
  EXPECT_EQ(post({{"kind", "add"}, {"parts", {part(-1e6, 5)}}}), 422);
  EXPECT_EQ(post({{"kind", "add"}, {"parts", {part(60, 60)}}}), 200);
  EXPECT_EQ(post({{"kind", "add"}, {"parts", {part(61, 60)}}}), 422) << "is there already";
  const json split{{"kind", "split"}, {"cells", {1}}, {"parts", {part(80, 30), part(100, 30)}}};
  EXPECT_EQ(post(split), 200);
  EXPECT_EQ(post(split), 422) << "its parts would count twice";
}

TEST_F(ReviewStation, ADecisionThatCannotBeKeptIsNotAcknowledged) {
  auto tec = client("technician");
  ASSERT_EQ(tec.post("/api/slide/S1/decisions", confirm({1})).status, 200);
  {
    SqliteConnection other(out_ / "S1" / kReviewFile, SqlAccess::write);
    other.run("BEGIN EXCLUSIVE");
    const auto answer = tec.post("/api/slide/S1/decisions", confirm({2}, 2));
    EXPECT_EQ(answer.status, 503);
    EXPECT_THAT(answer.body, HasSubstr("not kept"));
    other.run("ROLLBACK");
  }
  EXPECT_EQ(tec.post("/api/slide/S1/decisions", confirm({3}, 2)).status, 200);
  const auto review = json_of(tec.get("/api/slide/S1/review"));
  EXPECT_FALSE(review["cells"].contains("2"));
  EXPECT_TRUE(review["cells"].contains("3"));
}

TEST_F(ReviewStation, ManyPeopleAtOnceLoseNoDecision) {
  constexpr int kPeople = 6, kEach = 15;
  std::vector<StationClient> people;
  for (int i = 0; i < kPeople; ++i) people.push_back(client(i % 2 == 0 ? "technician" : "reader"));
  std::atomic<int> acknowledged{0};
  std::vector<std::thread> working;
  for (int i = 0; i < kPeople; ++i)
    working.emplace_back([&, i] {
      for (int n = 0; n < kEach; ++n) {
        const auto cell = static_cast<std::uint64_t>(i * kEach + n);
        if (people[static_cast<std::size_t>(i)]
                .post("/api/slide/S1/decisions", confirm({cell}))
                .status == 200)
          ++acknowledged;
        static_cast<void>(people[static_cast<std::size_t>(i)].get("/api/slide/S1/crop/7"));
      }
    });
  for (auto& one : working) one.join();
  EXPECT_EQ(acknowledged, kPeople * kEach);
  const auto review = json_of(client("viewer").get("/api/slide/S1/review"));
  EXPECT_EQ(review["cells"].size(), static_cast<std::size_t>(kPeople * kEach));
  EXPECT_EQ(check_reviews(out_).front().fault, "");
}

TEST_F(ReviewStation, WhatIsOpenStandsInTheWayOfASignature) {
  auto doc = client("signer");
  const auto seq = [&] {
    return json_of(doc.get("/api/slide/S1/review"))["seq"].get<std::int64_t>();
  };
  const auto sign = [&](const char* kind, const char* text = "") {
    return doc.post("/api/slide/S1/sign",
                    {{"kind", kind}, {"password", kPassword}, {"text", text}, {"seen", seq()}});
  };
  EXPECT_EQ(sign("verify").status, 422);
  const auto decide = [&](json body) {
    body["seen"] = seq();
    return doc.post("/api/slide/S1/decisions", body).status;
  };
  EXPECT_EQ(decide({{"kind", "reclassify"}, {"cells", {198, 199}}, {"to", "monocyte"}}), 200);
  for (const auto& name : testing::kDrawnClasses)
    EXPECT_EQ(decide({{"kind", "open"}, {"to", name}}), 200) << name;
  EXPECT_EQ(json_of(doc.get("/api/slide/S1/conclusions"))["open"], json::array());
  EXPECT_EQ(sign("sign").status, 422) << "not verified";
  EXPECT_EQ(sign("verify").status, 200);
  const auto signed_off = sign("sign");
  EXPECT_EQ(signed_off.status, 200) << signed_off.body;
  EXPECT_EQ(decide({{"kind", "confirm"}, {"cells", {1}}}), 422);
  EXPECT_EQ(sign("amend").status, 422) << "without a reason";
  EXPECT_EQ(sign("amend", "a blast was missed").status, 200);
  EXPECT_EQ(decide({{"kind", "confirm"}, {"cells", {1}}}), 200);
  EXPECT_THAT(doc.get("/api/slide/S1/report.html").body, HasSubstr("amended, not signed again"));
  EXPECT_EQ(json_of(doc.get("/api/worklist"))["slides"][0]["review"], "under review");
}

TEST(Sessions, OfPagesThatAskByThemselvesAreIdle) {
  Sessions sessions({.idle = std::chrono::minutes(30)});
  const auto begin = Sessions::Clock::now();
  const auto token = sessions.begin({.name = "a", .role = Role::viewer}, begin);
  EXPECT_TRUE(sessions.find(token, begin + std::chrono::minutes(20), false));
  EXPECT_FALSE(sessions.find(token, begin + std::chrono::minutes(31)));
}

TEST(Sessions, EndWhenTheyAreIdleAndAfterAShift) {
  using std::chrono::minutes;
  Sessions sessions({.idle = minutes(30), .whole = minutes(60)});
  const auto begin = Sessions::Clock::now();
  const auto token = sessions.begin({.name = "a"}, begin);
  EXPECT_TRUE(sessions.find(token, begin + minutes(29)));
  EXPECT_TRUE(sessions.find(token, begin + minutes(58)));
  EXPECT_FALSE(sessions.find(token, begin + minutes(61))) << "after a shift";
  const auto idle = sessions.begin({.name = "a"}, begin);
  EXPECT_FALSE(sessions.find(idle, begin + minutes(31)));
  EXPECT_FALSE(sessions.find(idle, begin)) << "and stays out";
  EXPECT_FALSE(sessions.find("", begin));
}

TEST(LoginDelay, DoublesUpToAMinuteAndForgetsASuccess) {
  using std::chrono::milliseconds;
  LoginDelay delay;
  auto now = LoginDelay::Clock::now();
  for (const int wait : {500, 1000, 2000, 4000}) {
    delay.failed("a", now);
    EXPECT_EQ(delay.wait_of("a", now), milliseconds(wait));
    now += milliseconds(wait);
  }
  for (int i = 0; i < 20; ++i) delay.failed("a", now);
  EXPECT_EQ(delay.wait_of("a", now), milliseconds(60000));
  EXPECT_EQ(delay.wait_of("b", now), milliseconds(0));
  delay.succeeded("a");
  EXPECT_EQ(delay.wait_of("a", now), milliseconds(0));
}

}  // namespace
}  // namespace cytocape
