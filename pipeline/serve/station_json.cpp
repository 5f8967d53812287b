#include "pipeline/serve/station_json.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

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

const BlindReading* read_by(const std::string& who, const Review& review) {
  const auto* reading = review.going_on();
  return reading != nullptr && reading->reader(who) >= 0 ? reading : nullptr;
}

std::string cells_json(const Review& review, const SlideRoom& room, const std::string& who) {
  const auto* reading = read_by(who, review);
  if (reading == nullptr) return room.cells_json();
  const std::set<std::uint64_t> read(reading->cells.begin(), reading->cells.end());
  auto json = Json::parse(room.cells_json());
  for (std::size_t i = 0; i < json["id"].size(); ++i) {
    if (!read.contains(json["id"][i].get<std::uint64_t>())) continue;
    for (const auto* column : {"class", "first", "second"}) json[column][i] = -1;
    for (const auto* column : {"certainty", "second_certainty", "strangeness"})
      json[column][i] = nullptr;
    json["fate"][i] = "being read";
  }
  return json.dump();
}

namespace {

/// Without the cells of the reading.
Review without(Review review, const BlindReading& reading) {
  const auto is_read = [cells = reading.cells](std::uint64_t id) {
    return std::find(cells.begin(), cells.end(), id) != cells.end();
  };
  std::erase_if(review.cells, [&](const auto& one) { return is_read(one.first); });
  std::erase_if(review.references, is_read);
  std::erase_if(review.comments, [&](const auto& comment) {
    return std::any_of(comment.cells.begin(), comment.cells.end(), is_read);
  });
  return review;
}

}  // namespace

Json review_json(const Review& whole, const SlideRoom& room, const std::string& who) {
  const auto* hidden = read_by(who, whole);
  const auto review = hidden == nullptr ? whole : without(whole, *hidden);
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
          {"live", live_json(whole, room)}};
}

Json reading_json(const Review& review) {
  if (review.readings.empty()) return nullptr;
  const auto& blind = review.readings.back();
  return {
      {"row", blind.row},           {"readers", blind.readers}, {"cells", blind.cells.size()},
      {"finished", blind.finished}, {"over", blind.over > 0},   {"left", unsettled(review).size()}};
}

namespace {

Json result_json(const Review& review, const BlindReading& blind) {
  Json json{{"readers", blind.readers}};
  const auto agreement = agreement_of_readers(review, blind);
  json["words"] = displayable(reading_words(review, blind));
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

}  // namespace

Json blind_json(const Review& review, const std::string& who) {
  auto json = reading_json(review);
  if (json.is_null()) return json;
  if (const auto* blind = read_by(who, review)) {
    const auto& mine = blind->named.at(static_cast<std::size_t>(blind->reader(who)));
    json["mine"] = Json::object();
    for (const auto& [id, name] : mine) json["mine"][std::to_string(id)] = name;
    json["ids"] = blind->cells;
  }
  json["results"] = Json::array();
  for (const auto& one : review.readings)
    if (one.over > 0) json["results"].push_back(result_json(review, one));
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

/// What of the rows one person is shown.
class AuditView {
 public:
  AuditView(const Review& review, const std::string& who)
      : review_(review), reading_(read_by(who, review)) {}

  [[nodiscard]] Json body_of(const LedgerEntry& row) const {
    if (is_reading_of_none(row)) return {{"text", "shown when both have finished"}};
    auto body = Json::parse(row.what.body, nullptr, false);
    if (body.is_discarded()) return {};
    if (reading_ == nullptr || !is_of_cells_read(row, body)) return body;
    if (row.seq == reading_->row)
      return {{"readers", reading_->readers}, {"text", "cells are hidden while you read"}};
    return {{"text", "hidden while you read"}};
  }
  /// A hash would tell a reader which of a few bodies it is of. What readers name has a salt.
  [[nodiscard]] std::string hash_of(const LedgerEntry& row) const {
    return reading_ != nullptr || is_reading_of_none(row) ? "" : row.hash;
  }

 private:
  /// Of a reading that goes on, or was ended.
  [[nodiscard]] bool is_reading_of_none(const LedgerEntry& row) const {
    return row.what.kind == to_string(DecisionKind::read) &&
           std::none_of(review_.readings.begin(), review_.readings.end(),
                        [&](const auto& one) { return one.row < row.seq && row.seq < one.over; });
  }
  [[nodiscard]] bool is_of_cells_read(const LedgerEntry& row, const Json& body) const {
    const auto& read = reading_->cells;
    const auto is_read = [&](std::uint64_t id) {
      return std::find(read.begin(), read.end(), id) != read.end();
    };
    for (std::size_t i = 0; body.contains("parts") && i < body["parts"].size(); ++i)
      if (is_read(placed_id(row.seq, i))) return true;
    if (!body.contains("cells")) return false;
    return std::any_of(body["cells"].begin(), body["cells"].end(), [&](const Json& id) {
      return id.is_number_unsigned() && is_read(id.get<std::uint64_t>());
    });
  }

  const Review& review_;
  const BlindReading* reading_;
};

}  // namespace

Json audit_json(std::span<const LedgerEntry> rows, const Review& review, const std::string& who) {
  const AuditView view(review, who);
  auto list = Json::array();
  for (const auto& row : rows)
    list.push_back({{"seq", row.seq},
                    {"at", row.what.at},
                    {"by", displayable(row.what.author)},
                    {"kind", displayable(row.what.kind)},
                    {"body", view.body_of(row)},
                    {"hash", view.hash_of(row)}});
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

std::string audit_csv(std::span<const LedgerEntry> rows, const Review& review,
                      const std::string& who) {
  const AuditView view(review, who);
  // Of tables that take a semicolon for a comma, too.
  const auto safe = [](std::string text) {
    if (text.find(';') != std::string::npos) text.insert(0, "'");
    return csv_field(displayable(text));
  };
  std::string csv = "row,time_utc,by,decision,cells,from,to,item,text,report_sha256,hash\r\n";
  for (const auto& row : rows) {
    const auto body = view.body_of(row);
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
        safe(text("text")), text("report_sha256"), view.hash_of(row));
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
