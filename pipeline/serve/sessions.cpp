#include "pipeline/serve/sessions.hpp"

#include <algorithm>

#include "io/secrets.hpp"

namespace cytocape {

std::string Sessions::begin(const Account& account, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  if (held_.size() >= limits_.most)
    held_.erase(std::min_element(held_.begin(), held_.end(), [](const auto& a, const auto& b) {
      return a.second.used < b.second.used;
    }));
  auto token = random_token();
  held_[token] = {
      .session = {.account = account, .csrf = random_token()}, .began = now, .used = now};
  return token;
}

std::optional<Session> Sessions::find(const std::string& token, Clock::time_point now,
                                      bool by_person) {
  const std::lock_guard lock(mutex_);
  const auto found = held_.find(token);
  if (found == held_.end()) return std::nullopt;
  auto& held = found->second;
  if (now - held.used > limits_.idle || now - held.began > limits_.whole) {
    held_.erase(found);
    return std::nullopt;
  }
  if (by_person) held.used = now;
  return held.session;
}

void Sessions::end(const std::string& token) {
  const std::lock_guard lock(mutex_);
  held_.erase(token);
}

void Sessions::end_all_of(const std::string& name) {
  const std::lock_guard lock(mutex_);
  std::erase_if(held_, [&](const auto& one) { return one.second.session.account.name == name; });
}

LoginDelay::Clock::duration LoginDelay::wait_of(const std::string& who, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  const auto found = failures_.find(who);
  if (found == failures_.end() || found->second.until <= now) return Clock::duration::zero();
  return found->second.until - now;
}

void LoginDelay::failed(const std::string& who, Clock::time_point now) {
  constexpr int kMostDoublings = 7;
  constexpr auto kFirst = std::chrono::milliseconds(500);
  constexpr auto kLongest = std::chrono::milliseconds(60000);
  const std::lock_guard lock(mutex_);
  // Those that have waited are forgotten first.
  if (failures_.size() >= kMost)
    std::erase_if(failures_, [&](const auto& one) { return one.second.until <= now; });
  auto& failures = failures_[who];
  const auto wait = std::min(kLongest, kFirst * (1 << std::min(failures.count, kMostDoublings)));
  ++failures.count;
  failures.until = now + wait;
}

void LoginDelay::succeeded(const std::string& who) {
  const std::lock_guard lock(mutex_);
  failures_.erase(who);
}

}  // namespace cytocape
