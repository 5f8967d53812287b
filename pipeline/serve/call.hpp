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

using Room = std::shared_ptr<const SlideRoom>;
/// Throws Refused where there is no such slide, or its analysis failed.
[[nodiscard]] Room room_of(SlideRooms& rooms, const std::string& id);
/// A part of a path. Throws Refused where it is no number.
[[nodiscard]] std::int64_t number_of(const std::string& text);
/// The last row that the page had before the eyes; 0 where it says none.
[[nodiscard]] std::int64_t seen_of(const nlohmann::json& body);
/// The page names the record that it shows: ids of cells mean other cells in another record. Throws
/// Refused.
void require_record_of_page(const nlohmann::json& body, const SlideRoom& room);
/// Of a picture that stays what it is: the browser of one person keeps it for a while.
[[nodiscard]] HttpResponse jpeg_answer(const std::vector<std::uint8_t>& bytes);

/// Of the name of a file that is served as it is; none where there is no such file.
[[nodiscard]] std::optional<HttpResponse> static_file(const std::string& name);

}  // namespace cytocape
