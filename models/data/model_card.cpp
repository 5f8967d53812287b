#include "models/data/model_card.hpp"

#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "io/errors.hpp"
#include "io/json_fault.hpp"
#include "io/text.hpp"
#include "io/text_file.hpp"

namespace cytocape {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchema = 1;
constexpr int kMaxMembers = 16;
/// Several times the classes of any nomenclature; maps and confusion grow with them.
constexpr std::size_t kMaxClasses = 256;
/// So that no sum of a card's counts overflows.
constexpr std::int64_t kMaxCount = 1'000'000'000'000;
/// A card of two joined networks has 20 KiB, most of it the training's settings.
constexpr std::size_t kMaxCardBytes = 4U << 20U;
/// Of a* and b*, either way.
constexpr double kMostLab = 128;

/// A value as messages name it.
std::string shown(const Json& value) {
  return shortened(value.dump());
}

/// One object of the card; each getter names the key and the value it refuses.
class Reader {
 public:
  Reader(const Json& object, std::string source, std::string prefix)
      : object_(object), source_(std::move(source)), prefix_(std::move(prefix)) {}

  [[noreturn]] void fail(const std::string& key, const std::string& what) const {
    throw ModelError(fmt::format("{}: model card: {}{} {}", source_, prefix_, key, what));
  }

  [[nodiscard]] const Json* find(const char* key) const {
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }

  [[nodiscard]] const Json& require(const char* key) const {
    const auto* value = find(key);
    if (value == nullptr) fail(key, "is missing");
    return *value;
  }

  void text(const char* key, std::string& out) const {
    if (const auto* value = find(key)) {
      if (!value->is_string()) fail(key, fmt::format("is {}, not a string", shown(*value)));
      out = value->get<std::string>();
    }
  }

  /// null stands for a figure that could not be computed: JSON has no NaN.
  void number(const char* key, double& out) const {
    const auto* value = find(key);
    if (value == nullptr) return;
    if (value->is_null()) {
      out = std::numeric_limits<double>::quiet_NaN();
      return;
    }
    if (!value->is_number()) fail(key, fmt::format("is {}, not a number", shown(*value)));
    out = value->get<double>();
  }

  [[nodiscard]] std::int64_t checked_count(const char* key, const Json& value) const {
    const auto wide = value.get<std::uint64_t>();
    if (wide > static_cast<std::uint64_t>(kMaxCount)) {
      fail(key, fmt::format("is {}, more than {}", wide, kMaxCount));
    }
    return static_cast<std::int64_t>(wide);
  }

  void count(const char* key, std::int64_t& out) const {
    if (const auto* value = find(key)) {
      if (!value->is_number_unsigned()) {
        fail(key, fmt::format("is {}, not a non-negative integer", shown(*value)));
      }
      out = checked_count(key, *value);
    }
  }

  void small_count(const char* key, int& out, int largest) const {
    std::int64_t wide = out;
    count(key, wide);
    if (wide > largest) fail(key, fmt::format("is {}, more than {}", wide, largest));
    out = static_cast<int>(wide);
  }

  [[nodiscard]] const Json& list(const char* key) const {
    static const Json empty = Json::array();
    const auto* value = find(key);
    if (value == nullptr) return empty;
    if (!value->is_array()) fail(key, fmt::format("is {}, not a list", shown(*value)));
    return *value;
  }

  /// An object that may be absent, with a reader that knows its place.
  template <class Visit>
  void object(const char* key, Visit visit) const {
    const auto* value = find(key);
    if (value == nullptr) return;
    if (!value->is_object()) fail(key, fmt::format("is {}, not an object", shown(*value)));
    visit(Reader(*value, source_, fmt::format("{}{}.", prefix_, key)));
  }

  /// The objects of a list, each with a reader that knows its place.
  template <class Visit>
  void objects(const char* key, Visit visit) const {
    std::size_t index = 0;
    for (const auto& value : list(key)) {
      const auto place = fmt::format("{}{}[{}]", prefix_, key, index++);
      if (!value.is_object()) fail(place.substr(prefix_.size()), "is not an object");
      visit(Reader(value, source_, place + "."));
    }
  }

 private:
  const Json& object_;
  std::string source_;
  std::string prefix_;
};

/// Reads a count that is one of `values`.
template <class Values>
void read_one_of(const Reader& reader, const char* key, int& out, const Values& values) {
  reader.small_count(key, out, *std::max_element(values.begin(), values.end()));
  if (std::find(values.begin(), values.end(), out) == values.end())
    reader.fail(key, fmt::format("is {}; use {}", out, alternatives(values)));
}

std::vector<ClassFigures> read_classes(const Reader& card) {
  std::vector<ClassFigures> classes;
  std::set<std::string> names;
  if (const auto count = card.list("classes").size(); count > kMaxClasses) {
    card.fail("classes", fmt::format("has {} entries, more than {}", count, kMaxClasses));
  }
  card.objects("classes", [&](const Reader& entry) {
    ClassFigures figures;
    entry.text("name", figures.name);
    if (figures.name.empty()) entry.fail("name", "is missing");
    if (!names.insert(figures.name).second) {
      entry.fail("name", fmt::format("\"{}\" occurs twice", shortened(figures.name)));
    }
    entry.count("train_images", figures.train_images);
    entry.count("validation_images", figures.validation_images);
    entry.number("recall", figures.recall);
    entry.number("precision", figures.precision);
    classes.push_back(std::move(figures));
  });
  if (classes.size() < 2) {
    card.fail("classes", fmt::format("has {} entries; a model needs at least 2", classes.size()));
  }
  return classes;
}

std::vector<Specimen> read_specimens(const Reader& card) {
  std::vector<Specimen> specimens;
  for (const auto& value : card.list("specimens")) {
    const auto known = value.is_string() ? value_named<Specimen>(value.get<std::string>())
                                         : std::optional<Specimen>();
    if (!known) card.fail("specimens", fmt::format("holds {}; use \"pb\" or \"bm\"", shown(value)));
    specimens.push_back(*known);
  }
  return specimens;
}

std::array<double, 3> read_three(const Reader& card, const char* key) {
  const auto& value = card.require(key);
  std::array<double, 3> numbers{};
  bool good = value.is_array() && value.size() == 3;
  for (std::size_t i = 0; good && i < 3; ++i) {
    good = value[i].is_number() && std::isfinite(value[i].get<double>());
    if (good) numbers[i] = value[i].get<double>();
  }
  if (!good) card.fail(key, fmt::format("is {}, not three numbers", shown(value)));
  return numbers;
}

/// Within what sRGB can show, and with a spread, by which a map divides.
LabStatistics read_lab(const Reader& entry) {
  const LabStatistics lab{.mean = read_three(entry, "mean"),
                          .deviation = read_three(entry, "deviation")};
  const auto& [mean, deviation] = lab;
  const bool shown_mean = mean[0] >= 0 && mean[0] <= 100 && std::abs(mean[1]) <= kMostLab &&
                          std::abs(mean[2]) <= kMostLab;
  if (!shown_mean) entry.fail("mean", "is no colour in L*a*b*");
  for (const double one : deviation)
    if (!(one > 0 && one <= kMostLab))
      entry.fail("deviation", fmt::format("holds {}, outside 0 to {}", one, kMostLab));
  return lab;
}

std::optional<TrainingAppearance> read_appearance(const Reader& card) {
  std::optional<TrainingAppearance> appearance;
  card.object("appearance", [&](const Reader& entry) {
    appearance.emplace();
    appearance->lab = read_lab(entry);
    entry.count("cells", appearance->cells);
    entry.text("of", appearance->of);
  });
  return appearance;
}

std::vector<TrainingSource> read_sources(const Reader& card) {
  std::vector<TrainingSource> sources;
  card.objects("training_data", [&](const Reader& entry) {
    TrainingSource source;
    entry.text("name", source.name);
    entry.text("citation", source.citation);
    entry.text("licence", source.licence);
    entry.count("images", source.images);
    entry.object("lab", [&](const Reader& lab) { source.lab = read_lab(lab); });
    sources.push_back(std::move(source));
  });
  return sources;
}

std::optional<AdaptedFrom> read_adapted(const Reader& card) {
  std::optional<AdaptedFrom> adapted;
  card.object("adapted", [&](const Reader& entry) {
    adapted.emplace();
    entry.text("parent", adapted->parent);
    entry.text("parent_sha256", adapted->parent_sha256);
    entry.text("site", adapted->site);
    entry.text("reviewer", adapted->reviewer);
    entry.count("cells", adapted->cells);
    entry.count("groups", adapted->groups);
  });
  return adapted;
}

std::vector<std::vector<std::int64_t>> read_confusion(const Reader& card, std::size_t classes) {
  std::vector<std::vector<std::int64_t>> confusion;
  for (const auto& row : card.list("confusion")) {
    if (!row.is_array() || row.size() != classes) {
      card.fail("confusion", fmt::format("has a row that is not {} counts", classes));
    }
    auto& counts = confusion.emplace_back();
    for (const auto& value : row) {
      if (!value.is_number_unsigned()) {
        card.fail("confusion", fmt::format("holds {}, not a count", shown(value)));
      }
      counts.push_back(card.checked_count("confusion", value));
    }
  }
  if (!confusion.empty() && confusion.size() != classes) {
    card.fail("confusion", fmt::format("has {} rows for {} classes", confusion.size(), classes));
  }
  return confusion;
}

/// What a crop is: without these the pixels cannot be prepared, so nothing is assumed.
void read_input(const Reader& reader, ModelCard& card) {
  static_cast<void>(reader.require("input_px"));
  reader.small_count("input_px", card.input_px, kMaxInputPx);
  if (card.input_px < kMinInputPx)
    reader.fail("input_px", fmt::format("is {}, less than {}", card.input_px, kMinInputPx));
  static_cast<void>(reader.require("mpp"));
  reader.number("mpp", card.mpp);
  if (!(card.mpp > 0 && card.mpp <= kMaxCropMpp)) {
    reader.fail("mpp", fmt::format("is {} um/px, outside 0 to {}", card.mpp, kMaxCropMpp));
  }
  if (const double crop_um = card.input_px * card.mpp; crop_um > kMaxCropUm) {
    reader.fail("mpp", fmt::format("is {} um/px: a crop of {} px would be {} um wide, more than {}",
                                   card.mpp, card.input_px, crop_um, kMaxCropUm));
  }
  card.mean = read_three(reader, "mean");
  card.std = read_three(reader, "std");
  for (const double value : card.std) {
    if (value <= 0) reader.fail("std", fmt::format("holds {}, not a positive number", value));
  }
}

void read_figures(const Reader& reader, ModelCard& card) {
  reader.number("validation_accuracy", card.validation_accuracy);
  reader.number("validation_accuracy_ordinary", card.validation_accuracy_ordinary);
  reader.number("validation_accuracy_moved", card.validation_accuracy_moved);
  reader.number("validation_macro_f1", card.validation_macro_f1);
  reader.number("validation_ece", card.validation_ece);
  reader.number("validation_ece_uncalibrated", card.validation_ece_uncalibrated);
  reader.number("validation_nll", card.validation_nll);
  reader.number("validation_nll_uncalibrated", card.validation_nll_uncalibrated);
  reader.text("figures_of", card.figures_of);
  card.confusion = read_confusion(reader, card.classes.size());
}

Json sources_json(const ModelCard& card) {
  Json sources = Json::array();
  for (const auto& source : card.training_data) {
    auto& entry = sources.emplace_back(Json{{"name", source.name},
                                            {"citation", source.citation},
                                            {"licence", source.licence},
                                            {"images", source.images}});
    if (source.lab)
      entry["lab"] = {{"mean", source.lab->mean}, {"deviation", source.lab->deviation}};
  }
  return sources;
}

/// Written for readers, and never read: it follows from the two.
double f1_of(const ClassFigures& figures) {
  const double sum = figures.recall + figures.precision;
  return sum > 0 ? 2 * figures.recall * figures.precision / sum : 0;
}

Json classes_json(const ModelCard& card) {
  Json classes = Json::array();
  for (const auto& figures : card.classes) {
    classes.push_back({{"name", figures.name},
                       {"train_images", figures.train_images},
                       {"validation_images", figures.validation_images},
                       {"recall", figures.recall},
                       {"precision", figures.precision},
                       {"f1", f1_of(figures)}});
  }
  return classes;
}

}  // namespace

std::string alternatives(std::span<const int> values) {
  const auto last = fmt::format("{}", values.back());
  const auto others = values.first(values.size() - 1);
  return others.empty() ? last : fmt::format("{} or {}", fmt::join(others, ", "), last);
}

std::optional<LabStatistics> training_lab(const ModelCard& card) {
  return card.appearance ? std::optional(card.appearance->lab) : std::nullopt;
}

std::vector<std::string> class_names(const ModelCard& card) {
  std::vector<std::string> names;
  for (const ClassFigures& figures : card.classes) names.push_back(figures.name);
  return names;
}

std::string to_json(const ModelCard& card) {
  Json json;
  json["schema"] = kSchema;
  json["name"] = card.name;
  json["backbone"] = card.backbone;
  json["output_stride"] = card.output_stride;
  json["members"] = card.members;
  json["views"] = card.views;
  json["classes"] = classes_json(card);
  json["specimens"] = codes_of(card.specimens);
  json["stain"] = card.stain;
  json["input_px"] = card.input_px;
  json["mpp"] = card.mpp;
  json["mean"] = card.mean;
  json["std"] = card.std;
  json["calibration_a"] = card.calibration_a;
  json["calibration_w"] = card.calibration_w;
  json["unidentified_below"] = card.unidentified_below;
  json["strange_above"] = card.strange_above;
  json["strange_share_limit"] = card.strange_share_limit;
  if (card.appearance) {
    json["appearance"] = {{"mean", card.appearance->lab.mean},
                          {"deviation", card.appearance->lab.deviation},
                          {"cells", card.appearance->cells},
                          {"of", card.appearance->of}};
  }
  json["training_data"] = sources_json(card);
  json["validation_accuracy"] = card.validation_accuracy;
  json["validation_accuracy_ordinary"] = card.validation_accuracy_ordinary;
  json["validation_accuracy_moved"] = card.validation_accuracy_moved;
  json["validation_macro_f1"] = card.validation_macro_f1;
  json["validation_ece"] = card.validation_ece;
  json["validation_ece_uncalibrated"] = card.validation_ece_uncalibrated;
  json["validation_nll"] = card.validation_nll;
  json["validation_nll_uncalibrated"] = card.validation_nll_uncalibrated;
  if (!card.never_seen.empty())
    json["never_seen"] = Json::parse(laboratories_to_json(card.never_seen));
  if (const auto& from = card.adapted) {
    json["adapted"] = {{"parent", from->parent}, {"parent_sha256", from->parent_sha256},
                       {"site", from->site},     {"reviewer", from->reviewer},
                       {"cells", from->cells},   {"groups", from->groups}};
  }
  json["figures_of"] = card.figures_of;
  json["confusion"] = card.confusion;
  json["limits"] = card.limits;
  json["tool_version"] = card.tool_version;
  json["scheme"] = card.scheme;
  json["kept_epoch"] = card.kept_epoch;
  json["training_config"] = card.training_config;
  return json.dump(2, ' ', false, Json::error_handler_t::replace);
}

void check_card_text(const std::string& json, const std::string& source) {
  if (json.size() > kMaxCardBytes) {
    throw ModelError(fmt::format("{}: model card: it has {}, more than {}", source,
                                 byte_words(json.size()), byte_words(kMaxCardBytes)));
  }
  if (const auto fault = json_fault(json); !fault.empty()) {
    throw ModelError(fmt::format("{}: model card: it {}", source, fault));
  }
  if (json.find_first_not_of(" \t\r\n") != json.find('{')) {
    throw ModelError(fmt::format("{}: model card: it is not a JSON object", source));
  }
}

ModelCard card_from_json(const std::string& json, const std::string& source) {
  check_card_text(json, source);
  const auto object = Json::parse(json);
  const Reader reader(object, source, "");
  int schema = kSchema;
  reader.small_count("schema", schema, std::numeric_limits<int>::max());
  if (schema != kSchema) {
    reader.fail("schema", fmt::format("is {}; this program reads {}", schema, kSchema));
  }
  ModelCard card;
  reader.text("name", card.name);
  static_cast<void>(reader.require("backbone"));
  reader.text("backbone", card.backbone);
  read_one_of(reader, "output_stride", card.output_stride, kOutputStrides);
  reader.small_count("members", card.members, kMaxMembers);
  if (card.members < 1) reader.fail("members", "is 0; a network has at least 1");
  read_one_of(reader, "views", card.views, kViews);
  card.classes = read_classes(reader);
  card.specimens = read_specimens(reader);
  reader.text("stain", card.stain);
  read_input(reader, card);
  for (auto [key, value] : {std::pair{"calibration_a", &card.calibration_a},
                            std::pair{"calibration_w", &card.calibration_w}}) {
    reader.number(key, *value);
    if (!(std::abs(*value) <= 20)) reader.fail(key, "is not a number between -20 and 20");
  }
  for (auto [key, value] : {std::pair{"unidentified_below", &card.unidentified_below},
                            std::pair{"strange_share_limit", &card.strange_share_limit}}) {
    reader.number(key, *value);
    if (!(*value >= 0 && *value < 1)) reader.fail(key, "is not a share from 0 to below 1");
  }
  reader.number("strange_above", card.strange_above);
  if (!(card.strange_above >= 0 && std::isfinite(card.strange_above))) {
    reader.fail("strange_above", "is not a number from 0");
  }
  card.appearance = read_appearance(reader);
  card.adapted = read_adapted(reader);
  card.training_data = read_sources(reader);
  read_figures(reader, card);
  if (const auto* list = reader.find("never_seen"))
    card.never_seen = laboratories_from_json(list->dump(), source);
  reader.text("limits", card.limits);
  reader.text("tool_version", card.tool_version);
  reader.text("scheme", card.scheme);
  reader.small_count("kept_epoch", card.kept_epoch, std::numeric_limits<int>::max());
  reader.text("training_config", card.training_config);
  return card;
}

}  // namespace cytocape
