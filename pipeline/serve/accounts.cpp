#include "pipeline/serve/accounts.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/errors.hpp"
#include "io/secrets.hpp"
#include "io/text.hpp"
#include "pipeline/program/provenance.hpp"

namespace cytocape {
namespace {

constexpr std::size_t kMostName = 64;

/// Of a random password that was thrown away, with the limits of hash_password: a name that there
/// is not takes as long as one that there is.
constexpr const char* kHashOfNobody =
    "$argon2id$v=19$m=65536,t=2,p=1$Veb1F8b5fazOB/FouUUXbw$jXXlXp"
    "52aQAUC9OeBUoCLdrKW1wPEf1Khr7ooIKrTi8";

void require_name(const std::string& name) {
  const auto is_letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._-@").find(c) != std::string_view::npos;
  };
  if (name.empty() || name.size() > kMostName || !std::all_of(name.begin(), name.end(), is_letter))
    throw ConfigError(fmt::format("name '{}': take 1 to {} letters, digits, '.', '-', '_' or '@'",
                                  displayable(shortened(name)), kMostName));
}

void require_password(std::string_view password) {
  if (password.size() < kLeastPassword || password.size() > kMostPassword)
    throw ConfigError(fmt::format("the password has {} characters; take {} or more",
                                  password.size(), kLeastPassword));
}

/// Hashes of passwords are nobody else's to read. SQLite gives the rights of the file to those that
/// it makes beside it.
void keep_to_owner(const std::filesystem::path& path) {
  const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (file < 0) return;  // whoever opens it next says why
  (void)::fchmod(file, S_IRUSR | S_IWUSR);
  ::close(file);
}

LedgerDraft beginning() {
  return {.at = utc_now(),
          .author = "cytocape " + tool_version(),
          .kind = "begin",
          .body = R"({"of":"accounts"})"};
}

}  // namespace

Role role_named(const std::string& name) {
  if (const auto role = value_named<Role>(name)) return *role;
  throw ConfigError(fmt::format("role '{}': there are {}", displayable(shortened(name)),
                                fmt::join(all_codes<Role>(), ", ")));
}

Accounts::Accounts(const std::filesystem::path& out) : path_(out / kAccountsFile) {
  std::error_code error;
  if (!std::filesystem::is_directory(out, error))
    throw ConfigError(fmt::format(
        "{}: is no folder; give a folder of reports, the --out of analyze", out.string()));
  keep_to_owner(path_);
  ledger_ = Ledger::open(path_, beginning());
  const auto rows = ledger_->after(0);
  if (const auto fault = check_chain(rows); !fault.empty())
    throw StorageError(
        fmt::format("{}: was changed by other means than this program: {}; take it from a backup",
                    path_.string(), fault));
  for (const auto& row : rows) apply(row);
}

std::unique_ptr<Accounts> Accounts::of_demo(const std::string& password) {
  std::unique_ptr<Accounts> demo(new Accounts());
  demo->held_["demo"] = {{.name = "demo", .role = Role::signer}, hash_password(password)};
  return demo;
}

void Accounts::refresh() {
  if (ledger_ == nullptr) return;
  for (const auto& entry : ledger_->after(seq_)) apply(entry);
}

void Accounts::apply(const LedgerEntry& entry) {
  seq_ = std::max(seq_, entry.seq);
  if (entry.what.kind != "account") return;
  const auto json = nlohmann::json::parse(entry.what.body, nullptr, false);
  if (!json.is_object()) return;
  const auto name = json.value("name", "");
  auto& held = held_[name];
  held.account.name = name;
  held.account.row = entry.seq;
  held.account.role = value_named<Role>(json.value("role", "")).value_or(Role::viewer);
  held.account.closed = json.value("closed", false);
  if (const auto hash = json.value("hash", ""); !hash.empty()) held.hash = hash;
}

void Accounts::note(const std::string& by, const std::string& kind, const std::string& body) {
  if (ledger_ == nullptr) return;
  // A folder that can be read alone is shown all the same.
  if (kind == "login" && ledger_->is_read_only()) return;
  (void)ledger_->append({.at = utc_now(), .author = by, .kind = kind, .body = body});
  refresh();
}

void Accounts::set(const Account& account, std::string_view password, const std::string& by) {
  require_name(account.name);
  if (ledger_ == nullptr) throw ConfigError("a demonstration has one account; start without it");
  nlohmann::json body{
      {"name", account.name}, {"role", to_string(account.role)}, {"closed", account.closed}};
  const bool is_new = [&] {
    const std::lock_guard lock(mutex_);
    refresh();
    return !held_.contains(account.name);
  }();
  if (is_new || !password.empty()) {
    require_password(password);
    const std::lock_guard one(hashing_);
    body["hash"] = hash_password(password);
  }
  const std::lock_guard lock(mutex_);
  note(by, "account", body.dump());
}

std::optional<Account> Accounts::log_in(const std::string& name, std::string_view password) {
  Held found{{}, kHashOfNobody};
  {
    const std::lock_guard lock(mutex_);
    refresh();
    const auto held = held_.find(name);
    if (held != held_.end() && !held->second.account.closed) found = held->second;
  }
  const bool right = [&] {
    const std::lock_guard one(hashing_);
    return password.size() <= kMostPassword && is_password(found.hash, password);
  }();
  if (!right || found.account.name.empty()) return std::nullopt;
  const std::lock_guard lock(mutex_);
  note(name, "login", "{}");
  return found.account;
}

bool Accounts::is_as_it_was(const Account& account) {
  const std::lock_guard lock(mutex_);
  refresh();
  const auto held = held_.find(account.name);
  return held != held_.end() && !held->second.account.closed &&
         held->second.account.row == account.row;
}

std::vector<Account> Accounts::all() {
  const std::lock_guard lock(mutex_);
  refresh();
  std::vector<Account> accounts;
  for (const auto& [name, held] : held_) accounts.push_back(held.account);
  return accounts;
}

}  // namespace cytocape
