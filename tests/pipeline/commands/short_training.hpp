#pragma once

#include <fmt/format.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "pipeline/phantom/phantom.hpp"

namespace cytocape::testing {

/// Drawn cells of two classes in `folder`/cells and the configuration of a short training on them;
/// returns the arguments that train a model into `folder`/trained.
inline std::string short_training(const std::filesystem::path& folder) {
  write_cell_images({.per_class = 8,
                     .edge_px = 100,
                     .mpp = 0.25,
                     .seed = 5,
                     .classes = {"monocyte", "lymphocyte"}},
                    folder / "cells");
  std::ofstream(folder / "train.toml") << R"(name = "two"
specimens = ["pb"]
data.mpp = 0.25
data.crop_px = 80
data.validation_share = 0.25
network.backbone = "mobilenet_v2"
network.input_px = 32
optimiser.epochs = 2
optimiser.batch_images = 4
card.source_name = "drawn"
card.limits = "a test"
)";
  return fmt::format("train --config {} --data {} --out {} --threads 1",
                     (folder / "train.toml").string(), (folder / "cells").string(),
                     (folder / "trained").string());
}

}  // namespace cytocape::testing
