#include "pipeline/serve/outbox.hpp"

#include <fmt/format.h>

#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/text.hpp"
#include "pipeline/exports/export_format.hpp"

namespace cytocape {

std::vector<std::filesystem::path> write_to_outbox(const std::filesystem::path& outbox,
                                                   const SlideReport& reviewed) {
  const auto slide = ExportedSlide::of(reviewed);
  const auto version = reviewed.review ? reviewed.review->version : 1;
  std::vector<std::filesystem::path> files;
  for (const auto* name : {"fhir", "hl7"}) {
    const auto* format = find_export_format(name);
    if (format == nullptr) continue;
    PartialFile file(outbox / fmt::format("{}-v{}{}", safe_file_name(reviewed.slide.id, "slide"),
                                          version, format->extension));
    auto writer = format->start(slide, {.file = file.partial(), .compressed = false});
    if (!writer) continue;
    writer->finish();
    file.sync();
    file.commit();
    files.push_back(file.path());
  }
  return files;
}

}  // namespace cytocape
