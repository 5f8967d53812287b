#pragma once

/// Small smears of known truth and the means to analyse them and to compare what came out.

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cstdlib>
#include <filesystem>
#include <utility>
#include <vector>

#include "io/record.hpp"
#include "pipeline/phantom/phantom.hpp"
#include "pipeline/program/model_files.hpp"
#include "pipeline/run/analyze.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape::testing {

/// Draws the smear of 2600 x 1900 px at 0.25 um/px that most tests use, and its truth beside it.
inline void draw_small_smear(const std::filesystem::path& file) {
  write_phantom({.size = {2600, 1900}, .mpp = 0.25, .seed = 11, .white_cells = 60}, file);
}

/// That smear: CTest's, which draws it once for all tests (draw_small_smear.cpp), else one that is
/// drawn once for all tests of this process.
inline const std::filesystem::path& small_smear() {
  static const TempDir folder;
  static const std::filesystem::path path = [] {
    const char* drawn = std::getenv("CYTOCAPE_TEST_SMEAR");
    if (drawn != nullptr) return std::filesystem::path(drawn);
    auto file = folder / "smear.tiff";
    draw_small_smear(file);
    return file;
  }();
  return path;
}

inline AnalyzeRequest request_for(std::vector<std::filesystem::path> slides,
                                  const std::filesystem::path& out,
                                  std::vector<std::string> settings = {}) {
  settings.push_back("run.device=cpu");
  settings.push_back("run.precision=float32");
  AnalyzeRequest request;
  for (auto& slide : slides) request.slides.push_back({.path = std::move(slide)});
  request.model = resolve_model("demo");
  request.specimen = Specimen::blood;
  request.config = load_analyze_config("", settings);
  request.out = out;
  request.quiet = true;
  request.command = "test";
  return request;
}

inline AnalyzeOutcome run(const AnalyzeRequest& request) {
  const std::atomic<bool> stop{false};
  return analyze(request, stop);
}

/// Analyses one slide and reads its record back.
inline Record analyse_one(const std::filesystem::path& slide,
                          std::vector<std::string> settings = {}) {
  const TempDir out;
  const auto outcome = run(request_for({slide}, out.path(), std::move(settings)));
  EXPECT_EQ(outcome.slides.size(), 1U);
  EXPECT_FALSE(outcome.slides.front().folder.empty()) << outcome.slides.front().reasons.front();
  return read_record(outcome.slides.front().folder / "report.h5");
}

/// Bit for bit, NaN equal to NaN.
inline bool same_bits(double a, double b) {
  return std::bit_cast<std::uint64_t>(a) == std::bit_cast<std::uint64_t>(b);
}

inline void expect_same_place(const CellRow& a, const CellRow& b) {
  EXPECT_TRUE(same_bits(a.centre.x, b.centre.x) && same_bits(a.centre.y, b.centre.y))
      << "(" << a.centre.x << ", " << a.centre.y << ") and (" << b.centre.x << ", " << b.centre.y
      << ")";
  EXPECT_EQ(a.box, b.box);
  EXPECT_TRUE(same_bits(a.nucleus_um2, b.nucleus_um2));
  EXPECT_TRUE(same_bits(a.focus, b.focus));
  EXPECT_EQ(a.outcome, b.outcome);
  EXPECT_EQ(reason_of(a), reason_of(b));
}

/// The same cells, called alike, in whatever order: blocks give them their own.
inline void expect_same_cells(std::vector<CellRow> one, std::vector<CellRow> other) {
  ASSERT_EQ(one.size(), other.size());
  const auto by_place = [](const CellRow& a, const CellRow& b) {
    return std::pair(a.centre.y, a.centre.x) < std::pair(b.centre.y, b.centre.x);
  };
  std::sort(one.begin(), one.end(), by_place);
  std::sort(other.begin(), other.end(), by_place);
  for (std::size_t i = 0; i < one.size(); ++i) {
    expect_same_place(one[i], other[i]);
    EXPECT_EQ(one[i].class_index, other[i].class_index);
  }
}

}  // namespace cytocape::testing
