#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <torch/torch.h>

#include <cmath>
#include <set>
#include <thread>

#include "io/errors.hpp"
#include "io/random.hpp"
#include "models/cape/cape.hpp"
#include "models/cape/labelled_maps.hpp"
#include "models/data/train_setup.hpp"
#include "models/training/optimiser.hpp"
#include "models/training/post_fit.hpp"
#include "models/training/ts_loss.hpp"

namespace cytocape::detail {
namespace {

torch::Tensor scalar(double value) {
  return torch::full({1}, value, torch::dtype(torch::kFloat64).requires_grad(true));
}

torch::Tensor random_map(std::int64_t seed) {
  torch::manual_seed(static_cast<std::uint64_t>(seed));
  return torch::randn({3, 4, 2, 3}, torch::kFloat64).mul_(2).requires_grad_(true);
}

const torch::Tensor kLabels = torch::tensor({0, 3, 1}, torch::kInt64);

TEST(TsLoss, TheTeacherDoesNotLearnFromTheCapeHead) {
  const auto ordinary = random_map(2);
  const auto cape = random_map(3);
  ts_loss({ordinary, cape}, {scalar(0), scalar(0), scalar(0)}, kLabels, {.alpha = 0, .beta = 1})
      .backward();
  EXPECT_EQ(ordinary.grad().abs().sum().item<double>(), 0);
  EXPECT_GT(cape.grad().abs().sum().item<double>(), 0);
}

TEST(TsLoss, IsZeroForAStudentThatRepeatsAPerfectTeacher) {
  // Equal logits everywhere: teacher and student are uniform whatever the scales.
  const auto flat = torch::zeros({2, 4, 2, 2}, torch::kFloat64);
  const auto loss = ts_loss({flat, flat}, {scalar(0.4), scalar(0), scalar(1)},
                            torch::tensor({0, 1}, torch::kInt64), {.alpha = 0});
  EXPECT_NEAR(loss.item<double>(), 0, 1e-15);
}

TEST(TsLoss, StaysFiniteWhereTheProbabilityUnderflows) {
  auto cape = torch::zeros({1, 2, 1, 2});
  cape[0][0] = 1e3F;
  cape.requires_grad_(true);
  const auto zero = torch::zeros({1});
  const auto loss = ts_loss({torch::zeros({1, 2, 1, 2}), cape}, {zero, zero, zero},
                            torch::tensor({1}, torch::kInt64));
  loss.backward();
  EXPECT_TRUE(std::isfinite(loss.item<double>()));
  EXPECT_TRUE(torch::isfinite(cape.grad()).all().item<bool>());
}

TEST(TsLoss, SmoothingAndWeightsAreOfTheCrossEntropyAlone) {
  const auto ordinary = random_map(2);
  const auto cape = random_map(3);
  const LearnedScales scales{scalar(0), scalar(0), scalar(0)};
  const auto weights = torch::tensor({1.0, 2.0, 3.0, 4.0}, torch::kFloat64);
  const auto loss = [&](double alpha, double beta, double smoothing) {
    return ts_loss({ordinary, cape}, scales, kLabels,
                   {.alpha = alpha,
                    .beta = beta,
                    .label_smoothing = smoothing,
                    .class_weights = weights})
        .item<double>();
  };
  EXPECT_DOUBLE_EQ(loss(0, 1, 0.1), loss(0, 1, 0));
  // Labels 0, 3, 1: the weighted mean of the cells' log likelihoods.
  const auto log_p = torch::log_softmax(ordinary.flatten(2).mean(2), 1).detach();
  const auto at = [&](std::int64_t cell, std::int64_t label) {
    return log_p[cell][label].item<double>();
  };
  EXPECT_NEAR(loss(1, 0, 0), -(at(0, 0) + 4 * at(1, 3) + 2 * at(2, 1)) / 7, 1e-12);
  EXPECT_NE(loss(1, 0, 0.1), loss(1, 0, 0));
}

TEST(TsLoss, SharesOfClassesStandForLabels) {
  const LearnedScales scales{scalar(0), scalar(0), scalar(0)};
  const HeadMaps maps{random_map(2), random_map(3)};
  const auto loss = [&](const torch::Tensor& labels) {
    return ts_loss(maps, scales, labels, {.beta = 0, .label_smoothing = 0.1}).item<double>();
  };
  const auto sure = torch::one_hot(kLabels, 4).to(torch::kFloat64);
  EXPECT_NEAR(loss(sure), loss(kLabels), 1e-12);
  const auto others = torch::tensor({2, 1, 1}, torch::kInt64);
  const auto blended = torch::lerp(sure, torch::one_hot(others, 4).to(torch::kFloat64), 0.3);
  EXPECT_NEAR(loss(blended), 0.7 * loss(kLabels) + 0.3 * loss(others), 1e-12);
}

TEST(TsLoss, ACoarseLabelHasTheLikelihoodOfAllItsClasses) {
  const HeadMaps maps{random_map(2), random_map(3)};
  const LearnedScales scales{scalar(0), scalar(0), scalar(0)};
  // Label 4 is class 1 or 2.
  const auto label_classes = torch::cat(
      {torch::eye(4, torch::kFloat64), torch::tensor({{0.0, 1.0, 1.0, 0.0}}, torch::kFloat64)});
  const auto loss = [&](const torch::Tensor& labels) {
    return ts_loss(maps, scales, labels, {.beta = 0, .label_classes = label_classes})
        .item<double>();
  };
  const auto p = torch::softmax(maps.ordinary.flatten(2).mean(2), 1).detach();
  const auto at = [&](int cell, int label) { return p[cell][label].item<double>(); };
  EXPECT_NEAR(loss(torch::tensor({4, 3, 1}, torch::kInt64)),
              -(std::log(at(0, 1) + at(0, 2)) + std::log(at(1, 3)) + std::log(at(2, 1))) / 3,
              1e-12);
  EXPECT_NEAR(loss(kLabels), ts_loss(maps, scales, kLabels, {.beta = 0}).item<double>(), 1e-12);
}

TEST(TsLoss, CoarseLabelsAreSmoothedAndBlendedLikeOthers) {
  const HeadMaps maps{random_map(2), random_map(3)};
  const LearnedScales scales{scalar(0), scalar(0), scalar(0)};
  const auto alike = torch::eye(4, torch::kFloat64);
  const auto sure = torch::one_hot(kLabels, 4).to(torch::kFloat64);
  const auto blended = torch::lerp(sure, sure.roll(1, 0), 0.3);
  for (const auto& labels : {kLabels, blended}) {
    const auto grouped =
        ts_loss(maps, scales, labels, {.beta = 0, .label_smoothing = 0.1, .label_classes = alike});
    const auto plain = ts_loss(maps, scales, labels, {.beta = 0, .label_smoothing = 0.1});
    EXPECT_NEAR(grouped.item<double>(), plain.item<double>(), 1e-12);
  }
}

TEST(TsLoss, TeachersShareTheCrossEntropyWithTheLabels) {
  const auto ordinary = random_map(2);
  const auto cape = random_map(3);
  const LearnedScales scales{scalar(0), scalar(0), scalar(0)};
  const auto log_p = torch::log_softmax(ordinary.flatten(2).mean(2), 1).detach();
  const auto soft = torch::softmax(random_map(4).flatten(2).mean(2), 1).detach();
  const auto loss = [&](double weight) {
    return ts_loss({ordinary, cape}, scales, kLabels,
                   {.beta = 0, .soft_labels = soft, .soft_weight = weight})
        .item<double>();
  };
  const double taught = -(soft * log_p).sum(1).mean().item<double>();
  EXPECT_NEAR(loss(1), taught, 1e-12);
  EXPECT_NEAR(loss(0.25), 0.75 * loss(0) + 0.25 * taught, 1e-12);
}

/// Two classes whose features differ in one channel; the ordinary head tells them apart.
TEST(PostFit, TheCapeHeadLearnsWhatTheOrdinaryHeadSays) {
  torch::manual_seed(3);
  CapeNet network("resnet18", 2, 32);
  {
    const torch::NoGradGuard no_grad;
    network.ordinary_head->weight.mul_(0.02);
    network.ordinary_head->weight[0][0] = 2;
    network.ordinary_head->weight[1][0] = -2;
  }
  auto features = torch::rand({40, 512, 2, 2});
  features.slice(0, 20).select(1, 0).mul_(-1);
  const auto before = network.ordinary_head->weight.clone();
  const auto backbone = network.backbone().parameters().front().clone();
  const auto divergence = [&] {
    const auto maps = network.heads(features, true);
    return ts_loss(maps, {network.t1, network.t2, network.t3}, torch::zeros({40}, torch::kInt64),
                   {.alpha = 0})
        .item<double>();
  };
  post_fit(network, features, {.epochs = 0});
  EXPECT_TRUE(torch::equal(network.cape_head->weight, before)) << "starts from the ordinary head";
  const double start = divergence();
  post_fit(network, features, {.epochs = 60, .batch = 8, .learning_rate = 0.02});
  EXPECT_LT(divergence(), 0.5 * start);
  EXPECT_TRUE(torch::equal(network.ordinary_head->weight, before));
  EXPECT_TRUE(torch::equal(network.backbone().parameters().front(), backbone));
}

TEST(Backbone, PhasesGiveWhatDilationGives) {
  torch::manual_seed(5);
  const auto fine = make_mobilenet_v2(16);
  const auto x = torch::randn({2, 3, 64, 64}).contiguous(torch::MemoryFormat::ChannelsLast);
  fine->eval();
  const auto by_phases = fine->forward(x);
  ASSERT_EQ(by_phases.size(2), 4);
  std::vector<torch::Tensor> outputs;
  auto y = x;
  for (const auto& operation : fine->operations()) {
    const auto input = operation.input < 0 ? x : outputs[static_cast<std::size_t>(operation.input)];
    if (operation.kind == Operation::Kind::addition) {
      y = activate(input + outputs[static_cast<std::size_t>(operation.addend)],
                   operation.activation);
    } else {
      y = activate(convolve(input, operation.spec, operation.convolution->weight,
                            operation.convolution->bias),
                   operation.activation);
    }
    outputs.push_back(y);
  }
  EXPECT_TRUE(torch::allclose(by_phases, y, 1e-4, 1e-5));
}

TEST(Backbone, BFloat16StaysNearFloat32) {
  torch::manual_seed(5);
  const auto net = make_mobilenet_v2(32);
  const auto x = torch::randn({2, 3, 64, 64}).contiguous(torch::MemoryFormat::ChannelsLast);
  const auto wide = net->forward(x);
  net->precision = torch::kBFloat16;
  const auto narrow = net->forward(x);
  EXPECT_EQ(narrow.scalar_type(), torch::kFloat32);
  const double error = ((narrow - wide).norm() / wide.norm()).item<double>();
  EXPECT_LT(error, 0.05);
  EXPECT_GT(error, 1e-6) << "nothing was computed in bfloat16";
}

TEST(Threshold, LeavesOutOneInFiftyOfTheRightCalls) {
  Probabilities cells{3, {}, {}};
  for (int i = 0; i < 100; ++i) {
    const double confidence = 0.4 + (i + 1) / 250.0;  // .404 .. .8, all right
    const double rest = (1 - confidence) / 2;
    cells.value.insert(cells.value.end(), {confidence, rest, rest});
    cells.labels.push_back(0);
  }
  cells.value.insert(cells.value.end(), {0.401, 0.3, 0.299});  // wrong: does not move the threshold
  cells.labels.push_back(1);
  EXPECT_DOUBLE_EQ(rejection_threshold(cells), 0.412);
}

TEST(Threshold, NeverRefusesAMajority) {
  const Probabilities sure{2, {0.99, 0.01, 0.01, 0.99}, {0, 1}};
  EXPECT_DOUBLE_EQ(rejection_threshold(sure), 0.5);
}

TEST(AdamW, ClipsTheCommonNorm) {
  auto a = torch::zeros({1}).requires_grad_(true);
  auto b = torch::zeros({1}).requires_grad_(true);
  AdamW optimiser;
  optimiser.add("a", a, 1, 0);
  optimiser.add("b", b, 1, 0);
  (3 * a + 4 * b).backward();
  optimiser.clip(1);
  EXPECT_NEAR(a.grad().item<double>(), 0.6, 1e-5);
  EXPECT_NEAR(b.grad().item<double>(), 0.8, 1e-5);
}

TEST(LearningRate, RisesThroughTheWarmUpAndFallsToZero) {
  TrainOptions options;
  options.warmup_epochs = 2;
  EXPECT_DOUBLE_EQ(learning_rate_factor(options, 0, 100, 10), 1.0 / 20);
  EXPECT_DOUBLE_EQ(learning_rate_factor(options, 19, 100, 10), 1);
  EXPECT_DOUBLE_EQ(learning_rate_factor(options, 60, 100, 10), 0.5);
  EXPECT_NEAR(learning_rate_factor(options, 99, 100, 10), 0, 1e-3);
}

TEST(LearningRate, StepsDownAfterEachThird) {
  TrainOptions options;
  options.warmup_epochs = 0;
  options.schedule = "step";
  EXPECT_DOUBLE_EQ(learning_rate_factor(options, 32, 99, 33), 1);
  EXPECT_DOUBLE_EQ(learning_rate_factor(options, 33, 99, 33), 0.1);
  EXPECT_DOUBLE_EQ(learning_rate_factor(options, 98, 99, 33), 0.01);
}

TEST(LearningRate, StepsDownAfterAsManyEpochsAsTold) {
  TrainOptions options;
  options.warmup_epochs = 0;
  options.schedule = "step";
  options.step_epochs = 30;
  EXPECT_DOUBLE_EQ(learning_rate_factor(options, 299, 2000, 10), 1);
  EXPECT_DOUBLE_EQ(learning_rate_factor(options, 300, 2000, 10), 0.1);
  EXPECT_NEAR(learning_rate_factor(options, 1999, 2000, 10), 1e-6, 1e-15);
}

TEST(TrainOptionsCheck, ListsAllFaultsAtOnce) {
  TrainOptions options;
  options.frozen_operations = 3;
  options.output_stride = 8;
  options.augment.shift = 1.5;
  try {
    check_train_options(options);
    FAIL() << "accepted";
  } catch (const ConfigError& error) {
    for (const char* part :
         {"name is empty", "data.mpp is 0", "data.crop_px is 0", "network.output_stride is 8",
          "network.frozen_operations is 3 without", "augment.shift is 1.5"}) {
      EXPECT_THAT(error.what(), ::testing::HasSubstr(part));
    }
  }
}

TEST(Figures, AreThoseCountedByHand) {
  // Called 0, 1, 1, 0 for the truths 0, 1, 0, 2; class 2 is never called.
  const Probabilities given{
      3, {0.8, 0.1, 0.1, 0.2, 0.6, 0.2, 0.3, 0.4, 0.3, 0.5, 0.25, 0.25}, {0, 1, 0, 2}};
  const Figures figures = measure(given);
  EXPECT_DOUBLE_EQ(figures.accuracy, 0.5);
  EXPECT_EQ(figures.confusion,
            (std::vector<std::vector<std::int64_t>>{{1, 1, 0}, {0, 1, 0}, {1, 0, 0}}));
  EXPECT_DOUBLE_EQ(figures.macro_f1, (0.5 + 2.0 / 3 + 0) / 3);
  // Four cells in four bins: |.8-1| + |.6-1| + |.4-0| + |.5-0|, over four.
  EXPECT_NEAR(figures.ece, (0.2 + 0.4 + 0.4 + 0.5) / 4, 1e-12);
  EXPECT_NEAR(figures.nll, -std::log(0.8 * 0.6 * 0.3 * 0.25) / 4, 1e-12);
  EXPECT_DOUBLE_EQ(recall_of(figures, 0), 0.5);
  EXPECT_DOUBLE_EQ(precision_of(figures, 1), 0.5);
  EXPECT_EQ(precision_of(figures, 2), 0);
}

/// Maps whose labels are drawn from CAPE's own p at `truth`: that is then the best calibration.
LabelledMaps maps_drawn_at(CapeScales truth) {
  SplitMix64 random(5);
  LabelledMaps maps{4, 3, {}, {}};
  constexpr std::size_t kCells = 3000;
  for (std::size_t i = 0; i < kCells * maps.map_size(); ++i) {
    maps.logits.push_back(static_cast<float>(random.uniform(-4, 4)));
  }
  maps.labels.assign(kCells, 0);
  const Probabilities p = cape_probabilities(maps, truth);
  for (std::size_t i = 0; i < kCells; ++i) {
    double left = random.uniform();
    for (std::size_t c = 0; c < 4 && left > 0; left -= p.value[i * 4 + c], ++c) {
      maps.labels[i] = static_cast<std::int64_t>(c);
    }
  }
  return maps;
}

TEST(Calibration, FindsTheScalesThatTheLabelsWereDrawnWith) {
  const LabelledMaps maps = maps_drawn_at({.t1 = 0.3 - 0.8, .t2 = 0.1 - 0.6});
  const CapeScales trained{.t1 = 0.3, .t2 = 0.1};
  const Calibration found = fit_calibration(maps, trained);
  EXPECT_NEAR(found.a, -0.8, 0.15);
  EXPECT_NEAR(found.w, -0.6, 0.4);
  const double before = measure(cape_probabilities(maps, trained)).ece;
  const double after =
      measure(cape_probabilities(maps, {trained.t1 + found.a, trained.t2 + found.w})).ece;
  EXPECT_GT(before, 0.1);
  EXPECT_LT(after, 0.03);
}

TEST(Calibration, NoNeighbourFitsBetter) {
  const LabelledMaps maps = maps_drawn_at({.t1 = -0.8, .t2 = -0.6});
  const Calibration found = fit_calibration(maps, {});
  const auto loss = [&](double a, double w) {
    return measure(cape_probabilities(maps, {.t1 = found.a + a, .t2 = found.w + w})).nll;
  };
  for (const double step : {-0.02, 0.02}) {
    EXPECT_LT(loss(0, 0), loss(step, 0));
    EXPECT_LT(loss(0, 0), loss(0, step));
  }
}

TEST(Calibration, LeavesThePositionsAloneWhereThereIsOne) {
  LabelledMaps maps = maps_drawn_at({});
  maps.classes = 12;
  maps.positions = 1;
  EXPECT_EQ(fit_calibration(maps, {}).w, 0);
}

}  // namespace
}  // namespace cytocape::detail
