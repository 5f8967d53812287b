#include "pipeline/serve/station.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "pipeline/program/output.hpp"
#include "pipeline/serve/call.hpp"
#include "pipeline/serve/night.hpp"

namespace cytocape {
namespace {

constexpr const char* kCookie = "cytocape_session";

/// What a page may do: nothing that is not of this server, no script but its own files.
constexpr const char* kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src "
    "'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'";

std::vector<std::string> segments_of(const std::string& path) {
  std::vector<std::string> segments;
  std::size_t begin = 1;
  while (begin <= path.size()) {
    const auto end = std::min(path.find('/', begin), path.size());
    segments.push_back(path.substr(begin, end - begin));
    begin = end + 1;
  }
  return segments;
}

/// What stood for the stars of `pattern`; none where it is another path.
std::optional<std::vector<std::string>> matched(const std::string& pattern,
                                                const std::vector<std::string>& segments) {
  const auto wanted = segments_of(pattern);
  if (wanted.size() != segments.size()) return std::nullopt;
  std::vector<std::string> stars;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] == "*") {
      stars.push_back(segments[i]);
    } else if (wanted[i] != segments[i]) {
      return std::nullopt;
    }
  }
  return stars;
}

std::string cookie_of(const std::string& header) {
  const auto name = std::string(kCookie) + "=";
  std::size_t begin = 0;
  while (begin < header.size()) {
    const auto end = std::min(header.find(';', begin), header.size());
    auto one = header.substr(begin, end - begin);
    one.erase(0, one.find_first_not_of(' '));
    if (one.starts_with(name)) return one.substr(name.size());
    begin = end + 1;
  }
  return "";
}

/// A page of another site cannot name its own host as the origin.
bool is_from_here(const HttpRequest& request) {
  if (request.origin.empty()) return true;
  return request.origin == "http://" + request.host || request.origin == "https://" + request.host;
}

/// No object where it is nested deeper than any request is: what walks through it calls itself.
nlohmann::json parsed(const std::string& body) {
  constexpr int kMostDepth = 8;
  bool deep = false;
  auto json = nlohmann::json::parse(
      body,
      [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
        deep = deep || depth > kMostDepth;
        return depth <= kMostDepth;
      },
      false);
  return deep ? nlohmann::json() : json;
}

void add_headers(HttpResponse& response) {
  const auto has = [&](std::string_view name) {
    return std::any_of(response.headers.begin(), response.headers.end(),
                       [&](const auto& header) { return header.first == name; });
  };
  const auto put = [&](const char* name, const char* value) {
    if (!has(name)) response.headers.emplace_back(name, value);
  };
  put("Content-Security-Policy", kPolicy);
  put("X-Content-Type-Options", "nosniff");
  put("X-Frame-Options", "DENY");
  put("Referrer-Policy", "no-referrer");
  put("Cross-Origin-Resource-Policy", "same-origin");
  put("Cross-Origin-Opener-Policy", "same-origin");
  put("Cache-Control", "no-store");
}

}  // namespace

HttpResponse json_answer(const nlohmann::json& json) {
  return {.body = json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)};
}

std::string text_of(const nlohmann::json& body, const char* key, std::size_t most) {
  const auto found = body.find(key);
  if (found == body.end()) return "";
  if (!found->is_string() || found->get_ref<const std::string&>().size() > most)
    throw Refused(400, fmt::format("{}: is no text of at most {} bytes", key, most));
  return found->get<std::string>();
}

struct Station::Route {
  const char* method;
  const char* pattern;         ///< "*" stands for one part
  std::optional<Right> right;  ///< none: open to all
  HttpResponse (Station::*handler)(const Call&);
};

const std::vector<Station::Route>& Station::routes() {
  static const std::vector<Route> all{
      {"POST", "/api/login", std::nullopt, &Station::log_in},
      {"POST", "/api/logout", Right::see, &Station::log_out},
      {"GET", "/api/me", Right::see, &Station::me},
      {"GET", "/api/worklist", Right::see, &Station::worklist},
      {"GET", "/api/slide/*", Right::see, &Station::slide},
      {"GET", "/api/slide/*/cells", Right::see, &Station::cells},
      {"GET", "/api/slide/*/review", Right::see, &Station::review},
      {"POST", "/api/slide/*/decisions", Right::decide, &Station::decide},
      {"GET", "/api/slide/*/blind", Right::see, &Station::blind},
      {"POST", "/api/slide/*/blind", Right::sign, &Station::set_blind},
      {"GET", "/api/slide/*/evidence/*", Right::see, &Station::evidence},
      {"GET", "/api/slide/*/crop/*", Right::see, &Station::crop},
      {"GET", "/api/slide/*/tile/*/*/*", Right::see, &Station::tile},
      {"GET", "/api/slide/*/overview", Right::see, &Station::overview},
      {"GET", "/api/slide/*/thumbnail", Right::see, &Station::thumbnail},
      {"GET", "/api/slide/*/conclusions", Right::see, &Station::conclusions},
      {"GET", "/api/slide/*/report.html", Right::see, &Station::report},
      {"POST", "/api/slide/*/sign", Right::see, &Station::sign},
      {"POST", "/api/slide/*/outbox", Right::sign, &Station::send_again},
      {"GET", "/api/slide/*/audit", Right::see, &Station::audit},
      {"GET", "/api/slide/*/audit.csv", Right::see, &Station::audit_table},
      {"GET", "/api/agreement", Right::see, &Station::agreement},
      {"GET", "/api/references", Right::see, &Station::references},
      {"GET", "/api/accounts", Right::administer, &Station::accounts},
      {"POST", "/api/accounts", Right::administer, &Station::set_account},
  };
  return all;
}

Station::Station(StationOptions options, std::unique_ptr<Accounts> accounts)
    : options_(std::move(options)),
      accounts_(std::move(accounts)),
      sessions_({.idle = options_.idle}),
      rooms_(options_.out, options_.slides),
      night_(std::make_unique<Night>(options_.out)) {}

Station::~Station() = default;

HttpResponse Station::answer(const HttpRequest& request) {
  HttpResponse response;
  try {
    response = routed(request);
  } catch (const Refused& refused) {
    response = refusal(refused.status(), refused.what());
  } catch (const ConfigError& error) {
    response = refusal(400, error.what());
  } catch (const StorageError& error) {
    // What could not be kept was not done, and is said so.
    response =
        refusal(503, (request.method == "POST" ? "not kept: " : "") + std::string(error.what()));
  } catch (const std::exception& error) {
    response = refusal(500, error.what());
  }
  add_headers(response);
  return response;
}

HttpResponse Station::routed(const HttpRequest& request) {
  if (!hosts_.contains(request.host))
    throw Refused(421, "this server is not called by that name; open the address that it printed");
  if (request.method == "GET")
    if (auto file = static_file(request.path)) return *file;
  const auto segments = segments_of(request.path);
  for (const auto& route : routes()) {
    auto stars = matched(route.pattern, segments);
    if (!stars || request.method != route.method) continue;
    Call call{.request = request,
              .parts = std::move(*stars),
              .session = {},
              .token = cookie_of(request.cookie),
              .body = {}};
    call.session =
        sessions_.find(call.token, Sessions::Clock::now(), !request.query.contains("after"));
    // An account may be changed by another program, such as the command line.
    if (call.session && !accounts_->is_as_it_was(call.session->account)) {
      sessions_.end(call.token);
      call.session.reset();
    }
    if (route.right) {
      if (!call.session) throw Refused(401, "log in first");
      if (!may(call.session->account.role, *route.right))
        throw Refused(403,
                      fmt::format("a {} may not do this", to_string(call.session->account.role)));
    }
    if (request.method == "POST") {
      if (!is_from_here(request)) throw Refused(403, "this comes from a page of another site");
      if (request.content_type != "application/json") throw Refused(415, "send JSON");
      if (route.right && !same_token(request.csrf, call.session->csrf))
        throw Refused(403, "the token of this page is not valid any more; load the page again");
      call.body = parsed(request.body);
      if (!call.body.is_object()) throw Refused(400, "the body is no JSON object");
    }
    return (this->*route.handler)(call);
  }
  throw Refused(404, "there is no such page");
}

}  // namespace cytocape
