#pragma once

/// Results for other systems of the laboratory: a folder that they fetch files from.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

/// Writes a signed slide's result as FHIR and, where this program knows it, as HL7 v2:
/// `<outbox>/<slide>-v<version>.fhir.json` and so on. Each file appears whole, replacing one of its
/// name. Returns their paths. `reviewed` is the report by its review. Throws StorageError.
std::vector<std::filesystem::path> write_to_outbox(const std::filesystem::path& outbox,
                                                   const SlideReport& reviewed);

}  // namespace cytocape
