#include "io/json_fault.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cytocape {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

std::string nested(int levels, const std::string& open, const std::string& close) {
  std::string text;
  for (int i = 0; i < levels; ++i) text += open;
  text += "1";
  for (int i = 0; i < levels; ++i) text += close;
  return text;
}

TEST(JsonFault, IsEmptyWhereNothingIsWrong) {
  EXPECT_EQ(json_fault(R"({"a": [1, -2, 0.5, null, true, "x"], "b": {"a": {}}})"), "");
  EXPECT_EQ(json_fault(nested(64, "[", "]")), "");
}

TEST(JsonFault, DeepNestingIsFoundWithoutGoingThere) {
  for (const auto levels : {65, 1'000'000}) {
    EXPECT_THAT(json_fault(nested(levels, "[", "]")), HasSubstr("nested too deeply"));
    EXPECT_THAT(json_fault(nested(levels, "{\"a\":", "}")), HasSubstr("more than 64 levels"));
  }
}

TEST(JsonFault, AKeyTwiceInOneObjectIsAFaultAndInTwoIsNone) {
  EXPECT_THAT(json_fault(R"({"b": 1, "a": {"b": 1, "b": 2}})"), HasSubstr("\"b\" occurs twice"));
  EXPECT_EQ(json_fault(R"({"b": 1, "a": [{"b": 1}, {"b": 2}]})"), "");
}

TEST(JsonFault, MoreValuesThanTheLimitAreAFault) {
  EXPECT_EQ(json_fault("[1, 2, 3]", {.values = 4}), "");
  EXPECT_THAT(json_fault("[1, 2, 3, 4]", {.values = 4}), HasSubstr("more than 4 values"));
}

TEST(JsonFault, WhatIsNoJsonIsQuotedShortly) {
  EXPECT_THAT(json_fault("{"), StartsWith("is not JSON ("));
  const auto fault = json_fault("\"" + std::string(1'000'000, 'x'));
  EXPECT_THAT(fault, StartsWith("is not JSON ("));
  EXPECT_LT(fault.size(), 300U);
}

}  // namespace
}  // namespace cytocape
