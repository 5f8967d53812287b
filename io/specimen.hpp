#pragma once

/// What was smeared onto a slide.

#include <cstdint>

#include "io/vocabulary.hpp"

namespace cytocape {

enum class Specimen : std::uint8_t { blood, marrow };

struct SpecimenLabels {
  const char* code = nullptr;   ///< of records, manifests, cards and the command line
  const char* choice = "";      ///< the code and what it means, for a terminal
  const char* words = "";       ///< of pages
  const char* adjective = "";   ///< of a slide, within a sentence
  const char* slide_name = "";  ///< of a slide, as a title
};

[[nodiscard]] constexpr SpecimenLabels labels_of(Specimen specimen) {
  switch (specimen) {
    case Specimen::blood:
      return {.code = "pb",
              .choice = "pb (peripheral blood)",
              .words = "peripheral blood",
              .adjective = "blood",
              .slide_name = "Blood slide"};
    case Specimen::marrow:
      return {.code = "bm",
              .choice = "bm (marrow)",
              .words = "bone marrow",
              .adjective = "marrow",
              .slide_name = "Marrow slide"};
  }
  return {};
}

}  // namespace cytocape
