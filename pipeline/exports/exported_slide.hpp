#pragma once

/// A slide as its exports show it: what its report withholds is not in it.

#include <cstdint>
#include <string>
#include <vector>

#include "io/image.hpp"
#include "io/report.hpp"

namespace cytocape {

/// A class of the model. Codes and labels are of one line, not empty, and each is there once,
/// whatever the record calls its classes.
struct ExportedClass {
  std::string code;
  std::string label;  ///< as printed
  Rgb colour;
};

struct ExportedSlide {
  SlideReport report;    ///< as io/report.hpp's as_shown leaves it
  std::string withheld;  ///< why classes and percentages are; empty where they are not
  std::vector<ExportedClass> classes;  ///< in the model's order
  std::string identity;  ///< digest of slide, model and settings, by which its cells are named

  /// Takes `report` as it is read from the record.
  [[nodiscard]] static ExportedSlide of(const SlideReport& report);
  /// As they may be exported.
  [[nodiscard]] std::vector<CellRow> shown(std::vector<CellRow> cells) const;
};

/// A UUID (RFC 9562, version 8, made of a SHA-256) of what `kind` and `number` name of the slide:
/// the same for the same record, another one for another slide, model or setting.
[[nodiscard]] std::string export_uuid(const ExportedSlide& slide, const std::string& kind,
                                      std::uint64_t number);

/// Whether the network saw the cell: it was classified, or not certain enough.
[[nodiscard]] bool was_seen(const CellRow& cell);

/// Of a cell that is not counted: "not counted: border". Empty for one that is, and for a
/// classified one whose class is withheld.
[[nodiscard]] std::string why_not_counted(const CellRow& cell);

/// "incomplete: 1 of 6 blocks failed"; "ok". Without the slide's path.
[[nodiscard]] std::string status_words(const SlideReport& report);

}  // namespace cytocape
