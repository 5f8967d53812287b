#pragma once

/// The project's cell classes (configs/taxonomy.toml), compiled in.

#include <string>
#include <vector>

#include "io/specimen.hpp"

namespace cytocape {

struct CellClass {
  std::string code;
  std::string label;
  std::string group;
  int order = 0;            ///< place in reports, from 1
  bool counted_pb = false;  ///< in the denominator of a blood differential
  bool counted_bm = false;  ///< in that of a marrow differential
  [[nodiscard]] bool counted_in(Specimen specimen) const {
    switch (specimen) {
      case Specimen::blood:
        return counted_pb;
      case Specimen::marrow:
        return counted_bm;
    }
    return false;
  }
};

/// All classes, sorted by code. Thread-safe.
[[nodiscard]] const std::vector<CellClass>& taxonomy();

/// By code or alias; null where there is none.
[[nodiscard]] const CellClass* find_cell_class(const std::string& name);

/// By code or alias. Throws ConfigError naming the nearest class.
[[nodiscard]] const CellClass& cell_class(const std::string& name);

}  // namespace cytocape
