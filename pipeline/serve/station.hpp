#pragma once

/// The review station: what it answers to a request. Knows no network (http_server.hpp brings the
/// requests), so that tests ask it directly.

#include <atomic>
#include <chrono>
#include <filesystem>
#include <functional>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <set>
#include <string>

#include "pipeline/serve/accounts.hpp"
#include "pipeline/serve/http.hpp"
#include "pipeline/serve/sessions.hpp"
#include "pipeline/serve/slide_room.hpp"

namespace cytocape {

struct StationOptions {
  std::filesystem::path out;     ///< folder of reports
  std::filesystem::path slides;  ///< where moved slides are looked for; may be empty
  std::filesystem::path outbox;  ///< where signed results are written; empty: nowhere
  std::chrono::minutes idle{30};
  bool secure_cookie = false;  ///< browsers reach it by https alone
};

/// Safe for many threads.
class Station {
 public:
  Station(StationOptions options, std::unique_ptr<Accounts> accounts);
  ~Station();

  /// Names by which a browser may call this server ("127.0.0.1:8080"): another one is of a page
  /// that was made to point here (DNS rebinding), and is refused. To be set before requests come.
  void set_hosts(std::set<std::string> hosts) { hosts_ = std::move(hosts); }

  /// Throws nothing. A request that waits for a change takes up to 25 s, or until `end_waiting`.
  [[nodiscard]] HttpResponse answer(const HttpRequest& request);
  /// Answers those that wait: the program ends.
  void end_waiting() { ending_ = true; }
  static constexpr int kMostWaiting = 24;  ///< requests; others are answered at once

 private:
  struct Call;
  struct Route;
  [[nodiscard]] static const std::vector<Route>& routes();
  [[nodiscard]] HttpResponse routed(const HttpRequest& request);
  [[nodiscard]] HttpResponse log_in(const Call& call);
  [[nodiscard]] HttpResponse log_out(const Call& call);
  [[nodiscard]] HttpResponse me(const Call& call);
  [[nodiscard]] HttpResponse worklist(const Call& call);
  [[nodiscard]] HttpResponse slide(const Call& call);
  [[nodiscard]] HttpResponse cells(const Call& call);
  [[nodiscard]] HttpResponse review(const Call& call);
  [[nodiscard]] Review review_behind(const Call& call,
                                     const std::shared_ptr<const SlideRoom>& room);
  [[nodiscard]] HttpResponse blind(const Call& call);
  [[nodiscard]] HttpResponse set_blind(const Call& call);
  [[nodiscard]] HttpResponse agreement(const Call& call);
  [[nodiscard]] HttpResponse references(const Call& call);
  [[nodiscard]] HttpResponse evidence(const Call& call);
  [[nodiscard]] HttpResponse decide(const Call& call);
  [[nodiscard]] HttpResponse crop(const Call& call);
  [[nodiscard]] HttpResponse tile(const Call& call);
  [[nodiscard]] HttpResponse overview(const Call& call);
  [[nodiscard]] HttpResponse thumbnail(const Call& call);
  [[nodiscard]] HttpResponse conclusions(const Call& call);
  [[nodiscard]] HttpResponse report(const Call& call);
  /// One try of a password: how long the name must wait before it, or the account if it is right.
  struct Try {
    Sessions::Clock::duration wait{};
    std::optional<Account> account{};
  };
  [[nodiscard]] Try try_password(const std::string& name, const std::string& password);
  void require_password(const std::string& name, const std::string& password);
  [[nodiscard]] HttpResponse sign(const Call& call);
  /// What became of a signed result's files: null where none are written.
  [[nodiscard]] nlohmann::json outbox_json(const SlideReport& reviewed) const;
  [[nodiscard]] HttpResponse send_again(const Call& call);
  [[nodiscard]] HttpResponse audit(const Call& call);
  [[nodiscard]] HttpResponse audit_table(const Call& call);
  [[nodiscard]] HttpResponse accounts(const Call& call);
  [[nodiscard]] std::vector<std::string> readings_that_wait(const std::vector<Account>& accounts);
  [[nodiscard]] HttpResponse set_account(const Call& call);

  StationOptions options_;
  std::unique_ptr<Accounts> accounts_;
  Sessions sessions_;
  LoginDelay delay_;
  std::mutex logging_in_;  ///< a try and its wait are one step
  SlideRooms rooms_;
  std::set<std::string> hosts_;
  std::atomic<int> waiting_{0};
  std::atomic<bool> ending_{false};
  struct Night;
  std::unique_ptr<Night> night_;
};

}  // namespace cytocape
