#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "io/secrets.hpp"
#include "io/text.hpp"
#include "pipeline/serve/call.hpp"
#include "pipeline/serve/night.hpp"

namespace cytocape {
namespace {

nlohmann::json session_json(const Session& session) {
  nlohmann::json rights = nlohmann::json::array();
  const auto role = session.account.role;
  if (may(role, Right::decide)) rights.push_back("decide");
  if (may(role, Right::verify)) rights.push_back("verify");
  if (may(role, Right::sign)) rights.push_back("sign");
  if (may(role, Right::administer)) rights.push_back("administer");
  return {{"name", session.account.name},
          {"role", to_string(role)},
          {"rights", rights},
          {"csrf", session.csrf}};
}

/// Of a wrong type no account may come out open.
bool is_closed(const nlohmann::json& body) {
  const auto found = body.find("closed");
  if (found == body.end()) return false;
  if (!found->is_boolean()) throw Refused(422, "closed: take true or false");
  return found->get<bool>();
}

std::string cookie(const std::string& token, bool secure, const char* age) {
  return fmt::format("cytocape_session={}; Path=/; HttpOnly; SameSite=Strict{}{}", token,
                     secure ? "; Secure" : "", age);
}

}  // namespace

bool same_token(const std::string& given, const std::string& right) {
  return !right.empty() && same_secret(given, right);
}

Station::Try Station::try_password(const std::string& name, const std::string& password) {
  const std::lock_guard one(logging_in_);
  if (const auto wait = delay_.wait_of(name, Sessions::Clock::now());
      wait > Sessions::Clock::duration::zero())
    return {.wait = wait};
  auto account = accounts_->log_in(name, password);
  if (!account) delay_.failed(name, Sessions::Clock::now());
  return {.account = std::move(account)};
}

HttpResponse Station::log_in(const Call& call) {
  const auto name = text_of(call.body, "name", 200);
  const auto [wait, account] = try_password(name, text_of(call.body, "password", kMostPassword));
  if (wait > Sessions::Clock::duration::zero()) {
    const auto seconds = std::chrono::ceil<std::chrono::seconds>(wait).count();
    auto refused = refusal(429, fmt::format("wait {} s before the next try", seconds));
    refused.headers.emplace_back("Retry-After", std::to_string(seconds));
    return refused;
  }
  if (!account) throw Refused(401, "name or password is not right");
  delay_.succeeded(name);
  const auto now = Sessions::Clock::now();
  if (!call.token.empty()) sessions_.end(call.token);
  const auto token = sessions_.begin(*account, now);
  auto response = json_answer(session_json(*sessions_.find(token, now)));
  response.headers.emplace_back("Set-Cookie", cookie(token, options_.secure_cookie, ""));
  return response;
}

HttpResponse Station::log_out(const Call& call) {
  sessions_.end(call.token);
  auto response = json_answer(nlohmann::json::object());
  response.headers.emplace_back("Set-Cookie", cookie("", options_.secure_cookie, "; Max-Age=0"));
  return response;
}

HttpResponse Station::me(const Call& call) {
  return json_answer(session_json(*call.session));
}

/// Readings wait for people who may not read any more.
std::vector<std::string> Station::readings_that_wait(const std::vector<Account>& accounts) {
  std::vector<std::string> sentences;
  for (const auto& slide : night_->reviews()) {
    if (!slide->reading) continue;
    for (const auto& account : accounts) {
      const auto who = slide->reading->reader(account.name);
      if (who < 0 || slide->reading->finished.at(static_cast<std::size_t>(who)) ||
          (!account.closed && may(account.role, Right::decide)))
        continue;
      sentences.push_back(fmt::format(
          "The blind reading of slide {} waits for {}, who may not read any more: give the role "
          "back, or let a signer end the reading.",
          slide->slide, account.name));
    }
  }
  return sentences;
}

HttpResponse Station::accounts(const Call&) {
  auto list = nlohmann::json::array();
  const auto all = accounts_->all();
  for (const auto& account : all)
    list.push_back(
        {{"name", account.name}, {"role", to_string(account.role)}, {"closed", account.closed}});
  auto notes = nlohmann::json::array();
  for (const auto& sentence : readings_that_wait(all)) notes.push_back(displayable(sentence));
  return json_answer({{"accounts", list}, {"roles", all_codes<Role>()}, {"notes", notes}});
}

HttpResponse Station::set_account(const Call& call) {
  const Account account{.name = text_of(call.body, "name", 200),
                        .role = role_named(text_of(call.body, "role", 200)),
                        .closed = is_closed(call.body)};
  accounts_->set(account, text_of(call.body, "password", kMostPassword),
                 call.session->account.name);
  sessions_.end_all_of(account.name);
  return accounts(call);
}

}  // namespace cytocape
