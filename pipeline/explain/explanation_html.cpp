#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <kainjow/mustache.hpp>

#include "embedded/explanation_template.hpp"
#include "io/errors.hpp"
#include "io/report.hpp"
#include "io/text.hpp"
#include "pipeline/explain/explain.hpp"
#include "pipeline/explain/image_section.hpp"
#include "pipeline/pages/page_frame.hpp"
#include "pipeline/program/provenance.hpp"
#include "pipeline/wording/appearance.hpp"
#include "pipeline/wording/review.hpp"

namespace cytocape {
namespace {

using kainjow::mustache::data;
using List = kainjow::mustache::list;

data provenance(const ExplainOutcome& outcome) {
  List rows;
  const auto add = [&](const char* key, const std::string& value, bool code = false) {
    data row;
    row.set("key", key);
    row.set("value", value.empty() ? std::string("\u2013 (not recorded)") : valid_utf8(value));
    row.set("code", code && !value.empty());
    rows.push_back(row);
  };
  const auto& [model, card] = std::tie(outcome.model, outcome.model.card);
  add("model", card.name);
  add("model file", model.path);
  add("model SHA-256", model.sha256, true);
  add("made for",
      fmt::format("specimen {}, stain {}", fmt::join(codes_of(card.specimens), ", "), card.stain));
  add("classes", fmt::format("{}", fmt::join(model.labels, ", ")));
  add("network",
      fmt::format("{}, {} px at {:.4g} \u00b5m a pixel", card.backbone, card.input_px, card.mpp));
  add("limits", card.limits);
  add("colours", wording::appearance_sentence(outcome.appearance));
  add("pixel size of the images", fmt::format("{:.4g} \u00b5m, from the user", outcome.mpp));
  for (const auto& image : outcome.images)
    if (image.failure.empty())
      add("image SHA-256", fmt::format("{} {}", image.sha256, image.path.filename().string()),
          true);
  add("program", fmt::format("cytocape {}", tool_version()));
  add("commit", tool_commit(), true);
  add("command", outcome.command, true);
  add("device", model.device);
  add("finished", wording::time_words(outcome.finished_utc));
  return rows;
}

void set_failures(data& page, const ExplainOutcome& outcome) {
  List failures;
  for (const auto& image : outcome.images)
    if (!image.failure.empty())
      failures.push_back(
          data{"text", valid_utf8(image.failure.starts_with(image.path.string())
                                      ? image.failure
                                      : image.path.string() + ": " + image.failure)});
  page.set("has_failures", !failures.empty());
  page.set("failed_words", fmt::format("{} of {} images could not be explained", failures.size(),
                                       outcome.images.size()));
  page.set("failures", failures);
}

}  // namespace

std::string explanation_html(const ExplainOutcome& outcome) {
  const auto& card = outcome.model.card;
  data page;
  set_frame(page);
  const bool single = outcome.images.size() == 1;
  const auto heading = single ? std::string("Why this class?")
                              : fmt::format("Why these classes? {} images", outcome.images.size());
  page.set("heading", heading);
  page.set("title", valid_utf8(single ? outcome.images.front().path.filename().string() : heading));
  page.set("facts", valid_utf8(fmt::format("model {} \u00b7 {} \u00b7 {}", card.name, card.stain,
                                           wording::time_words(outcome.finished_utc))));
  page.set("model", valid_utf8(card.name));
  page.set("has_limits", !card.limits.empty());
  page.set("limits", valid_utf8(card.limits));
  set_failures(page, outcome);
  List sections;
  std::size_t columns = 2;
  for (const auto& image : outcome.images) {
    if (!image.failure.empty()) continue;
    columns = std::clamp<std::size_t>(image.cell.shown.size() + 1, columns, 4);
    sections.push_back(image_section(outcome, image));
  }
  page.set("one_scale", outcome.one_scale);
  page.set("images", sections);
  page.set("columns", std::to_string(columns));
  const int columns_of_map = outcome.model.map_width * outcome.shifts;
  page.set("grid_columns", std::to_string(columns_of_map));
  page.set("map_words",
           fmt::format("{} \u00d7 {}", columns_of_map, outcome.model.map_height * outcome.shifts));
  page.set("provenance", provenance(outcome));
  kainjow::mustache::mustache page_template{std::string(text::explanation_template)};
  auto html = page_template.render(page);
  if (!page_template.is_valid())
    throw StorageError("explanation.html: the page template is damaged: " +
                       page_template.error_message());
  return html;
}

}  // namespace cytocape
