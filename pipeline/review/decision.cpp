#include "pipeline/review/decision.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "io/errors.hpp"
#include "io/text.hpp"
#include "pipeline/review/morphology.hpp"
#include "pipeline/settings/taxonomy.hpp"

namespace cytocape {
namespace {

using Json = nlohmann::json;

constexpr std::uint64_t kMostId = std::uint64_t{1} << 53;  ///< whole in JSON's numbers
constexpr double kMostPlace = 1e9;

[[noreturn]] void refuse(const char* key, const std::string& what) {
  throw ConfigError(fmt::format("{}: {}", key, what));
}

std::string text_at(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end()) return "";
  if (!found->is_string()) refuse(key, "is no text");
  auto text = found->get<std::string>();
  if (text.size() > kMostTextOfADecision)
    refuse(key, fmt::format("is {} bytes long, at most {} are kept; shorten it", text.size(),
                            kMostTextOfADecision));
  return text;
}

std::string class_at(const Json& json, const char* key) {
  const auto name = text_at(json, key);
  const auto* known = find_cell_class(name);
  if (known == nullptr)
    refuse(key, fmt::format("there is no class '{}'", displayable(shortened(name))));
  return known->code;
}

const Json& list_at(const Json& json, const char* key, std::size_t most) {
  const auto found = json.find(key);
  static const Json none = Json::array();
  if (found == json.end()) return none;
  if (!found->is_array()) refuse(key, "is no list");
  if (found->size() > most)
    refuse(key,
           fmt::format("has {} entries, at most {} go into one decision", found->size(), most));
  return *found;
}

std::vector<std::uint64_t> cells_at(const Json& json) {
  std::vector<std::uint64_t> cells;
  for (const auto& id : list_at(json, "cells", kMostCellsOfADecision)) {
    if (!id.is_number_unsigned() || id.get<std::uint64_t>() >= kMostId)
      refuse("cells", fmt::format("{} is no cell", shortened(id.dump())));
    cells.push_back(id.get<std::uint64_t>());
  }
  auto sorted = cells;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end())
    refuse("cells", "names a cell twice");
  return cells;
}

std::vector<std::string> texts_at(const Json& json, const char* key) {
  std::vector<std::string> texts;
  for (const auto& one : list_at(json, key, kMostCellsOfADecision)) {
    if (!one.is_string()) refuse(key, "is no list of texts");
    texts.push_back(one.get<std::string>());
  }
  return texts;
}

double place_at(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number()) refuse(key, "is no number");
  const auto place = found->get<double>();
  if (!std::isfinite(place) || std::abs(place) > kMostPlace) refuse(key, "is no place");
  return place;
}

std::vector<PlacedCell> parts_at(const Json& json) {
  std::vector<PlacedCell> parts;
  for (const auto& part : list_at(json, "parts", kMostPartsOfACell)) {
    if (!part.is_object()) refuse("parts", "is no list of places");
    parts.push_back({{place_at(part, "x"), place_at(part, "y")}, class_at(part, "to")});
  }
  return parts;
}

std::int64_t seq_at(const Json& json, const char* key) {
  const auto found = json.find(key);
  if (found == json.end() || !found->is_number_integer() || found->get<std::int64_t>() < 1)
    refuse(key, "names no row");
  return found->get<std::int64_t>();
}

void require(bool right, const char* key, const char* what) {
  if (!right) refuse(key, what);
}

/// What the kind needs.
void check(const Decision& decision) {
  switch (decision.kind) {
    case DecisionKind::begin:
    case DecisionKind::verify:
    case DecisionKind::sign:
    case DecisionKind::undo:
    case DecisionKind::open:
    case DecisionKind::finish:
      return;
    case DecisionKind::reclassify:
    case DecisionKind::confirm:
    case DecisionKind::remove:
    case DecisionKind::read:
      return require(!decision.cells.empty(), "cells", "no cell is named");
    case DecisionKind::add:
      return require(decision.parts.size() == 1, "parts", "one place is needed");
    case DecisionKind::split:
      require(decision.cells.size() == 1, "cells", "one cell is split at a time");
      return require(decision.parts.size() > 1, "parts", "a cell is split into two and more");
    case DecisionKind::reference:
      return require(decision.cells.size() == 1, "cells", "one cell is a reference at a time");
    case DecisionKind::blind:
      require(!decision.cells.empty(), "cells", "there is no cell to read");
      return require(decision.readers.size() == 2 && decision.readers[0] != decision.readers[1] &&
                         !decision.readers[0].empty() && !decision.readers[1].empty(),
                     "readers", "two people are needed");
    case DecisionKind::morphology:
      require(!decision.item.empty(), "item", "is missing");
      return require_morphology(decision.item, decision.text);
    case DecisionKind::comment:
    case DecisionKind::amend:
      return require(!trimmed(decision.text).empty(), "text", "is missing");
  }
}

}  // namespace

std::string body_of(const Decision& decision) {
  auto json = Json::object();
  const auto put = [&](const char* key, const std::string& text) {
    if (!text.empty()) json[key] = valid_utf8(text);
  };
  if (!decision.cells.empty()) json["cells"] = decision.cells;
  if (!decision.from.empty()) json["from"] = decision.from;
  put("to", decision.to);
  for (const auto& part : decision.parts)
    json["parts"].push_back({{"x", part.at.x}, {"y", part.at.y}, {"to", part.name}});
  if (decision.of > 0) json["of"] = decision.of;
  if (!decision.readers.empty()) json["readers"] = decision.readers;
  put("item", decision.item);
  put("text", decision.text);
  put("subject", decision.subject);
  put("slide_sha256", decision.slide_sha256);
  put("report_sha256", decision.report_sha256);
  put("salt", decision.salt);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Decision decision_of(const std::string& kind, const std::string& body) {
  const auto known = value_named<DecisionKind>(kind);
  if (!known) refuse("kind", fmt::format("there is no '{}'", displayable(shortened(kind))));
  const auto json = Json::parse(body, nullptr, false);
  if (!json.is_object()) refuse("body", "is no JSON object");
  Decision decision;
  decision.kind = *known;
  decision.cells = cells_at(json);
  decision.from = texts_at(json, "from");
  if (*known == DecisionKind::reclassify || *known == DecisionKind::open)
    decision.to = class_at(json, "to");
  if (*known == DecisionKind::read && json.contains("to")) decision.to = class_at(json, "to");
  decision.parts = parts_at(json);
  if (*known == DecisionKind::undo) decision.of = seq_at(json, "of");
  decision.readers = texts_at(json, "readers");
  decision.item = text_at(json, "item");
  decision.text = text_at(json, "text");
  decision.subject = text_at(json, "subject");
  decision.slide_sha256 = text_at(json, "slide_sha256");
  decision.report_sha256 = text_at(json, "report_sha256");
  decision.salt = text_at(json, "salt");
  check(decision);
  return decision;
}

}  // namespace cytocape
