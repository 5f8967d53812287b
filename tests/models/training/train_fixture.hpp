#pragma once

/// Drawn cells of two classes, and short trainings on them.

#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "io/image_codec.hpp"
#include "io/random.hpp"
#include "models/training/train.hpp"
#include "pipeline/pages/training_curves.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {

namespace fs = std::filesystem;

/// A speckled background with a disc: large and violet, or small and red.
inline Image draw_cell(bool large, std::uint64_t seed) {
  detail::SplitMix64 random(seed);
  Image image(48, 44, {230, 215, 220});
  const double radius = large ? 13 : 6;
  const double centre_x = 24 + random.uniform(-2, 2);
  const double centre_y = 22 + random.uniform(-2, 2);
  for (int y = 0; y < image.height(); ++y) {
    for (int x = 0; x < image.width(); ++x) {
      const double dx = x + 0.5 - centre_x;
      const double dy = y + 0.5 - centre_y;
      auto* pixel = image.row(y) + 3 * x;
      if (dx * dx + dy * dy < radius * radius) {
        pixel[0] = large ? 110 : 200;
        pixel[1] = 60;
        pixel[2] = large ? 160 : 70;
      }
      pixel[1] = static_cast<std::uint8_t>(pixel[1] + random.below(20));
    }
  }
  return image;
}

/// Cells of other `first` numbers are other cells.
inline void draw_cells(const fs::path& folder, int count, int first = 0) {
  for (const bool large : {true, false}) {
    const fs::path of_class = folder / (large ? "monocyte" : "platelet");
    fs::create_directories(of_class);
    for (int i = 0; i < count; ++i) {
      write_png(draw_cell(large, static_cast<std::uint64_t>(2 * (first + i) + large)),
                of_class / ("cell_" + std::to_string(i) + ".png"));
    }
  }
}

inline TrainOptions small_run(const fs::path& data) {
  TrainOptions options;
  options.name = "discs";
  options.data = data;
  options.data_mpp = 0.5;
  options.crop_px = 36;
  options.input_px = 32;
  // Two million weights instead of eleven: most tests look at files, not at what is learnt.
  options.backbone = "mobilenet_v2";
  options.backbone_lr = 1e-3;
  options.epochs = 3;
  options.batch = 8;
  options.warmup_epochs = 0.5;
  options.validation_share = 0.25;
  options.threads = 1;
  options.specimens = {Specimen::blood};
  options.sources = {{.name = "drawn", .citation = "", .licence = "", .images = 0}};
  options.limits = "a test";
  options.appearance.on = false;  // colour is half of what tells the discs apart
  options.draw_history = curves_html;
  return options;
}

inline ModelCard train_through(const TrainOptions& options, const fs::path& out) {
  return train_model(
      options, out, [](const EpochReport&) {}, [] { return false; });
}

inline std::string bytes_of(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::ostringstream content;
  content << stream.rdbuf();
  return content.str();
}

/// Stops before the given step of the whole run, counted from 0.
inline ModelCard train_until(const TrainOptions& options, const fs::path& out, int step) {
  int asked = 0;
  return train_model(
      options, out, [](const EpochReport&) {}, [&] { return asked++ == step; });
}

class Train : public ::testing::Test {
 protected:
  void SetUp() override { draw_cells(data(), 16); }
  [[nodiscard]] fs::path data() const { return folder_ / "cells"; }
  [[nodiscard]] fs::path out(const std::string& name) const { return folder_ / name; }

 private:
  testing::TempDir folder_;
};

}  // namespace cytocape
