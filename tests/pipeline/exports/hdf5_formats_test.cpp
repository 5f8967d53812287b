/// The formats that are HDF5, read back by the reader of records.

#include <gmock/gmock.h>

#include <cmath>

#include "io/hdf5_reader.hpp"
#include "tests/pipeline/exports/export_folder.hpp"

namespace cytocape {
namespace {

using ::testing::AllOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Texts = std::vector<std::string>;
using Wholes = std::vector<std::int64_t>;

class Hdf5Formats : public testing::ExportFolder {
 protected:
  /// Of the only slide.
  [[nodiscard]] h5::Reader file(const std::string& format) const {
    return h5::Reader(exported(format).slides.front().file);
  }
};

TEST_F(Hdf5Formats, AnndataHasARowForEachLocatedCellAndAColumnForEachClass) {
  add("PB_17", ok("PB_17"));
  const auto all = file("anndata");
  EXPECT_EQ(all.get<std::string>("/", "encoding-type"), "anndata");
  const auto shares = all.read<float>("/X", {10, 3});
  EXPECT_EQ(shares[3 * 1 + 1], 0.5F);
  EXPECT_TRUE(std::isnan(shares[3 * 3])) << "the network did not see cell 3";
  EXPECT_THAT(all.read_texts("/var/_index"), ElementsAre("monocyte", "lymphocyte", "smudge_cell"));
  EXPECT_EQ(all.read_texts("/obs/_index")[9], "PB_17_9");
  const auto places = all.read<double>("/obsm/spatial", {10, 2});
  EXPECT_EQ(places[2 * 1], 160.5);
  EXPECT_EQ(places[2 * 1 + 1], 80.25);
  EXPECT_THAT(all.read<std::int32_t>("/obs/class/codes", {10}),
              ElementsAre(0, 1, 2, -1, 1, 2, 0, -1, 2, -1));
  EXPECT_THAT(all.read_texts("/obs/reason/categories"),
              ElementsAre("border", "unidentified", "level 0, tile 3,2 is unreadable"));
}

TEST_F(Hdf5Formats, AnndataOfWithheldClassesHasNone) {
  add("strange", withheld("strange"));
  const auto all = file("anndata");
  for (const float share : all.read<float>("/X", {10, 3})) EXPECT_TRUE(std::isnan(share));
  for (const auto code : all.read<std::int32_t>("/obs/class/codes", {10})) EXPECT_EQ(code, -1);
  for (const auto share : all.read<double>("/obs/probability", {10}))
    EXPECT_TRUE(std::isnan(share));
  EXPECT_EQ(all.read<double>("/obs/strangeness", {10})[1], 0.0625);
  EXPECT_THAT(all.read_texts("/obs/outcome/categories"),
              ElementsAre("classified", "excluded", "failed"));
}

TEST_F(Hdf5Formats, AnndataOfASlideWithoutCellsHasItsColumns) {
  add("few", without_cells("few"));
  const auto all = file("anndata");
  EXPECT_EQ(all.shape("/X"), (h5::Shape{0, 3}));
  EXPECT_THAT(all.read_texts("/obs/_index"), IsEmpty());
}

/// 224 px of 0.1 um are 22.4 um, which are 88 px of a slide of 0.25 x 0.26 um.
TEST_F(Hdf5Formats, APatchForClamAndTridentIsTheCropOfACellThatTheNetworkSaw) {
  add("PB_17", ok("PB_17"));
  for (const auto* format : {"clam", "trident"}) {
    const auto all = file(format);
    EXPECT_EQ(all.get<std::int64_t>("/coords", "patch_size"), 88);
    EXPECT_EQ(all.get<std::int64_t>("/coords", "patch_level"), 0);
    EXPECT_THAT(all.get<Wholes>("/coords", "level_dim"), ElementsAre(1200, 600));
    EXPECT_EQ(all.get<std::int64_t>("/coords", "patch_size_level0"), 88);
    EXPECT_EQ(all.get<std::int64_t>("/coords", "level0_magnification"), 39);
    EXPECT_EQ(all.get<std::int64_t>("/coords", "level0_height"), 600);
    EXPECT_EQ(all.get<std::string>("/coords", "name"), "PB_17");
    const auto coords = all.read<std::int64_t>("/coords", {8, 2});
    EXPECT_EQ(coords[2 * 1], 117) << "160.5 - 44, to the next pixel";
    EXPECT_EQ(coords[2 * 1 + 1], 36);
    EXPECT_EQ(coords[0], 57);
    EXPECT_THAT(all.read<std::int64_t>("/cell_id", {8}), ElementsAre(0, 1, 2, 4, 5, 6, 7, 8));
    EXPECT_EQ(all.read<float>("/features", {8, 3})[3 * 1 + 1], 0.5F);
    std::filesystem::remove_all(out());
  }
}

TEST_F(Hdf5Formats, PatchesOfWithheldClassesHaveNoFeatures) {
  add("strange", withheld("strange"));
  const auto all = file("clam");
  EXPECT_EQ(all.shape("/coords"), (h5::Shape{8, 2}));
  EXPECT_THAT(all.member_names("/"), ElementsAre("cell_id", "coords"));
}

TEST_F(Hdf5Formats, ARecordWithoutCropsGivesNoPatches) {
  auto example = ok("PB_17");
  example.report.model.input_px = 0;
  example.report.gallery.clear();
  add("PB_17", example);
  EXPECT_THAT(exported("clam").slides.front().why_none,
              AllOf(HasSubstr("no patches"), HasSubstr("analyze the slide again")));
}

TEST_F(Hdf5Formats, NamesOfAnyKindAreTextInAnndata) {
  auto example = ok("PB_17");
  example.report.case_id = example.report.assessment.id = "\"Ö'\n<b>/";
  example.report.model.classes = {"a/b", "a/b\n", ""};
  for (std::size_t i = 0; i < 3; ++i)
    example.report.differential[i].name = example.report.model.classes[i];
  add("PB_17", example);
  const auto all = file("anndata");
  EXPECT_THAT(all.read_texts("/var/_index"), ElementsAre("a/b", "a/b_2", "class"));
  EXPECT_THAT(all.read_texts("/obs/case/categories"), ElementsAre("\"Ö'\n<b>/"));
}

}  // namespace
}  // namespace cytocape
