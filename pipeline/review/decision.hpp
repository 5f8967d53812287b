#pragma once

/// What a person may do to a slide's cells, and how a row of its review says it
/// (docs/report-format.md). Pure.

#include <cstdint>
#include <string>
#include <vector>

#include "io/geometry.hpp"
#include "io/ledger.hpp"
#include "io/vocabulary.hpp"

namespace cytocape {

enum class DecisionKind : std::uint8_t {
  begin,       ///< of which record the review is
  reclassify,  ///< cells are of another class
  confirm,     ///< cells are what they were called
  remove,      ///< no cells
  add,         ///< a cell that was not located
  split,       ///< one located cell is several
  comment,     ///< on cells, or on the slide
  reference,   ///< a cell is the site's example of its class
  morphology,  ///< a grade or a phrase
  open,        ///< all cells of a class were shown
  undo,        ///< takes back an earlier row
  verify,      ///< a technician answers for the count
  sign,        ///< a haematopathologist answers for the report
  amend,       ///< opens a signed review again, for a reason
  blind,       ///< two readers name the same cells, neither seeing what the other says
  read,        ///< one of them names cells; without a class: no cell
  finish,      ///< one of them has named all
};

[[nodiscard]] constexpr CodeLabel labels_of(DecisionKind kind) {
  switch (kind) {
    case DecisionKind::begin:
      return {"begin"};
    case DecisionKind::reclassify:
      return {"reclassify"};
    case DecisionKind::confirm:
      return {"confirm"};
    case DecisionKind::remove:
      return {"remove"};
    case DecisionKind::add:
      return {"add"};
    case DecisionKind::split:
      return {"split"};
    case DecisionKind::comment:
      return {"comment"};
    case DecisionKind::reference:
      return {"reference"};
    case DecisionKind::morphology:
      return {"morphology"};
    case DecisionKind::open:
      return {"open"};
    case DecisionKind::undo:
      return {"undo"};
    case DecisionKind::verify:
      return {"verify"};
    case DecisionKind::sign:
      return {"sign"};
    case DecisionKind::amend:
      return {"amend"};
    case DecisionKind::blind:
      return {"blind"};
    case DecisionKind::read:
      return {"read"};
    case DecisionKind::finish:
      return {"finish"};
  }
  return {};
}

/// A cell that a person placed.
struct PlacedCell {
  Level0Point at;    ///< centre, level-0 pixels
  std::string name;  ///< taxonomy code
  bool operator==(const PlacedCell&) const = default;
};

/// One row's body. Which members count depends on the kind; the others are empty.
struct Decision {
  DecisionKind kind = DecisionKind::confirm;
  std::vector<std::uint64_t> cells;  ///< ids; of a comment none: it is on the slide
  std::vector<std::string> from;  ///< what each of `cells` was before: a class, or why it had none
  std::string to;                 ///< taxonomy code
  std::vector<PlacedCell> parts;  ///< of add one, of split two and more
  std::int64_t of = 0;            ///< seq of the row that is undone
  std::string item;               ///< of morphology: "red cells"
  std::vector<std::string> readers;  ///< of blind: names of two accounts
  std::string text;                  ///< comment, morphology, reason of an amendment
  std::string subject;               ///< of begin: SHA-256 of the record
  std::string slide_sha256;          ///< of begin
  std::string report_sha256;         ///< of a signature: of what was shown
  std::string salt;  ///< of read: random, so that the row's hash does not tell what was named
  bool operator==(const Decision&) const = default;
};

// What one row may hold.
inline constexpr std::size_t kMostCellsOfADecision = 5000;
inline constexpr std::size_t kMostPartsOfACell = 8;
inline constexpr std::size_t kMostTextOfADecision = 4000;  ///< bytes

/// Somebody answers for what stands there.
[[nodiscard]] constexpr bool is_signature(DecisionKind kind) {
  return kind == DecisionKind::verify || kind == DecisionKind::sign || kind == DecisionKind::amend;
}

/// Of a blind reading, which has rows of its own.
[[nodiscard]] constexpr bool is_of_blind_reading(DecisionKind kind) {
  return kind == DecisionKind::blind || kind == DecisionKind::read || kind == DecisionKind::finish;
}

/// JSON object; equal decisions give equal text.
[[nodiscard]] std::string body_of(const Decision& decision);

/// Reads a row's body, or a request: checks types and bounds, and that classes are the taxonomy's.
/// Throws ConfigError naming the key and the value.
[[nodiscard]] Decision decision_of(const std::string& kind, const std::string& body);

/// Ids of cells that a person placed: apart from those of located cells, and told by the row.
inline constexpr std::uint64_t kFirstPlacedId = std::uint64_t{1} << 40;
[[nodiscard]] constexpr std::uint64_t placed_id(std::int64_t seq, std::size_t part) {
  return kFirstPlacedId + static_cast<std::uint64_t>(seq) * kMostPartsOfACell + part;
}

}  // namespace cytocape
