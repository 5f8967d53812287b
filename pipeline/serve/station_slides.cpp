#include <fmt/format.h>

#include <charconv>
#include <nlohmann/json.hpp>

#include "io/record.hpp"
#include "io/text.hpp"
#include "pipeline/pages/report_writer.hpp"
#include "pipeline/serve/call.hpp"
#include "pipeline/serve/evidence.hpp"
#include "pipeline/serve/night.hpp"
#include "pipeline/serve/signing.hpp"
#include "pipeline/serve/station_json.hpp"
#include "pipeline/serve/tiles.hpp"

namespace cytocape {
namespace {

const Slide& pixels_of(const SlideRoom& room) {
  if (room.slide() == nullptr) throw Refused(404, room.why_no_pixels());
  return *room.slide();
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

/// One more for as long as it lives.
class Counted {
 public:
  explicit Counted(std::atomic<int>& count) : count_(count), now_(++count) {}
  ~Counted() { --count_; }
  Counted(const Counted&) = delete;
  Counted& operator=(const Counted&) = delete;
  [[nodiscard]] int now() const { return now_; }

 private:
  std::atomic<int>& count_;
  int now_;
};

/// A signer ends a blind reading, not whoever decides.
void require_no_reading(const Decision& decision, const Review& review) {
  if (decision.of >= 1 && decision.of <= review.seq &&
      is_of_blind_reading(review.kinds[static_cast<std::size_t>(decision.of) - 1]))
    throw Refused(422, "a blind reading is ended by a signer");
}

/// Those that the review is of: not one that came since.
std::vector<LedgerEntry> rows_of(const Review& review, ReviewFile& file) {
  auto rows = file.rows_after(0);
  std::erase_if(rows, [&](const auto& row) { return row.seq > review.seq; });
  return rows;
}

}  // namespace

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

HttpResponse jpeg_answer(const std::vector<std::uint8_t>& bytes) {
  HttpResponse response{.content_type = "image/jpeg", .body = {}};
  response.body.assign(bytes.begin(), bytes.end());
  response.headers.emplace_back("Cache-Control", "private, max-age=600");
  return response;
}

void require_record_of_page(const nlohmann::json& body, const SlideRoom& room) {
  if (text_of(body, "record", 100) != room.record_sha256() || !room.is_current())
    throw Refused(409, "the slide was analysed again meanwhile; load the page again");
}

std::int64_t seen_of(const nlohmann::json& body) {
  const auto found = body.find("seen");
  return found != body.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

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
  const auto room = room_of(rooms_, call.parts[0]);
  return {.body = cells_json(room->review().now(), *room, call.session->account.name)};
}

/// A page asks for what is behind a row, and with "wait" is answered once there is something:
/// people see each other's rows at once. Each holds a connection, so that some must ask now and
/// then.
Review Station::review_behind(const Call& call, const Room& room) {
  constexpr auto kLongest = std::chrono::seconds(25);
  constexpr auto kStep = std::chrono::milliseconds(250);
  const auto after = call.request.query.find("after");
  auto review = room->review().now();
  if (after == call.request.query.end() || !call.request.query.contains("wait")) return review;
  const auto seq = number_of(after->second);
  const Counted waits(waiting_);
  if (waits.now() <= kMostWaiting) {
    const auto end = Sessions::Clock::now() + kLongest;
    while (review.seq == seq && !ending_ && room->is_current() && Sessions::Clock::now() < end)
      review = room->review().now_or_behind(seq, kStep);
  }
  // Whoever was logged out meanwhile is told nothing more.
  const auto now = Sessions::Clock::now();
  if (!sessions_.find(call.token, now, false) || !accounts_->is_as_it_was(call.session->account))
    throw Refused(401, "log in first");
  return review;
}

HttpResponse Station::review(const Call& call) {
  const auto room = room_of(rooms_, call.parts[0]);
  const auto review = review_behind(call, room);
  const auto after = call.request.query.find("after");
  if (after != call.request.query.end() && number_of(after->second) == review.seq)
    return json_answer({{"seq", review.seq}, {"record", room->record_sha256()}, {"same", true}});
  return json_answer(review_json(review, *room, call.session->account.name));
}

HttpResponse Station::decide(const Call& call) {
  const auto room = room_of(rooms_, call.parts[0]);
  auto decision = decision_of(text_of(call.body, "kind", 100), call.body.dump());
  const auto kind = decision.kind;
  if (kind == DecisionKind::begin || kind == DecisionKind::blind || is_signature(kind))
    throw Refused(400, "sign, or have cells read, on the page that is for it");
  decision.subject.clear();
  decision.slide_sha256.clear();
  decision.report_sha256.clear();
  require_record_of_page(call.body, *room);
  require_on_slide(decision, *room);
  if (kind == DecisionKind::undo) require_no_reading(decision, room->review().now());
  const auto answer = room->review().decide(std::move(decision), {call.session->account.name},
                                            seen_of(call.body), room->index());
  if (!answer.row) throw Refused(answer.conflict ? 409 : 422, answer.why);
  const auto review = room->review().now();
  // Whoever has not seen all rows before this one gets all.
  const bool all = kind == DecisionKind::undo || seen_of(call.body) + 1 != answer.row->seq;
  nlohmann::json json{{"seq", review.seq}, {"row", answer.row->seq}};
  if (all) {
    json["review"] = review_json(review, *room, call.session->account.name);
  } else {
    json["cells"] = changes_json(*answer.row, review);
    json["live"] = live_json(review, *room);
    json["verified"] = nullptr;
    if (kind == DecisionKind::add || kind == DecisionKind::split || kind == DecisionKind::comment ||
        kind == DecisionKind::reference || kind == DecisionKind::morphology)
      json["review"] = review_json(review, *room, call.session->account.name);
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
      cell_jpeg(pixels_of(*room), centre, kCropMargin * model.mpp * model.input_px, kCropPx));
}

HttpResponse Station::tile(const Call& call) {
  const auto room = room_of(rooms_, call.parts[0]);
  auto jpeg = tile_jpeg(pixels_of(*room), {.zoom = static_cast<int>(number_of(call.parts[1])),
                                           .x = number_of(call.parts[2]),
                                           .y = number_of(call.parts[3])});
  if (!jpeg) throw Refused(404, "there is no such square");
  return jpeg_answer(*jpeg);
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
  const auto reviewed = reviewed_report(room->report(), review, *room);
  auto json = conclusions_json(reviewed);
  json["open"] = open_points(reviewed, review, count(review, room->index()));
  json["seq"] = review.seq;
  json["has_outbox"] = !options_.outbox.empty();
  return json_answer(json);
}

HttpResponse Station::report(const Call& call) {
  const auto room = room_of(rooms_, call.parts[0]);
  const auto review = room->review().now();
  if (read_by(call.session->account.name, review) != nullptr)
    throw Refused(409, "you read cells of this slide blind; wait until both readers have finished");
  // With the pictures, which the station itself cuts from the slide.
  auto counted = read_overview(room->folder() / "report.h5").report;
  const auto reviewed = reviewed_report(counted, review, *room);
  HttpResponse response{.content_type = "text/html; charset=utf-8", .body = report_html(reviewed)};
  response.headers.emplace_back("Content-Security-Policy",
                                "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
                                "base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
  return response;
}

HttpResponse Station::audit(const Call& call) {
  const auto room = room_of(rooms_, call.parts[0]);
  const auto review = room->review().now();
  auto rows = rows_of(review, room->review());
  return json_answer({{"rows", audit_json(rows, review, call.session->account.name)}});
}

HttpResponse Station::audit_table(const Call& call) {
  const auto room = room_of(rooms_, call.parts[0]);
  const auto review = room->review().now();
  HttpResponse response{
      .content_type = "text/csv; charset=utf-8",
      .body = audit_csv(rows_of(review, room->review()), review, call.session->account.name)};
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"audit.csv\"");
  return response;
}

}  // namespace cytocape
