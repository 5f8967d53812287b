#include "pipeline/night/standing.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>
#include <tuple>

#include "io/digest.hpp"
#include "io/errors.hpp"
#include "io/picture_format.hpp"
#include "io/text.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using Kind = Standing::Kind;

/// Where a value was read (file and row) changes nothing that follows from it.
auto value_of(const criteria::GivenValue& row) {
  return std::tie(row.item, row.value, row.unit, row.gene, row.date, row.source, row.cells);
}

bool same_values(const std::vector<criteria::GivenValue>& a,
                 const std::vector<criteria::GivenValue>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& one, const auto& other) {
    return value_of(one) == value_of(other);
  });
}

/// Of the lines "key = value" of a configuration that the other one lacks.
std::vector<std::string> differing_keys(const std::string& before, const std::string& now) {
  const auto lines_of = [](const std::string& text) {
    std::set<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) lines.insert(line);
    return lines;
  };
  const auto old_lines = lines_of(before), new_lines = lines_of(now);
  std::set<std::string> keys;
  const auto add = [&](const auto& from, const auto& other) {
    for (const auto& line : from)
      if (!other.contains(line)) keys.emplace(trimmed(line.substr(0, line.find('='))));
  };
  add(old_lines, new_lines);
  add(new_lines, old_lines);
  return {keys.begin(), keys.end()};
}

std::string configuration_words(const std::string& before, const std::string& now) {
  constexpr std::size_t kKeysNamed = 3;
  auto keys = differing_keys(before, now);
  const auto more = keys.size() > kKeysNamed ? keys.size() - kKeysNamed : 0;
  keys.resize(keys.size() - more);
  return fmt::format("configuration changed ({}{})", fmt::join(keys, ", "),
                     more == 0 ? "" : fmt::format(" and {} more", more));
}

bool same_size(const SlideReport& report, const std::optional<Mpp>& mpp) {
  const bool given = report.slide.mpp_source == MppSource::user;
  if (!mpp) return !given;
  return given && report.slide.mpp.x == mpp->x && report.slide.mpp.y == mpp->y;
}

/// In the order of what a reader would do about it; empty where all agree but for the content.
std::vector<std::string> changes_since(const SlideReport& report, const SlideInputs& slide,
                                       const RunInputs& run) {
  std::vector<std::string> changes;
  if (report.model.sha256 != run.model_sha256)
    changes.push_back(
        report.model.name == run.model_name
            ? fmt::format("model {} changed", run.model_name)
            : fmt::format("model changed from {} to {}", report.model.name, run.model_name));
  if (report.run.config_toml != run.config_toml)
    changes.push_back(configuration_words(report.run.config_toml, run.config_toml));
  if (report.specimen != slide.specimen)
    changes.push_back(fmt::format("specimen changed from {} to {}", to_string(report.specimen),
                                  to_string(slide.specimen)));
  if (!same_size(report, slide.mpp)) changes.emplace_back("pixel size changed");
  if (report.case_id != slide.case_id)
    changes.push_back(fmt::format("case changed from {} to {}", report.case_id, slide.case_id));
  if (!(report.identity == slide.identity))
    changes.emplace_back("accession, stain or day of sampling changed");
  if (!same_values(report.assessment.given, slide.given))
    changes.emplace_back("laboratory values changed");
  if (report.run.tool_version != run.tool_version || report.run.commit != run.commit)
    changes.push_back(fmt::format("program changed from {} ({}) to {} ({})",
                                  report.run.tool_version, report.run.commit.substr(0, 12),
                                  run.tool_version, run.commit.substr(0, 12)));
  return changes;
}

std::string missing_file(const fs::path& folder) {
  for (const auto* name : {"report.h5", "report.json", "report.html"}) {
    std::error_code error;
    if (!fs::is_regular_file(folder / name, error)) return name;
  }
  return "";
}

/// The first bytes of a file and its last ones; less where it has fewer.
std::pair<std::string, std::string> ends_of(const fs::path& path) {
  constexpr std::streamoff kHead = 64 << 10, kTail = 64;
  std::ifstream file(path, std::ios::binary);
  std::string head(kHead, '\0'), tail(kTail, '\0');
  file.read(head.data(), kHead);
  head.resize(static_cast<std::size_t>(file.gcount()));
  file.clear();
  file.seekg(0, std::ios::end);
  file.seekg(-std::min<std::streamoff>(kTail, file.tellg()), std::ios::end);
  file.read(tail.data(), kTail);
  tail.resize(static_cast<std::size_t>(file.gcount()));
  return {head, tail};
}

/// Names that need no escaping in a page nor in JSON.
bool is_plain(const std::string& name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](unsigned char c) {
    return std::isalnum(c) != 0 || c == '.' || c == '_' || c == '-' || c == ' ';
  });
}

/// What shows that the page or the JSON beside a record is cut, or of another case; empty where
/// nothing does. Whole files are not read: a night has gigabytes of them.
std::string damaged_beside(const fs::path& folder, const std::string& case_id) {
  struct Beside {
    const char* name;
    const char* end;
    std::string case_words;
  };
  const std::array files{Beside{"report.html", "</html>", fmt::format("Case {} ", case_id)},
                         Beside{"report.json", "}", fmt::format("\"id\": \"{}\"", case_id)}};
  for (const auto& [name, end, case_words] : files) {
    const auto [head, tail] = ends_of(folder / name);
    if (!trimmed(tail).ends_with(end)) return fmt::format("its {} is cut short", name);
    if (is_plain(case_id) && head.find(case_words) == std::string::npos)
      return fmt::format("its {} is of another case", name);
  }
  return "";
}

bool same_run(const SlideReport& report, const RunInputs& run) {
  return report.model.sha256 == run.model_sha256 && report.run.config_toml == run.config_toml &&
         report.run.tool_version == run.tool_version && report.run.commit == run.commit;
}

constexpr const char* kSlideChanged = "slide changed";

/// Empty where the slide's content is the report's.
std::string content_change(const SlideReport& report, const ContentDigest& digest) {
  try {
    return digest() == report.slide_sha256 ? "" : kSlideChanged;
  } catch (const Error& error) {
    return fmt::format("slide cannot be compared: {}", error.what());
  }
}

/// A folder, which some slides are, need only open.
std::string why_unreadable_file(const fs::path& path) {
  const int error = read_error(path);
  return error == 0 || error == EISDIR ? "" : std::strerror(error);
}

}  // namespace

Standing standing_of(const fs::path& folder, const SlideInputs& slide, const RunInputs& run,
                     const ContentDigest& digest, RecordSeries* series) {
  std::error_code error;
  if (!fs::exists(folder / "report.h5", error)) return {};
  if (const auto missing = missing_file(folder); !missing.empty())
    return {Kind::broken, fmt::format("its report lacks {}", missing), std::nullopt};
  try {
    const auto report = read_origin(folder / "report.h5", series);
    if (auto damage = damaged_beside(folder, report.case_id); !damage.empty())
      return {Kind::broken, std::move(damage), std::nullopt};
    if (report.status == Status::failed)
      return {Kind::failed,
              report.status_reasons.empty()
                  ? "it failed"
                  : fmt::format("it failed: {}", one_line(report.status_reasons.front())),
              report.status, /*content_alone=*/false, same_run(report, run)};
    if (const auto unreadable = why_unreadable(slide.path); !unreadable.empty())
      return {Kind::away,
              fmt::format("its file cannot be read now ({}), and its report stays as it is",
                          unreadable),
              report.status};
    auto changes = changes_since(report, slide, run);
    if (!changes.empty())
      return {Kind::other, fmt::format("{}", fmt::join(changes, "; ")), report.status};
    if (auto change = content_change(report, digest); !change.empty())
      return {Kind::other, change, report.status, /*content_alone=*/change == kSlideChanged};
    return {Kind::up_to_date, "", report.status};
  } catch (const StorageError& damage) {
    return {Kind::broken, one_line(damage.what()), std::nullopt};
  }
}

std::string inputs_digest(const SlideInputs& slide, const RunInputs& run) {
  std::string text;
  const auto add = [&](const std::string& part) {
    text += fmt::format("{}:{}\n", part.size(), part);
  };
  for (const auto& part : {run.model_name, run.model_sha256, run.config_toml, run.tool_version,
                           run.commit, std::string(to_string(slide.specimen)), slide.case_id,
                           slide.identity.accession, slide.identity.stain, slide.identity.sampled,
                           slide.mpp ? fmt::format("{} {}", slide.mpp->x, slide.mpp->y) : ""})
    add(part);
  for (const auto& row : slide.given)
    for (const auto& part : {row.item, row.value, row.unit, row.gene, row.date, row.source,
                             fmt::format("{}", row.cells)})
      add(part);
  return sha256_of(text);
}

std::optional<Standing> believed_standing(const fs::path& folder, const SlideInputs& slide,
                                          const RunInputs& run, const SlideHistory& known) {
  const auto status = value_named<Status>(known.status);
  if (!status || *status == Status::failed || known.record.empty() || known.files.empty() ||
      known.record != files_state(folder / "report.h5") || known.files != files_state(slide.path) ||
      known.inputs != inputs_digest(slide, run) || !missing_file(folder).empty() ||
      !damaged_beside(folder, slide.case_id).empty() || !why_unreadable(slide.path).empty())
    return std::nullopt;
  return Standing{Kind::up_to_date, "", *status};
}

bool only_added_files(const std::string& before, const std::string& now) {
  const auto files_of = [](const std::string& state) {
    std::multiset<std::string> files;
    std::istringstream words(state);
    for (std::string word; words >> word;) files.insert(word);
    return files;
  };
  const auto old = files_of(before), all = files_of(now);
  return !old.empty() && old.size() < all.size() &&
         std::includes(all.begin(), all.end(), old.begin(), old.end());
}

std::string why_unreadable(const fs::path& slide) {
  if (auto why = why_unreadable_file(slide); !why.empty()) return why;
  try {
    for (const auto& path : slide_files(slide))
      if (auto why = why_unreadable_file(path); !why.empty()) return why;
  } catch (const SlideError& error) {
    return one_line(error.what());
  }
  return "";
}

std::string files_state(const fs::path& slide) {
  std::string state;
  try {
    for (const auto& file : slide_files(slide)) {
      const auto time = fs::last_write_time(file).time_since_epoch().count();
      state += fmt::format("{}{}@{}", state.empty() ? "" : " ", fs::file_size(file), time);
    }
  } catch (const fs::filesystem_error&) {
    return "";
  } catch (const SlideError&) {
    return "";
  }
  return state;
}

}  // namespace cytocape
