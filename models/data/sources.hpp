#pragma once

/// Several laboratories' images as one labelled set: each with its pixel size, its share of what a
/// training sees, and its own names of the classes. No LibTorch here.

#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "io/specimen.hpp"
#include "models/data/dataset.hpp"
#include "models/data/model_card.hpp"

namespace cytocape {

struct DataSource {
  std::string name;  ///< letters, digits, hyphens and underscores
  std::filesystem::path folder;
  double mpp = 0;    ///< um/px of its images
  double share = 1;  ///< of the crops that a training shows, relative to the other sources
  /// By folder, the classes that it may be: one, several where the source knows their group alone,
  /// none where its images are not used. A folder that is not here is the class of its own name.
  std::map<std::string, std::vector<std::string>> classes = {};
  /// Of its cells; none: those of the model. What a model says of its own slides (how they look,
  /// which cells are strange on them) comes from sources of its specimens alone.
  std::optional<Specimen> specimen = {};
  std::string citation = {};
  std::string licence = {};
};

struct SplitOptions {
  double validation_share = 0.2;
  std::uint64_t seed = 0;
  Conflicts conflicts = Conflicts::refuse;
  /// A source of which every image validates and none trains; the others then train whole. Its
  /// images of classes that no other source has are in `LabelledSet::apart`. Empty: none.
  std::string leave_out = {};
};

/// Each source split by itself (split_labelled_folder), its labels joined to the others'.
/// What is wrong, in any source, is appended to `faults`: what a folder's split finds, a folder
/// that `classes` names and that is not there, a group none of whose classes any source has by
/// itself, one image in two sources, and a source of which nothing is used.
[[nodiscard]] LabelledSet join_sources(const std::vector<DataSource>& sources,
                                       const SplitOptions& options,
                                       std::vector<std::string>& faults);

/// For the card, with the images that are used.
[[nodiscard]] std::vector<TrainingSource> sources_of_card(const std::vector<DataSource>& sources,
                                                          const LabelledSet& set);

}  // namespace cytocape
