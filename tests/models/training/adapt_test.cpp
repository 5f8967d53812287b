#include "models/training/adapt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstring>

#include "io/digest.hpp"
#include "io/errors.hpp"
#include "models/data/embedding_bank.hpp"
#include "models/data/safetensors.hpp"
#include "models/engine/classifier.hpp"
#include "tests/models/training/train_fixture.hpp"

namespace cytocape {
namespace {

using ::testing::HasSubstr;

/// Discs of another laboratory: greenish where those of the fixture are violet and red.
Image recoloured(Image image) {
  for (int y = 0; y < image.height(); ++y)
    for (int x = 0; x < image.width(); ++x) std::swap(image.row(y)[3 * x + 1], image.row(y)[3 * x]);
  return image;
}

void draw_site(const fs::path& folder, const std::string& name, bool large, int count) {
  fs::create_directories(folder / name);
  for (int i = 0; i < count; ++i)
    write_png(recoloured(draw_cell(large, static_cast<std::uint64_t>(1000 + 2 * i + large))),
              folder / name / ("site_" + std::to_string(i) + ".png"));
}

class Adapt : public Train {
 protected:
  void SetUp() override {
    Train::SetUp();
    (void)train_through(small_run(data()), out("parent"));
    draw_site(out("site"), "monocyte", true, 12);
    draw_site(out("site"), "platelet", false, 12);
  }
  [[nodiscard]] fs::path parent() const { return out("parent") / "model.safetensors"; }

  /// With the platelets' folder taken as `meaning`.
  [[nodiscard]] AdaptOptions options(const std::string& meaning = "platelet") const {
    AdaptOptions options;
    options.model = parent();
    options.cells =
        read_site_cells({.folder = out("site"),
                         .meanings = {{"monocyte", {"monocyte"}}, {"platelet", {meaning}}},
                         .groups = {},
                         .known = {"monocyte", "platelet"}});
    options.mpp = 0.5;
    options.site = "drawn elsewhere";
    options.reviewer = "a reviewer";
    options.threads = 1;
    return options;
  }
  static std::unique_ptr<Adapted> adapted(const AdaptOptions& options) {
    return adapt_model(
        options, [](const char*, std::size_t, std::size_t) {}, [] { return false; });
  }
};

std::size_t right(const Probabilities& p, const SiteCells& site) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < site.cells.size(); ++i)
    count += static_cast<int>(called_class(p.row(i))) == site.cells[i].may_be.front() ? 1U : 0U;
  return count;
}

TEST_F(Adapt, CallsHeldBackCellsOfTheLaboratoryRightly) {
  const auto asked = options();
  const auto model = adapted(asked);
  ASSERT_NE(model, nullptr);
  EXPECT_EQ(model->figures.after.cells(), 24U);
  EXPECT_GE(right(model->figures.after, asked.cells), 22U);
  EXPECT_GE(right(model->figures.after, asked.cells), right(model->figures.before, asked.cells));
}

TEST_F(Adapt, TheBackboneAndWhatIsRememberedStayByteForByte) {
  adapted(options())->save(out("new"));
  const auto before = SafetensorsFile::open(parent());
  const auto after = SafetensorsFile::open(out("new"));
  int same = 0;
  for (const auto& [name, view] : before.tensors()) {
    if (!name.starts_with("net.") && !name.starts_with("bank.")) continue;
    const auto& other = after.at(name);
    ASSERT_EQ(view.bytes.size(), other.bytes.size()) << name;
    EXPECT_EQ(std::memcmp(view.bytes.data(), other.bytes.data(), view.bytes.size()), 0) << name;
    ++same;
  }
  EXPECT_GT(same, 50);
}

TEST_F(Adapt, TheNewModelIsACapeModelOfItsSite) {
  adapted(options())->save(out("new"));
  const auto model = Classifier::load(out("new"), {.device = "cpu", .batch = 8});
  const auto& card = model->card();
  ASSERT_TRUE(card.adapted);
  EXPECT_EQ(card.adapted->parent, "discs");
  EXPECT_EQ(card.adapted->parent_sha256, sha256_of_file(parent()));
  EXPECT_EQ(card.adapted->site, "drawn elsewhere");
  EXPECT_EQ(card.adapted->reviewer, "a reviewer");
  EXPECT_EQ(card.adapted->cells, 24);
  EXPECT_EQ(card.training_data.back().name, "drawn elsewhere");
  EXPECT_THAT(card.figures_of, HasSubstr("held back"));
  EXPECT_GT(card.strange_above, 0);
  const std::vector<std::uint8_t> crop(32 * 32 * 3, 120);
  const auto maps = model->classify(crop, 1);
  double sum = 0;
  for (const double part : maps.map) sum += part;
  EXPECT_NEAR(sum, 1, 1e-9);
}

/// A program that knows shares alone must not read distances as such.
TEST_F(Adapt, StrangenessIsADistanceAndTheFileSaysSo) {
  const auto model = adapted(options());
  model->save(out("new"));
  const auto file = SafetensorsFile::open(out("new"));
  EXPECT_TRUE(file.tensors().contains("embedding.squared_residual"));
  EXPECT_FALSE(file.tensors().contains("embedding.residual"));
  EXPECT_LE(model->figures.site_after.strange * 20, model->figures.site_after.cells);
}

TEST_F(Adapt, AClassThatTheModelDoesNotKnowIsTaughtBehindItsOwn) {
  const auto asked = options("promonocyte");
  const auto model = adapted(asked);
  EXPECT_EQ(model->card.classes.size(), 3U);
  EXPECT_EQ(model->card.classes.back().name, "promonocyte");
  EXPECT_EQ(model->card.classes.back().train_images, 12);
  EXPECT_GE(right(model->figures.after, asked.cells), 20U);
  model->save(out("new"));
  EXPECT_EQ(Classifier::load(out("new"), {.device = "cpu", .batch = 8})->card().classes.size(), 3U);
}

TEST_F(Adapt, IsTheSameTwice) {
  adapted(options())->save(out("one"));
  adapted(options())->save(out("two"));
  EXPECT_TRUE(bytes_of(out("one")) == bytes_of(out("two")));
}

TEST_F(Adapt, AModelThatRemembersNothingIsRefusedWithTheRemedy) {
  const auto file = SafetensorsFile::open(parent());
  std::vector<TensorToWrite> tensors;
  for (const auto& [name, view] : file.tensors())
    if (!name.starts_with(detail::kBankPrefix))
      tensors.push_back(
          {.name = name, .dtype = view.dtype, .shape = view.shape, .bytes = view.bytes});
  write_safetensors(out("forgetful"), tensors, file.metadata());
  auto asked = options();
  asked.model = out("forgetful");
  try {
    (void)adapted(asked);
    FAIL() << "accepted";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), HasSubstr("train --finish"));
  }
  asked.bank = parent();
  EXPECT_NE(adapted(asked), nullptr);
}

TEST_F(Adapt, CellsOfOneSlideAloneAreRefused) {
  auto asked = options();
  for (auto& cell : asked.cells.cells) cell.group = 0;
  asked.cells.groups = 1;
  EXPECT_THROW((void)adapted(asked), ConfigError);
}

TEST_F(Adapt, StopsWhenItIsAsked) {
  const auto asked = options();
  EXPECT_EQ(adapt_model(
                asked, [](const char*, std::size_t, std::size_t) {}, [] { return true; }),
            nullptr);
}

}  // namespace
}  // namespace cytocape
