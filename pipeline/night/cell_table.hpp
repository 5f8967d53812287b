#pragma once

/// The table of cells, a row each: cells.csv.gz of a folder of reports and what `cytocape export`
/// writes of a slide.

#include <string>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

/// Its header.
inline constexpr const char* kCellColumns =
    "slide,case,cell,x,y,nucleus_um2,outcome,reason,class,probability,strangeness,model,folder\n";

/// Adds a row for each cell. Where classes are `withheld` the cells have none: they would give the
/// counts back. `folder` tells reports of one slide apart; empty where there are no others.
void add_cells(const SlideReport& report, bool withheld, const std::vector<CellRow>& cells,
               std::string& text, const std::string& folder = "");

}  // namespace cytocape
