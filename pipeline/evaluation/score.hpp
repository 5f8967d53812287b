#pragma once

/// From probabilities and truths to a head's score. Pure.

#include <string>
#include <vector>

#include "pipeline/evaluation/evaluation.hpp"

namespace cytocape {

/// `classes` are the model's, taxonomy codes or aliases. Throws ConfigError for one the taxonomy
/// does not know.
[[nodiscard]] HeadScore score_head(const std::string& name, const Probabilities& probabilities,
                                   const std::vector<std::string>& classes);

/// Coverage and risk where calls below `threshold` are left to a person.
[[nodiscard]] OperatingPoint operating_point(const Probabilities& probabilities, double threshold);

/// The model's class for each class of the data, -1 where the model does not know it. `renamed`
/// comes first, then equal names, then the taxonomy's aliases. Throws ConfigError listing every
/// renaming that names no class of the data or none of the model.
[[nodiscard]] std::vector<int> match_classes(const std::vector<std::string>& data_classes,
                                             const std::vector<std::string>& model_classes,
                                             const std::map<std::string, std::string>& renamed);

}  // namespace cytocape
