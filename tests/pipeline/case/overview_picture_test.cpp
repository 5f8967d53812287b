#include "pipeline/case/overview_picture.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "io/image_codec.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

Image decoded(const OverviewPicture& picture) {
  const testing::TempDir folder;
  const auto bytes = picture.jpeg();
  std::ofstream(folder / "overview.jpg", std::ios::binary)
      .write(reinterpret_cast<const char*>(bytes.data()),
             static_cast<std::streamsize>(bytes.size()));
  return read_image(folder / "overview.jpg");
}

TEST(OverviewPicture, PiecesLieWhereTheyBelongAndTheRestIsBackground) {
  OverviewPicture picture({64, 32}, {250, 250, 250});
  picture.paste({.pixels = Image(16, 16, {20, 20, 20}), .target = {32, 16, 16, 16}});
  const auto image = decoded(picture);
  ASSERT_EQ(image.width(), 64);
  ASSERT_EQ(image.height(), 32);
  EXPECT_LT(image.at(40, 24).g, 60);
  EXPECT_GT(image.at(24, 24).g, 210);
  EXPECT_GT(image.at(40, 8).g, 210);
}

TEST(OverviewPicture, APieceOfNoPixelsChangesNothing) {
  OverviewPicture picture({8, 8}, {250, 250, 250});
  const auto before = picture.jpeg();
  picture.paste({});
  EXPECT_EQ(picture.jpeg(), before);
}

}  // namespace
}  // namespace cytocape
