/// What a training refuses, and what it leaves as it was.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/errors.hpp"
#include "tests/models/training/train_fixture.hpp"

namespace cytocape {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

/// The message of the ConfigError that a training on `options` ends with.
std::string refusal(const TrainOptions& options, const fs::path& out) {
  try {
    (void)train_through(options, out);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "accepted";
}

TEST_F(Train, ARefusedResumeLeavesTheInterruptedRunAsItIs) {
  TrainOptions options = small_run(data());
  options.config_toml = "data.split_seed = 0\noptimiser.epochs = 3\n";
  (void)train_until(options, out("run"), 1);
  const auto files = [&] {
    return bytes_of(out("run") / "config.toml") + bytes_of(out("run") / "validation.txt");
  };
  const std::string before = files();
  options.split_seed = 9;
  options.config_toml = "data.split_seed = 9\noptimiser.epochs = 3\n";
  EXPECT_THAT(refusal(options, out("run")),
              HasSubstr("a run with other settings: data.split_seed was 0, now 9: give"));
  EXPECT_EQ(files(), before);
}

TEST_F(Train, OtherImagesAreNamedAsSuch) {
  const TrainOptions options = small_run(data());
  (void)train_until(options, out("run"), 1);
  write_png(draw_cell(true, 500), data() / "monocyte" / "cell_99.png");
  EXPECT_THAT(refusal(options, out("run")), HasSubstr("is of a run with other images: give"));
}

TEST_F(Train, PostFittingTakesNoFolderOfAnInterruptedRun) {
  TrainOptions options = small_run(data());
  options.epochs = 1;
  (void)train_through(options, out("start"));
  (void)train_until(options, out("run"), 1);
  options.scheme = "pf";
  options.start = out("start") / "model.safetensors";
  EXPECT_THAT(refusal(options, out("run")), HasSubstr("holds an interrupted training"));
}

TEST_F(Train, PostFittingHasNoUseForWhatABackboneLearnsFrom) {
  TrainOptions options = small_run(data());
  options.scheme = "pf";
  options.start = "a.safetensors";
  options.frozen_operations = 12;  // a shipped configuration's
  options.teachers = {"b.safetensors"};
  options.pretrained = "c.safetensors";
  const std::string text = refusal(options, out("run"));
  EXPECT_THAT(text,
              AllOf(HasSubstr("--teacher has no effect"), HasSubstr("--pretrained has no effect"),
                    Not(HasSubstr("frozen_operations"))));
}

TEST_F(Train, APostFittingThatDivergesWritesNoModel) {
  TrainOptions options = small_run(data());
  options.epochs = 1;
  (void)train_through(options, out("start"));
  options.scheme = "pf";
  options.start = out("start") / "model.safetensors";
  options.optimiser = "sgd";
  options.head_lr = 1e6;
  options.epochs = 9;
  try {
    (void)train_through(options, out("pf"));
    FAIL() << "accepted";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), HasSubstr("lower optimiser.head_learning_rate (1000000)"));
  }
  EXPECT_FALSE(fs::exists(out("pf") / "model.safetensors"));
}

TEST_F(Train, WeightsBeyondHalfPrecisionWriteNoModel) {
  TrainOptions options = small_run(data());
  options.epochs = 1;
  (void)train_through(options, out("start"));
  options.scheme = "pf";
  options.start = out("start") / "model.safetensors";
  options.optimiser = "adamw";  // whose step is the rate, however small the gradient
  options.weight_decay = 0;
  options.warmup_epochs = 0;
  options.head_lr = 1e6;
  options.batch = 24;  // one step, after which no loss tells
  try {
    (void)train_through(options, out("pf"));
    FAIL() << "accepted";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), HasSubstr("is not finite, no model is written"));
  }
  EXPECT_FALSE(fs::exists(out("pf") / "model.safetensors"));
}

TEST_F(Train, PostFittingAndFinishingCanBeStopped) {
  TrainOptions options = small_run(data());
  options.epochs = 1;
  (void)train_through(options, out("start"));
  options.finish = {out("start") / "model.safetensors"};
  EXPECT_TRUE(train_until(options, out("finished"), 0).name.empty());
  EXPECT_FALSE(fs::exists(out("finished") / "model.safetensors"));
  options.start = options.finish.front();
  options.finish.clear();
  options.scheme = "pf";
  // 24 training images in 3 batches: first among their features, then within the fit.
  for (const int step : {1, 3}) {
    EXPECT_TRUE(train_until(options, out("pf"), step).name.empty());
    EXPECT_FALSE(fs::exists(out("pf") / "model.safetensors"));
  }
}

TEST_F(Train, FiguresOfAnotherRecipeAreRefusedNamingTheSettings) {
  TrainOptions options = small_run(data());
  options.epochs = 1;
  options.config_toml = "augment.shift = 0.2\ndata.validation_share = 0.25\nstain = \"a\"\n";
  (void)train_through(options, out("split"));
  options.figures_from = out("split") / "model.safetensors";
  options.validation_share = 0;
  options.config_toml = "augment.shift = 0\ndata.validation_share = 0\nstain = \"b\"\n";
  EXPECT_THAT(refusal(options, out("all")),
              HasSubstr("(augment.shift was 0.2, now 0; stain was \"a\", now \"b\")"));
}

TEST_F(Train, FiguresSayWhatTheSplitsRunDidOtherwise) {
  TrainOptions options = small_run(data());
  options.epochs = 1;
  options.config_toml = "name = \"one\"\noptimiser.epochs = 1\n";
  (void)train_through(options, out("split"));
  options.figures_from = out("split") / "model.safetensors";
  options.validation_share = 0;
  options.epochs = 2;
  options.config_toml = "name = \"two\"\noptimiser.epochs = 2\n";
  EXPECT_THAT(train_through(options, out("all")).figures_of,
              HasSubstr("the same recipe (but with optimiser.epochs 1) trained on 24 of"));
}

TEST_F(Train, FilesThatAreNotUsedAreToldAndListed) {
  fs::rename(data() / "monocyte" / "cell_3.png", data() / "monocyte" / "cell_3.bmp");
  fs::create_directories(data() / "platelet" / "more");
  fs::copy_file(data() / "monocyte" / "cell_0.png", data() / "platelet" / "twin.png");
  TrainOptions options = small_run(data());
  options.epochs = 1;
  options.allow_conflicting = true;
  std::vector<std::string> told;
  options.notice = [&](const std::string& sentence) { told.push_back(sentence); };
  (void)train_through(options, out("run"));
  ASSERT_EQ(told.size(), 2U);
  EXPECT_THAT(told[0], HasSubstr("not being jpg, png or tif: 2, such as"));
  EXPECT_THAT(told[1], HasSubstr("left out, being in two classes: 2 images"));
  const std::string list = bytes_of(out("run") / "left-out.txt");
  for (const char* part : {"cell_3.bmp\tnot a jpg", "more\tnot a jpg", "cell_0.png\tin two classes",
                           "twin.png\tin two classes"}) {
    EXPECT_THAT(list, HasSubstr(part));
  }
}

TEST_F(Train, PostFittingRefusesAModelOfAnotherInput) {
  TrainOptions options = small_run(data());
  options.epochs = 1;
  (void)train_through(options, out("run"));
  options.scheme = "pf";
  options.start = out("run") / "model.safetensors";
  options.input_px = 64;
  try {
    (void)train_through(options, out("pf"));
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("network.input_px is 64"));
  }
}

TEST_F(Train, FinishingRefusesAModelOfAnotherInput) {
  TrainOptions options = small_run(data());
  options.epochs = 1;
  (void)train_through(options, out("run"));
  options.finish = {out("run") / "model.safetensors"};
  options.input_px = 64;
  try {
    (void)train_through(options, out("finished"));
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("network.input_px is 64"));
  }
}

TEST_F(Train, ResumingRefusesImagesThatChangedSince) {
  const TrainOptions options = small_run(data());
  EXPECT_TRUE(train_until(options, out("run"), 4).name.empty());
  const fs::path one = data() / "monocyte" / "cell_3.png";
  std::string bytes = bytes_of(one);
  bytes[bytes.size() - 1] ^= 1;  // of the same size, and a picture still
  std::ofstream(one, std::ios::binary) << bytes;
  try {
    (void)train_through(options, out("run"));
    FAIL() << "went on with other images";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("is of a run with other images: give"));
  }
}

TEST_F(Train, PostFittingOnAnotherSplitIsRefused) {
  TrainOptions options = small_run(data());
  options.epochs = 1;
  options.config_toml = "data.split_seed = 0\n";
  (void)train_through(options, out("start"));
  options.scheme = "pf";
  options.start = out("start") / "model.safetensors";
  options.split_seed = 1;
  options.config_toml = "data.split_seed = 1\n";
  try {
    (void)train_through(options, out("pf"));
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("data.split_seed 0, now 1"));
  }
}

TEST_F(Train, MembersOfAnotherSplitAreRefused) {
  TrainOptions options = small_run(data());
  options.epochs = 1;
  options.config_toml = "data.split_seed = 0\n";
  (void)train_through(options, out("a"));
  options.config_toml = "data.split_seed = 1\n";
  options.split_seed = 1;
  (void)train_through(options, out("b"));
  options.finish = {out("a") / "model.safetensors", out("b") / "model.safetensors"};
  try {
    (void)train_through(options, out("joined"));
    FAIL() << "accepted a member that has learnt from what validates the other";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr(options.finish[0].string()));
    EXPECT_THAT(error.what(), HasSubstr("data.split_seed 0, now 1"));
  }
}

TEST_F(Train, TheMeanOfNetworksOfDifferentStartsIsRefused) {
  TrainOptions options = small_run(data());
  options.epochs = 1;
  (void)train_through(options, out("a"));
  options.seed = 1;
  (void)train_through(options, out("b"));
  options.finish = {out("a") / "model.safetensors", out("b") / "model.safetensors"};
  options.mean = true;
  try {
    (void)train_through(options, out("mean"));
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr(options.finish[1].string()));
    EXPECT_THAT(error.what(), HasSubstr("not trained from one start"));
  }
}

TEST_F(Train, AMeanOfOneModelIsRefused) {
  TrainOptions options = small_run(data());
  options.mean = true;
  EXPECT_THROW(check_train_options(options), ConfigError);
  options.finish = {"a"};
  EXPECT_THROW(check_train_options(options), ConfigError);
  options.finish = {"a", "b"};
  EXPECT_NO_THROW(check_train_options(options));
}

TEST_F(Train, FiguresOfAnotherRecipeAreRefusedBeforeTheFirstStep) {
  TrainOptions options = small_run(data());
  options.epochs = 1;
  (void)train_through(options, out("split"));
  options.figures_from = out("split") / "model.safetensors";
  options.validation_share = 0;
  options.input_px = 64;
  int steps = 0;
  EXPECT_THROW((void)train_model(
                   options, out("all"), [&](const EpochReport&) { ++steps; }, [] { return false; }),
               ConfigError);
  EXPECT_EQ(steps, 0);
}

TEST_F(Train, EverythingThatIsWrongIsSaidAtOnce) {
  std::ofstream(data() / "monocyte" / "broken_1.png") << "no picture";
  fs::create_directories(data() / "empty_class");
  fs::create_directories(data() / "Monocyte");
  write_png(draw_cell(true, 900), data() / "Monocyte" / "a.png");
  write_png(draw_cell(true, 901), data() / "Monocyte" / "b.png");
  fs::copy_file(data() / "monocyte" / "cell_0.png", data() / "platelet" / "twin.png");
  try {
    (void)train_through(small_run(data()), out("run"));
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    for (const char* part : {"broken_1.png", "empty_class", "Monocyte and monocyte", "twin.png"}) {
      EXPECT_THAT(error.what(), HasSubstr(part));
    }
  }
}

TEST_F(Train, ACheckpointOfAnotherRunIsRefusedNamingTheValue) {
  TrainOptions options = small_run(data());
  (void)train_until(options, out("run"), 1);
  options.epochs = 9;
  try {
    (void)train_through(options, out("run"));
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("a run with epochs 3, not 9"));
  }
}

TEST_F(Train, AFinishedModelIsNotOverwritten) {
  TrainOptions options = small_run(data());
  options.epochs = 1;
  (void)train_through(options, out("run"));
  EXPECT_THROW((void)train_through(options, out("run")), ConfigError);
}

TEST_F(Train, UnreadableImagesAreListedBeforeTheFirstEpoch) {
  std::ofstream(data() / "monocyte" / "broken_1.png") << "no picture";
  std::ofstream(data() / "platelet" / "broken_2.png") << "none either";
  try {
    (void)train_through(small_run(data()), out("run"));
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("broken_1.png"));
    EXPECT_THAT(error.what(), HasSubstr("broken_2.png"));
  }
}

}  // namespace
}  // namespace cytocape
