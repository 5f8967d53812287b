#pragma once

/// The sprites of one phantom and who wears which: everything but where they stand.

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "pipeline/phantom/phantom.hpp"
#include "pipeline/phantom/sprite.hpp"

namespace cytocape::phantom {

inline constexpr const char* kPlatelet = "platelet";
inline constexpr const char* kSmudge = "smudge_cell";

/// One cell that will appear in the truth.
struct Member {
  std::string class_code;
  bool touching = false;  ///< members 2k and 2k+1 of the touching ones stand against each other
  std::size_t sprite = 0;
  Turn turn = 0;
  [[nodiscard]] bool nucleated() const { return class_code != kPlatelet; }
};

/// Half-open range of sprite numbers.
struct SpriteRange {
  std::size_t first = 0;
  std::size_t count = 0;
};

struct Bank {
  std::vector<Sprite> sprites;
  SpriteRange red_cells;
  SpriteRange specks;
  std::vector<Member>
      members;  ///< touching pairs first, then other nucleated cells, then platelets
  std::array<double, 3> glass{252, 230, 208};  ///< RGB of the empty field
};

/// How many nucleated cells the options ask for.
[[nodiscard]] std::int64_t white_cell_count(const PhantomOptions& options);
[[nodiscard]] double slide_mm2(const PhantomOptions& options);

/// Multiplies densities for PhantomOptions::stain.
[[nodiscard]] Density stain_strength(double stain);

/// The cells' classes without sprites, exact counts by largest remainder. `classes` are those the
/// slide can have.
[[nodiscard]] std::vector<Member> make_roster(const PhantomOptions& options,
                                              const std::vector<std::string>& classes);

/// Draws or reads every sprite, on all processors.
[[nodiscard]] Bank make_bank(const PhantomOptions& options);

/// Runs task(0) .. task(count-1) on all processors; rethrows the first exception.
void for_all(std::size_t count, const std::function<void(std::size_t)>& task);

}  // namespace cytocape::phantom
