#include "models/data/embedding_bank.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/errors.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape::detail {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

EmbeddingBank example_bank() {
  const std::vector<float> embeddings{0, 10, 0.5F, 10, 1, 10, 0.25F, 10};
  const std::vector<BankCell> cells{{.label = 0, .source = 0, .own_specimen = true},
                                    {.label = 0, .source = 1, .own_specimen = false},
                                    {.label = 1, .source = 1, .own_specimen = true},
                                    {.label = 1, .source = 0, .own_specimen = true}};
  return make_bank(embeddings, cells);
}

void write_bank(const EmbeddingBank& bank, const std::filesystem::path& path) {
  std::vector<TensorToWrite> tensors;
  add_bank(bank, tensors);
  write_safetensors(path, tensors, {});
}

TEST(EmbeddingBank, KeepsValuesToAHalfOfA255thOfTheirRange) {
  const auto values = example_bank().embeddings();
  const std::vector<float> wanted{0, 10, 0.5F, 10, 1, 10, 0.25F, 10};
  for (std::size_t i = 0; i < wanted.size(); ++i)
    EXPECT_NEAR(values[i], wanted[i], 0.5 / 255 + 1e-6);
}

TEST(EmbeddingBank, AFileGivesBackWhatWasWritten) {
  const testing::TempDir dir;
  const auto bank = example_bank();
  write_bank(bank, dir / "m");
  const auto read = read_bank(SafetensorsFile::open(dir / "m"), 2, 2, "m");
  ASSERT_TRUE(read);
  EXPECT_EQ(read->codes, bank.codes);
  EXPECT_EQ(read->range, bank.range);
  EXPECT_EQ(read->labels, bank.labels);
  EXPECT_EQ(read->sources, bank.sources);
  EXPECT_EQ(read->own_specimen, bank.own_specimen);
}

TEST(EmbeddingBank, AFileWithoutOneHasNone) {
  const testing::TempDir dir;
  write_safetensors(dir / "m", {}, {{"a", "b"}});
  EXPECT_FALSE(read_bank(SafetensorsFile::open(dir / "m"), 2, 2, "m"));
}

TEST(EmbeddingBank, OneOfAnotherNetworkOrClassIsRefusedWithTheRemedy) {
  const testing::TempDir dir;
  write_bank(example_bank(), dir / "m");
  const auto file = SafetensorsFile::open(dir / "m");
  const auto refusal = [&](std::size_t classes, std::size_t features) -> std::string {
    try {
      static_cast<void>(read_bank(file, classes, features, "m"));
    } catch (const ModelError& error) {
      return error.what();
    }
    return "accepted";
  };
  EXPECT_THAT(refusal(2, 3), HasSubstr("train --finish"));
  EXPECT_THAT(refusal(1, 2), HasSubstr("bank.labels holds 1, the model has 1 classes"));
}

TEST(EmbeddingBank, ChoosesSourcesAlikeAndLeavesOutCellsOfNoClass) {
  std::vector<BankCell> cells(10, {.label = 0, .source = 0});
  cells.insert(cells.end(), 2, {.label = 0, .source = 1});
  cells.push_back({.label = -1, .source = 1});
  cells.push_back({.label = 1, .source = 1});
  // Two of the small source, the other four evenly from the large one, and the only one of class 1.
  EXPECT_THAT(bank_choice(cells, 6), ElementsAre(1, 3, 6, 8, 10, 11, 13));
}

TEST(EmbeddingBank, ManyClassesAndFeaturesHaveFewerCellsEach) {
  EXPECT_EQ(bank_cells_of_class(12, 1280), 60U);
  EXPECT_LE(bank_cells_of_class(100, 2560) * 100 * 2560, kMostBankBytes);
}

}  // namespace
}  // namespace cytocape::detail
