#include "models/data/never_seen.hpp"

#include <fmt/format.h>

#include <array>
#include <cmath>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "io/errors.hpp"
#include "io/json_fault.hpp"
#include "io/text_file.hpp"

namespace cytocape {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t kMostLaboratories = 1000;
/// Of a factor's logarithm: e^5 leaves no probability apart from 0 and 1, or from equal shares.
constexpr double kLargestCalibration = 5;

struct Share {
  const char* key;
  double LaboratoryFigures::*value;
};
constexpr std::array kShares{Share{"group_accuracy", &LaboratoryFigures::group_accuracy},
                             Share{"ece", &LaboratoryFigures::ece},
                             Share{"sure_share", &LaboratoryFigures::sure_share},
                             Share{"sure_accuracy", &LaboratoryFigures::sure_accuracy}};

double number_of(const Json& object, const char* key, double low, double high) {
  const auto found = object.find(key);
  const double value =
      found != object.end() && found->is_number() ? found->get<double>() : std::nan("");
  if (!(value >= low && value <= high))
    throw std::invalid_argument(
        fmt::format("{} is missing or not a number from {} to {}", key, low, high));
  return value;
}

std::vector<LaboratoryFigures> laboratories_of(const Json& list) {
  if (!list.is_array() || list.size() > kMostLaboratories)
    throw std::invalid_argument("the laboratories are not a list of at most 1,000");
  std::vector<LaboratoryFigures> all;
  for (const auto& entry : list) {
    if (!entry.is_object() || !entry.contains("name") || !entry["name"].is_string())
      throw std::invalid_argument("a laboratory has no name");
    LaboratoryFigures figures{.name = entry["name"].get<std::string>()};
    figures.images = static_cast<std::int64_t>(number_of(entry, "images", 1, 1e12));
    for (const auto& share : kShares) figures.*share.value = number_of(entry, share.key, 0, 1);
    all.push_back(std::move(figures));
  }
  return all;
}

}  // namespace

NeverSeen read_never_seen(const std::filesystem::path& path) {
  constexpr std::uint64_t kMostBytes = 1U << 20U;
  const auto text = read_text_file(path, kMostBytes);
  try {
    if (const auto fault = json_fault(text); !fault.empty())
      throw std::invalid_argument("it " + fault);
    const auto json = Json::parse(text);
    if (!json.is_object()) throw std::invalid_argument("it is not an object");
    const auto list = json.find("laboratories");
    NeverSeen never_seen;
    never_seen.laboratories = laboratories_of(list == json.end() ? Json() : *list);
    const auto scale = [&](const char* key) {
      return number_of(json, key, -kLargestCalibration, kLargestCalibration);
    };
    never_seen.calibration_a = scale("calibration_a");
    never_seen.calibration_w = scale("calibration_w");
    return never_seen;
  } catch (const std::exception& error) {
    throw ConfigError(fmt::format("{}: {}: give the table.json of script/leave-one-laboratory-out",
                                  path.string(), error.what()));
  }
}

std::string laboratories_to_json(const std::vector<LaboratoryFigures>& laboratories) {
  auto list = Json::array();
  for (const auto& figures : laboratories) {
    Json entry{{"name", figures.name}, {"images", figures.images}};
    for (const auto& share : kShares) entry[share.key] = figures.*share.value;
    list.push_back(std::move(entry));
  }
  return list.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::vector<LaboratoryFigures> laboratories_from_json(const std::string& json,
                                                      const std::string& source) {
  try {
    return laboratories_of(Json::parse(json));
  } catch (const std::exception& error) {
    throw ModelError(fmt::format("{}: model card: never_seen: {}", source, error.what()));
  }
}

}  // namespace cytocape
