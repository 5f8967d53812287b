#include "models/cape/cape.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <random>
#include <vector>

namespace cytocape {
namespace {

struct Case {
  int classes = 0;
  int positions = 0;
  CapeScales scales;
  std::vector<double> logits;
};

struct Result {
  std::vector<double> map;
  std::vector<double> probability;
};

Result run(const Case& input) {
  Result result{std::vector<double>(input.logits.size()),
                std::vector<double>(static_cast<std::size_t>(input.classes))};
  cape_map(input.logits, input.classes, input.positions, input.scales, result.map,
           result.probability);
  return result;
}

/// The definition as published, with its classes x positions x positions denominator:
/// P[c,i] = exp(A[c,i] + W[i]) / sum_{d,j} exp(A[d,i] + W[j]), in long double.
std::vector<double> literal_map(const Case& input) {
  const auto classes = static_cast<std::size_t>(input.classes);
  const auto n = static_cast<std::size_t>(input.positions);
  const auto a = [&](std::size_t c, std::size_t i) {
    return static_cast<long double>(input.logits[c * n + i]) /
           std::exp(static_cast<long double>(input.scales.t1));
  };
  std::vector<long double> w(n);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t c = 0; c < classes; ++c)
      w[i] += static_cast<long double>(input.logits[c * n + i]);
    w[i] /= static_cast<long double>(classes) * std::exp(static_cast<long double>(input.scales.t2));
  }
  std::vector<double> map(classes * n);
  for (std::size_t c = 0; c < classes; ++c) {
    for (std::size_t i = 0; i < n; ++i) {
      long double denominator = 0;
      for (std::size_t d = 0; d < classes; ++d) {
        for (std::size_t j = 0; j < n; ++j) {
          denominator += std::exp(a(d, i) + w[j] - a(c, i) - w[i]);
        }
      }
      map[c * n + i] = static_cast<double>(1 / denominator);
    }
  }
  return map;
}

Case random_case(std::mt19937& generator, double spread) {
  std::uniform_int_distribution<int> classes(1, 12);
  std::uniform_int_distribution<int> positions(1, 30);
  std::normal_distribution<double> normal;
  Case input{.classes = classes(generator), .positions = positions(generator)};
  input.scales = {.t1 = 0.7 * normal(generator), .t2 = 0.7 * normal(generator)};
  input.logits.resize(static_cast<std::size_t>(input.classes * input.positions));
  for (auto& value : input.logits) value = spread * normal(generator);
  return input;
}

double largest_difference(const std::vector<double>& a, const std::vector<double>& b) {
  double largest = 0;
  for (std::size_t i = 0; i < a.size(); ++i) largest = std::max(largest, std::abs(a[i] - b[i]));
  return largest;
}

TEST(Cape, ProductFormEqualsThePublishedDefinition) {
  std::mt19937 generator(1);
  for (int round = 0; round < 100; ++round) {
    const auto input = random_case(generator, round % 3 == 0 ? 0.1 : 6.0);
    EXPECT_LT(largest_difference(run(input).map, literal_map(input)), 1e-12)
        << input.classes << " classes, " << input.positions << " positions, round " << round;
  }
}

TEST(Cape, ExtremeLogitsAgreeWithTheDefinitionAndStayFinite) {
  std::mt19937 generator(2);
  for (int round = 0; round < 30; ++round) {
    const auto input = random_case(generator, 1e3);
    const auto result = run(input);
    EXPECT_LT(largest_difference(result.map, literal_map(input)), 1e-11) << "round " << round;
  }
}

TEST(Cape, MapSumsToOneToTheLastBits) {
  std::mt19937 generator(3);
  for (const double spread : {0.0, 1.0, 30.0, 1e3, 1e6}) {
    for (int round = 0; round < 50; ++round) {
      const auto result = run(random_case(generator, spread));
      const auto sum = std::accumulate(result.map.begin(), result.map.end(), 0.0);
      EXPECT_LE(std::abs(1 - sum), 4e-15) << "spread " << spread;
    }
  }
}

TEST(Cape, ProbabilityIsTheMapSummedOverPositions) {
  std::mt19937 generator(4);
  const auto input = random_case(generator, 3);
  const auto result = run(input);
  const auto n = static_cast<std::size_t>(input.positions);
  for (std::size_t c = 0; c < result.probability.size(); ++c) {
    const auto first = result.map.begin() + static_cast<std::ptrdiff_t>(c * n);
    EXPECT_DOUBLE_EQ(result.probability[c], std::accumulate(first, first + input.positions, 0.0));
  }
}

TEST(Cape, EqualLogitsShareEvenly) {
  const Case input{
      .classes = 4, .positions = 6, .scales = {}, .logits = std::vector<double>(24, 1e3)};
  for (const double share : run(input).map) EXPECT_NEAR(share, 1.0 / 24, 1e-16);
}

TEST(Cape, OneClassLeavesThePositionShares) {
  const Case input{
      .classes = 1, .positions = 2, .scales = {.t1 = 5, .t2 = std::log(2.0)}, .logits = {0, 2}};
  const auto result = run(input);
  EXPECT_NEAR(result.map[1] / result.map[0], std::exp(1.0), 1e-14);
  EXPECT_NEAR(result.probability[0], 1, 1e-15);
}

TEST(Cape, OnePositionIsTheOrdinarySoftmax) {
  const Case input{.classes = 2, .positions = 1, .scales = {.t1 = 0, .t2 = 3}, .logits = {1, 3}};
  EXPECT_NEAR(run(input).probability[1], 1 / (1 + std::exp(-2.0)), 1e-15);
}

/// A joint softmax over classes and positions is the tempting wrong reading.
TEST(Cape, IsNotOneJointSoftmax) {
  const Case input{.classes = 2, .positions = 2, .scales = {}, .logits = {2, 0, 0, 0}};
  const double joint = std::exp(2.0) / (std::exp(2.0) + 3);
  EXPECT_GT(std::abs(run(input).map[0] - joint), 0.05);
}

}  // namespace
}  // namespace cytocape
