#include "io/vocabulary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/specimen.hpp"

namespace cytocape {
namespace {

using ::testing::ElementsAre;

/// The codes of all values, each of which must be read back as its value.
template <class Value>
std::vector<std::string> codes() {
  std::vector<std::string> found;
  for (const auto value : values_of<Value>()) {
    found.emplace_back(to_string(value));
    EXPECT_EQ(value_named<Value>(found.back()), value) << found.back();
  }
  return found;
}

// What records, manifests and cards hold: a changed code makes older files unreadable.
TEST(Vocabulary, OfSpecimensKeepsItsCodes) {
  EXPECT_THAT(codes<Specimen>(), ElementsAre("pb", "bm"));
}

TEST(Vocabulary, KnowsNoOtherCode) {
  for (const auto* code : {"", "PB", "pb ", "urine"})
    EXPECT_EQ(value_named<Specimen>(code), std::nullopt) << code;
}

TEST(Vocabulary, HasAllWordsOfEverySpecimen) {
  for (const auto specimen : values_of<Specimen>()) {
    const auto labels = labels_of(specimen);
    for (const auto* words : {labels.choice, labels.words, labels.adjective, labels.slide_name})
      EXPECT_STRNE(words, "") << labels.code;
  }
}

}  // namespace
}  // namespace cytocape
