#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <kainjow/mustache.hpp>
#include <map>

#include "embedded/overview_css.hpp"
#include "embedded/overview_js.hpp"
#include "embedded/overview_template.hpp"
#include "io/image_codec.hpp"
#include "io/text.hpp"
#include "pipeline/night/cohort.hpp"
#include "pipeline/pages/page_frame.hpp"
#include "pipeline/wording/review.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using kainjow::mustache::data;

const char* tone_of(CohortState state) {
  switch (state) {
    case CohortState::failed:
    case CohortState::damaged:
    case CohortState::interrupted:
    case CohortState::not_done:
    case CohortState::gone:
      return "bad";
    case CohortState::incomplete:
    case CohortState::insufficient:
      return "warn";
    case CohortState::running:
    case CohortState::waiting:
      return "idle";
    case CohortState::ok:
      return "ok";
  }
  return "idle";
}

/// A relative reference, its bytes as a browser takes them.
std::string reference(const fs::path& page, const fs::path& into) {
  const auto path = fs::absolute(page).lexically_proximate(fs::absolute(into)).generic_string();
  std::string text;
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = byte < 0x80 && (std::isalnum(byte) != 0 ||
                                       std::string_view("._-/~").find(c) != std::string_view::npos);
    text += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return text;
}

const CohortShare* sum_of(const CohortRow& row, const char* code) {
  for (const auto& share : row.sums)
    if (share.code == code && share.fraction) return &share;
  return nullptr;
}

/// `name` is what a narrow screen says before it.
std::string share_cell(const CohortShare* share, const char* name) {
  if (share == nullptr) return fmt::format("<td class=\"n\" data-name=\"{}\">\u2013</td>", name);
  std::string interval;
  if (share->wilson95)
    interval = fmt::format(" <small>{:.1f}\u2013{:.1f}</small>", 100 * share->wilson95->low,
                           100 * share->wilson95->high);
  return fmt::format("<td class=\"n\" data-name=\"{}\">{:.1f}{}</td>", name, 100 * *share->fraction,
                     interval);
}

std::string sort_value(const CohortShare* share) {
  return share == nullptr ? "" : fmt::format("{:.6g}", *share->fraction);
}

/// What a person should look at, most important first.
std::vector<std::string> flags_of(const CohortRow& row) {
  std::vector<std::string> flags;
  // Why stands among the quality checks.
  if (!row.withheld.empty()) flags.emplace_back("counts by class withheld");
  for (const bool decides : {true, false})
    for (const auto& check : row.quality)
      if (check.verdict == QualityCheck::Verdict::failed && check.decides == decides)
        flags.push_back(check.code == labels_of(QualityRule::full_count).code
                            ? std::string("preliminary count")
                            : (decides ? "quality: " : "warning: ") + check.label);
  if (!row.same_picture.empty()) flags.push_back("same picture as " + row.same_picture);
  if (!row.older.empty()) flags.push_back("older: " + row.older);
  return flags;
}

std::string status_cell(const CohortRow& row) {
  const auto labels = labels_of(row.state);
  auto text =
      fmt::format("<td><span class=\"chip {}\">{}</span>", tone_of(row.state), labels.words);
  if (row.state != CohortState::ok && !row.reason.empty())
    text += fmt::format("<p class=\"why\">{}</p>", escape_html(row.reason));
  if (*labels.remedy != '\0')
    text += fmt::format("<p class=\"why todo\">To do: {}.</p>", labels.remedy);
  return text + "</td>";
}

std::string slide_cell(const CohortRow& row, const fs::path& into) {
  auto name = escape_html(row.id);
  if (!row.folder.empty() && row.state != CohortState::damaged)
    name = fmt::format("<a href=\"{}\">{}</a>",
                       escape_html(reference(row.folder / "report.html", into)), name);
  return fmt::format("<th scope=\"row\">{}<br><small>{}</small></th>", name,
                     escape_html(fs::path(row.slide).filename().string()));
}

std::string picture_cell(const CohortRow& row) {
  if (row.thumbnail.empty()) return "<td></td>";
  return fmt::format("<td><img alt=\"\" loading=\"lazy\" src=\"{}\"></td>",
                     data_uri("image/jpeg", row.thumbnail));
}

/// One line where the editions say the same.
std::string editions_cell(const CohortRow& row) {
  const auto& all = row.editions;
  const bool alike = all.size() > 1 && std::all_of(all.begin(), all.end(), [&](const auto& one) {
                       return one.state == all.front().state;
                     });
  std::vector<std::string> names;
  std::vector<std::string> sentences;
  std::vector<std::string> lines;
  for (const auto& edition : all) {
    names.push_back(edition.edition);
    sentences.push_back(edition.sentence);
    lines.push_back(fmt::format("<span title=\"{}\">{}: {}</span>", escape_html(edition.sentence),
                                escape_html(edition.edition), escape_html(edition.state)));
  }
  if (alike)
    lines = {fmt::format("<span title=\"{}\">{}: {}</span>",
                         escape_html(fmt::format("{}", fmt::join(sentences, " "))),
                         escape_html(fmt::format("{}", fmt::join(names, ", "))),
                         escape_html(all.front().state))};
  return fmt::format("<td class=\"cmml\"><small>{}</small></td>", fmt::join(lines, "<br>"));
}

std::string row_html(const CohortRow& row, const fs::path& into) {
  auto flags = flags_of(row);
  const auto count = flags.size();
  for (auto& flag : flags) flag = escape_html(flag);
  const auto* monocytes = sum_of(row, "monocytes");
  const auto* blasts = sum_of(row, "blast_equivalents");
  return fmt::format(
      "<tr data-state=\"{}\" data-state-code=\"{}\" data-id=\"{}\" data-case=\"{}\" "
      "data-specimen=\"{}\" data-cells=\"{}\" data-monocytes=\"{}\" data-blasts=\"{}\" "
      "data-flags=\"{}\">{}{}{}<td data-name=\"case\">{}</td><td "
      "data-name=\"specimen\">{}</td><td class=\"n\" data-name=\"cells counted\">{}</td>{}{}{}<td "
      "class=\"look\"><small>{}"
      "</small></td></tr>\n",
      static_cast<int>(row.state), labels_of(row.state).code, escape_html(row.id),
      escape_html(row.case_id), row.specimen,
      row.has_counts ? std::to_string(row.cells_counted) : "", sort_value(monocytes),
      sort_value(blasts), count, status_cell(row), picture_cell(row), slide_cell(row, into),
      escape_html(row.case_id), row.specimen,
      row.has_counts ? std::to_string(row.cells_counted) : "\u2013",
      share_cell(monocytes, "monocytes, %"), share_cell(blasts, "blasts and equivalents, %"),
      editions_cell(row), fmt::join(flags, "<br>"));
}

/// Worst first; within a state as they come.
std::vector<const CohortRow*> ordered(const Cohort& cohort) {
  std::vector<const CohortRow*> rows;
  for (const auto& row : cohort.rows) rows.push_back(&row);
  std::stable_sort(rows.begin(), rows.end(),
                   [](const auto* a, const auto* b) { return a->state < b->state; });
  return rows;
}

kainjow::mustache::list states_of(const Cohort& cohort) {
  std::map<CohortState, std::size_t> counts;
  for (const auto& row : cohort.rows) ++counts[row.state];
  kainjow::mustache::list list;
  for (const auto& [state, count] : counts) {
    data one;
    one.set("code", labels_of(state).code);
    one.set("words", labels_of(state).words);
    one.set("tone", tone_of(state));
    one.set("count", std::to_string(count));
    list.push_back(one);
  }
  return list;
}

std::string facts_of(const Cohort& cohort) {
  std::map<std::string, std::size_t> models;
  std::size_t older = 0;
  for (const auto& row : cohort.rows) {
    if (!row.model.empty()) ++models[row.model];
    if (!row.older.empty()) ++older;
  }
  std::vector<std::string> parts;
  for (const auto& [model, count] : models)
    parts.push_back(fmt::format("{} with model {}", count, model));
  if (older > 0) parts.push_back(fmt::format("{} older than the last run or unlike it", older));
  if (cohort.cases > 0)
    parts.push_back(fmt::format("{} reports of cases are not listed", cohort.cases));
  auto facts = parts.empty() ? std::string() : fmt::format("{}.", fmt::join(parts, "; "));
  for (const auto& concern : concerns_of(cohort)) facts += fmt::format(" To do: {}.", concern);
  return facts;
}

}  // namespace

void write_overview(const Cohort& cohort, const fs::path& into, const WriteText& write) {
  // Nobody's text holds it: names are without control characters on the page.
  const std::string rows_here = "\x01";
  data page;
  page.set("count", std::to_string(cohort.rows.size()));
  page.set("made", wording::time_words(cohort.made_utc));
  page.set("facts", facts_of(cohort));
  set_frame(page);
  page.set("style", std::string(text::overview_css));
  page.set("script", std::string(text::overview_js));
  page.set("states", states_of(cohort));
  page.set("rows", rows_here);
  kainjow::mustache::mustache html{std::string(text::overview_template)};
  const auto frame = html.render(page);
  const auto place = frame.rfind(rows_here);
  write(std::string_view(frame).substr(0, place));
  for (const auto* row : ordered(cohort)) write(row_html(*row, into));
  write(std::string_view(frame).substr(place + rows_here.size()));
}

}  // namespace cytocape
