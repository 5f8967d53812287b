#include "pipeline/night/journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/process_owner.hpp"
#include "io/text.hpp"
#include "pipeline/program/provenance.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// "20260102T030405Z-host-4711.jsonl": sorts by time.
std::string file_name() {
  auto time = utc_now();
  time.erase(std::remove_if(time.begin(), time.end(), [](char c) { return c == '-' || c == ':'; }),
             time.end());
  return fmt::format("{}-{}-{}.jsonl", time, safe_file_name(host_name(), "host"), ::getpid());
}

std::string text_in(const Json& line, const char* key) {
  const auto found = line.find(key);
  return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// Name and member side by side.
constexpr std::array kRunTexts{
    std::pair{"host", &RunHistory::host},
    std::pair{"owner", &RunHistory::owner},
    std::pair{"command", &RunHistory::command},
    std::pair{"model", &RunHistory::model},
    std::pair{"model_sha256", &RunHistory::model_sha256},
    std::pair{"config_sha256", &RunHistory::config_sha256},
    std::pair{"program", &RunHistory::program},
};

void take_line(const Json& line, const std::string& journal, Histories& all) {
  const auto event = text_in(line, "event");
  const auto time = text_in(line, "time");
  auto& run = all.runs[journal];
  if (event == "run") {
    run.started = time;
    for (const auto& [name, member] : kRunTexts) run.*member = text_in(line, name);
  } else if (event == "end") {
    run.ended = time;
    run.interrupted = line.value("interrupted", false) ? "yes" : "";
  }
  const auto id = text_in(line, "id");
  if (id.empty()) return;
  run.slides.insert(id);
  auto& slide = all.slides[id];
  if (time < slide.time) return;
  slide.event = event;
  slide.time = time;
  slide.run = journal;
  slide.why = text_in(line, "why");
  if (const auto path = text_in(line, "slide"); !path.empty()) {
    slide.slide = path;
    slide.place = text_in(line, "place");
    slide.series = text_in(line, "series");
  }
  slide.status = text_in(line, "status");
  slide.inputs = text_in(line, "inputs");
  slide.record = text_in(line, "record");
  if (const auto files = text_in(line, "files"); !files.empty()) {
    slide.files = files;
    slide.content = text_in(line, "content");
  }
}

}  // namespace

Journal::Journal(const fs::path& out) {
  const auto folder = out / "journal";
  std::error_code error;
  fs::create_directories(folder, error);
  path_ = folder / file_name();
  for (int copy = 2; copy < 100 && fs::exists(path_, error); ++copy)
    path_ = folder / fmt::format("{}-{}.jsonl", fs::path(file_name()).stem().string(), copy);
  file_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file_ < 0)
    fault_ = fmt::format("{}: cannot create: {}", path_.string(), std::strerror(errno));
}

Journal::~Journal() {
  if (file_ >= 0) ::close(file_);
}

void Journal::write(std::string_view event, Json line) {
  std::vector<Json> lines;
  lines.push_back(std::move(line));
  write_all(event, std::move(lines));
}

void Journal::write_all(std::string_view event, std::vector<Json> lines) {
  std::string text;
  const auto time = utc_now();
  for (auto& line : lines) {
    line["event"] = event;
    line["time"] = time;
    text += line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
  append(text);
}

/// One line at a time is on the disk before the work goes on, so that a power cut loses no more
/// than the slide that was being worked on.
void Journal::append(const std::string& text) {
  const std::lock_guard lock(mutex_);
  if (file_ < 0) return;
  std::string_view left = text;
  while (!left.empty()) {
    const auto written = ::write(file_, left.data(), left.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) break;
    left.remove_prefix(static_cast<std::size_t>(written));
  }
  const bool kept = left.empty() && (::fdatasync(file_) == 0 || errno == EINVAL);
  if (!kept && fault_.empty())
    fault_ = fmt::format("{}: cannot write: {}", path_.string(), std::strerror(errno));
}

std::string Journal::fault() const {
  const std::lock_guard lock(mutex_);
  return fault_;
}

Histories read_journals(const fs::path& out) {
  std::vector<fs::path> files;
  std::error_code error;
  for (fs::directory_iterator entry(out / "journal", error);
       !error && entry != fs::directory_iterator(); entry.increment(error))
    if (entry->path().extension() == ".jsonl") files.push_back(entry->path());
  std::sort(files.begin(), files.end());
  Histories all;
  for (const auto& file : files) {
    std::ifstream lines(file);
    const auto journal = file.filename().string();
    for (std::string text; std::getline(lines, text);) {
      const auto line = Json::parse(text, nullptr, false);
      if (line.is_object()) take_line(line, journal, all);
    }
  }
  return all;
}

}  // namespace cytocape
