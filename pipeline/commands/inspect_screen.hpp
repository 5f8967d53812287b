#pragma once

/// What `inspect` prints of a model and of a slide: one screen of 80 columns for people.

#include <optional>
#include <string>

#include "io/slide.hpp"
#include "models/data/model_card.hpp"

namespace cytocape {

/// `path` and `sha256` of its file.
void print_model(const ModelCard& card, const std::string& path, const std::string& sha256);

void print_slide(const SlideInfo& info);

}  // namespace cytocape
