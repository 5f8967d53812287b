#pragma once

/// HL7 version 2.5.1: one ORU^R01 message of a slide's numbers, as laboratory systems take them.

#include <string>

#include "pipeline/exports/exported_slide.hpp"

namespace cytocape {

/// Segments end with a carriage return, text is UTF-8 (MSH-18). An OBX for each number, coded as in
/// FHIR (fhir_codes.hpp) with units of UCUM; one that is no result is empty, has the status X, and
/// a note that says why. Results are preliminary (P), of a signed review final (F), of an amended
/// one corrected (C). There is no PID: a case is no patient, and stands in an OBX. The same report
/// gives the same message. Throws StorageError where the report has no time, or sums classes as
/// this program does not.
[[nodiscard]] std::string hl7_message(const ExportedSlide& slide);

}  // namespace cytocape
