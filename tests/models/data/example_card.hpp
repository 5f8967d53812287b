#pragma once

#include <string>

#include "models/data/model_card.hpp"

namespace cytocape::testing {

/// A card as training writes it, with classes "class_0", "class_1", ..
inline ModelCard example_card(const std::string& backbone, int classes) {
  ModelCard card;
  card.name = "example";
  card.backbone = backbone;
  for (int i = 0; i < classes; ++i) {
    ClassFigures figures;
    figures.name = "class_" + std::to_string(i);
    figures.train_images = 10 + i;
    card.classes.push_back(figures);
  }
  card.specimens = {Specimen::blood};
  card.stain = "May-Gruenwald-Giemsa";
  card.input_px = 64;
  card.mpp = 0.125;
  card.mean = {0.5, 0.4, 0.3};
  card.std = {0.25, 0.2, 0.5};
  return card;
}

}  // namespace cytocape::testing
