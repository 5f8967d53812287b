#include "pipeline/exports/text_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>

#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/gzip_file.hpp"
#include "io/text.hpp"

namespace cytocape {
namespace {

constexpr std::size_t kAtOnce = std::size_t{1} << 18;

}  // namespace

struct TextFile::State {
  std::filesystem::path path;
  std::optional<GzipFile> compressed;
  std::optional<Descriptor> plain;
  std::string waiting;

  void flush() {
    if (compressed)
      compressed->write(waiting);
    else
      write_text(*plain, path, waiting);
    waiting.clear();
  }
};

TextFile::TextFile(const ExportTarget& target) : state_(std::make_unique<State>()) {
  state_->path = target.file;
  if (target.compressed) {
    state_->compressed.emplace(target.file);
    return;
  }
  state_->plain.emplace(target.file, O_WRONLY | O_CREAT | O_EXCL);
  if (state_->plain->get() < 0)
    throw StorageError(
        fmt::format("{}: cannot create: {}", target.file.string(), std::strerror(errno)));
}

TextFile::~TextFile() = default;

void TextFile::write(std::string_view text) {
  state_->waiting += text;
  if (state_->waiting.size() >= kAtOnce) state_->flush();
}

void TextFile::close() {
  state_->flush();
  if (state_->compressed) state_->compressed->close();
  state_->plain.reset();
}

std::string json_string(const std::string& text) {
  return nlohmann::json(valid_utf8(text)).dump();
}

std::string about_json(const ExportedSlide& slide) {
  const auto& report = slide.report;
  return fmt::format(
      R"({{"research_use":{},"slide":{},"slide_sha256":{},"case":{},"status":{},)"
      R"("withheld":{},"model":{},"model_sha256":{},"program":{}}})",
      json_string(kResearchUse), json_string(report.slide.id), json_string(report.slide_sha256),
      json_string(report.case_id), json_string(status_words(report)),
      slide.withheld.empty() ? "null" : json_string(slide.withheld), json_string(report.model.name),
      json_string(report.model.sha256),
      json_string(fmt::format("cytocape {} ({})", report.run.tool_version, report.run.commit)));
}

}  // namespace cytocape
