#include "pipeline/phantom/phantom.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <numbers>
#include <set>
#include <sstream>
#include <thread>

#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "pipeline/phantom/random.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/test_data.hpp"

namespace cytocape {
namespace {

using testing::TempDir;
namespace fs = std::filesystem;

PhantomOptions small_slide() {
  PhantomOptions options;
  options.size = {1100, 700};
  options.mpp = 0.5;
  options.white_cells = 40;
  return options;
}

Image render(const PhantomRenderer& renderer, const Level0Rect& rect) {
  Image image(static_cast<int>(rect.width), static_cast<int>(rect.height));
  renderer.render(rect, image);
  return image;
}

Image render_all(const PhantomOptions& options) {
  return render(PhantomRenderer::create(options), {0, 0, options.size.width, options.size.height});
}

bool equals_part(const Image& whole, const Image& part, const Level0Rect& at) {
  for (int y = 0; y < part.height(); ++y) {
    const auto* expected = whole.row(static_cast<int>(at.y) + y) + at.x * 3;
    if (!std::equal(part.row(y), part.row(y) + part.stride(), expected)) return false;
  }
  return true;
}

std::string content(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string refusal(const PhantomOptions& options) {
  try {
    (void)place_cells(options);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "not refused";
}

/// A folder of drawn pictures with two classes and platelets.
void draw_folder(const fs::path& folder, int per_class = 4) {
  write_cell_images({.per_class = per_class,
                     .edge_px = 360,
                     .classes = {"lymphocyte", "segmented_neutrophil", "platelet"}},
                    folder);
}

PhantomOptions composed_slide(const fs::path& folder) {
  PhantomOptions options;
  options.size = {2400, 1800};
  options.mpp = 0.1;
  options.white_cells = 8;
  options.smudged = 0;
  options.touching = 0;
  options.blur = 0;
  options.source = PhantomSource{folder, 0.1, std::nullopt};
  return options;
}

TEST(PhantomRandom, KeepsTheStreamsOfDrawnSmears) {
  // Of seed 7. The model `demo` has learnt from cells of these streams.
  phantom::Random random(7);
  for (const std::uint64_t expected :
       {7191089600892374487ULL, 11409396526365357622ULL, 12587370737594032228ULL})
    EXPECT_EQ(random.next(), expected);
}

TEST(PhantomRender, PixelsDoNotDependOnHowTheSlideIsCut) {
  auto options = small_slide();
  options.blur = 0.3;
  const auto renderer = PhantomRenderer::create(options);
  const auto whole = render(renderer, {0, 0, 1100, 700});
  for (const Level0Rect rect :
       {Level0Rect{0, 0, 256, 256}, Level0Rect{256, 256, 256, 256}, Level0Rect{131, 77, 613, 301},
        Level0Rect{500, 0, 1, 700}, Level0Rect{0, 350, 1100, 1}, Level0Rect{1037, 641, 63, 59}}) {
    EXPECT_TRUE(equals_part(whole, render(renderer, rect), rect)) << rect.x << ' ' << rect.y;
  }
}

TEST(PhantomRender, ThreadsGetTheSamePixelsAsOne) {
  auto options = small_slide();
  options.blur = 0.3;
  const auto renderer = PhantomRenderer::create(options);
  const auto whole = render(renderer, {0, 0, 1100, 700});
  std::vector<std::jthread> threads;
  std::array<bool, 4> same{};
  for (std::size_t t = 0; t < same.size(); ++t) {
    threads.emplace_back([&, t] {
      const Level0Rect rect{static_cast<std::int64_t>(t) * 250, 100, 300, 400};
      same[t] = equals_part(whole, render(renderer, rect), rect);
    });
  }
  threads.clear();
  EXPECT_THAT(same, ::testing::Each(true));
}

TEST(PhantomRender, GoesOnBeyondTheSlidesEdge) {
  auto options = small_slide();
  options.margin = 0;
  const auto renderer = PhantomRenderer::create(options);
  const auto outside = render(renderer, {-64, -64, 128, 128});
  const auto inside = render(renderer, {0, 0, 64, 64});
  EXPECT_TRUE(equals_part(outside, inside, {64, 64, 64, 64}));
}

TEST(PhantomRender, FillsTheFieldWithRedCells) {
  auto options = small_slide();
  options.white_cells = 0;
  options.platelets = 0;
  const auto image = render_all(options);
  std::size_t stained = 0;
  for (int y = 100; y < 600; ++y) {
    for (int x = 100; x < 1000; ++x) stained += image.at(x, y).g < 205 ? 1U : 0U;
  }
  const double share = static_cast<double>(stained) / (500.0 * 900.0);
  EXPECT_GT(share, 0.15);
  EXPECT_LT(share, 0.5);
}

TEST(PhantomRender, LeavesAGlassBorder) {
  auto options = small_slide();
  options.margin = 0.1;
  options.blur = 0;
  const auto image = render_all(options);
  for (int x = 0; x < 1100; ++x) EXPECT_GT(image.at(x, 12).g, 205) << x;
}

TEST(PhantomRender, OutOfFocusPatchesAreSofter) {
  auto options = small_slide();
  options.blur = 0;
  const auto sharp = render_all(options);
  options.blur = 0.5;
  const auto soft = render_all(options);
  const auto roughness = [](const Image& image) {
    double sum = 0;
    for (int y = 1; y < image.height(); ++y) {
      for (int x = 1; x < image.width(); ++x)
        sum += std::abs(image.at(x, y).g - image.at(x - 1, y).g);
    }
    return sum;
  };
  EXPECT_LT(roughness(soft), 0.85 * roughness(sharp));
}

TEST(PhantomTruth, HasAsManyCellsOfEachClassAsTheMixSays) {
  auto options = small_slide();
  options.mix = {{"monocyte", 0.5}, {"lymphocyte", 0.25}, {"eosinophil", 0.25}};
  options.white_cells = 22;
  options.smudged = 0.1;
  options.platelets = 9;
  std::map<std::string, int> counts;
  for (const auto& cell : place_cells(options)) ++counts[cell.class_code];
  const std::map<std::string, int> expected{
      {"monocyte", 10}, {"lymphocyte", 5}, {"eosinophil", 5}, {"smudge_cell", 2}, {"platelet", 9}};
  EXPECT_EQ(counts, expected);
}

TEST(PhantomTruth, OnlyPlateletsHaveNoNucleus) {
  for (const auto& cell : place_cells(small_slide())) {
    EXPECT_EQ(cell.nucleated, cell.class_code != "platelet");
  }
}

TEST(PhantomTruth, DensityIsPerSquareMillimetreOfTheSlide) {
  auto options = small_slide();
  options.white_cells_per_mm2 = 200;  // of 0.1925 mm2
  const auto cells = place_cells(options);
  EXPECT_EQ(std::count_if(cells.begin(), cells.end(), [](const auto& c) { return c.nucleated; }),
            39);
}

/// The mean red value of 5 x 5 pixels.
double red_at(const Image& image, Level0Point at) {
  double sum = 0;
  for (int y = -2; y <= 2; ++y) {
    for (int x = -2; x <= 2; ++x) {
      sum += image.at(static_cast<int>(at.x) + x, static_cast<int>(at.y) + y).r;
    }
  }
  return sum / 25;
}

// More cells than there are sprites, so that some of them are laid turned.
TEST(PhantomTruth, NucleiLieWhereItSaysAlsoWhenSpritesAreReused) {
  PhantomOptions options;
  options.size = {1500, 1300};
  options.mpp = 0.4;
  options.white_cells = 150;
  options.mix = {{"normoblast", 1}};
  options.smudged = options.blur = 0;
  const auto renderer = PhantomRenderer::create(options);
  const auto image = render(renderer, {0, 0, 1500, 1300});
  for (const auto& cell : renderer.cells()) {
    if (!cell.nucleated) continue;
    EXPECT_LT(red_at(image, cell.centre), 120) << cell.id;
  }
}

TEST(PhantomTruth, CellsKeepApartUnlessTheyTouch) {
  auto options = small_slide();
  options.touching = 0.5;
  options.platelets = 30;
  const auto cells = place_cells(options);
  const auto extent = [](const PhantomCell& c) {
    return static_cast<double>(c.box.width + c.box.height) / 4;
  };
  for (std::size_t i = 0; i < cells.size(); ++i) {
    for (std::size_t k = 0; k < i; ++k) {
      if (cells[i].touching && cells[k].touching) continue;
      const double apart =
          std::hypot(cells[i].centre.x - cells[k].centre.x, cells[i].centre.y - cells[k].centre.y);
      EXPECT_GT(apart, extent(cells[i]) + extent(cells[k])) << i << ' ' << k;
    }
  }
}

TEST(PhantomTruth, NoGlassShowsBetweenTouchingCells) {
  PhantomOptions options;
  options.size = {1600, 1200};
  options.mpp = 0.2;
  options.white_cells = 20;
  options.touching = 0.5;
  options.smudged = options.blur = 0;
  options.red_cells_per_mm2 = 0;
  const auto renderer = PhantomRenderer::create(options);
  const auto image = render(renderer, {0, 0, 1600, 1200});
  const auto& cells = renderer.cells();
  ASSERT_TRUE(cells[9].touching);
  ASSERT_FALSE(cells[10].touching);
  for (std::size_t i = 0; i < 10; i += 2) {
    const auto a = cells[i].centre, b = cells[i + 1].centre;
    for (double t = 0; t <= 1; t += 0.01) {
      const auto pixel = image.at(static_cast<int>(std::lerp(a.x, b.x, t)),
                                  static_cast<int>(std::lerp(a.y, b.y, t)));
      EXPECT_LT(pixel.g, 220) << "pair " << i << " at " << t;
    }
  }
}

TEST(PhantomTruth, CellsCutByTheSlidesEdgeAreFlagged) {
  auto options = small_slide();
  options.margin = 0;
  options.white_cells = 80;
  int cut = 0;
  for (const auto& cell : place_cells(options)) {
    const bool leaves =
        cell.box.x < 0 || cell.box.y < 0 || cell.box.right() > 1100 || cell.box.bottom() > 700;
    EXPECT_EQ(cell.border, leaves);
    cut += leaves ? 1 : 0;
  }
  EXPECT_GT(cut, 0);
}

TEST(PhantomTruth, NoCellIsCutWhereThereIsAGlassBorder) {
  for (const auto& cell : place_cells(small_slide())) EXPECT_FALSE(cell.border);
}

TEST(PhantomTruth, SameSeedPlacesTheSameCells) {
  EXPECT_EQ(place_cells(small_slide()), place_cells(small_slide()));
}

TEST(PhantomTruth, AnotherSeedPlacesOtherCells) {
  auto other = small_slide();
  other.seed = 2;
  EXPECT_NE(place_cells(small_slide()), place_cells(other));
}

TEST(PhantomFiles, SameOptionsGiveTheSameBytes) {
  const TempDir folder;
  (void)write_phantom(small_slide(), folder / "a.tiff");
  (void)write_phantom(small_slide(), folder / "b.tiff");
  EXPECT_EQ(content(folder / "a.tiff"), content(folder / "b.tiff"));
  EXPECT_EQ(content(folder / "a.cells.csv"), content(folder / "b.cells.csv"));
  EXPECT_EQ(content(folder / "a.truth.json"), content(folder / "b.truth.json"));
}

TEST(PhantomFiles, TableHasARowForEachCell) {
  const TempDir folder;
  const auto truth = write_phantom(small_slide(), folder / "a.tiff");
  const auto table = content(truth.cells_csv);
  EXPECT_EQ(static_cast<std::size_t>(std::count(table.begin(), table.end(), '\n')),
            truth.cells.size() + 1);
  std::int64_t sum = 0;
  for (const auto& [name, count] : truth.counts) sum += count;
  EXPECT_EQ(static_cast<std::size_t>(sum), truth.cells.size());
  EXPECT_EQ(truth.nucleated, 40);
}

TEST(PhantomFiles, AFailureLeavesNothingBehind) {
  const TempDir folder;
  const auto stop = [](double) { throw std::runtime_error("stop"); };
  EXPECT_THROW((void)write_phantom(small_slide(), folder / "a.tiff", stop), std::exception);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(PhantomOptions, NonsenseIsRefusedWithTheKeyAndTheValue) {
  auto options = small_slide();
  options.mpp = 7;
  EXPECT_THAT(refusal(options), ::testing::HasSubstr("mpp is 7"));
  options = small_slide();
  options.size.height = 3;
  EXPECT_THAT(refusal(options), ::testing::HasSubstr("size is 1100x3"));
  options = small_slide();
  options.touching = 1.5;
  EXPECT_THAT(refusal(options), ::testing::HasSubstr("touching is 1.5"));
  options = small_slide();
  options.blur = std::nan("");
  EXPECT_THAT(refusal(options), ::testing::HasSubstr("blur is nan"));
  options = small_slide();
  options.mix = {{"unicorn", 1}};
  EXPECT_THAT(refusal(options), ::testing::HasSubstr("unicorn"));
  options.mix = {{"monocyte", 0}};
  EXPECT_THAT(refusal(options), ::testing::HasSubstr("all weights are 0"));
}

TEST(PhantomOptions, MoreCellsThanFitAreRefused) {
  auto options = small_slide();
  options.white_cells = 5000;
  EXPECT_THAT(refusal(options),
              ::testing::HasSubstr("5000 white cells and 0 platelets cannot fit"));
  options.white_cells = 1400;
  options.mix = {{"lymphocyte", 1}};
  EXPECT_THAT(refusal(options), ::testing::HasSubstr("cells fit on 1100x700"));
}

TEST(ComposedPhantom, CellsHaveTheClassesOfTheFolder) {
  const TempDir folder;
  draw_folder(folder.path());
  std::map<std::string, int> counts;
  for (const auto& cell : place_cells(composed_slide(folder.path()))) ++counts[cell.class_code];
  const std::map<std::string, int> expected{
      {"lymphocyte", 4}, {"segmented_neutrophil", 4}, {"platelet", 4}};
  EXPECT_EQ(counts, expected);
}

TEST(ComposedPhantom, PastedNucleiLieWhereTheTruthSays) {
  const TempDir folder;
  draw_folder(folder.path());
  const auto renderer = PhantomRenderer::create(composed_slide(folder.path()));
  const auto image = render(renderer, {0, 0, 2400, 1800});
  for (const auto& cell : renderer.cells()) {
    if (cell.class_code != "lymphocyte") continue;
    EXPECT_LT(red_at(image, cell.centre), 130) << cell.id;
  }
}

/// Glass within the outer rim of what was pasted, and beyond it: mean green and mean step from
/// pixel to pixel.
struct Rim {
  double level = 0, step = 0;
};
Rim glass_between(const Image& image, Level0Point centre, double from, double to) {
  Rim rim;
  int count = 0;
  for (int y = 1; y < image.height(); ++y) {
    for (int x = 1; x < image.width(); ++x) {
      const double r = std::hypot(x + 0.5 - centre.x, y + 0.5 - centre.y);
      if (r < from || r >= to || image.at(x, y).g < 215) continue;
      rim.level += image.at(x, y).g;
      rim.step += std::abs(image.at(x, y).g - image.at(x - 1, y).g) +
                  std::abs(image.at(x, y).g - image.at(x, y - 1).g);
      ++count;
    }
  }
  return {rim.level / count, rim.step / count};
}

TEST(ComposedPhantom, PastingLeavesNoSeamOnTheGlass) {
  const TempDir folder;
  draw_folder(folder.path());
  auto options = composed_slide(folder.path());
  options.red_cells_per_mm2 = 0;
  options.platelets = 0;
  options.unevenness = 0;
  const auto renderer = PhantomRenderer::create(options);
  const auto image = render(renderer, {0, 0, 2400, 1800});
  for (const auto& cell : renderer.cells()) {
    const auto rim = glass_between(image, cell.centre, 150, 178);
    const auto field = glass_between(image, cell.centre, 190, 200);
    EXPECT_NEAR(rim.level, field.level, 0.5) << cell.id;
    EXPECT_LT(rim.step, 1.1 * field.step + 0.3) << cell.id;
  }
}

TEST(ComposedPhantom, PicturesWithASecondNucleatedCellAreNotUsed) {
  const TempDir folder;
  write_cell_images({.per_class = 2, .edge_px = 360, .classes = {"lymphocyte"}}, folder.path());
  for (const auto& entry : fs::directory_iterator(folder / "lymphocyte")) {
    auto picture = read_image(entry.path());
    for (int y = 160; y < 200; ++y) {
      for (int x = 290; x < 330; ++x) std::fill_n(picture.row(y) + x * 3, 3, std::uint8_t{60});
    }
    write_png(picture, entry.path());
  }
  EXPECT_THAT(refusal(composed_slide(folder.path())),
              ::testing::HasSubstr("no picture of lymphocyte"));
}

TEST(ComposedPhantom, ListChoosesTheFiles) {
  const TempDir folder;
  draw_folder(folder / "cells", 2);
  std::ofstream(folder / "list.txt") << "lymphocyte/lymphocyte_00001.png\n";
  auto options = composed_slide(folder / "cells");
  options.source->list = folder / "list.txt";
  for (const auto& cell : place_cells(options)) {
    EXPECT_THAT(cell.class_code, ::testing::AnyOf("lymphocyte", "platelet"));
  }
}

TEST(ComposedPhantom, ListWithAnUnknownFileIsRefusedWithItsRow) {
  const TempDir folder;
  draw_folder(folder / "cells", 1);
  std::ofstream(folder / "list.txt") << "# split\nlymphocyte/none.png\n";
  auto options = composed_slide(folder / "cells");
  options.source->list = folder / "list.txt";
  EXPECT_THAT(refusal(options), ::testing::HasSubstr("row 2: no file lymphocyte/none.png"));
}

TEST(ComposedPhantom, MixMayOnlyNameClassesOfTheFolder) {
  const TempDir folder;
  draw_folder(folder.path(), 1);
  auto options = composed_slide(folder.path());
  options.mix = {{"blast", 1}};
  EXPECT_THAT(refusal(options), ::testing::HasSubstr("no pictures of class \"blast\""));
}

TEST(ComposedPhantom, RealPicturesOfEveryClassCanBePasted) {
  CYTOCAPE_NEEDS_DATA("cells/pbc");
  PhantomOptions options;
  options.size = {3000, 2600};
  options.mpp = 0.1;
  options.white_cells = 20;
  options.smudged = 0;
  options.source = PhantomSource{testing::data_folder() / "cells" / "pbc", 0.1, std::nullopt};
  std::set<std::string> classes;
  for (const auto& cell : place_cells(options)) classes.insert(cell.class_code);
  EXPECT_EQ(classes.size(), 11U);
  EXPECT_TRUE(classes.contains("normoblast"));
}

TEST(CellImages, EachClassGetsItsPicturesWithTheCellInTheMiddle) {
  const TempDir folder;
  write_cell_images({.per_class = 3, .edge_px = 200, .classes = {"lymphocyte", "blast"}},
                    folder.path());
  for (const std::string name : {"lymphocyte", "blast"}) {
    for (int i = 0; i < 3; ++i) {
      const auto file = folder.path() / name / (name + "_0000" + std::to_string(i) + ".png");
      const auto picture = read_image(file);
      ASSERT_EQ(picture.width(), 200);
      EXPECT_LT(red_at(picture, {100, 100}), 160) << file;
    }
  }
}

TEST(CellImages, NoTwoAreAlike) {
  const TempDir folder;
  write_cell_images({.per_class = 10, .edge_px = 120, .classes = {"monocyte"}}, folder.path());
  std::set<std::string> contents;
  for (const auto& entry : fs::directory_iterator(folder / "monocyte")) {
    contents.insert(content(entry.path()));
  }
  EXPECT_EQ(contents.size(), 10U);
}

TEST(CellImages, UnknownClassIsRefused) {
  const TempDir folder;
  EXPECT_THROW(write_cell_images({.per_class = 1, .classes = {"unicorn"}}, folder.path()),
               ConfigError);
}

}  // namespace
}  // namespace cytocape
