// What happens to the folder that a station serves.

#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

#include "io/errors.hpp"
#include "io/sqlite_connection.hpp"
#include "io/text_file.hpp"
#include "pipeline/serve/station_lock.hpp"
#include "tests/pipeline/serve/station_night.hpp"
#include "tests/support/without_rights.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using ::testing::HasSubstr;
using testing::json_of;
using testing::kPassword;
using testing::kSlide;
using testing::StationClient;

class FolderOfAStation : public testing::StationOfANight {};

std::string refusal_to_lock(const fs::path& out) {
  try {
    static_cast<void>(take_station_lock(out));
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "";
}

TEST(StationLock, AFolderIsServedByOneStationAloneAndADeadOneGivesWay) {
  const testing::TempDir folder;
  {
    const auto lock = take_station_lock(folder.path());
    ASSERT_TRUE(lock);
    const auto why = refusal_to_lock(folder.path());
    EXPECT_THAT(why, HasSubstr("process " + std::to_string(::getpid()) + " on "));
    EXPECT_THAT(why, HasSubstr("started 20"));
  }
  EXPECT_EQ(refusal_to_lock(folder.path()), "");
  if (const auto child = ::fork(); child == 0) {
    const auto lock = take_station_lock(folder.path());
    ::_exit(lock ? 0 : 1);  // as if it was killed
  } else {
    int status = 1;
    ::waitpid(child, &status, 0);
    ASSERT_EQ(status, 0);
  }
  EXPECT_FALSE(fs::is_empty(folder.path()));
  EXPECT_EQ(refusal_to_lock(folder.path()), "");
  const testing::ReadOnlyFolder read_only(folder.path());
  EXPECT_FALSE(take_station_lock(folder.path()));
}

TEST_F(FolderOfAStation, ThatCannotBeWrittenToIsShownAndTakesNoDecision) {
  {
    auto tec = client("technician");
    ASSERT_EQ(decide(tec, confirm({1})), 200);
  }
  station_.reset();  // so that the file is whole
  const testing::ReadOnlyFolder read_only(out_);
  start();
  auto tec = client("technician");
  for (const auto* path : {"", "/cells", "/review", "/conclusions", "/audit", "/report.html"})
    EXPECT_EQ(tec.get(std::string(kSlide) + path).status, 200) << path;
  EXPECT_EQ(json_of(tec.get("/api/slide/S1/review"))["cells"].size(), 1U);
  EXPECT_EQ(json_of(tec.get("/api/worklist"))["slides"][0]["review"], "under review");
  const auto answer = tec.post("/api/slide/S1/decisions", confirm({2}, 2));
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.body, HasSubstr("not kept: "));
  EXPECT_THAT(answer.body, HasSubstr("Permission denied"));
  EXPECT_EQ(check_reviews(out_).front().fault, "");
}

TEST_F(FolderOfAStation, RowsOfAJournalThatCannotBeReadAreNotPassedOver) {
  auto tec = client("technician");
  ASSERT_EQ(decide(tec, confirm({1})), 200);
  const auto file = out_ / "S1" / kReviewFile;
  ASSERT_TRUE(fs::exists(file.string() + "-wal"));
  const auto copy = folder_.path() / "copy";
  fs::create_directories(copy / "S1");
  for (const auto* name : {"report.h5", "review.sqlite", "review.sqlite-wal"})
    fs::copy(out_ / "S1" / name, copy / "S1" / name);
  const testing::ReadOnlyFolder read_only(copy);
  EXPECT_THAT(check_reviews(copy).front().fault, HasSubstr("the newest entries are in"));
}

TEST_F(FolderOfAStation, AnEditedRoleIsFoundAndHashesAreTheOwnersAlone) {
  const auto file = out_ / kAccountsFile;
  struct stat status {};
  ASSERT_EQ(::stat(file.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U);
  EXPECT_EQ(checked_ledger(file).fault, "");
  {
    SqliteConnection other(file, SqlAccess::write);
    other.run(
        "DROP TRIGGER entries_do_not_change; UPDATE entries SET body = replace(body, "
        "'\"role\":\"viewer\"', '\"role\":\"signer\"') WHERE body LIKE '%viewer%'");
  }
  EXPECT_THAT(checked_ledger(file).fault, HasSubstr("is not what was written"));
  EXPECT_THROW(Accounts{out_}, StorageError);
}

TEST_F(FolderOfAStation, AClosedThatIsNoTruthOpensNoAccount) {
  auto admin = client("administrator");
  const auto set = [&](const json& closed) {
    return admin.post("/api/accounts", {{"name", "viewer"}, {"role", "viewer"}, {"closed", closed}})
        .status;
  };
  EXPECT_EQ(set(true), 200);
  for (const auto& wrong : {json("true"), json(1), json(nullptr), json::array({true})})
    EXPECT_EQ(set(wrong), 422) << wrong;
  StationClient viewer(*station_);
  EXPECT_EQ(viewer.log_in("viewer", kPassword), 401);
}

TEST_F(FolderOfAStation, AnswersOnceSomebodyElseHasDecidedAndNotBefore) {
  auto ann = client("technician"), bob = client("reader");
  ASSERT_EQ(decide(ann, confirm({1})), 200);
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(300));
    EXPECT_EQ(decide(bob, confirm({2})), 200);
  });
  const auto told = json_of(ann.get("/api/slide/S1/review?after=2&wait=1"));
  other.join();
  EXPECT_EQ(told["seq"], 3);
  EXPECT_TRUE(told["cells"].contains("2"));
  std::thread ending([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    station_->end_waiting();
  });
  EXPECT_EQ(json_of(ann.get("/api/slide/S1/review?after=3&wait=1"))["same"], true);
  ending.join();
}

TEST_F(FolderOfAStation, WhoeverIsLoggedOutWhileWaitingIsToldNothingMore) {
  auto ann = client("technician"), admin = client("administrator"), bob = client("reader");
  ASSERT_EQ(decide(ann, confirm({1})), 200);
  std::thread other([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    EXPECT_EQ(admin.post("/api/accounts", {{"name", "technician"}, {"role", "viewer"}}).status,
              200);
    EXPECT_EQ(decide(bob, confirm({2})), 200);
  });
  EXPECT_EQ(ann.get("/api/slide/S1/review?after=2&wait=1").status, 401);
  other.join();
}

TEST_F(FolderOfAStation, AClockThatWasSetBackIsRemarkedOnAndLosesNothing) {
  auto tec = client("technician");
  ASSERT_EQ(decide(tec, confirm({1})), 200);
  const auto ledger = Ledger::open(out_ / "S1" / kReviewFile, {});
  ledger->append({.at = "1999-01-01T00:00:00Z",
                  .author = "reader",
                  .kind = "confirm",
                  .body = R"({"cells":[2],"from":["segmented_neutrophil"]})"});
  const auto checked = check_reviews(out_).front();
  EXPECT_EQ(checked.fault, "");
  EXPECT_THAT(checked.remarks, ::testing::ElementsAre(HasSubstr("row 3 has an earlier time")));
  EXPECT_EQ(json_of(tec.get("/api/slide/S1/review"))["cells"].size(), 2U);
}

/// Names what is unidentified and opens every class; then verifies and signs.
json signed_by(StationClient& doc) {
  const auto seq = [&] {
    return json_of(doc.get("/api/slide/S1/review"))["seq"].get<std::int64_t>();
  };
  const auto post = [&](const char* what, json body) {
    body["seen"] = seq();
    body["password"] = kPassword;
    return doc.post(std::string(kSlide) + what, body);
  };
  post("/decisions", {{"kind", "reclassify"}, {"cells", {198, 199}}, {"to", "monocyte"}});
  for (const auto& name : testing::kDrawnClasses)
    post("/decisions", {{"kind", "open"}, {"to", name}});
  post("/sign", {{"kind", "verify"}});
  return json_of(post("/sign", {{"kind", "sign"}}));
}

TEST_F(FolderOfAStation, ASignedResultIsWrittenForOtherSystemsAndStandsWhereItCannotBe) {
  const auto outbox = folder_.path() / "outbox";
  start({}, outbox);  // which is not there
  auto doc = client("signer");
  const auto failed = signed_by(doc);
  EXPECT_EQ(failed["signed"]["by"], "signer") << failed;
  EXPECT_THAT(failed["outbox"]["fault"].dump(), HasSubstr("outbox"));
  fs::create_directories(outbox);
  const auto again = json_of(doc.post("/api/slide/S1/outbox", {{"action", "again"}}))["outbox"];
  EXPECT_EQ(again["fault"], nullptr);
  ASSERT_EQ(again["files"].size(), 2U);
  EXPECT_THAT(again["files"][0].get<std::string>(),
              ::testing::MatchesRegex("S1-2.*Z-v1.fhir.json"));
  EXPECT_THAT(again["files"][1].get<std::string>(), ::testing::MatchesRegex("S1-2.*Z-v1.hl7"));
  const auto hl7 =
      read_text_file(outbox / again["files"][1].get<std::string>(), std::uint64_t{1} << 20);
  EXPECT_THAT(hl7, HasSubstr("MSH|"));
  EXPECT_THAT(hl7, HasSubstr("Reviewed and signed by signer"));
  const auto fhir = json::parse(
      read_text_file(outbox / again["files"][0].get<std::string>(), std::uint64_t{1} << 20));
  for (const auto& entry : fhir["entry"])
    if (entry["resource"]["resourceType"] == "DiagnosticReport") {
      EXPECT_EQ(entry["resource"]["status"], "final");
      EXPECT_THAT(entry["resource"]["conclusion"].get<std::string>(),
                  HasSubstr("signed by signer"));
    }
  auto tec = client("technician");
  EXPECT_EQ(tec.post("/api/slide/S1/outbox", {{"action", "again"}}).status, 403);
}

TEST_F(FolderOfAStation, AResultSignedBeforeIsAmendedAndNeverWrittenOver) {
  const auto outbox = folder_.path() / "outbox";
  fs::create_directories(outbox);
  start({}, outbox);
  auto doc = client("signer");
  const auto first = signed_by(doc)["outbox"]["files"];
  // As another analysis leaves it, which sets the report aside.
  const auto aside = out_ / "previous" / "S1" / "2026-01-02T030405Z";
  fs::create_directories(aside);
  for (const auto& entry : fs::directory_iterator(out_ / "S1"))
    fs::copy(entry.path(), aside / entry.path().filename());
  for (const auto* end : {"", "-wal", "-shm"})
    fs::remove(out_ / "S1" / (std::string(kReviewFile) + end));
  // Signatures are told apart by their second.
  std::this_thread::sleep_for(std::chrono::milliseconds(1100));
  start({}, outbox);
  auto again = client("signer");
  const auto second = signed_by(again)["outbox"]["files"];
  ASSERT_EQ(second.size(), 2U) << second;
  EXPECT_LT(first[0].get<std::string>(), second[0].get<std::string>()) << "the newest comes last";
  EXPECT_THAT(second[0].get<std::string>(), HasSubstr("-v2.fhir"));
  for (const auto& name : first) EXPECT_TRUE(fs::exists(outbox / name.get<std::string>()));
  const auto text = read_text_file(outbox / second[0].get<std::string>(), std::uint64_t{1} << 20);
  EXPECT_THAT(text, HasSubstr("\"amended\""));
}

TEST_F(FolderOfAStation, OfAReviewThatCannotBeBegunNothingStays) {
  auto tec = client("technician");
  const auto path = out_ / "S1" / kReviewFile;
  struct rlimit before {};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &before), 0);
  auto full = before;
  full.rlim_cur = 0;
  const auto told = std::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &full);
  const auto answer = tec.post("/api/slide/S1/decisions", confirm({1}));
  ::setrlimit(RLIMIT_FSIZE, &before);
  std::signal(SIGXFSZ, told);
  EXPECT_EQ(answer.status, 503);
  EXPECT_FALSE(fs::exists(path));
  EXPECT_EQ(decide(tec, confirm({1})), 200);
}

}  // namespace
}  // namespace cytocape
