#pragma once

/// Results for other systems of the laboratory: a folder that they fetch files from.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

/// How many results of the slide were signed before it was analysed again, by the reports that were
/// set aside (`<out>/previous/<slide>/`). Throws StorageError.
[[nodiscard]] std::int64_t signed_before(const std::filesystem::path& out,
                                         const std::string& slide);

/// Writes a signed slide's result as FHIR and as HL7 v2:
/// `<outbox>/<slide>-<time of the signature>-v<version>.fhir.json` and `.hl7`, so that no two
/// signatures share a name and the newest comes last. `before` is what signed_before says: the
/// versions go on from there, and each but the first is an amended result. Each file appears whole,
/// replacing one of the same signature. Returns their paths. `reviewed` is the report by its
/// review. Throws StorageError.
std::vector<std::filesystem::path> write_to_outbox(const std::filesystem::path& outbox,
                                                   SlideReport reviewed, std::int64_t before);

}  // namespace cytocape
