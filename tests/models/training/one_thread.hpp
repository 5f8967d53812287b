#pragma once

#include <gtest/gtest.h>

#include "models/engine/classifier.hpp"

namespace cytocape::testing {

/// LibTorch's own threads spin where tests run side by side and make them many times slower.
class OneThread : public ::testing::Environment {
 public:
  void SetUp() override { configure_inference_threads(); }
};

inline const ::testing::Environment* const kOneThread =
    ::testing::AddGlobalTestEnvironment(new OneThread);

}  // namespace cytocape::testing
