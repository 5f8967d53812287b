#pragma once

/// Where the real slides and cells for tests are: CYTO_TEST_DATA, or shared/data beside the
/// project's folder. They are not part of the project; tests that need them are skipped without.

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

namespace cytocape::testing {

inline std::filesystem::path data_folder() {
  if (const char* given = std::getenv("CYTO_TEST_DATA")) return given;
  return std::filesystem::path(CYTOCAPE_SOURCE_DIR).parent_path() / "shared" / "data";
}

}  // namespace cytocape::testing

/// Skips the test, saying so, where `path` (under the data folder) is absent.
#define CYTOCAPE_NEEDS_DATA(path)                                               \
  if (!std::filesystem::exists(cytocape::testing::data_folder() / (path)))      \
  GTEST_SKIP() << "no " << (cytocape::testing::data_folder() / (path)).string() \
               << " here; set CYTO_TEST_DATA to the folder that holds it"
