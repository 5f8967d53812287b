#include "pipeline/serve/station_json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "io/csv.hpp"
#include "io/text.hpp"
#include "pipeline/review/blind.hpp"
#include "pipeline/serve/tiles.hpp"
#include "pipeline/settings/clinical_order.hpp"
#include "pipeline/settings/taxonomy.hpp"

namespace cytocape {
namespace {

using Json = nlohmann::json;

Json number(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}

Json interval(const std::optional<Interval>& value) {
  return value ? Json{value->low, value->high} : Json();
}

Json step_json(const ReviewSummary::Step& step) {
  return step.by.empty() ? Json() : Json{{"by", displayable(step.by)}, {"at", step.at}};
}

Json cell_json(const ReviewedCell& cell) {
  return {{"name", cell.name},
          {"renamed", cell.renamed},
          {"by", displayable(cell.by)},
          {"seq", cell.seq}};
}

/// The classes that a cell may be named, in clinical order; the model's are marked.
Json classes_json(const SlideReport& report) {
  std::vector<const CellClass*> sorted;
  for (const auto& one : taxonomy()) sorted.push_back(&one);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return a->order < b->order; });
  auto list = Json::array();
  for (const auto* one : sorted) {
    const auto& known = report.model.classes;
    const auto at = std::find_if(known.begin(), known.end(), [&](const auto& name) {
      return cell_class(name).code == one->code;
    });
    list.push_back({{"code", one->code},
                    {"label", one->label},
                    {"index", at == known.end() ? -1 : static_cast<int>(at - known.begin())},
                    {"counted", one->counted_in(report.specimen)}});
  }
  return list;
}

}  // namespace

Json slide_json(const SlideRoom& room) {
  const auto& report = room.report();
  Json json{{"id", report.slide.id},
            {"case", displayable(report.case_id)},
            {"specimen", labels_of(report.specimen).adjective},
            {"accession", displayable(report.identity.accession)},
            {"stain", displayable(report.identity.stain)},
            {"status", to_string(report.status)},
            {"status_reasons", Json::array()},
            {"withheld", displayable(why_withheld(report))},
            {"model", displayable(report.model.name)},
            {"model_mpp", report.model.mpp},
            {"crop_um", report.model.mpp * report.model.input_px},
            {"classes", classes_json(report)},
            {"record_sha256", room.record_sha256()},
            {"has_pixels", room.slide() != nullptr},
            {"why_no_pixels", displayable(room.why_no_pixels())}};
  for (const auto& reason : report.status_reasons)
    json["status_reasons"].push_back(displayable(reason));
  if (!report.slide.levels.empty()) {
    const auto& size = report.slide.levels.front().size;
    json["width"] = size.width;
    json["height"] = size.height;
    json["largest_zoom"] = largest_zoom(size);
    json["mpp"] = {report.slide.mpp.x, report.slide.mpp.y};
  }
  return json;
}

Json live_json(const Review& review, const SlideRoom& room) {
  const auto counts = count(review, room.index());
  SlideReport after;
  after.specimen = room.report().specimen;
  after.differential = room.report().differential;
  revise_differential(after, counts);
  const bool withheld = !why_withheld(room.report()).empty();
  auto rows = Json::array();
  for (const auto* row : in_clinical_order(after.differential)) {
    Json before;
    Json before_count;
    for (const auto& old : room.report().differential) {
      if (old.name != row->name) continue;
      before = number(old.fraction);
      before_count = old.count;
    }
    rows.push_back({{"code", row->name},
                    {"label", row->label},
                    {"counted", row->in_denominator},
                    {"count", withheld ? Json() : Json(row->count)},
                    {"verified", row->verified},
                    {"before_count", withheld ? Json() : before_count},
                    {"before", withheld ? Json() : before},
                    {"after", withheld ? Json() : number(row->fraction)},
                    {"wilson95", withheld ? Json() : interval(row->wilson95)},
                    {"opened", review.opened.contains(row->name)}});
  }
  return {{"rows", rows},
          {"denominator", after.denominator},
          {"cells", counts.named_cells()},
          {"verified", counts.verified_cells()},
          {"unidentified", counts.unidentified},
          {"without_class", counts.without_class},
          {"renamed", counts.renamed},
          {"removed", counts.removed},
          {"added", counts.added}};
}

Json review_json(const Review& review, const SlideRoom& room) {
  auto cells = Json::object();
  for (const auto& [id, cell] : review.cells) cells[std::to_string(id)] = cell_json(cell);
  auto placed = Json::object();
  for (const auto& [id, at] : review.placed) placed[std::to_string(id)] = {at.x, at.y};
  auto comments = Json::array();
  for (const auto& comment : review.comments)
    comments.push_back({{"seq", comment.seq},
                        {"by", displayable(comment.by)},
                        {"at", comment.at},
                        {"cells", comment.cells},
                        {"text", displayable(comment.text)}});
  auto morphology = Json::object();
  for (const auto& [item, seen] : review.morphology)
    morphology[displayable(item)] = displayable(seen.text);
  return {{"seq", review.seq},
          {"record", room.record_sha256()},
          {"reading", reading_json(review)},
          {"version", review.version},
          {"cells", cells},
          {"placed", placed},
          {"comments", comments},
          {"references", review.references},
          {"morphology", morphology},
          {"verified", step_json(review.verified)},
          {"signed", step_json(review.signed_off)},
          {"live", live_json(review, room)}};
}

Json reading_json(const Review& review) {
  if (!review.blind) return nullptr;
  const auto& blind = *review.blind;
  return {
      {"row", blind.row},           {"readers", blind.readers}, {"cells", blind.cells.size()},
      {"finished", blind.finished}, {"over", blind.over > 0},   {"left", unsettled(review).size()}};
}

Json blind_json(const Review& review, const std::string& who) {
  auto json = reading_json(review);
  if (json.is_null()) return json;
  const auto& blind = *review.blind;
  const int reader = blind.reader(who);
  if (blind.over == 0) {
    if (reader < 0) return json;
    const auto& mine = blind.named.at(static_cast<std::size_t>(reader));
    json["mine"] = Json::object();
    for (const auto& [id, name] : mine) json["mine"][std::to_string(id)] = name;
    json["ids"] = blind.cells;
    return json;
  }
  const auto agreement = agreement_of_readers(review);
  json["words"] = displayable(reading_words(review));
  json["agreed"] = agreement.agreed;
  json["kappa"] = agreement.kappa ? Json{{"value", agreement.kappa->value},
                                         {"low", agreement.kappa->interval.low},
                                         {"high", agreement.kappa->interval.high}}
                                  : Json();
  json["counts"] = Json::array();
  for (const auto& [name, counts] : agreement.counts)
    json["counts"].push_back({{"code", name}, {"counts", counts}});
  json["differences"] = Json::array();
  for (const auto& one : agreement.differences)
    json["differences"].push_back({{"cell", one.cell},
                                   {"named", one.named},
                                   {"settled", one.settled ? Json(*one.settled) : Json()}});
  return json;
}

Json changes_json(const LedgerEntry& row, const Review& review) {
  auto cells = Json::object();
  for (const auto& [id, cell] : review.cells)
    if (cell.seq == row.seq) cells[std::to_string(id)] = cell_json(cell);
  return cells;
}

Json conclusions_json(const SlideReport& reviewed) {
  auto editions = Json::array();
  for (const auto& edition : reviewed.assessment.editions)
    editions.push_back({{"edition", edition.edition},
                        {"state", to_string(edition.state)},
                        {"sentence", displayable(edition.sentence)}});
  auto groups = Json::array();
  for (const auto& group : reviewed.groups)
    groups.push_back({{"label", group.label},
                      {"count", group.count},
                      {"total", group.total},
                      {"fraction", number(group.fraction)},
                      {"wilson95", interval(group.wilson95)},
                      {"corrected", number(group.corrected)},
                      {"both95", group.corrected ? interval(group.both95) : Json()}});
  auto alerts = Json::array();
  for (const auto& alert : reviewed.assessment.alerts) alerts.push_back(displayable(alert));
  const bool withheld = !why_withheld(reviewed).empty();
  return {{"editions", editions},
          {"groups", withheld ? Json::array() : groups},
          {"alerts", alerts},
          {"status", to_string(reviewed.status)}};
}

namespace {

/// A hash would tell which of a few bodies it is of.
bool is_hidden(const LedgerEntry& row, bool reading) {
  return reading && row.what.kind == to_string(DecisionKind::read);
}

}  // namespace

Json audit_json(std::span<const LedgerEntry> rows, bool reading) {
  auto list = Json::array();
  for (const auto& row : rows) {
    if (is_hidden(row, reading)) {
      list.push_back({{"seq", row.seq},
                      {"at", row.what.at},
                      {"by", displayable(row.what.author)},
                      {"kind", row.what.kind},
                      {"body", {{"text", "shown when both have finished"}}},
                      {"hash", ""}});
      continue;
    }
    auto body = Json::parse(row.what.body, nullptr, false);
    list.push_back({{"seq", row.seq},
                    {"at", row.what.at},
                    {"by", displayable(row.what.author)},
                    {"kind", displayable(row.what.kind)},
                    {"body", body.is_discarded() ? Json() : body},
                    {"hash", row.hash}});
  }
  return list;
}

namespace {

/// A class, the row that is taken back, or where cells were placed and as what.
std::string target_of(const Json& body) {
  if (!body.is_object()) return "";
  if (body.contains("to") && body["to"].is_string()) return body["to"].get<std::string>();
  if (body.contains("readers") && body["readers"].is_array()) {
    std::vector<std::string> readers;
    for (const auto& one : body["readers"])
      readers.push_back(one.is_string() ? one.get<std::string>() : "");
    return fmt::format("{}", fmt::join(readers, ", "));
  }
  if (body.contains("of")) return "row " + body["of"].dump();
  std::vector<std::string> parts;
  if (body.contains("parts") && body["parts"].is_array())
    for (const auto& part : body["parts"])
      parts.push_back(fmt::format("{} at {:.0f} {:.0f}", part.value("to", ""), part.value("x", 0.0),
                                  part.value("y", 0.0)));
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace

std::string audit_csv(std::span<const LedgerEntry> rows, bool reading) {
  // Of tables that take a semicolon for a comma, too.
  const auto safe = [](std::string text) {
    const auto first = text.find_first_not_of(' ');
    if (first != std::string::npos &&
        (std::string_view("=+-@\t\r").find(text[first]) != std::string_view::npos ||
         text.find(';') != std::string::npos || text.starts_with("\uff1d")))
      text.insert(0, "'");
    return csv_field(displayable(text));
  };
  std::string csv = "row,time_utc,by,decision,cells,from,to,item,text,report_sha256,hash\r\n";
  for (const auto& row : rows) {
    const bool hidden = is_hidden(row, reading);
    const auto body = hidden ? Json{{"text", "shown when both have finished"}}
                             : Json::parse(row.what.body, nullptr, false);
    std::vector<std::string> cells, from;
    if (body.is_object() && body.contains("cells"))
      for (const auto& id : body["cells"]) cells.push_back(id.dump());
    if (body.is_object() && body.contains("from"))
      for (const auto& one : body["from"])
        if (one.is_string()) from.push_back(one.get<std::string>());
    const auto text = [&](const char* key) {
      return body.is_object() && body.contains(key) && body[key].is_string()
                 ? body[key].get<std::string>()
                 : std::string();
    };
    csv += fmt::format(
        "{},{},{},{},{},{},{},{},{},{},{}\r\n", row.seq, safe(row.what.at), safe(row.what.author),
        safe(row.what.kind), safe(fmt::format("{}", fmt::join(cells, " "))),
        safe(fmt::format("{}", fmt::join(from, "; "))), safe(target_of(body)), safe(text("item")),
        safe(text("text")), text("report_sha256"), hidden ? std::string() : row.hash);
  }
  return csv;
}

namespace {

/// "signed", "verified", "under review", "open".
const char* review_state(const std::optional<Review>& review) {
  if (!review) return "open";
  if (!review->signed_off.by.empty()) return "signed";
  return review->verified.by.empty() ? "under review" : "verified";
}

std::optional<double> strange_of(const CohortRow& row) {
  for (const auto& check : row.quality)
    if (check.code == to_string(QualityRule::strange_cells)) return check.value;
  return std::nullopt;
}

Json flags_of(const CohortRow& row) {
  auto flags = Json::array();
  for (const auto& check : row.quality)
    if (check.verdict == QualityCheck::Verdict::failed) flags.push_back(check.label);
  if (!row.withheld.empty()) flags.push_back("counts withheld");
  if (!row.older.empty()) flags.push_back(row.older);
  return flags;
}

}  // namespace

Json worklist_json(const CohortRow& row, const std::optional<Review>& review) {
  const auto share = [&](const char* code) -> Json {
    for (const auto& sum : row.sums)
      if (sum.code == code) return number(sum.fraction);
    return nullptr;
  };
  std::vector<std::string> reviewers;
  if (review) reviewers.assign(review->reviewers.begin(), review->reviewers.end());
  return {{"id", displayable(row.id)},
          {"case", displayable(row.case_id)},
          {"specimen", row.specimen},
          {"accession", displayable(row.identity.accession)},
          {"state", labels_of(row.state).code},
          {"state_words", labels_of(row.state).words},
          {"order", static_cast<int>(row.state)},
          {"reason", displayable(row.reason)},
          {"remedy", labels_of(row.state).remedy},
          {"flags", flags_of(row)},
          {"counted", row.has_counts ? Json(row.cells_counted) : Json()},
          {"monocytes", share("monocytes")},
          {"blasts", share("blast_equivalents")},
          {"unidentified", row.has_counts ? Json(row.cells_unidentified) : Json()},
          {"strange", number(strange_of(row))},
          {"review", review_state(review)},
          {"reviewers", displayable(fmt::format("{}", fmt::join(reviewers, ", ")))},
          {"can_open", row.has_counts},
          {"has_thumbnail", !row.thumbnail.empty()}};
}

}  // namespace cytocape
