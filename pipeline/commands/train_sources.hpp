#pragma once

/// Whose images a training run learns from: --data and the [source.NAME] tables of a configuration.

#include <string>
#include <vector>

#include "models/data/train_options.hpp"
#include "pipeline/settings/toml_reader.hpp"

namespace cytocape {

/// The sources of the configuration, with folders of the command line in place of its own, and
/// those of the command line alone. Empty where `data` is one folder of classes. Throws ConfigError
/// naming the argument or key.
[[nodiscard]] std::vector<DataSource> read_sources(TomlReader& reader,
                                                   const std::vector<std::string>& data);

/// Names of the classes that a run learns, as far as folders and configuration tell; sorted.
[[nodiscard]] std::vector<std::string> class_names_of(const TrainOptions& options);

}  // namespace cytocape
