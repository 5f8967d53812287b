#include <gmock/gmock.h>

#include <algorithm>
#include <map>

#include "io/errors.hpp"
#include "models/cape/embedding.hpp"
#include "models/data/train_data.hpp"
#include "tests/models/training/train_fixture.hpp"

namespace cytocape {
namespace {

using ::testing::HasSubstr;

/// Two laboratories: the second has twice the pixels a um, and names small cells by their group.
class TrainOnSources : public Train {
 protected:
  void SetUp() override {
    Train::SetUp();
    draw_cells(second(), 6, 100);
    std::filesystem::rename(second() / "platelet", second() / "small");
  }
  [[nodiscard]] fs::path second() const { return data().parent_path() / "second"; }

  [[nodiscard]] TrainOptions options() const {
    TrainOptions options = small_run("");
    options.data_sources = {
        {.name = "first", .folder = data(), .mpp = 0.5, .share = 3, .licence = "CC0"},
        {.name = "second",
         .folder = second(),
         .mpp = 0.25,
         .classes = {{"small", {"platelet", "monocyte"}}}}};
    return options;
  }

  static LabelledSet labels_of(const TrainOptions& options) {
    std::vector<std::string> faults;
    auto set = load_labels(options, faults);
    EXPECT_THAT(faults, ::testing::IsEmpty());
    return set;
  }
};

TEST_F(TrainOnSources, ACropShowsAsManyMicrometresOfEach) {
  EXPECT_EQ(crop_px_of(options(), 0), 36);
  EXPECT_EQ(crop_px_of(options(), 1), 72);
}

TEST_F(TrainOnSources, EachIsDrawnByItsShareThenByClass) {
  TrainOptions run = options();
  run.validation_share = 0.25;
  const auto set = labels_of(run);
  const auto data = detail::TrainData::load(set, run);
  std::map<std::int64_t, int> shown;  // the first has two classes; the second one and a group
  int all = 0;
  for (int epoch = 0; epoch < 40; ++epoch) {
    for (int step = 0; step < data.steps(); ++step) {
      for (const auto label : data.batch(epoch, step).labels) ++shown[label], ++all;
    }
  }
  // Shares 3 and 1, halves within each: monocyte 1/2, platelet 3/8, the group 1/8.
  EXPECT_NEAR(shown[0], all * 0.5, 0.06 * all);
  EXPECT_NEAR(shown[1], all * 0.375, 0.06 * all);
  EXPECT_NEAR(shown[2], all * 0.125, 0.04 * all);
}

TEST_F(TrainOnSources, AnEpochHasAsManyCropsAsTold) {
  TrainOptions run = options();
  run.epoch_images = 100;
  const auto data = detail::TrainData::load(labels_of(run), run);
  EXPECT_EQ(data.steps(), 13);
  EXPECT_EQ(data.batch(0, 12).labels.size(), 4U);
  run.data_sources.clear();
  EXPECT_THROW(check_train_options(run), ConfigError);
}

TEST_F(TrainOnSources, AnImageThatComesAgainInAnEpochIsVariedAnew) {
  TrainOptions run = options();
  run.data_sources[1].share = 1e5;
  const auto data = detail::TrainData::load(labels_of(run), run);
  std::vector<std::vector<std::uint8_t>> crops;
  const std::size_t bytes = 3U * 32 * 32;
  for (int step = 0; step < data.steps(); ++step) {
    const auto batch = data.batch(0, step);
    for (std::size_t i = 0; i < batch.labels.size(); ++i)
      crops.emplace_back(batch.crops.begin() + static_cast<std::ptrdiff_t>(i * bytes),
                         batch.crops.begin() + static_cast<std::ptrdiff_t>((i + 1) * bytes));
  }
  std::sort(crops.begin(), crops.end());
  EXPECT_EQ(std::adjacent_find(crops.begin(), crops.end()), crops.end());
}

TEST_F(TrainOnSources, ARunNamesItsSourcesAndTheSplitOfEach) {
  const auto card = train_through(options(), out("a"));
  ASSERT_EQ(card.training_data.size(), 2U);
  EXPECT_EQ(card.training_data[0].name, "first");
  EXPECT_EQ(card.training_data[0].images, 32);
  EXPECT_EQ(card.training_data[1].images, 12);
  EXPECT_EQ(class_names(card), (std::vector<std::string>{"monocyte", "platelet"}));
  EXPECT_THAT(bytes_of(out("a") / "validation-first.txt"), HasSubstr("platelet/cell_"));
  EXPECT_THAT(bytes_of(out("a") / "validation-second.txt"), HasSubstr("small/cell_"));
  // A label that leaves both classes open is right whatever is called.
  std::int64_t measured = 0;
  for (const auto& row : card.confusion)
    for (const auto count : row) measured += count;
  EXPECT_LE(measured, 8 + 4);
  EXPECT_GT(measured, 8);
}

TEST_F(TrainOnSources, ALaboratoryThatIsLeftOutChoosesNoEpoch) {
  TrainOptions run = options();
  run.leave_out = "second";
  const auto card = train_through(run, out("a"));
  EXPECT_EQ(card.kept_epoch, run.epochs);
  EXPECT_THAT(card.figures_of, HasSubstr("laboratory second"));
  EXPECT_EQ(card.training_data[0].images, 32);
  EXPECT_EQ(card.classes[0].train_images, 16) << "the first trains whole";
  EXPECT_EQ(bytes_of(out("a") / "validation-first.txt"), "");
}

TEST_F(TrainOnSources, CellsOfAnotherSpecimenStayStrangeToTheModel) {
  TrainOptions run = options();
  run.data_sources[1].specimen = Specimen::marrow;
  const auto set = labels_of(run);
  EXPECT_EQ(of_own_specimen(run, set.train).size(), 24U);
  const auto card = train_through(run, out("a"));
  EXPECT_DOUBLE_EQ(card.strange_share_limit, detail::strange_share_limit(8))
      << "of the eight cells of the model's specimen";
  run.data_sources[0].specimen = Specimen::marrow;
  EXPECT_THROW(check_train_options(run), ConfigError);
}

TEST_F(TrainOnSources, WhatAnswersNoQuestionIsRefused) {
  TrainOptions run = options();
  run.leave_out = "third";
  run.data_sources[1].mpp = 0;
  run.data_sources[0].share = 0;
  run.balance = "weights";
  try {
    check_train_options(run);
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    for (const char* part :
         {"validation.leave_out is third: give one of first, second", "source.second.mpp is 0",
          "source.first.share is 0", "optimiser.balance is weights"})
      EXPECT_THAT(error.what(), HasSubstr(part));
  }
  TrainOptions alone = small_run(data());
  alone.leave_out = "first";
  EXPECT_THROW(check_train_options(alone), ConfigError);
}

TEST_F(TrainOnSources, AnInterruptedRunOfSeveralGoesOnToTheSameModel) {
  (void)train_through(options(), out("whole"));
  (void)train_until(options(), out("cut"), 5);
  (void)train_through(options(), out("cut"));
  EXPECT_EQ(bytes_of(out("cut") / "model.safetensors"),
            bytes_of(out("whole") / "model.safetensors"));
}

}  // namespace
}  // namespace cytocape
