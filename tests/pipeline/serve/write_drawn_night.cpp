/// Writes a drawn night into a folder, for the tests that run the program: write_drawn_night OUT
/// [CELLS]. With CELLS the slide has so many, all neutrophils.

#include <cstdio>
#include <string>

#include "tests/pipeline/review/drawn_night.hpp"

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  auto cells = cytocape::testing::drawn_cells();
  if (argc > 2) cells.assign(std::stoul(argv[2]), {"segmented_neutrophil", "segmented_neutrophil"});
  cytocape::testing::draw_night(argv[1], "S1", cells);
}
