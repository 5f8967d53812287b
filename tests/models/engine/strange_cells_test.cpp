/// The shipped models on real cells: those of another specimen or stain are told from their own.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "io/image_codec.hpp"
#include "models/data/augment.hpp"
#include "models/data/dataset.hpp"
#include "models/engine/classifier.hpp"
#include "tests/support/test_data.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

constexpr double kPbcMpp = 0.1;
constexpr double kMarrowMpp = 0.11;
constexpr std::size_t kCells = 160;

std::unique_ptr<Classifier> shipped(const std::string& name) {
  const auto models = fs::path(CYTOCAPE_SOURCE_DIR) / "configs/models";
  return Classifier::load(models / (name + ".safetensors"), {.device = "cpu"});
}

/// Every n-th file of all classes, `count` at most.
std::vector<fs::path> some_of(const std::vector<ClassFolder>& classes, std::size_t count) {
  std::vector<fs::path> files;
  for (const auto& one : classes) files.insert(files.end(), one.files.begin(), one.files.end());
  std::vector<fs::path> some;
  for (std::size_t i = 0; i < count; ++i) some.push_back(files[i * files.size() / count]);
  return some;
}

std::vector<fs::path> validation_cells(std::size_t count) {
  return some_of(
      list_labelled_folder(testing::data_folder() / "cells/pbc",
                           fs::path(CYTOCAPE_SOURCE_DIR) / "configs/models/pb.validation.txt"),
      count);
}

double strange_share(const Classifier& classifier, const std::vector<fs::path>& files, double mpp) {
  const ModelCard& card = classifier.card();
  const int crop_px = static_cast<int>(std::lround(card.mpp * card.input_px / mpp));
  int strange = 0;
  for (const auto& file : files) {
    const Image crop = cut_crop(read_image(file), crop_px, card.input_px);
    const auto maps = classifier.classify(crop.pixels(), 1);
    if (maps.strangeness.at(0) > card.strange_above) ++strange;
  }
  const double share = static_cast<double>(strange) / static_cast<double>(files.size());
  ::testing::Test::RecordProperty("strange_share", std::to_string(share));
  return share;
}

TEST(StrangeCells, BloodIsNotStrangeToTheBloodModel) {
  CYTOCAPE_NEEDS_DATA("cells/pbc");
  const auto pb = shipped("pb");
  EXPECT_LT(strange_share(*pb, validation_cells(kCells), kPbcMpp), pb->card().strange_share_limit);
}

TEST(StrangeCells, MarrowIsStrangeToTheBloodModel) {
  CYTOCAPE_NEEDS_DATA("cells/marrow");
  const auto pb = shipped("pb");
  const auto marrow =
      some_of(list_labelled_folder(testing::data_folder() / "cells/marrow"), kCells);
  EXPECT_GT(strange_share(*pb, marrow, kMarrowMpp), pb->card().strange_share_limit);
}

TEST(StrangeCells, BloodIsStrangeToTheMarrowModel) {
  CYTOCAPE_NEEDS_DATA("cells/pbc");
  const auto bm = shipped("bm");
  EXPECT_GT(strange_share(*bm, validation_cells(kCells), kPbcMpp), bm->card().strange_share_limit);
}

}  // namespace
}  // namespace cytocape
