#pragma once

/// Who may log in: a ledger beside the reports, `station.sqlite`, which holds every change of an
/// account and every log-in.

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/ledger.hpp"
#include "pipeline/serve/access.hpp"

namespace cytocape {

inline constexpr const char* kAccountsFile = "station.sqlite";
inline constexpr std::size_t kLeastPassword = 10;  ///< characters
inline constexpr std::size_t kMostPassword = 1024;

struct Account {
  std::string name;  ///< 1 to 64 letters, digits, '.', '-', '_' and '@'
  Role role = Role::viewer;
  bool closed = false;
  std::int64_t row = 0;  ///< of the ledger, which says so; 0 of a demonstration
};

/// What other programs add to the ledger counts at once. In a folder that cannot be written to
/// people log in, which is not noted then, and accounts stay as they are. Thread-safe. Members
/// throw StorageError; what is wrong with what a person gave is a ConfigError.
class Accounts {
 public:
  /// Of a folder of reports.
  explicit Accounts(const std::filesystem::path& out);
  /// In memory: one account for a demonstration, whose password the program makes.
  [[nodiscard]] static std::unique_ptr<Accounts> of_demo(const std::string& password);

  /// Adds an account, or gives it another role or password; an empty password leaves it as it is.
  void set(const Account& account, std::string_view password, const std::string& by);
  /// None where name and password are no open account's. Takes as long for a name that there is
  /// not. One at a time: a hash takes 64 MiB.
  [[nodiscard]] std::optional<Account> log_in(const std::string& name, std::string_view password);
  /// False once the account was changed or closed after `account` was read.
  [[nodiscard]] bool is_as_it_was(const Account& account);
  [[nodiscard]] std::vector<Account> all();
  /// Empty of a demonstration.
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  struct Held {
    Account account;
    std::string hash;
  };
  Accounts() = default;
  void apply(const LedgerEntry& entry);
  void refresh();  ///< with the mutex held
  void note(const std::string& by, const std::string& kind, const std::string& body);
  std::filesystem::path path_;
  std::unique_ptr<Ledger> ledger_;
  std::map<std::string, Held> held_;
  std::int64_t seq_ = 0;  ///< of the last entry that was applied
  std::mutex mutex_;
  std::mutex hashing_;
};

}  // namespace cytocape
