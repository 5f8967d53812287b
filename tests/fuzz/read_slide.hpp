#pragma once

/// What reading a slide comes to: opening, and pixels at each level's corners, whole and shrunk.

#include <array>

#include "io/slide.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace cytocape::fuzz {

inline void read_slide(const std::filesystem::path& path, const std::string& reader) {
  const auto slide = Slide::open(path, {.mpp = Mpp{0.25, 0.25}, .reader = reader});
  for (int level = 0; level < static_cast<int>(slide->info().levels.size()); ++level) {
    const auto& size = slide->info().levels[static_cast<std::size_t>(level)].size;
    const auto shrink = slide->largest_reduction(level);
    const std::array rects{LevelRect{0, 0, 70, 50},
                           LevelRect{size.width - 60, size.height - 40, 70, 50},
                           LevelRect{size.width / 2, size.height / 2, 20, 20}};
    for (const auto& rect : rects) {
      refuse_or([&] { (void)slide->read(level, rect); });
      refuse_or([&] { (void)slide->read_reduced(level, shrink, rect); });
    }
  }
}

}  // namespace cytocape::fuzz
