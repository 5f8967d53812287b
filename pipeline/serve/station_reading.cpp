#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "io/text.hpp"
#include "pipeline/night/standing.hpp"
#include "pipeline/review/blind.hpp"
#include "pipeline/serve/call.hpp"
#include "pipeline/serve/evidence.hpp"
#include "pipeline/serve/night.hpp"
#include "pipeline/serve/station_json.hpp"
#include "pipeline/settings/taxonomy.hpp"
#include "pipeline/statistics/statistics.hpp"

namespace cytocape {
namespace {

std::vector<std::string> readers_of(const nlohmann::json& body, Accounts& accounts) {
  const auto found = body.find("readers");
  std::vector<std::string> readers;
  if (found != body.end() && found->is_array())
    for (const auto& one : *found)
      if (one.is_string()) readers.push_back(one.get<std::string>());
  if (readers.size() != 2 || readers[0] == readers[1])
    throw Refused(422, "readers: name two people");
  const auto all = accounts.all();
  for (const auto& name : readers)
    if (std::none_of(all.begin(), all.end(), [&](const Account& one) {
          return one.name == name && !one.closed && may(one.role, Right::decide);
        }))
      throw Refused(422, fmt::format("readers: {} is nobody who may decide on cells",
                                     displayable(shortened(name))));
  return readers;
}

/// Not foreseen by whoever asks for it: the hash of the last row is not theirs to choose.
std::uint64_t seed_of(const std::string& hash) {
  std::uint64_t seed = 0;
  for (const char c : hash) seed = seed * 31 + static_cast<unsigned char>(c);
  return seed;
}

std::size_t cells_of(const nlohmann::json& body) {
  const auto found = body.find("cells");
  if (found == body.end()) return kCellsOfABlindReading;
  constexpr std::size_t kLeast = 10, kMost = 1000;
  if (!found->is_number_unsigned() || found->get<std::size_t>() < kLeast ||
      found->get<std::size_t>() > kMost)
    throw Refused(422, fmt::format("cells: take {} to {}", kLeast, kMost));
  return found->get<std::size_t>();
}

/// Another one once rows were added: SQLite writes them beside the file first.
std::string state_of(const std::filesystem::path& file) {
  const std::filesystem::path journal = file.string() + "-wal";
  return files_state(file) + (std::filesystem::exists(journal) ? files_state(journal) : "");
}

/// As they are called now.
void add_references(const std::vector<LedgerEntry>& rows, const Review& review,
                    std::map<std::uint64_t, std::string>& references) {
  for (const auto& row : rows) {
    if (row.what.kind != to_string(DecisionKind::reference)) continue;
    const auto decision = decision_of(row.what.kind, row.what.body);
    const auto id = decision.cells.front();
    if (!review.references.contains(id)) continue;
    const auto said = review.cells.find(id);
    const auto name = said != review.cells.end() ? said->second.name
                      : decision.from.empty()    ? std::string()
                                                 : decision.from.front();
    if (const auto* known = find_cell_class(name)) references[id] = known->code;
  }
}

}  // namespace

HttpResponse Station::blind(const Call& call) {
  const auto room = room_of(rooms_, call.parts[0]);
  const auto review = room->review().now();
  auto people = nlohmann::json::array();
  for (const auto& one : accounts_->all())
    if (!one.closed && may(one.role, Right::decide)) people.push_back(one.name);
  auto absent = nlohmann::json::array();
  if (const auto* reading = review.going_on())
    for (std::size_t i = 0; i < reading->readers.size(); ++i)
      if (!reading->finished.at(i) &&
          std::find(people.begin(), people.end(), reading->readers.at(i)) == people.end())
        absent.push_back(reading->readers.at(i));
  return json_answer({{"seq", review.seq},
                      {"people", people},
                      {"absent", absent},
                      {"blind", blind_json(review, call.session->account.name)}});
}

HttpResponse Station::set_blind(const Call& call) {
  const auto room = room_of(rooms_, call.parts[0]);
  require_record_of_page(call.body, *room);
  const auto review = room->review().now();
  Decision decision;
  const auto action = text_of(call.body, "action", 100);
  if (action == "start") {
    decision.kind = DecisionKind::blind;
    decision.readers = readers_of(call.body, *accounts_);
    decision.cells = drawn_for_reading(review, room->index(), cells_of(call.body),
                                       seed_of(review.head + room->record_sha256()));
    if (decision.cells.empty())
      throw Refused(422, "no cell has a class that was not in a reading before");
  } else if (action == "end") {
    const auto* reading = review.going_on();
    if (reading == nullptr) throw Refused(422, "no blind reading goes on");
    decision.kind = DecisionKind::undo;
    decision.of = reading->row;
  } else {
    throw Refused(400, "action: take start or end");
  }
  const auto& who = call.session->account.name;
  const auto answer =
      room->review().decide(std::move(decision), {who}, seen_of(call.body), room->index());
  if (!answer.row) throw Refused(answer.conflict ? 409 : 422, answer.why);
  return blind(call);
}

std::vector<std::shared_ptr<const Station::Night::Reviewed>> Station::Night::reviews() {
  const auto slides = now();
  const std::lock_guard lock(reviewing);
  std::vector<std::shared_ptr<const Reviewed>> all;
  for (const auto& row : slides->rows) {
    const auto file = row.folder / kReviewFile;
    if (row.folder.empty() || !std::filesystem::exists(file)) continue;
    const auto state = state_of(file);
    auto& kept = reviewed[row.folder];
    try {
      if (kept.second == nullptr || kept.first != state)
        kept = {state, reviewed_of(row, read_review_rows(row.folder,
                                                         records.of(row.folder / "report.h5")))};
    } catch (const StorageError&) {
      kept = {};  // the worklist tells of it
    }
    if (kept.second != nullptr) all.push_back(kept.second);
  }
  return all;
}

std::shared_ptr<const Station::Night::Reviewed> Station::Night::reviewed_of(
    const CohortRow& row, const std::optional<ReviewWithRows>& read) {
  if (!read) return nullptr;
  Reviewed one{.slide = row.id,
               .model = row.model,
               .agreement = agreement_of_model(read->rows, read->review),
               .references = {},
               .reading = {}};
  if (const auto* reading = read->review.going_on()) one.reading = *reading;
  add_references(read->rows, read->review, one.references);
  return std::make_shared<const Reviewed>(std::move(one));
}

HttpResponse Station::agreement(const Call&) {
  std::map<std::tuple<std::string, std::string, std::string>, Agreement> sums;
  for (const auto& slide : night_->reviews())
    for (const auto& [of, one] : slide->agreement) {
      auto& sum = sums[{slide->model, of.first, of.second}];
      sum.seen += one.seen;
      sum.kept += one.kept;
    }
  auto rows = nlohmann::json::array();
  for (const auto& [of, sum] : sums) {
    const auto& [model, month, code] = of;
    const auto interval = wilson95(sum.kept, sum.seen);
    rows.push_back({{"model", displayable(model)},
                    {"month", month},
                    {"code", code},
                    {"label", cell_class(code).label},
                    {"seen", sum.seen},
                    {"kept", sum.kept},
                    {"wilson95", {interval->low, interval->high}}});
  }
  return json_answer({{"rows", rows}});
}

HttpResponse Station::references(const Call& call) {
  auto cells = nlohmann::json::array();
  const auto& who = call.session->account.name;
  for (const auto& slide : night_->reviews())
    for (const auto& [id, name] : slide->references)
      if (const auto& reading = slide->reading;
          !reading || reading->reader(who) < 0 || !reading->is_of(id))
        cells.push_back({{"slide", displayable(slide->slide)}, {"cell", id}, {"code", name}});
  return json_answer({{"cells", cells}});
}

HttpResponse Station::evidence(const Call& call) {
  const auto room = room_of(rooms_, call.parts[0]);
  const auto id = static_cast<std::uint64_t>(number_of(call.parts[1]));
  const auto* cell = room->index().find(id);
  if (cell == nullptr || cell->class_index < 0) throw Refused(404, "the model called no such cell");
  const auto review = room->review().now();
  if (const auto* reading = read_by(call.session->account.name, review);
      reading != nullptr && reading->is_of(id))
    throw Refused(409, "you read this cell blind; wait until both readers have finished");
  const auto jpeg = evidence_jpeg(room->folder() / "report.h5", room->report().model, *cell);
  if (!jpeg) throw Refused(404, "the record keeps no map of this cell");
  return jpeg_answer(*jpeg);
}

}  // namespace cytocape
