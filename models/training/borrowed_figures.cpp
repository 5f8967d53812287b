#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "io/errors.hpp"
#include "models/data/config_lines.hpp"
#include "models/network/weights.hpp"
#include "models/training/training_run.hpp"

namespace cytocape::detail {
namespace {

/// What a run on all images has of its own. How long it learns is among it: without a split
/// nothing tells when to stop.
bool is_own(const std::string& key) {
  return key == "name" || key == "data.validation_share" || key.starts_with("card.");
}
bool may_differ(const std::string& key) {
  return key == "optimiser.epochs" || key == "optimiser.patience" || key == "optimiser.seed";
}

void check_recipe(const ModelCard& card, const ModelCard& other,
                  const std::vector<ConfigDifference>& differences,
                  const std::filesystem::path& path) {
  std::vector<ConfigDifference> faults;
  std::copy_if(differences.begin(), differences.end(), std::back_inserter(faults),
               [](const auto& one) { return !may_differ(one.key); });
  const bool same = class_names(other) == class_names(card) && other.backbone == card.backbone &&
                    other.members == card.members && other.views == card.views &&
                    other.output_stride == card.output_stride && other.input_px == card.input_px &&
                    std::abs(other.mpp - card.mpp) < 1e-9 && other.scheme == card.scheme;
  if (same && faults.empty()) return;
  throw ConfigError(fmt::format(
      "--figures-from {}: it was made by another recipe ({}): give the model that this "
      "configuration "
      "made with a validation split",
      path.string(),
      faults.empty() ? "its classes, network, input or scheme differ" : words_of(faults)));
}

std::vector<ConfigDifference> recipe_differences(const ModelCard& card, const ModelCard& other) {
  auto differences = config_differences(other.training_config, card.training_config);
  std::erase_if(differences, [](const auto& one) { return is_own(one.key); });
  return differences;
}

std::string but_for(const std::vector<ConfigDifference>& differences) {
  std::vector<std::string> words;
  for (const auto& one : differences) words.push_back(one.key + " " + one.before);
  return words.empty() ? "" : fmt::format(" (but with {})", fmt::join(words, ", "));
}

}  // namespace

ModelCard with_borrowed_figures(const TrainOptions& options, const ModelCard& card) {
  if (options.figures_from.empty()) return card;
  const auto& path = options.figures_from;
  const ModelCard other = read_card(SafetensorsFile::open(path), path.string());
  const auto differences = recipe_differences(card, other);
  check_recipe(card, other, differences, path);
  ModelCard joined = other;
  joined.name = card.name;
  joined.specimens = card.specimens;
  joined.stain = card.stain;
  joined.training_data = card.training_data;
  joined.limits = card.limits;
  joined.tool_version = card.tool_version;
  joined.kept_epoch = card.kept_epoch;
  joined.training_config = card.training_config;
  std::int64_t trained = 0;
  std::int64_t validated = 0;
  for (std::size_t c = 0; c < joined.classes.size(); ++c) {
    trained += other.classes[c].train_images;
    validated += other.classes[c].validation_images;
    joined.classes[c].train_images = card.classes[c].train_images;
  }
  joined.figures_of = fmt::format(
      "the same recipe{} trained on {} of the images and measured on the {} others; the network "
      "itself was trained on all",
      but_for(differences), trained, validated);
  return joined;
}

}  // namespace cytocape::detail
