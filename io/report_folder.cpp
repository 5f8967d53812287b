#include "io/report_folder.hpp"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <utility>

#include "io/durable_file.hpp"
#include "io/errors.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPrevious = "previous";
constexpr std::size_t kLongest = 200;

/// Free, in a folder that exists. Sorts by time; no colon, which some file systems refuse.
fs::path place_among_earlier(const fs::path& folder) {
  const auto parent = folder_of(folder) / kPrevious / folder.filename();
  std::error_code error;
  fs::create_directories(parent, error);
  if (error)
    throw StorageError(
        fmt::format("{}: cannot be created for the earlier report: {}; choose another --out",
                    parent.string(), error.message()));
  const auto now = fmt::format("{:%Y%m%dT%H%M%SZ}", fmt::gmtime(std::time(nullptr)));
  auto place = parent / now;
  for (int copy = 2; fs::exists(fs::symlink_status(place)); ++copy)
    place = parent / fmt::format("{}-{}", now, copy);
  return place;
}

}  // namespace

bool is_reserved_report_name(const std::string& name) {
  auto lower = name;
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  // What stands beside the reports (pipeline/night, pipeline/serve).
  constexpr std::array<std::string_view, 7> kTaken = {
      kPrevious,       "journal",      "cohort.csv",    "cells.csv.gz",
      "overview.html", "summary.json", "station.sqlite"};
  return std::find(kTaken.begin(), kTaken.end(), lower) != kTaken.end();
}

std::string refused_report_name(const std::string& name) {
  if (is_reserved_report_name(name))
    return fmt::format(
        "{} is reserved for what stands beside the reports and cannot be a report's name; give "
        "another id",
        name);
  if (name.size() > kLongest)
    return fmt::format(
        "{}.. becomes the name of a folder and has {} bytes; at most {} are possible; give a "
        "shorter id",
        name.substr(0, 40), name.size(), kLongest);
  return "";
}

std::optional<fs::path> set_aside(const fs::path& folder) {
  const auto found = fs::symlink_status(folder);
  if (!fs::exists(found)) return std::nullopt;
  if (!fs::is_directory(folder))
    throw StorageError(
        fmt::format("{}: a file stands where the report's folder should be; move it away or choose "
                    "another --out",
                    folder.string()));
  std::error_code ignored;
  if (fs::is_directory(found) && fs::is_empty(folder, ignored)) return std::nullopt;
  const auto place = place_among_earlier(folder);
  if (::rename(folder.c_str(), place.c_str()) != 0)
    throw StorageError(
        fmt::format("{}: cannot be set aside as {}: {}; move it away or choose another --out",
                    folder.string(), place.string(), std::strerror(errno)));
  sync_path(folder_of(place));
  sync_path(folder_of(folder_of(place)));
  sync_path(folder_of(folder));
  return place;
}

ReportFolder::ReportFolder(fs::path folder)
    : folder_(std::move(folder)), making_(temporary_path(folder_)) {
  if (::mkdir(making_.c_str(), 0777) != 0)
    throw StorageError(
        fmt::format("{}: cannot create the report's folder: {}; choose another --out",
                    folder_.string(), std::strerror(errno)));
}

ReportFolder::~ReportFolder() {
  std::error_code ignored;
  if (!published_) fs::remove_all(making_, ignored);
}

std::optional<fs::path> ReportFolder::publish() {
  sync_path(making_);
  auto earlier = set_aside(folder_);
  if (::rename(making_.c_str(), folder_.c_str()) != 0)
    throw StorageError(fmt::format("{}: cannot move the report into place: {}", folder_.string(),
                                   std::strerror(errno)));
  published_ = true;
  sync_path(folder_of(folder_));
  return earlier;
}

std::string ReportFolder::shown(std::string text) const {
  const auto hidden = making_.string(), place = folder_.string();
  for (auto at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at))
    text.replace(at, hidden.size(), place);
  return text;
}

}  // namespace cytocape
