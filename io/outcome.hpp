#pragma once

/// What became of a slide, and of its blocks and cells. Each of these has one outcome, some with a
/// reason of few kinds; why something failed is a text.

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "io/vocabulary.hpp"

namespace cytocape {

/// Whether a slide's numbers may be used. What comes later is worse.
enum class Status : std::uint8_t { ok, insufficient, incomplete, failed };

struct StatusLabels {
  const char* code = nullptr;  ///< of records, JSON and the terminal
  const char* words = "";      ///< of pages, where "ok" would be taken for a result
};

[[nodiscard]] constexpr StatusLabels labels_of(Status status) {
  switch (status) {
    case Status::ok:
      return {"ok", "analysis complete"};
    case Status::insufficient:
      return {"insufficient", "insufficient"};
    case Status::incomplete:
      return {"incomplete", "incomplete"};
    case Status::failed:
      return {"failed", "failed"};
  }
  return {};
}

/// Records hold its number.
enum class BlockOutcome : std::uint8_t { analysed, rejected, failed };

[[nodiscard]] constexpr CodeLabel labels_of(BlockOutcome outcome) {
  switch (outcome) {
    case BlockOutcome::analysed:
      return {"analysed"};
    case BlockOutcome::rejected:
      return {"rejected"};
    case BlockOutcome::failed:
      return {"failed"};
  }
  return {};
}

/// Records hold its number.
enum class CellOutcome : std::uint8_t { classified, excluded, failed };

[[nodiscard]] constexpr CodeLabel labels_of(CellOutcome outcome) {
  switch (outcome) {
    case CellOutcome::classified:
      return {"classified"};
    case CellOutcome::excluded:
      return {"excluded"};
    case CellOutcome::failed:
      return {"failed"};
  }
  return {};
}

/// Why a located cell is not counted.
enum class Exclusion : std::uint8_t {
  border,        ///< it is cut by the slide's edge
  clump,         ///< it cannot be told from its neighbours
  out_of_focus,  ///< too blurred to be classified
  unidentified,  ///< the network is not certain enough of any class
};

[[nodiscard]] constexpr CodeLabel labels_of(Exclusion exclusion) {
  switch (exclusion) {
    case Exclusion::border:
      return {"border"};
    case Exclusion::clump:
      return {"clump"};
    case Exclusion::out_of_focus:
      return {"out of focus"};
    case Exclusion::unidentified:
      return {"unidentified"};
  }
  return {};
}

/// Why a block is not analysed.
enum class Rejection : std::uint8_t {
  glass,         ///< nothing stained lies in it
  out_of_focus,  ///< too blurred for cells to be seen
};

[[nodiscard]] constexpr CodeLabel labels_of(Rejection rejection) {
  switch (rejection) {
    case Rejection::glass:
      return {"glass"};
    case Rejection::out_of_focus:
      return {"out of focus"};
  }
  return {};
}

[[nodiscard]] constexpr bool has_reason(BlockOutcome outcome) {
  return outcome == BlockOutcome::rejected;
}

[[nodiscard]] constexpr bool has_reason(CellOutcome outcome) {
  return outcome == CellOutcome::excluded;
}

/// An outcome with its reason, where that is one of few kinds.
template <Vocabulary Outcome, Vocabulary Reason>
struct Fate {
  Outcome outcome{};
  std::optional<Reason> reason = std::nullopt;  ///< exactly where has_reason(outcome)
  // clang-tidy 14 takes a defaulted comparison for a null pointer.
  auto operator<=>(const Fate&) const = default;  // NOLINT(modernize-use-nullptr)
};
using BlockFate = Fate<BlockOutcome, Rejection>;
using CellFate = Fate<CellOutcome, Exclusion>;

/// "classified", "excluded: border", "rejected: glass".
template <class Outcome, class Reason>
[[nodiscard]] std::string to_string(const Fate<Outcome, Reason>& fate) {
  std::string text = to_string(fate.outcome);
  return fate.reason ? text + ": " + to_string(*fate.reason) : text;
}

/// Reads it back; none where it is no such text.
template <class Of>
[[nodiscard]] std::optional<Of> fate_named(std::string_view text) {
  using Outcome = decltype(Of::outcome);
  using Reason = typename decltype(Of::reason)::value_type;
  for (const auto outcome : values_of<Outcome>()) {
    Of fate{.outcome = outcome};
    if (!has_reason(outcome)) {
      if (text == to_string(fate)) return fate;
      continue;
    }
    for (const auto reason : values_of<Reason>()) {
      fate.reason = reason;
      if (text == to_string(fate)) return fate;
    }
  }
  return std::nullopt;
}

/// How many ended so.
template <class Of>
using Tally = std::map<Of, std::uint64_t>;
using BlockTally = Tally<BlockFate>;
using CellTally = Tally<CellFate>;

/// As records and reports list it.
template <class Of>
[[nodiscard]] std::map<std::string, std::uint64_t> by_text(const Tally<Of>& tally) {
  std::map<std::string, std::uint64_t> texts;
  for (const auto& [fate, count] : tally) texts[to_string(fate)] += count;
  return texts;
}

}  // namespace cytocape
