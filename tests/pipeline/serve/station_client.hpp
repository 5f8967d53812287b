#pragma once

/// A browser's part towards a station, without a network.

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "pipeline/serve/station.hpp"

namespace cytocape::testing {

inline constexpr const char* kHost = "127.0.0.1:8080";

/// Keeps the cookie and the token of a log-in.
class StationClient {
 public:
  explicit StationClient(Station& station) : station_(station) {}

  [[nodiscard]] HttpRequest request(const std::string& method, const std::string& path) const {
    std::map<std::string, std::string> query;
    for (auto at = path.find('?'); at < path.size(); at = path.find('&', at + 1)) {
      const auto pair = path.substr(at + 1, path.find('&', at + 1) - at - 1);
      query.emplace(pair.substr(0, pair.find('=')), pair.substr(pair.find('=') + 1));
    }
    return {.method = method,
            .path = path.substr(0, path.find('?')),
            .query = std::move(query),
            .host = kHost,
            .origin = {},
            .cookie = cookie_,
            .csrf = csrf_,
            .content_type = "application/json",
            .remote = "127.0.0.1",
            .body = {}};
  }
  HttpResponse get(const std::string& path) { return station_.answer(request("GET", path)); }
  HttpResponse post(const std::string& path, const nlohmann::json& body) {
    auto asked = request("POST", path);
    auto whole = body;
    if (path.starts_with("/api/slide/") && (whole.contains("kind") || whole.contains("action")) &&
        !whole.contains("record"))
      whole["record"] = record_of(path.substr(0, path.rfind('/')));
    asked.body = whole.dump();
    return station_.answer(asked);
  }
  /// The status.
  int log_in(const std::string& name, const std::string& password) {
    const auto answer = post("/api/login", {{"name", name}, {"password", password}});
    if (answer.status != 200) return answer.status;
    csrf_ = nlohmann::json::parse(answer.body).at("csrf").get<std::string>();
    for (const auto& [header, value] : answer.headers)
      if (header == "Set-Cookie") cookie_ = value.substr(0, value.find(';'));
    return answer.status;
  }
  [[nodiscard]] const std::string& cookie() const { return cookie_; }

  /// Of the slide as it was first asked for, as a page has it.
  std::string record_of(const std::string& slide) {
    auto& record = records_[slide];
    if (record.empty())
      record = nlohmann::json::parse(get(slide).body, nullptr, false).value("record_sha256", "");
    return record;
  }

 private:
  std::map<std::string, std::string> records_;
  Station& station_;
  std::string cookie_;
  std::string csrf_;
};

[[nodiscard]] inline nlohmann::json json_of(const HttpResponse& response) {
  return nlohmann::json::parse(response.body, nullptr, false);
}

}  // namespace cytocape::testing
