#pragma once

/// A request and its answer, as the station sees them.

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace cytocape {

struct HttpRequest {
  std::string method;  ///< "GET" or "POST"; others do not get here
  std::string path;    ///< decoded, without the query
  std::map<std::string, std::string> query;
  std::string host;          ///< as the browser named this server
  std::string origin;        ///< empty where the browser said nothing
  std::string cookie;        ///< as sent
  std::string csrf;          ///< of X-CSRF-Token
  std::string content_type;  ///< without parameters
  std::string remote;        ///< address of the other end
  std::string body;
};

struct HttpResponse {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
};

/// `{"error": why}`.
[[nodiscard]] HttpResponse refusal(int status, std::string_view why);

}  // namespace cytocape
