#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "io/digest.hpp"
#include "io/record.hpp"
#include "io/text.hpp"
#include "pipeline/pages/report_writer.hpp"
#include "pipeline/serve/call.hpp"
#include "pipeline/serve/night.hpp"
#include "pipeline/serve/signing.hpp"
#include "pipeline/serve/station_json.hpp"
#include "pipeline/serve/tiles.hpp"

namespace cytocape {
namespace {

constexpr int kCropPx = 160;
constexpr double kMargin = 1.25;  ///< of the model's crop: neighbours help a person

using Room = std::shared_ptr<const SlideRoom>;

Room room_of(SlideRooms& rooms, const std::string& id) {
  auto room = rooms.find(id);
  if (room == nullptr) throw Refused(404, "there is no report of that slide");
  if (!has_counts(room->report()))
    throw Refused(409, "the analysis of this slide failed; see the worklist for the reason");
  return room;
}

std::int64_t number_of(const std::string& text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    throw Refused(404, "there is no such page");
  return value;
}

HttpResponse jpeg_answer(std::vector<std::uint8_t> bytes) {
  HttpResponse response{.content_type = "image/jpeg", .body = {}};
  response.body.assign(bytes.begin(), bytes.end());
  // The picture of a cell stays what it is; the browser of one person keeps it for a while.
  response.headers.emplace_back("Cache-Control", "private, max-age=600");
  return response;
}

const Slide& pixels_of(const SlideRoom& room) {
  if (room.slide() == nullptr) throw Refused(404, room.why_no_pixels());
  return *room.slide();
}

/// The page names the record that it shows: ids of cells mean other cells in another record.
void require_record_of_page(const nlohmann::json& body, const SlideRoom& room) {
  if (text_of(body, "record", 100) != room.record_sha256() || !room.is_current())
    throw Refused(409, "the slide was analysed again meanwhile; load the page again");
}

void require_on_slide(const Decision& decision, const SlideRoom& room) {
  const auto& levels = room.report().slide.levels;
  if (levels.empty()) return;
  const auto& size = levels.front().size;
  for (const auto& part : decision.parts)
    if (part.at.x < 0 || part.at.y < 0 || part.at.x >= static_cast<double>(size.width) ||
        part.at.y >= static_cast<double>(size.height))
      throw Refused(422, fmt::format("parts: {:.0f}, {:.0f} is outside the slide of {} x {} pixels",
                                     part.at.x, part.at.y, size.width, size.height));
}

std::int64_t seen_of(const nlohmann::json& body) {
  const auto found = body.find("seen");
  return found != body.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

}  // namespace

std::shared_ptr<const Cohort> Station::Night::now() {
  constexpr auto kFresh = std::chrono::seconds(5);
  const std::lock_guard lock(mutex);
  const auto time = Sessions::Clock::now();
  if (cohort == nullptr || time - read_at > kFresh) {
    cohort = std::make_shared<const Cohort>(cohort_of({out}));
    read_at = Sessions::Clock::now();
  }
  return cohort;
}

HttpResponse Station::worklist(const Call&) {
  const auto cohort = night_->now();
  auto rows = nlohmann::json::array();
  for (const auto& row : cohort->rows) {
    std::optional<Review> review;
    std::string fault;
    try {
      if (!row.folder.empty() && std::filesystem::exists(row.folder / kReviewFile))
        review = read_review(row.folder, night_->records.of(row.folder / "report.h5"));
    } catch (const StorageError& error) {
      fault = error.what();
    }
    rows.push_back(worklist_json(row, review));
    if (!fault.empty()) rows.back()["review_fault"] = fault;
  }
  return json_answer({{"slides", rows}, {"research_use", kResearchUse}});
}

HttpResponse Station::slide(const Call& call) {
  return json_answer(slide_json(*room_of(rooms_, call.parts[0])));
}

HttpResponse Station::cells(const Call& call) {
  return {.body = room_of(rooms_, call.parts[0])->cells_json()};
}

HttpResponse Station::review(const Call& call) {
  const auto room = room_of(rooms_, call.parts[0]);
  const auto review = room->review().now();
  const auto after = call.request.query.find("after");
  if (after != call.request.query.end() && number_of(after->second) == review.seq)
    return json_answer({{"seq", review.seq}, {"same", true}});
  return json_answer(review_json(review, *room));
}

HttpResponse Station::decide(const Call& call) {
  const auto room = room_of(rooms_, call.parts[0]);
  auto decision = decision_of(text_of(call.body, "kind", 100), call.body.dump());
  const auto kind = decision.kind;
  if (kind == DecisionKind::begin || is_signature(kind))
    throw Refused(400, "sign on the page that is for it");
  decision.subject.clear();
  decision.slide_sha256.clear();
  decision.report_sha256.clear();
  require_record_of_page(call.body, *room);
  require_on_slide(decision, *room);
  const auto answer = room->review().decide(std::move(decision), {call.session->account.name},
                                            seen_of(call.body), room->index());
  if (!answer.row) throw Refused(answer.conflict ? 409 : 422, answer.why);
  const auto review = room->review().now();
  // Whoever has not seen all rows before this one gets all.
  const bool all = kind == DecisionKind::undo || seen_of(call.body) + 1 != answer.row->seq;
  nlohmann::json json{{"seq", review.seq}, {"row", answer.row->seq}};
  if (all) {
    json["review"] = review_json(review, *room);
  } else {
    json["cells"] = changes_json(*answer.row, review);
    json["live"] = live_json(review, *room);
    json["verified"] = nullptr;
    if (kind == DecisionKind::add || kind == DecisionKind::split || kind == DecisionKind::comment ||
        kind == DecisionKind::reference || kind == DecisionKind::morphology)
      json["review"] = review_json(review, *room);
  }
  return json_answer(json);
}

HttpResponse Station::crop(const Call& call) {
  const auto room = room_of(rooms_, call.parts[0]);
  const auto id = static_cast<std::uint64_t>(number_of(call.parts[1]));
  const auto* cell = room->index().find(id);
  Level0Point centre;
  if (cell != nullptr) {
    centre = cell->centre;
  } else {
    const auto review = room->review().now();
    const auto placed = review.placed.find(id);
    if (placed == review.placed.end()) throw Refused(404, "there is no such cell");
    centre = placed->second;
  }
  const auto& model = room->report().model;
  return jpeg_answer(
      cell_jpeg(pixels_of(*room), centre, kMargin * model.mpp * model.input_px, kCropPx));
}

HttpResponse Station::tile(const Call& call) {
  const auto room = room_of(rooms_, call.parts[0]);
  auto jpeg = tile_jpeg(pixels_of(*room), {.zoom = static_cast<int>(number_of(call.parts[1])),
                                           .x = number_of(call.parts[2]),
                                           .y = number_of(call.parts[3])});
  if (!jpeg) throw Refused(404, "there is no such square");
  return jpeg_answer(std::move(*jpeg));
}

HttpResponse Station::overview(const Call& call) {
  const auto room = room_of(rooms_, call.parts[0]);
  if (room->report().overview_jpeg.empty()) throw Refused(404, "there is no overview");
  return jpeg_answer(room->report().overview_jpeg);
}

HttpResponse Station::thumbnail(const Call& call) {
  const auto cohort = night_->now();
  for (const auto& row : cohort->rows)
    if (row.id == call.parts[0] && !row.thumbnail.empty()) return jpeg_answer(row.thumbnail);
  throw Refused(404, "there is no picture of it");
}

HttpResponse Station::conclusions(const Call& call) {
  const auto room = room_of(rooms_, call.parts[0]);
  const auto review = room->review().now();
  const auto reviewed = reviewed_report(room->report(), review, room->index());
  auto json = conclusions_json(reviewed);
  json["open"] = open_points(reviewed, review, count(review, room->index()));
  json["seq"] = review.seq;
  return json_answer(json);
}

HttpResponse Station::report(const Call& call) {
  const auto room = room_of(rooms_, call.parts[0]);
  // With the pictures, which the station itself cuts from the slide.
  auto counted = read_overview(room->folder() / "report.h5").report;
  const auto reviewed = reviewed_report(counted, room->review().now(), room->index());
  HttpResponse response{.content_type = "text/html; charset=utf-8", .body = report_html(reviewed)};
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
                                "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  return response;
}

/// Who signs is asked anew: a page may have been left open.
void Station::require_password(const std::string& name, const std::string& password) {
  const auto tried = try_password(name, password);
  if (tried.wait > Sessions::Clock::duration::zero())
    throw Refused(429, "wait before the next try");
  if (!tried.account) throw Refused(401, "the password is not right");
}

HttpResponse Station::sign(const Call& call) {
  const auto kind = value_named<DecisionKind>(text_of(call.body, "kind", 100));
  const bool amends = kind == DecisionKind::amend;
  if (kind != DecisionKind::verify && kind != DecisionKind::sign && !amends)
    throw Refused(400, "kind: take verify, sign or amend");
  const auto& account = call.session->account;
  if (!may(account.role, kind == DecisionKind::verify ? Right::verify : Right::sign))
    throw Refused(403, fmt::format("a {} may not do this", to_string(account.role)));
  require_password(account.name, text_of(call.body, "password", kMostPassword));
  const auto room = room_of(rooms_, call.parts[0]);
  require_record_of_page(call.body, *room);
  const auto review = room->review().now();
  if (seen_of(call.body) != review.seq)
    throw Refused(409, "something was decided meanwhile; look at the page again");
  Decision decision;
  decision.kind = *kind;
  decision.text = text_of(call.body, "text");
  if (amends && trimmed(decision.text).empty()) throw Refused(422, "text: the reason is missing");
  const auto reviewed = reviewed_report(room->report(), review, room->index());
  if (!amends) {
    const auto open = open_points(reviewed, review, count(review, room->index()));
    if (!open.empty()) throw Refused(422, open.front());
    if (kind == DecisionKind::sign && review.verified.by.empty())
      throw Refused(422, "the count is not verified; a technician does that first");
  }
  decision.subject = room->record_sha256();
  decision.slide_sha256 = room->report().slide_sha256;
  decision.report_sha256 = sha256_of(report_json(reviewed));
  const auto answer =
      room->review().decide(std::move(decision), {account.name}, review.seq, room->index());
  if (!answer.row) throw Refused(answer.conflict ? 409 : 422, answer.why);
  return json_answer(review_json(room->review().now(), *room));
}

HttpResponse Station::audit(const Call& call) {
  const auto room = room_of(rooms_, call.parts[0]);
  return json_answer({{"rows", audit_json(room->review().rows_after(0))}});
}

HttpResponse Station::audit_table(const Call& call) {
  const auto room = room_of(rooms_, call.parts[0]);
  HttpResponse response{.content_type = "text/csv; charset=utf-8",
                        .body = audit_csv(room->review().rows_after(0))};
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"audit.csv\"");
  return response;
}

}  // namespace cytocape
