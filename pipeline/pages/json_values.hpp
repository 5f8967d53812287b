#pragma once

/// How values of a report look in JSON. Internal to io/.

#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "io/appearance_map.hpp"
#include "io/interval.hpp"
#include "io/phrase.hpp"
#include "io/text.hpp"

namespace cytocape::json {

/// Keys in the order of docs/report-format.md.
using Json = nlohmann::ordered_json;

inline Json text(const std::string& value) {
  return valid_utf8(value);
}

inline Json texts(const std::vector<std::string>& values) {
  auto list = Json::array();
  for (const auto& value : values) list.push_back(text(value));
  return list;
}

inline Json texts(const std::vector<Phrase>& values) {
  return texts(plain(values));
}

/// JSON has no NaN: a number that is not there is null.
inline Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}
inline Json number(const std::optional<double>& value) {
  return value ? number(*value) : Json(nullptr);
}

/// [low, high]; an end that is not bounded is null.
inline Json interval(const Interval& value) {
  return Json::array({number(value.low), number(value.high)});
}
inline Json interval(const std::optional<Interval>& value) {
  return value ? interval(*value) : Json(nullptr);
}

inline Json lab_json(const std::optional<LabStatistics>& statistics) {
  if (!statistics) return nullptr;
  return {{"mean", statistics->mean}, {"deviation", statistics->deviation}};
}

/// Without pictures.
inline Json appearance_json(const AppearanceUse& appearance) {
  return {{"map", to_string(appearance.asked)},
          {"outcome", to_string(appearance.outcome)},
          {"cells", appearance.cells},
          {"lab", lab_json(appearance.own)},
          {"model_lab", lab_json(appearance.model)}};
}

}  // namespace cytocape::json
