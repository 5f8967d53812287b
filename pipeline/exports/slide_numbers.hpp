#pragma once

/// The numbers of a slide as results that other systems take: a share with what it is called, or
/// why it is not there. One place for all formats that hold results (FHIR, HL7 v2, DICOM SR).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pipeline/exports/exported_slide.hpp"

namespace cytocape {

/// Why a number is not there.
struct Absence {
  enum class Kind : std::uint8_t {
    masked,          ///< there is one, which is no result
    error,           ///< the slide failed
    unknown,         ///< nothing was counted
    unsupported,     ///< the model does not know all of it
    not_applicable,  ///< it is outside the count
  };
  Kind kind = Kind::unknown;
  std::string words;
};

/// A share that the report prints.
struct SlideShare {
  std::string code;  ///< of the taxonomy, or of a sum
  std::string label;
  std::uint64_t count = 0;
  std::optional<double> fraction;  ///< 0..1
  std::optional<Interval> wilson95;
  std::optional<Interval> reference;
  Absence absence;  ///< why there is no fraction
};

/// A number is a result only of a slide that is ok. None where it is one.
[[nodiscard]] std::optional<Absence> why_no_result(const ExportedSlide& slide);

/// Classes in clinical order, then sums. Throws StorageError for a record that sums classes as this
/// program does not.
[[nodiscard]] std::vector<SlideShare> shares_of(const ExportedSlide& slide);

}  // namespace cytocape
