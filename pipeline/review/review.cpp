#include "pipeline/review/review.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/errors.hpp"
#include "pipeline/settings/taxonomy.hpp"

namespace cytocape {
namespace {

/// Whether the row ends a blind reading: what was named may have been told since.
bool ends_reading(const std::vector<Decision>& decisions, std::int64_t row) {
  const auto is = [&](std::int64_t one, DecisionKind kind) {
    return one >= 1 && one <= static_cast<std::int64_t>(decisions.size()) &&
           decisions[static_cast<std::size_t>(one) - 1].kind == kind;
  };
  return is(row, DecisionKind::undo) &&
         is(decisions[static_cast<std::size_t>(row) - 1].of, DecisionKind::blind);
}

/// Rows that a later one takes back. A row that undoes is undone likewise, so that what it took
/// back counts again; a reading that was ended stays so.
std::set<std::int64_t> undone_of(const std::vector<Decision>& decisions) {
  std::set<std::int64_t> undone;
  for (std::size_t i = decisions.size(); i-- > 0;)
    if (decisions[i].kind == DecisionKind::undo &&
        !undone.contains(static_cast<std::int64_t>(i) + 1) &&
        !ends_reading(decisions, decisions[i].of))
      undone.insert(decisions[i].of);
  return undone;
}

/// A placed cell whose placing was taken back.
bool is_gone(std::uint64_t id, const Review& review) {
  return id >= kFirstPlacedId && !review.placed.contains(id);
}

class Reducer {
 public:
  explicit Reducer(Review& review) : review_(review) {}

  void apply(const LedgerEntry& entry, const Decision& decision) {
    switch (decision.kind) {
      case DecisionKind::begin:
        review_.subject = decision.subject;
        return;
      case DecisionKind::reclassify:
        for (const auto id : decision.cells) name(entry, id, {decision.to, true});
        return;
      case DecisionKind::confirm:
        for (std::size_t i = 0; i < decision.cells.size(); ++i)
          if (i < decision.from.size())
            name(entry, decision.cells[i], {decision.from[i], was_renamed(decision.cells[i])});
        return;
      case DecisionKind::remove:
        for (const auto id : decision.cells) name(entry, id, {"", true});
        return;
      case DecisionKind::add:
        return place(entry, decision);
      case DecisionKind::split:
        name(entry, decision.cells.front(), {"", true});
        return place(entry, decision);
      case DecisionKind::comment:
        review_.comments.push_back(
            {entry.seq, entry.what.author, entry.what.at, decision.cells, decision.text});
        return;
      case DecisionKind::reference:
        review_.references.insert(decision.cells.front());
        return;
      case DecisionKind::morphology:
        review_.morphology[decision.item] = {decision.text, entry.what.author, entry.what.at,
                                             entry.seq};
        return;
      case DecisionKind::blind:
        review_.readings.push_back({.row = entry.seq,
                                    .cells = decision.cells,
                                    .before = decision.from,
                                    .readers = {decision.readers[0], decision.readers[1]},
                                    .named = {},
                                    .finished = {},
                                    .over = 0});
        return;
      case DecisionKind::read:
        return read(entry, decision);
      case DecisionKind::finish:
        return finish(entry);
      case DecisionKind::undo:
        return;
      case DecisionKind::open:
        review_.opened.insert(decision.to);
        return;
      case DecisionKind::verify:
        review_.verified = {entry.what.author, entry.what.at};
        return;
      case DecisionKind::sign:
        review_.signed_off = {entry.what.author, entry.what.at};
        return;
      case DecisionKind::amend:
        review_.amendments.push_back({.version = review_.version,
                                      .verified = review_.verified,
                                      .signed_off = review_.signed_off,
                                      .amended = {entry.what.author, entry.what.at},
                                      .reason = decision.text});
        ++review_.version;
        review_.signed_off = {};
        review_.verified = {};
        return;
    }
  }

 private:
  struct Said {
    std::string name;
    bool renamed = false;
  };
  [[nodiscard]] bool was_renamed(std::uint64_t id) const {
    const auto found = review_.cells.find(id);
    return found != review_.cells.end() && found->second.renamed;
  }
  /// What is said of a placed cell whose placing was taken back is said of nothing.
  void name(const LedgerEntry& entry, std::uint64_t id, const Said& said) {
    if (is_gone(id, review_)) return;
    review_.cells[id] = {said.name, said.renamed, entry.what.author, entry.seq};
    review_.reviewers.insert(entry.what.author);
  }
  /// Null where the author is none of those who read, or has finished.
  std::map<std::uint64_t, std::string>* readings_of(const LedgerEntry& entry) {
    if (review_.going_on() == nullptr) return nullptr;
    auto& blind = review_.readings.back();
    const int reader = blind.reader(entry.what.author);
    if (reader < 0 || blind.finished.at(static_cast<std::size_t>(reader))) return nullptr;
    return &blind.named.at(static_cast<std::size_t>(reader));
  }
  void read(const LedgerEntry& entry, const Decision& decision) {
    auto* readings = readings_of(entry);
    if (readings == nullptr) return;
    for (const auto id : decision.cells)
      if (review_.going_on()->is_of(id)) (*readings)[id] = decision.to;
  }
  /// With the second one the cells on which both agree are named.
  void finish(const LedgerEntry& entry) {
    if (readings_of(entry) == nullptr) return;
    auto& blind = review_.readings.back();
    blind.finished.at(static_cast<std::size_t>(blind.reader(entry.what.author))) = true;
    if (!blind.finished[0] || !blind.finished[1]) return;
    blind.over = entry.seq;
    const auto both = blind.readers[0] + ", " + blind.readers[1];
    for (std::size_t i = 0; i < blind.cells.size(); ++i) {
      const auto id = blind.cells[i];
      if (!blind.agrees(id) || is_gone(id, review_)) continue;
      const auto& name = blind.named[0].at(id);
      const auto* before = i < blind.before.size() ? find_cell_class(blind.before[i]) : nullptr;
      const bool renamed = was_renamed(id) || before == nullptr || before->code != name;
      review_.cells[id] = {name, renamed, both, entry.seq};
    }
    review_.reviewers.insert(blind.readers.begin(), blind.readers.end());
  }
  void place(const LedgerEntry& entry, const Decision& decision) {
    for (std::size_t i = 0; i < decision.parts.size(); ++i) {
      const auto id = placed_id(entry.seq, i);
      review_.placed[id] = decision.parts[i].at;
      name(entry, id, {decision.parts[i].name, true});
    }
  }

  Review& review_;
};

Decision read(const LedgerEntry& entry) {
  try {
    return decision_of(entry.what.kind, entry.what.body);
  } catch (const ConfigError& error) {
    throw StorageError(fmt::format("review, row {}: {}", entry.seq, error.what()));
  }
}

/// Whether the row names a cell as it is not.
std::string unknown_cells(const Decision& decision, const Review& review, const CellIndex& index) {
  for (const auto id : decision.cells) {
    const auto name = name_now(id, review, index);
    if (!name) return fmt::format("there is no cell {} on this slide", id);
    const auto* located = index.find(id);
    if (located != nullptr && located->outcome == CellOutcome::failed &&
        decision.kind != DecisionKind::remove)
      return fmt::format("cell {} could not be read, so it cannot be named", id);
  }
  return "";
}

/// Whether cells that have no class are confirmed as if they had one.
std::string nothing_to_confirm(const Decision& decision, const Review& review,
                               const CellIndex& index) {
  for (const auto id : decision.cells) {
    const auto* located = index.find(id);
    const bool named = review.cells.contains(id) ? !review.cells.at(id).name.empty()
                                                 : located != nullptr && located->class_index >= 0;
    if (!named) return fmt::format("cell {} has no class to confirm; name it", id);
  }
  return "";
}

/// A cell that was split or removed cannot be so once more: its parts would count twice.
std::string removed_already(const Decision& decision, const Review& review) {
  for (const auto id : decision.cells)
    if (const auto found = review.cells.find(id);
        found != review.cells.end() && found->second.name.empty())
      return fmt::format("cell {} counts as no cell already", id);
  return "";
}

/// From the middle of a cell, in halves of its box: below 1 inside the ellipse that fills it. A
/// placed cell has no box; no two middles are nearer to each other than this.
double distance_in_cells(Level0Point at, Level0Point centre, const Level0Rect& box) {
  constexpr double kNearPx = 4;
  return std::hypot((at.x - centre.x) / std::max(kNearPx, static_cast<double>(box.width) / 2),
                    (at.y - centre.y) / std::max(kNearPx, static_cast<double>(box.height) / 2));
}

std::string read_there(std::uint64_t id) {
  return fmt::format("cell {} there is of a blind reading; wait until both readers have finished",
                     id);
}

/// No cell any more, by a person; or one that no person can name.
bool is_out(std::uint64_t id, const Review& review, const CellRow* located) {
  if (const auto said = review.cells.find(id); said != review.cells.end())
    return said->second.name.empty();
  return located == nullptr || located->outcome == CellOutcome::failed;
}

/// One cell counts once: none is placed on another one, but on that which is split. Nor, while they
/// are read, beside the cells of a blind reading: it would tell the readers.
std::string placed_already(const Decision& decision, const Review& review, const CellIndex& index) {
  const auto* reading = review.going_on();
  const auto is_split = [&](std::uint64_t id) {
    return decision.kind == DecisionKind::split && decision.cells.front() == id;
  };
  for (const auto& part : decision.parts) {
    for (const auto& cell : index.cells()) {
      if (is_split(cell.id)) continue;
      const auto far = distance_in_cells(part.at, cell.centre, cell.box);
      if (far < 1 && !is_out(cell.id, review, &cell))
        return fmt::format("cell {} lies there already; name or split that one", cell.id);
      if (far < 2 && reading != nullptr && reading->is_of(cell.id)) return read_there(cell.id);
    }
    for (const auto& [id, at] : review.placed) {
      if (is_split(id)) continue;
      const auto far = distance_in_cells(part.at, at, {});
      if (far < 1 && !is_out(id, review, nullptr)) return "a cell was added there already";
      if (far < 2 && reading != nullptr && reading->is_of(id)) return read_there(id);
    }
  }
  return "";
}

std::set<std::uint64_t> set_of(const std::vector<std::uint64_t>& cells) {
  return {cells.begin(), cells.end()};
}

std::string why_no_undo(const Decision& decision, const Review& review) {
  if (decision.of <= 1 || decision.of > review.seq)
    return fmt::format("there is no row {} to take back", decision.of);
  if (review.undone.contains(decision.of))
    return fmt::format("row {} is taken back already", decision.of);
  const auto kind = review.kinds.at(static_cast<std::size_t>(decision.of) - 1);
  const auto* reading = review.going_on();
  const auto last = taken_back_by(decision.of, review);
  if (last > 0 && is_of_blind_reading(review.kinds.at(static_cast<std::size_t>(last) - 1)) &&
      (reading == nullptr || reading->row != decision.of))
    return kind == DecisionKind::undo
               ? "a reading that was ended does not go on; begin another one"
               : "a reading is not taken back; a signer may end one that goes on";
  if (is_signature(kind)) return "a signature is not taken back; amend the review, with the reason";
  return "";
}

/// What the rows come to, without what was signed before.
Review reduce_rows(std::span<const LedgerEntry> entries) {
  std::vector<Decision> decisions;
  for (const auto& entry : entries) decisions.push_back(read(entry));
  Review review;
  review.undone = undone_of(decisions);
  Reducer reducer(review);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto& entry = entries[i];
    // What was verified is what stood there then; looking changes nothing.
    if (!is_signature(decisions[i].kind) && decisions[i].kind != DecisionKind::open)
      review.verified = {};
    // Signatures stay, whatever a row says.
    if (is_signature(decisions[i].kind) || !review.undone.contains(entry.seq))
      reducer.apply(entry, decisions[i]);
    review.kinds.push_back(decisions[i].kind);
    review.takes_back.push_back(decisions[i].kind == DecisionKind::undo ? decisions[i].of : 0);
    review.seq = entry.seq;
    review.head = entry.hash;
  }
  return review;
}

}  // namespace

Review reduce(std::span<const LedgerEntry> entries) {
  auto review = reduce_rows(entries);
  // A row that was taken back behind the signature counted when it was signed.
  for (std::size_t i = entries.size(); i-- > 0;)
    if (review.kinds[i] == DecisionKind::amend) {
      review.signed_before = std::make_shared<const Review>(reduce_rows(entries.first(i)));
      break;
    }
  return review;
}

const CellRow* CellIndex::find(std::uint64_t id) const {
  const auto found =
      std::lower_bound(cells_.begin(), cells_.end(), id,
                       [](const CellRow& cell, auto wanted) { return cell.id < wanted; });
  return found != cells_.end() && found->id == id ? &*found : nullptr;
}

std::string CellIndex::called(const CellRow& cell) const {
  if (cell.class_index >= 0) return classes_[static_cast<std::size_t>(cell.class_index)];
  return to_string(fate_of(cell));
}

int BlindReading::reader(const std::string& name) const {
  return name == readers[0] ? 0 : name == readers[1] ? 1 : -1;
}

bool BlindReading::is_of(std::uint64_t cell) const {
  return std::find(cells.begin(), cells.end(), cell) != cells.end();
}

bool BlindReading::agrees(std::uint64_t cell) const {
  const auto first = named[0].find(cell);
  const auto second = named[1].find(cell);
  return first != named[0].end() && second != named[1].end() && first->second == second->second;
}

std::vector<std::uint64_t> unsettled(const Review& review, const BlindReading& reading) {
  std::vector<std::uint64_t> cells;
  if (reading.over == 0) return cells;
  for (const auto id : reading.cells) {
    const auto found = review.cells.find(id);
    const bool since = found != review.cells.end() && found->second.seq > reading.over;
    if (!reading.agrees(id) && !since && !is_gone(id, review)) cells.push_back(id);
  }
  return cells;
}

std::vector<std::uint64_t> unsettled(const Review& review) {
  std::set<std::uint64_t> cells;
  for (const auto& reading : review.readings) cells.merge(set_of(unsettled(review, reading)));
  return {cells.begin(), cells.end()};
}

std::int64_t taken_back_by(std::int64_t row, const Review& review) {
  while (row >= 1 && row <= review.seq &&
         review.takes_back[static_cast<std::size_t>(row) - 1] > 0 &&
         review.takes_back[static_cast<std::size_t>(row) - 1] < row)
    row = review.takes_back[static_cast<std::size_t>(row) - 1];
  return row >= 1 && row <= review.seq ? row : 0;
}

std::optional<std::string> name_now(std::uint64_t id, const Review& review,
                                    const CellIndex& index) {
  const auto found = review.cells.find(id);
  if (found != review.cells.end())
    return found->second.name.empty() ? "no cell" : found->second.name;
  const auto* located = index.find(id);
  return located == nullptr ? std::nullopt : std::optional(index.called(*located));
}

std::string why_refused(const Decision& decision, const Review& review, const CellIndex& index) {
  const bool is_signed = !review.signed_off.by.empty();
  const bool goes_on = review.going_on() != nullptr;
  if (decision.kind == DecisionKind::begin) return "a review has one beginning";
  if (decision.kind == DecisionKind::amend)
    return is_signed ? "" : "the review is not signed, so there is nothing to amend";
  if (is_signed && decision.kind != DecisionKind::open)
    return fmt::format("the review was signed by {}; amend it first, with the reason",
                       review.signed_off.by);
  if (decision.kind == DecisionKind::undo) return why_no_undo(decision, review);
  if (is_signature(decision.kind) && goes_on)
    return "a blind reading goes on; wait until both readers have finished";
  if (decision.kind == DecisionKind::blind && goes_on) return "a blind reading goes on already";
  if (auto unknown = unknown_cells(decision, review, index); !unknown.empty()) return unknown;
  if (decision.kind == DecisionKind::remove || decision.kind == DecisionKind::split)
    if (auto removed = removed_already(decision, review); !removed.empty()) return removed;
  if (decision.kind == DecisionKind::add || decision.kind == DecisionKind::split)
    return placed_already(decision, review, index);
  if (decision.kind == DecisionKind::confirm || decision.kind == DecisionKind::reference)
    return nothing_to_confirm(decision, review, index);
  return "";
}

}  // namespace cytocape
