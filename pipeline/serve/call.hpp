#pragma once

/// A request with who makes it. Internal to pipeline/serve.

#include <nlohmann/json.hpp>
#include <optional>

#include "io/errors.hpp"
#include "pipeline/serve/station.hpp"

namespace cytocape {

struct Station::Call {
  const HttpRequest& request;
  std::vector<std::string> parts;  ///< what stood for the stars of the route
  std::optional<Session> session;  ///< there, unless the route is open to all
  std::string token;               ///< of the session's cookie
  nlohmann::json body;             ///< of a POST: an object
};

/// Ends a request with a status and a sentence.
class Refused : public Error {
 public:
  Refused(int status, const std::string& why) : Error(why), status_(status) {}
  [[nodiscard]] int status() const { return status_; }

 private:
  int status_;
};

[[nodiscard]] HttpResponse json_answer(const nlohmann::json& json);

/// A text of a request's body. Throws Refused.
[[nodiscard]] std::string text_of(const nlohmann::json& body, const char* key,
                                  std::size_t most = 4000);

/// Of the name of a file that is served as it is; none where there is no such file.
[[nodiscard]] std::optional<HttpResponse> static_file(const std::string& name);

}  // namespace cytocape
