#include "pipeline/adaptation/adapt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>

#include "io/digest.hpp"
#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "models/data/dataset.hpp"
#include "pipeline/adaptation/report.hpp"
#include "pipeline/program/provenance.hpp"
#include "pipeline/wording/appearance.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// Of another specimen so many must be strange, or the alarm no longer tells.
constexpr double kLeastRinging = 0.8;
constexpr std::size_t kMostOther = 300;

void check_out(const fs::path& out) {
  if (fs::exists(out) && !(fs::is_directory(out) && fs::is_empty(out)))
    throw ConfigError(fmt::format(
        "--out {}: it exists already and is not empty: give another folder", out.string()));
}

/// Images of a folder, or of its class folders; evenly, at most kMostOther.
std::vector<fs::path> images_of(const fs::path& folder) {
  std::vector<fs::path> all;
  for (const auto& one : list_labelled_folder(folder))
    all.insert(all.end(), one.files.begin(), one.files.end());
  std::vector<fs::path> chosen;
  const std::size_t wanted = std::min(all.size(), kMostOther);
  for (std::size_t i = 0; i < wanted; ++i) chosen.push_back(all[i * all.size() / wanted]);
  return chosen;
}

std::string clause_of(GroupsFrom from) {
  switch (from) {
    case GroupsFrom::table:
      return "slides or cases by a table of the laboratory";
    case GroupsFrom::names:
      return "originals by the images' names";
    case GroupsFrom::images:
      break;
  }
  return "each image by itself: nothing tells which come from one slide, so that the figures are "
         "optimistic where several do";
}

AdaptOptions options_of(const AdaptRequest& request, SiteCells site) {
  AdaptOptions options;
  options.model = request.model;
  options.bank = request.bank;
  options.cells = std::move(site);
  options.mpp = request.mpp;
  options.appearance = request.appearance;
  if (!request.other.empty())
    options.other = {.files = images_of(request.other), .mpp = request.other_mpp};
  options.site = request.site;
  options.reviewer = request.reviewer;
  options.tool_version = tool_version();
  options.penalty = request.penalty;
  options.folds = request.folds;
  options.threads = request.threads;
  return options;
}

void add_warnings(AdaptReport& report) {
  auto& list = report.warnings;
  const auto& appearance = report.appearance;
  if (appearance.asked != AppearanceMap::none && appearance.outcome != AppearanceOutcome::applied)
    list.push_back(wording::appearance_sentence(appearance));
  if (report.groups_after.share < report.groups_before.share)
    list.push_back(
        "On cells held back the new model is right less often than the old one: do not "
        "use it.");
  if (lost_at_home(report) > kMostLost)
    list.push_back(
        fmt::format("The model lost {:.1f} points over groups on what it knew before; it "
                    "was written because --force asked for it.",
                    100 * lost_at_home(report)));
  const auto& other = report.other_after;
  if (other.cells > 0 &&
      static_cast<double>(other.strange) < kLeastRinging * static_cast<double>(other.cells))
    list.push_back(
        fmt::format("Of another specimen's cells only {} of {} are strange to the new "
                    "model ({} to the old one): slides of the wrong kind may not be "
                    "told. Check what is given to it.",
                    other.strange, other.cells, report.other_before.strange));
  if (other.cells == 0)
    list.push_back(
        "Whether cells of another specimen are still strange to the model was not tried: "
        "give a folder of them by --other.");
}

std::string inputs_json(const AdaptRequest& request, const SiteCells& site) {
  using Json = nlohmann::ordered_json;
  Json cells = Json::array();
  for (const auto& cell : site.cells)
    cells.push_back({{"file", cell.name},
                     {"sha256", sha256_of_file(cell.path)},
                     {"group", cell.group},
                     {"fits", [&] {
                        Json names = Json::array();
                        for (const int label : cell.may_be)
                          names.push_back(site.classes[static_cast<std::size_t>(label)]);
                        return names;
                      }()}});
  Json json{
      {"tool_version", tool_version()},
      {"command", request.command},
      {"model", {{"path", request.model.string()}, {"sha256", sha256_of_file(request.model)}}},
      {"data", request.data.string()},
      {"mpp", request.mpp},
      {"penalty", request.penalty},
      {"cells", std::move(cells)}};
  return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

/// Absolute, and without a slash at its end.
fs::path plain(const fs::path& path) {
  const auto whole = fs::absolute(path).lexically_normal();
  return whole.has_filename() ? whole : whole.parent_path();
}

/// All files under another name first, then the folder's own: whoever finds it finds all.
void publish(const AdaptReport& report, const Adapted& adapted, const SiteCells& site) {
  PartialFile folder(plain(report.request.out));
  const auto& partial = folder.partial();
  try {
    fs::create_directories(partial);
  } catch (const fs::filesystem_error& error) {
    throw StorageError(
        fmt::format("{} cannot be written: {}", folder.path().string(), error.what()));
  }
  adapted.save(partial / "model.safetensors");
  stage_file(partial / "adapt.html", adapt_html(report)).commit();
  stage_file(partial / "adapt.json", adapt_json(report)).commit();
  stage_file(partial / "inputs.json", inputs_json(report.request, site)).commit();
  folder.commit();
}

}  // namespace

std::optional<AdaptReport> adapt_site(const AdaptRequest& request, const AdaptProgress& progress,
                                      const std::atomic<bool>& stop) {
  const auto start = Clock::now();
  AdaptReport report;
  report.request = request;
  report.started_utc = utc_now();
  check_out(request.out);
  const ModelCard parent = card_of_model(request.model);
  const SiteCells site = site_cells_of(request, parent);
  const auto adapted =
      adapt_model(options_of(request, site), progress, [&] { return stop.load(); });
  if (!adapted) return std::nullopt;
  report.model = parent.name;
  report.model_sha256 = adapted->card.adapted->parent_sha256;
  report.cells = site.cells.size();
  report.groups = static_cast<std::size_t>(site.groups);
  report.groups_from = clause_of(site.groups_from);
  report.passed_over = site.passed_over.size();
  report.limits = adapted->card.limits;
  fill_figures(*adapted, site, report);
  if (lost_at_home(report) > kMostLost && !request.force)
    throw ConfigError(
        fmt::format("nothing was written: of the cells that {} knew before, the new model is right "
                    "on {:.1f} % over groups instead of {:.1f} %: look for wrong labels, give more "
                    "cells of each class, hold the head nearer by --penalty, or add --force",
                    parent.name, 100 * report.home_after.share.value_or(0),
                    100 * report.home_before.share.value_or(0)));
  add_warnings(report);
  report.seconds = std::chrono::duration<double>(Clock::now() - start).count();
  publish(report, *adapted, site);
  return report;
}

}  // namespace cytocape
