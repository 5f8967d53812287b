#include "models/training/train.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>
#include <thread>

#include "io/digest.hpp"
#include "io/errors.hpp"
#include "models/data/safetensors.hpp"
#include "models/data/train_data.hpp"
#include "models/engine/classifier.hpp"
#include "tests/models/training/train_fixture.hpp"
#include "tiling/lab_map.hpp"

namespace cytocape {
namespace {

using ::testing::HasSubstr;

TEST_F(Train, AnInterruptedRunGoesOnToTheSameModelFile) {
  TrainOptions options = small_run(data());
  options.backbone = "resnet18";  // has running statistics, which must be taken up too
  (void)train_through(options, out("whole"));
  // 24 training images in 3 batches: stopped in the first epoch, then in the last.
  EXPECT_TRUE(train_until(options, out("parts"), 2).name.empty());
  EXPECT_FALSE(fs::exists(out("parts") / "model.safetensors"));
  EXPECT_TRUE(train_until(options, out("parts"), 5).name.empty());
  EXPECT_EQ(train_through(options, out("parts")).name, "discs");
  EXPECT_TRUE(bytes_of(out("parts") / "model.safetensors") ==
              bytes_of(out("whole") / "model.safetensors"));
  for (const char* name : {"metrics.csv", "curves.html", "config.toml", "crops.png"}) {
    EXPECT_EQ(bytes_of(out("parts") / name), bytes_of(out("whole") / name)) << name;
  }
  EXPECT_THAT(bytes_of(out("whole") / "curves.html"), HasSubstr("Loss by epoch"));
  EXPECT_FALSE(fs::exists(out("parts") / "checkpoint.safetensors"));
}

TEST_F(Train, AveragedWeightsSurviveAnInterruption) {
  TrainOptions options = small_run(data());
  options.average_decay = 0.9;
  options.mixup = 0.4;
  options.precision = "bfloat16";
  options.balance = "sampling";
  (void)train_through(options, out("whole"));
  EXPECT_TRUE(train_until(options, out("parts"), 4).name.empty());
  (void)train_through(options, out("parts"));
  EXPECT_TRUE(bytes_of(out("parts") / "model.safetensors") ==
              bytes_of(out("whole") / "model.safetensors"));
  options.average_decay = 0;
  (void)train_through(options, out("plain"));
  EXPECT_FALSE(bytes_of(out("plain") / "model.safetensors") ==
               bytes_of(out("whole") / "model.safetensors"));
}

/// Rows of metrics.csv, and in each its cells.
std::vector<std::vector<std::string>> metrics_in(const fs::path& run) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream lines(bytes_of(run / "metrics.csv"));
  for (std::string line; std::getline(lines, line);) {
    std::istringstream cells(line);
    rows.emplace_back();
    for (std::string cell; std::getline(cells, cell, ',');) rows.back().push_back(cell);
  }
  return rows;
}

TEST_F(Train, TheMetricsHaveTheRateThatAnEpochLearntWith) {
  TrainOptions options = small_run(data());
  options.schedule = "step";
  options.warmup_epochs = 0;
  (void)train_through(options, out("run"));
  const auto rows = metrics_in(out("run"));
  ASSERT_EQ(rows.size(), 4U);
  EXPECT_EQ(rows[0].back(), "learning_rate_factor");
  EXPECT_EQ(rows[1].back(), "1");
  EXPECT_EQ(rows[2].back(), "0.1");
  EXPECT_EQ(rows[3].back(), "0.01");
}

TEST_F(Train, EveryRunLeavesItsCurve) {
  TrainOptions options = small_run(data());
  options.epochs = 2;
  (void)train_through(options, out("split"));
  options.scheme = "pf";
  options.start = out("split") / "model.safetensors";
  (void)train_through(options, out("pf"));
  const auto fitted = metrics_in(out("pf"));
  ASSERT_EQ(fitted.size(), 3U);
  EXPECT_GT(std::stod(fitted[2][3]), 0.4) << "accuracy";
  EXPECT_THAT(bytes_of(out("pf") / "curves.html"), HasSubstr("cells moved"));
  options.scheme = "ts";
  options.start.clear();
  options.validation_share = 0;
  options.figures_from = out("split") / "model.safetensors";
  (void)train_through(options, out("all"));
  const auto all = metrics_in(out("all"));
  ASSERT_EQ(all.size(), 3U);
  EXPECT_GT(std::stod(all[1][1]), 0) << "training loss";
  EXPECT_EQ(all[1][2], "") << "there is no split to validate on";
  EXPECT_THAT(bytes_of(out("all") / "curves.html"), HasSubstr("learns from every image"));
}

TEST_F(Train, ImpatientRunsEndEarly) {
  TrainOptions options = small_run(data());
  options.backbone_lr = 1e-12;  // learns nothing, so that no epoch is better than the first
  options.head_lr = 1e-12;
  options.schedule = "step";
  options.epochs = 9;
  options.patience = 2;
  int epochs = 0;
  (void)train_model(
      options, out("run"), [&](const EpochReport& told) { epochs += told.ended ? 1 : 0; },
      [] { return false; });
  EXPECT_EQ(epochs, 3);
}

TEST_F(Train, TheCamBaselineHasOneHeadTwice) {
  TrainOptions options = small_run(data());
  options.scheme = "cam";
  options.epochs = 1;
  EXPECT_EQ(train_through(options, out("cam")).scheme, "cam");
  const auto file = SafetensorsFile::open(out("cam") / "model.safetensors");
  const auto bytes = [&](const char* name) {
    const auto view = file.at(name).bytes;
    return std::vector<std::byte>(view.begin(), view.end());
  };
  EXPECT_EQ(bytes("classifiers.orig.2.weight"), bytes("classifiers.cape.2.weight"));
}

TEST_F(Train, PostFittingLearnsTheCapeHeadAlone) {
  TrainOptions options = small_run(data());
  options.backbone = "resnet18";
  options.scheme = "cam";
  options.epochs = 8;
  const ModelCard cam = train_through(options, out("cam"));
  options.scheme = "pf";
  options.start = out("cam") / "model.safetensors";
  options.optimiser = "sgd";
  options.epochs = 20;
  const ModelCard pf = train_through(options, out("pf"));
  EXPECT_DOUBLE_EQ(pf.validation_accuracy_ordinary, cam.validation_accuracy_ordinary);
  EXPECT_GE(pf.validation_accuracy, pf.validation_accuracy_ordinary - 0.13);
  const auto before = SafetensorsFile::open(options.start);
  const auto after = SafetensorsFile::open(out("pf") / "model.safetensors");
  for (const auto& [name, view] : before.tensors()) {
    // The map has one position here, of which t2 has nothing to learn.
    const bool learns =
        name.starts_with("classifiers.cape") || (name.ends_with(".T") && name != "t2.T");
    const auto& other = after.at(name).bytes;
    EXPECT_EQ(std::equal(view.bytes.begin(), view.bytes.end(), other.begin()), !learns) << name;
  }
}

TEST_F(Train, OnAllImagesTakesTheFiguresOfTheSplit) {
  TrainOptions options = small_run(data());
  options.epochs = 1;
  const ModelCard split = train_through(options, out("split"));
  options.validation_share = 0;
  EXPECT_THROW((void)train_through(options, out("all")), ConfigError);
  options.figures_from = out("split") / "model.safetensors";
  const ModelCard all = train_through(options, out("all"));
  EXPECT_EQ(all.classes[0].train_images, 16);
  EXPECT_EQ(all.confusion, split.confusion);
  EXPECT_EQ(all.calibration_a, split.calibration_a);
  EXPECT_THAT(all.figures_of, HasSubstr("trained on 24 of the images"));
  EXPECT_TRUE(split.figures_of.empty());
  EXPECT_GT(all.strange_above, 0);
  EXPECT_EQ(all.strange_above, split.strange_above);
  EXPECT_EQ(all.strange_share_limit, split.strange_share_limit);
  EXPECT_EQ(bytes_of(out("all") / "validation.txt"), "");
}

/// As models were before there was a measure of strangeness.
void write_without_embedding(const fs::path& model, const fs::path& path) {
  const auto file = SafetensorsFile::open(model);
  std::vector<TensorToWrite> tensors;
  for (const auto& [name, view] : file.tensors()) {
    if (!name.starts_with("embedding.")) {
      tensors.push_back({name, view.dtype, view.shape, view.bytes});
    }
  }
  ModelCard card = card_from_json(file.metadata().at("cytocape.card"), "test");
  card.strange_above = 0;
  card.appearance.reset();
  card.calibration_a += 1;
  card.validation_accuracy = 0;
  write_safetensors(path, tensors, {{"cytocape.card", to_json(card)}});
}

/// Whether a half-precision number is one of bfloat16, too: that has three bits less behind the
/// point. Subnormal ones, below 6e-5, are not asked.
bool is_bfloat16(std::uint16_t half) {
  const bool subnormal = (half & 0x7c00) == 0;
  return subnormal || (half & 7) == 0;
}

TEST_F(Train, AModelHasTheSameConvolutionsInEveryPrecision) {
  (void)train_through(small_run(data()), out("run"));
  const auto file = SafetensorsFile::open(out("run") / "model.safetensors");
  std::size_t heads = 0;
  for (const auto& [name, view] : file.tensors()) {
    if (view.dtype != DType::f16) continue;
    std::vector<std::uint16_t> weights(view.bytes.size() / 2);
    std::memcpy(weights.data(), view.bytes.data(), view.bytes.size());
    const bool all = std::all_of(weights.begin(), weights.end(), is_bfloat16);
    if (name.starts_with("net.")) {
      EXPECT_TRUE(all) << name;
    } else {
      heads += all ? 0 : 1;
    }
  }
  EXPECT_GE(heads, 2U) << "the heads compute in float32 and keep their bits";
}

TEST_F(Train, AFinishedModelIsTheTrainedOneByteForByte) {
  TrainOptions options = small_run(data());
  (void)train_through(options, out("run"));
  const auto trained = out("run") / "model.safetensors";
  write_without_embedding(trained, out("old.safetensors"));
  options.finish = {out("old.safetensors")};
  (void)train_through(options, out("finished"));
  EXPECT_TRUE(bytes_of(out("finished") / "model.safetensors") == bytes_of(trained));
  EXPECT_EQ(bytes_of(out("finished") / "validation.txt"), bytes_of(out("run") / "validation.txt"));
}

TEST_F(Train, ANetworkThatSawNoColoursVaryTellsNone) {
  TrainOptions options = small_run(data());
  options.epochs = 1;
  options.appearance.on = false;
  EXPECT_FALSE(train_through(options, out("run")).appearance);
}

TEST_F(Train, TheCardSaysWhatTheTrainingCellsLookLike) {
  TrainOptions options = small_run(data());
  options.epochs = 1;
  options.appearance.on = true;
  const ModelCard card = train_through(options, out("run"));
  ASSERT_TRUE(card.appearance);
  const auto set = split_labelled_folder(data(), options.validation_share, options.split_seed);
  const auto crops = detail::centred_cells(set.train, options).crops;
  LabSums sums;
  const auto bytes = crops.size() / set.train.size();
  for (std::size_t i = 0; i < set.train.size(); ++i)
    sums.add(std::span(crops).subspan(i * bytes, bytes));
  EXPECT_EQ(card.appearance->lab, sums.statistics());
  EXPECT_EQ(card.appearance->cells, 24);
  const auto kept = SafetensorsFile::open(out("run") / "model.safetensors");
  EXPECT_EQ(card_from_json(kept.metadata().at("cytocape.card"), "kept").appearance,
            card.appearance);
}

TEST_F(Train, ACellOfAnotherKindIsStranger) {
  TrainOptions options = small_run(data());
  options.epochs = 6;
  const ModelCard card = train_through(options, out("run"));
  const auto classifier = Classifier::load(out("run") / "model.safetensors",
                                           {.device = "cpu", .precision = Precision::float32});
  const auto of = [&](const Image& image) {
    const Image crop = cut_crop(image, options.crop_px, options.input_px);
    return classifier->classify(crop.pixels(), 1).strangeness.at(0);
  };
  Image stripes(48, 44, {40, 200, 60});
  for (int y = 0; y < 44; y += 3) std::fill_n(stripes.row(y), stripes.stride(), std::uint8_t{10});
  EXPECT_GT(of(stripes), card.strange_above);
  EXPECT_LT(of(draw_cell(true, 1)), card.strange_above);
}

TEST_F(Train, ATeacherChangesWhatIsLearnt) {
  TrainOptions options = small_run(data());
  options.epochs = 1;
  (void)train_through(options, out("teacher"));
  options.teachers = {out("teacher") / "model.safetensors"};
  (void)train_through(options, out("student"));
  EXPECT_FALSE(bytes_of(out("student") / "model.safetensors") ==
               bytes_of(out("teacher") / "model.safetensors"));
  options.input_px = 64;
  try {
    (void)train_through(options, out("other"));
    FAIL() << "accepted a teacher of another input";
  } catch (const ConfigError& error) {
    EXPECT_THAT(error.what(), HasSubstr("teacher " + options.teachers[0].string()));
  }
}

TEST_F(Train, BalancedSamplingShowsEachClassEquallyOften) {
  for (int i = 4; i < 16; ++i) {
    fs::remove(data() / "monocyte" / ("cell_" + std::to_string(i) + ".png"));
  }
  TrainOptions options = small_run(data());
  options.balance = "sampling";
  const auto batches = detail::TrainData::load(split_labelled_folder(data(), 0.25, 0), options);
  std::vector<std::int64_t> labels;
  for (int step = 0; step < batches.steps(); ++step) {
    const auto batch = batches.batch(0, step);
    labels.insert(labels.end(), batch.labels.begin(), batch.labels.end());
  }
  EXPECT_NEAR(static_cast<double>(std::count(labels.begin(), labels.end(), 0)),
              static_cast<double>(labels.size()) / 2, 1);
}

TEST_F(Train, ABatchDoesNotDependOnThreads) {
  TrainOptions options = small_run(data());
  options.mixup = 0.4;
  const auto set = split_labelled_folder(data(), 0.25, 0);
  const auto one = detail::TrainData::load(set, options).batch(2, 1);
  options.threads = 3;
  EXPECT_EQ(detail::TrainData::load(set, options).batch(2, 1).crops, one.crops);
}

TEST_F(Train, PostFittingKeepsTheEpochThatIsBestOnTheSplit) {
  TrainOptions options = small_run(data());
  (void)train_through(options, out("start"));
  options.scheme = "pf";
  options.start = out("start") / "model.safetensors";
  options.head_lr = 0.3;  // so coarse that accuracy comes and goes
  options.epochs = 8;
  const ModelCard card = train_through(options, out("pf"));
  int best = 0;
  double highest = -1;
  const auto rows = metrics_in(out("pf"));
  ASSERT_EQ(rows.size(), 9U);
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const double score = std::stod(rows[i][3]) + std::stod(rows[i][4]);
    if (score < highest) continue;
    highest = score;
    best = static_cast<int>(i);
  }
  EXPECT_EQ(card.kept_epoch, best);
  EXPECT_NEAR(card.validation_accuracy_moved + card.validation_accuracy, highest, 0.26)
      << "calibrated, and rounded to half precision";
}

TEST_F(Train, AFinishedModelSaysWhatItHasLearnt) {
  TrainOptions options = small_run(data());
  options.epochs = 1;
  (void)train_through(options, out("run"));
  for (int i = 0; i < 8; ++i) {
    for (const char* name : {"monocyte", "platelet"}) {
      fs::remove(data() / name / ("cell_" + std::to_string(i) + ".png"));
    }
  }
  options.finish = {out("run") / "model.safetensors"};
  const ModelCard card = train_through(options, out("finished"));
  EXPECT_EQ(card.classes[0].train_images, 12);
  EXPECT_EQ(card.classes[0].validation_images, 2);
  EXPECT_THAT(card.figures_of, HasSubstr("trained on 24 images, and this split has 12"));
  EXPECT_THAT(bytes_of(out("finished") / "inputs.json"),
              HasSubstr(sha256_of_file(out("run") / "model.safetensors")));
}

TEST_F(Train, MixupBlendsEachCropWithTheNextOfItsBatch) {
  TrainOptions options = small_run(data());
  const auto set = split_labelled_folder(data(), 0.25, 0);
  const auto plain = detail::TrainData::load(set, options).batch(1, 0);
  options.mixup = 0.4;
  const auto blended = detail::TrainData::load(set, options).batch(1, 0);
  EXPECT_TRUE(plain.blended_labels.empty());
  ASSERT_EQ(blended.blended_labels.size(), 8U);
  EXPECT_EQ(blended.labels, plain.labels);
  const std::size_t bytes = plain.crops.size() / 8;
  double shares = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    const std::size_t next = (i + 1) % 8;
    EXPECT_EQ(blended.blended_labels[i], plain.labels[next]);
    const float share = blended.blended_shares[i];
    EXPECT_GE(share, 0);
    EXPECT_LE(share, 0.5F);
    shares += share;
    for (std::size_t k = 0; k < bytes; k += 101) {
      const auto own = static_cast<float>(plain.crops[i * bytes + k]);
      const auto other = static_cast<float>(plain.crops[next * bytes + k]);
      EXPECT_NEAR(blended.crops[i * bytes + k], (1 - share) * own + share * other, 0.51);
    }
  }
  EXPECT_GT(shares, 0);
}

TEST_F(Train, SeveralFinishedModelsAreOneWithTheirMeanMap) {
  TrainOptions options = small_run(data());
  (void)train_through(options, out("a"));
  options.seed = 1;
  (void)train_through(options, out("b"));
  options.finish = {out("a") / "model.safetensors", out("b") / "model.safetensors"};
  const ModelCard card = train_through(options, out("joined"));
  EXPECT_EQ(card.members, 2);
  EXPECT_GT(card.strange_above, 0);
  const Image crop = cut_crop(draw_cell(true, 1), options.crop_px, options.input_px);
  const auto logit_of = [&](const char* run) {
    const auto classifier = Classifier::load(out(run) / "model.safetensors",
                                             {.device = "cpu", .precision = Precision::float32});
    // 32 px make a map of one position.
    return classifier->logits(crop.pixels(), 1).ordinary.at(0);
  };
  EXPECT_NEAR(logit_of("joined"), (logit_of("a") + logit_of("b")) / 2, 5e-3);
  options.start = out("joined") / "model.safetensors";
  options.finish.clear();
  options.scheme = "pf";
  EXPECT_EQ(train_through(options, out("fitted")).members, 2);
  EXPECT_NEAR(logit_of("fitted"), logit_of("joined"), 1e-6) << "post-fitting leaves that head";
}

TEST_F(Train, TheMeanOfTwoRoundsIsMeasuredAnewAndAsLargeAsOne) {
  TrainOptions options = small_run(data());
  (void)train_through(options, out("a"));
  options.pretrained = out("a") / "model.safetensors";
  const ModelCard last = train_through(options, out("b"));
  options.pretrained.clear();
  options.finish = {out("a") / "model.safetensors", out("b") / "model.safetensors"};
  options.mean = true;
  const ModelCard card = train_through(options, out("mean"));
  EXPECT_EQ(card.members, 1);
  EXPECT_EQ(card.kept_epoch, 0);
  EXPECT_NE(card.validation_nll, last.validation_nll);
  EXPECT_NE(card.strange_above, last.strange_above);
  EXPECT_THAT(bytes_of(out("mean") / "inputs.json"), HasSubstr("\"mean\": true"));
  // The scales alone are kept in full precision.
  const auto scale = [&](const char* run) {
    const auto file = SafetensorsFile::open(out(run) / "model.safetensors");
    float value = 0;
    std::memcpy(&value, file.at("t1.T").bytes.data(), sizeof value);
    return value;
  };
  EXPECT_NE(scale("a"), scale("b"));
  EXPECT_FLOAT_EQ(scale("mean"), (scale("a") + scale("b")) / 2);
}

TEST_F(Train, AnotherSeedGivesAnotherModel) {
  TrainOptions options = small_run(data());
  options.epochs = 1;
  (void)train_through(options, out("a"));
  options.seed = 1;
  (void)train_through(options, out("b"));
  EXPECT_FALSE(bytes_of(out("a") / "model.safetensors") ==
               bytes_of(out("b") / "model.safetensors"));
}

TEST_F(Train, LearnsToTellDiscsApartAlsoWhenTheyAreMoved) {
  TrainOptions options = small_run(data());
  options.backbone = "resnet18";
  options.epochs = 12;
  const ModelCard card = train_through(options, out("run"));
  EXPECT_GE(card.validation_accuracy, 0.85);
  EXPECT_GE(card.validation_accuracy_moved, 0.7);
  EXPECT_GE(card.validation_accuracy_ordinary, 0.85);
}

TEST_F(Train, TheCardCountsTheSplitAndTheConfusions) {
  TrainOptions options = small_run(data());
  options.epochs = 1;
  const ModelCard card = train_through(options, out("run"));
  EXPECT_DOUBLE_EQ(card.mpp, 0.5 * 36 / 32);
  EXPECT_EQ(card.training_data.at(0).images, 32);
  ASSERT_EQ(card.classes.size(), 2U);
  std::int64_t sum = 0;
  std::int64_t right = 0;
  for (std::size_t i = 0; i < 2; ++i) {
    EXPECT_EQ(card.classes[i].train_images, 12);
    EXPECT_EQ(card.classes[i].validation_images, 4);
    EXPECT_EQ(card.confusion.at(i).at(0) + card.confusion.at(i).at(1), 4);
    right += card.confusion[i][i];
    sum += 4;
  }
  EXPECT_DOUBLE_EQ(card.validation_accuracy, static_cast<double>(right) / static_cast<double>(sum));
}

/// Accuracy and mean negative log likelihood that the classifier of `run` has on its 8 validation
/// images, of classes 0 (monocyte) and 1.
std::pair<double, double> classified(const fs::path& run, const TrainOptions& options) {
  const auto classifier = Classifier::load(run / "model.safetensors",
                                           {.device = "cpu", .precision = Precision::float32});
  std::ifstream list(run / "validation.txt");
  std::vector<std::uint8_t> crops;
  std::vector<std::size_t> labels;
  for (std::string line; std::getline(list, line);) {
    const Image crop = cut_crop(read_image(options.data / line), options.crop_px, options.input_px);
    crops.insert(crops.end(), crop.pixels().begin(), crop.pixels().end());
    labels.push_back(line.starts_with("monocyte/") ? 0 : 1);
  }
  const ClassMaps maps = classifier->classify(crops, static_cast<std::int64_t>(labels.size()));
  double right = 0;
  double nll = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const double own = maps.probability[2 * i + labels[i]];
    right += own >= 0.5 ? 1 : 0;
    nll -= std::log(own);
  }
  const auto count = static_cast<double>(labels.size());
  return {right / count, nll / count};
}

TEST_F(Train, TheClassifierRepeatsTheCardsFigures) {
  TrainOptions options = small_run(data());
  options.backbone = "resnet18";  // the classifier folds its norms
  options.epochs = 4;
  options.views = 2;
  const ModelCard card = train_through(options, out("run"));
  const auto [accuracy, nll] = classified(out("run"), options);
  EXPECT_DOUBLE_EQ(card.validation_accuracy, accuracy);
  EXPECT_NEAR(card.validation_nll, nll, 1e-6);
}

TEST_F(Train, FinishingChangesHowManyViewsAreAveraged) {
  TrainOptions options = small_run(data());
  (void)train_through(options, out("one"));
  options.finish = {out("one") / "model.safetensors"};
  options.views = 4;
  const ModelCard card = train_through(options, out("four"));
  EXPECT_EQ(card.views, 4);
  EXPECT_NEAR(card.validation_nll, classified(out("four"), options).second, 1e-6);
  const auto side_told = [&](const char* run) {
    const auto classifier = Classifier::load(out(run) / "model.safetensors",
                                             {.device = "cpu", .precision = Precision::float32});
    const auto logit = [&](bool dark_left) {
      std::vector<std::uint8_t> crop(32 * 32 * 3, 230);
      for (std::size_t i = 0; i < crop.size(); ++i) {
        if ((i / 3 % 32 < 16) == dark_left) crop[i] = 20;
      }
      return classifier->logits(crop, 1).ordinary.at(0);
    };
    return std::abs(logit(true) - logit(false));
  };
  EXPECT_GT(side_told("one"), 100 * side_told("four")) << "four views know no left and right";
}

TEST_F(Train, AnEpochShowsEveryImageOnceInAnotherOrder) {
  const TrainOptions options = small_run(data());
  const LabelledSet set = split_labelled_folder(data(), 0.25, 0);
  const auto batches = detail::TrainData::load(set, options);
  ASSERT_EQ(batches.steps(), 3);
  std::vector<std::vector<std::int64_t>> orders;
  for (int epoch = 0; epoch < 2; ++epoch) {
    std::vector<std::int64_t> labels;
    for (int step = 0; step < 3; ++step) {
      const auto batch = batches.batch(epoch, step);
      labels.insert(labels.end(), batch.labels.begin(), batch.labels.end());
    }
    EXPECT_EQ(std::count(labels.begin(), labels.end(), 0), 12);
    EXPECT_EQ(labels.size(), 24U);
    orders.push_back(labels);
  }
  EXPECT_NE(orders[0], orders[1]);
}

TEST_F(Train, BatchesDoNotDependOnThreads) {
  TrainOptions options = small_run(data());
  const LabelledSet set = split_labelled_folder(data(), 0.25, 0);
  const auto one = detail::TrainData::load(set, options);
  options.threads = 4;
  const auto four = detail::TrainData::load(set, options);
  std::vector<detail::CropBatch> batches(3);
  {
    std::vector<std::jthread> threads;
    for (int step = 0; step < 3; ++step) {
      threads.emplace_back(
          [&, step] { batches[static_cast<std::size_t>(step)] = four.batch(2, step); });
    }
  }
  for (int step = 0; step < 3; ++step) {
    EXPECT_EQ(one.batch(2, step).crops, batches[static_cast<std::size_t>(step)].crops);
  }
  EXPECT_EQ(one.moved().crops, four.moved().crops);
  EXPECT_NE(one.moved().crops, one.centred().crops);
}

}  // namespace
}  // namespace cytocape
