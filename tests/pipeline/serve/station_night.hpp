#pragma once

/// A station on a drawn night, for tests.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "pipeline/review/review_file.hpp"
#include "tests/pipeline/review/drawn_night.hpp"
#include "tests/pipeline/serve/station_client.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape::testing {

inline constexpr const char* kPassword = "a long password";
/// Argon2id of it with the least limits, so that tests do not wait.
inline constexpr const char* kQuickHash =
    "$argon2id$v=19$m=8,t=1,p=1$o5xrRnl1giRbEHrsJTpAFg$uVE/G0tumbyWx3GZ9iP7LMdlPwYt36afC/FA/yKZ7Z8";
inline constexpr const char* kSlide = "/api/slide/S1";

/// A night of one drawn slide, drawn once, and an account of each role, named as it; and
/// "colleague", a second reader.
class StationOfANight : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    drawn_ = std::make_unique<TempDir>();
    draw_night(drawn_->path() / "out", "S1", drawn_cells());
    Accounts(drawn_->path() / "out");
    const auto ledger = Ledger::open(drawn_->path() / "out" / kAccountsFile, {});
    const auto add = [&](const char* name, const char* role) {
      ledger->append(
          {.at = "2026-01-02T03:04:05Z",
           .author = "test",
           .kind = "account",
           .body = nlohmann::json{{"name", name}, {"role", role}, {"hash", kQuickHash}}.dump()});
    };
    for (const auto* role : {"viewer", "technician", "reader", "signer", "administrator"})
      add(role, role);
    add("colleague", "reader");
  }
  static void TearDownTestSuite() { drawn_.reset(); }

  StationOfANight() {
    std::filesystem::copy(drawn_->path() / "out", out_, std::filesystem::copy_options::recursive);
    start();
  }
  void start(const std::filesystem::path& moved = {}, const std::filesystem::path& outbox = {}) {
    station_ =
        std::make_unique<Station>(StationOptions{.out = out_, .slides = moved, .outbox = outbox},
                                  std::make_unique<Accounts>(out_));
    station_->set_hosts({kHost});
  }
  StationClient client(const std::string& role) {
    StationClient one(*station_);
    EXPECT_EQ(one.log_in(role, kPassword), 200);
    return one;
  }
  static nlohmann::json confirm(std::vector<std::uint64_t> cells, std::int64_t seen = 0) {
    return {{"kind", "confirm"}, {"cells", cells}, {"seen", seen}};
  }

  /// What a person at `who` decides who has seen everything; the status.
  static int decide(StationClient& who, nlohmann::json body, const char* slide = kSlide) {
    body["seen"] = seq(who, slide);
    return who.post(std::string(slide) + "/decisions", body).status;
  }
  static std::int64_t seq(StationClient& who, const char* slide = kSlide) {
    return json_of(who.get(std::string(slide) + "/review")).at("seq").get<std::int64_t>();
  }

  inline static std::unique_ptr<TempDir> drawn_;
  TempDir folder_;
  std::filesystem::path out_ = folder_.path() / "out";
  std::unique_ptr<Station> station_;
};

}  // namespace cytocape::testing
