#include "pipeline/serve/outbox.hpp"

#include <fmt/format.h>

#include "io/digest.hpp"
#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/text.hpp"
#include "pipeline/exports/export_format.hpp"
#include "pipeline/review/review_file.hpp"

namespace cytocape {

namespace {

/// "20261130T224500Z" of "2026-11-30T22:45:00Z".
std::string compact(std::string time) {
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  return safe_file_name(time, "unsigned");
}

}  // namespace

std::int64_t signed_before(const std::filesystem::path& out, const std::string& slide) {
  std::int64_t count = 0;
  for (const auto& one : check_reviews(out)) {
    const auto folder = one.path.parent_path();
    const auto name = folder.parent_path();
    if (name.filename() != slide || name.parent_path().filename() != "previous") continue;
    const auto review = read_review(folder, sha256_of_file(folder / "report.h5"));
    if (!review) continue;
    count += review->version - (review->signed_off.by.empty() ? 1 : 0);
  }
  return count;
}

std::vector<std::filesystem::path> write_to_outbox(const std::filesystem::path& outbox,
                                                   SlideReport reviewed, std::int64_t before) {
  if (reviewed.review) reviewed.review->version += before;
  const auto slide = ExportedSlide::of(reviewed);
  const auto version = reviewed.review ? reviewed.review->version : 1;
  const auto time = compact(reviewed.review ? reviewed.review->signed_off.at : "");
  std::vector<std::filesystem::path> files;
  for (const auto* name : {"fhir", "hl7"}) {
    const auto* format = find_export_format(name);
    if (format == nullptr) throw StorageError(fmt::format("there is no export format '{}'", name));
    PartialFile file(outbox / fmt::format("{}-{}-v{}{}", safe_file_name(reviewed.slide.id, "slide"),
                                          time, version, format->extension));
    auto writer = format->start(slide, {.file = file.partial(), .compressed = false});
    writer->finish();
    file.sync();
    file.commit();
    files.push_back(file.path());
  }
  return files;
}

}  // namespace cytocape
