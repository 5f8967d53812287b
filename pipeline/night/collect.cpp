#include <fcntl.h>
#include <fmt/format.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <nlohmann/json.hpp>
#include <optional>
#include <thread>

#include "io/digest.hpp"
#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/lock_file.hpp"
#include "io/text_file.hpp"
#include "pipeline/night/cell_table.hpp"
#include "pipeline/night/cohort_rows.hpp"
#include "pipeline/night/comparison.hpp"
#include "pipeline/program/provenance.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

/// So that of two runs that end together the later one's tables stay. Where the other does not end
/// the tables are written all the same: each is whole, and the next run makes them anew.
std::optional<LockFile> wait_for_lock(const fs::path& into) {
  constexpr int kTries = 300;
  for (int i = 0; i < kTries; ++i) {
    auto taken = LockFile::take(into / ".cohort.lock", utc_now());
    if (auto* lock = std::get_if<LockFile>(&taken)) return std::move(*lock);
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
  }
  return std::nullopt;
}

/// The digest in the summary that is there; empty where there is none or a table is missing.
std::string made_of_before(const fs::path& into) {
  for (const auto* name : kCohortTables)
    if (std::error_code error; !fs::exists(into / name, error)) return "";
  constexpr std::uint64_t kMost = std::uint64_t{256} << 20;
  try {
    const auto json =
        nlohmann::json::parse(read_text_file(into / "summary.json", kMost), nullptr, false);
    const auto found = json.find("made_of");
    return found != json.end() && found->is_string() ? found->get<std::string>() : "";
  } catch (const ConfigError&) {
    return "";
  }
}

std::vector<FolderOutline> outlines_of(const std::vector<fs::path>& folders, const fs::path& into) {
  std::vector<FolderOutline> outlines;
  for (const auto& folder : folders) outlines.push_back(outline_of(folder, into));
  return outlines;
}

std::string digest_of(const std::vector<FolderOutline>& outlines) {
  std::string text = tool_version() + " " + tool_commit() + "\n";
  for (const auto& outline : outlines) text += fingerprint(outline) + "\n";
  return sha256_of(text);
}

/// A table under its temporary name, on the disk.
PartialFile written(const fs::path& path, const std::function<void(const WriteText&)>& make) {
  constexpr std::size_t kAtOnce = std::size_t{1} << 20;
  PartialFile staged(path);
  const Descriptor file(staged.partial(), O_WRONLY | O_CREAT | O_EXCL);
  if (file.get() < 0)
    throw StorageError(fmt::format("{}: cannot create: {}", path.string(), std::strerror(errno)));
  std::string waiting;
  make([&](std::string_view text) {
    waiting += text;
    if (waiting.size() < kAtOnce) return;
    write_text(file, path, waiting);
    waiting.clear();
  });
  write_text(file, path, waiting);
  staged.sync();
  return staged;
}

Collected counted(const Cohort& cohort) {
  Collected result{.states = {}, .slides = cohort.rows.size(), .cases = cohort.cases};
  for (const auto& row : cohort.rows) {
    ++result.states[row.state];
    if (!row.older.empty()) ++result.older;
  }
  for (std::size_t i = 1; i < cohort.rows.size(); ++i) {
    const auto& id = cohort.rows[i].id;
    auto& several = result.in_several_folders;
    if (id == cohort.rows[i - 1].id && (several.empty() || several.back() != id))
      several.push_back(id);
  }
  result.concerns = concerns_of(cohort);
  result.written = true;
  return result;
}

void check_is_of_reports(const fs::path& folder) {
  std::error_code error;
  if (!fs::is_directory(folder, error))
    throw ConfigError(fmt::format("{}: {}; give a folder of reports, the --out of analyze",
                                  folder.string(),
                                  fs::exists(folder, error) ? "is no folder" : "is not there"));
  if (fs::exists(folder / "report.h5", error))
    throw ConfigError(fmt::format("{}: is one report; give the folder that it lies in, {}",
                                  folder.string(),
                                  fs::absolute(folder).lexically_normal().parent_path().string()));
}

bool remove_comparison(const fs::path& into) {
  bool any = false;
  for (const auto* name : kComparisonTables) {
    std::error_code error;
    any = fs::remove(into / name, error) || any;
  }
  return any;
}

/// How many slides were compared, and how many reference counts were left out.
std::pair<std::size_t, std::size_t> write_comparison(const CollectRequest& request,
                                                     const Cohort& cohort) {
  const auto comparison = compare(cohort, read_reference_counts(request.reference));
  const auto table = [&](const char* name, const auto& write_it) {
    return written(request.into / name,
                   [&](const WriteText& write) { write_it(comparison, write); });
  };
  auto pairs = table("comparison.csv", write_comparison_csv);
  auto figures = table("comparison_statistics.csv", write_statistics_csv);
  auto page = table("comparison.html", write_comparison_page);
  pairs.commit();
  figures.commit();
  page.commit();
  return {comparison.slides, comparison.left_out.size()};
}

}  // namespace

std::vector<std::string> concerns_of(const Cohort& cohort) {
  std::vector<std::string> sentences;
  for (const auto& picture : cohort.of_two_cases)
    sentences.push_back(
        fmt::format("one picture under two cases: {}; at least one of them is not that patient's: "
                    "find out whose it is before any of these reports is used",
                    picture));
  for (const auto& one : cohort.cases_behind)
    sentences.push_back(
        fmt::format("the report of case {} was made before its slides were done anew: run cytocape "
                    "report again with --overwrite",
                    one));
  return sentences;
}

Cohort cohort_of(const std::vector<fs::path>& folders) {
  for (const auto& folder : folders) check_is_of_reports(folder);
  Cohort cohort{.rows = {}, .made_utc = utc_now()};
  add_rows(outlines_of(folders, folders.front()), nullptr, cohort);
  return cohort;
}

Collected collect(const CollectRequest& request) {
  for (const auto& folder : request.folders) check_is_of_reports(folder);
  std::error_code error;
  fs::create_directories(request.into, error);
  const auto lock = wait_for_lock(request.into);
  const auto outlines = outlines_of(request.folders, request.into);
  const auto made_of = digest_of(outlines);
  if (request.if_changed && request.reference.empty() && made_of_before(request.into) == made_of)
    return {};
  PartialFile cells(request.into / "cells.csv.gz");
  Cohort cohort{.rows = {}, .made_utc = utc_now()};
  {
    GzipFile file(cells.partial());
    file.write(kCellColumns);
    add_rows(outlines, &file, cohort, request.progress);
    file.close();
    cells.sync();
  }
  auto table = written(request.into / "cohort.csv",
                       [&](const WriteText& write) { write_cohort_csv(cohort, write); });
  auto page = written(request.into / "overview.html",
                      [&](const WriteText& write) { write_overview(cohort, request.into, write); });
  auto summary = written(request.into / "summary.json",
                         [&](const WriteText& write) { write_summary(cohort, made_of, write); });
  cells.commit();
  table.commit();
  page.commit();
  summary.commit();
  auto collected = counted(cohort);
  // What is there compares the reports of before.
  collected.comparison_removed = remove_comparison(request.into) && request.reference.empty();
  if (!request.reference.empty()) collected.compared = write_comparison(request, cohort);
  return collected;
}

}  // namespace cytocape
