#include "models/data/crop_sheet.hpp"

#include <gtest/gtest.h>

#include "io/image_codec.hpp"
#include "tests/models/data/unvaried.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape::detail {
namespace {

constexpr Rgb kRed{200, 40, 40};
constexpr Rgb kBlue{40, 40, 200};

/// Five red cells and two blue ones, unvaried.
TrainData red_and_blue(const cytocape::testing::TempDir& folder) {
  LabelledSet set;
  for (int i = 0; i < 7; ++i) {
    const auto path = folder / (std::to_string(i) + ".png");
    write_png(Image(16, 16, i < 5 ? kRed : kBlue), path);
    set.train.push_back({.path = path, .label = i < 5 ? 0 : 1, .sha256 = ""});
  }
  TrainOptions options;
  options.data_mpp = 0.5;
  options.crop_px = 16;
  options.input_px = 8;
  options.batch = 2;
  options.threads = 1;
  options.appearance.on = false;
  options.augment = cytocape::testing::unvaried();
  return TrainData::load(set, options);
}

TEST(CropSheet, HasARowOfCropsForEachClassAndWhiteWhereThereAreFewer) {
  const cytocape::testing::TempDir folder;
  const Image sheet = crop_sheet(red_and_blue(folder), 2, 3, 8);
  EXPECT_EQ(sheet.width(), 24);
  EXPECT_EQ(sheet.height(), 16);
  for (const int column : {4, 12, 20}) EXPECT_EQ(sheet.at(column, 4), kRed) << column;
  // Seven images in batches of two: the last, of one, is dropped, and may be a blue one.
  EXPECT_EQ(sheet.at(4, 12), kBlue);
  EXPECT_EQ(sheet.at(20, 12), (Rgb{255, 255, 255}));
}

}  // namespace
}  // namespace cytocape::detail
