#pragma once

/// Who is logged in, and how soon somebody may try again.

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "pipeline/serve/accounts.hpp"

namespace cytocape {

struct Session {
  Account account;
  std::string csrf;  ///< what a change must bring along
};

/// In memory: a restart logs everybody out. The clock is a steady one, which nobody sets.
/// Thread-safe.
class Sessions {
 public:
  using Clock = std::chrono::steady_clock;
  struct Limits {
    Clock::duration idle = std::chrono::minutes(30);
    Clock::duration whole = std::chrono::hours(12);
    std::size_t most = 1000;  ///< sessions; the one that was idle longest makes room
  };
  explicit Sessions(Limits limits) : limits_(limits) {}

  /// Returns the token of the cookie.
  [[nodiscard]] std::string begin(const Account& account, Clock::time_point now);
  /// None for a token that is none, or not any more. A page that asks by itself for what is new is
  /// no sign of a person: such a request leaves the session as idle as it was.
  [[nodiscard]] std::optional<Session> find(const std::string& token, Clock::time_point now,
                                            bool by_person = true);
  void end(const std::string& token);
  /// Of an account that was changed.
  void end_all_of(const std::string& name);

 private:
  struct Held {
    Session session;
    Clock::time_point began;
    Clock::time_point used;
  };
  Limits limits_;
  std::mutex mutex_;
  std::map<std::string, Held> held_;  ///< by token
};

/// After each failure a name must wait twice as long, from half a second to a minute. Not an
/// address: a laboratory behind a proxy has one. Thread-safe.
class LoginDelay {
 public:
  using Clock = std::chrono::steady_clock;
  /// How long the name must wait from now on; zero where it need not.
  [[nodiscard]] Clock::duration wait_of(const std::string& who, Clock::time_point now);
  void failed(const std::string& who, Clock::time_point now);
  void succeeded(const std::string& who);

 private:
  struct Failures {
    int count = 0;
    Clock::time_point until;
  };
  static constexpr std::size_t kMost = 10000;  ///< names that are remembered
  std::mutex mutex_;
  std::map<std::string, Failures> failures_;
};

}  // namespace cytocape
