// What a full disk leaves behind. In an executable of its own: each test forks, and no other test
// may have started a library's threads before.

#include <gtest/gtest.h>

#include <fstream>
#include <random>

#include "example_report.hpp"
#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "io/ledger.hpp"
#include "io/record.hpp"
#include "io/slide.hpp"
#include "small_disk.hpp"
#include "tests/io/example_report.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using testing::TempDir;

/// Its maps take some 1.2 MB and do not compress.
testing::ExampleRecord noisy_record() {
  auto example = testing::example_record();
  std::mt19937 random(3);
  std::uniform_real_distribution<float> share(0, 1);
  auto cell = example.cells[0];
  for (std::uint64_t i = 10; i < 36000; ++i) {
    cell.id = i;
    for (auto& value : cell.map) value = share(random);
    example.cells.push_back(cell);
  }
  return example;
}

/// Incompressible also as JPEG; some 1.5 MB with all levels.
void write_noise(const fs::path& path) {
  const auto noise = [](const Level0Rect& rect, Image& out) {
    for (int y = 0; y < out.height(); ++y) {
      for (int x = 0; x < out.width() * 3; ++x) {
        const auto at = static_cast<std::uint64_t>((rect.y + y) * 99991 + rect.x * 3 + x);
        out.row(y)[x] = static_cast<std::uint8_t>(at * 0x9E3779B97F4A7C15U >> 56);
      }
    }
  };
  write_pyramid(path, {.size = {1500, 1100}, .mpp = {1, 1}, .threads = 2}, noise);
}

/// 0 when `write` fails as it should, leaving nothing of its file; else what is wrong.
template <class Write>
int expect_failure(const fs::path& path, const char* cause, const Write& write) {
  try {
    write(path);
    return 1;
  } catch (const StorageError& error) {
    const std::string message = error.what();
    if (message.find(cause) == std::string::npos ||
        message.find(path.filename().string()) == std::string::npos) {
      std::fprintf(stderr, "unexpected: %s\n", error.what());
      return 2;
    }
  }
  return fs::is_empty(path.parent_path()) ? 0 : 3;
}

void write_noisy_record(const fs::path& path) {
  testing::write_example(path, noisy_record());
}

TEST(FullDisk, RecordFailsCleanlyFreesTheDiskAndTheNextOneIsWritten) {
  const TempDir folder;
  const int code = testing::on_small_disk(folder.path(), 600 << 10, [&] {
    for (int slide = 0; slide < 3; ++slide) {
      const int wrong =
          expect_failure(folder / "big.h5", "No space left on device", write_noisy_record);
      if (wrong != 0) return wrong;
      if (fs::space(folder.path()).free != fs::space(folder.path()).capacity) return 4;
    }
    testing::write_example(folder / "small.h5", testing::example_record());
    return read_record(folder / "small.h5").cells.size() == 10 ? 0 : 5;
  });
  if (code == testing::kNotPermitted) GTEST_SKIP() << "this system lets no process mount a disk";
  EXPECT_EQ(code, 0);
}

TEST(FullDisk, StagedFileFailsCleanlyAndTheNextOneIsWritten) {
  const TempDir folder;
  const int code = testing::on_small_disk(folder.path(), 64 << 10, [&] {
    const auto stage = [](const fs::path& path) {
      (void)stage_file(path, std::string(100'000, 'x'));
    };
    const int wrong = expect_failure(folder / "report.json", "No space left on device", stage);
    if (wrong != 0) return wrong;
    stage_file(folder / "report.json", "{}").commit();
    return fs::file_size(folder / "report.json") == 2 ? 0 : 4;
  });
  if (code == testing::kNotPermitted) GTEST_SKIP() << "this system lets no process mount a disk";
  EXPECT_EQ(code, 0);
}

TEST(FullDisk, RecordThatMayNotGrowFailsCleanlyAndTheNextOneIsWritten) {
  const TempDir folder;
  const int code = testing::with_small_files(100'000, [&] {
    const int wrong = expect_failure(folder / "big.h5", "File too large", write_noisy_record);
    if (wrong != 0) return wrong;
    testing::lift_file_limit();
    testing::write_example(folder / "small.h5", testing::example_record());
    return read_record(folder / "small.h5").cells.size() == 10 ? 0 : 5;
  });
  EXPECT_EQ(code, 0);
}

TEST(FullDisk, PyramidFailsCleanlyAndTheNextOneIsWritten) {
  const TempDir folder;
  const int code = testing::on_small_disk(folder.path(), 400 << 10, [&] {
    const int wrong = expect_failure(folder / "p.tif", "No space left on device", write_noise);
    if (wrong != 0) return wrong;
    write_pyramid(folder / "small.tif", {.size = {300, 200}, .mpp = {1, 1}},
                  [](const Level0Rect&, Image&) {});
    return Slide::open(folder / "small.tif")->info().levels.size() == 2 ? 0 : 4;
  });
  if (code == testing::kNotPermitted) GTEST_SKIP() << "this system lets no process mount a disk";
  EXPECT_EQ(code, 0);
}

TEST(FullDisk, PyramidThatMayNotGrowFailsCleanlyAndTheNextOneIsWritten) {
  const TempDir folder;
  // Above the size of the lower levels, which libvips keeps in files of its own meanwhile.
  const int code = testing::with_small_files(600'000, [&] {
    const int wrong = expect_failure(folder / "p.tif", "File too large", write_noise);
    if (wrong != 0) return wrong;
    testing::lift_file_limit();
    write_noise(folder / "p.tif");
    return Slide::open(folder / "p.tif")->info().levels.size() == 4 ? 0 : 4;
  });
  EXPECT_EQ(code, 0);
}

/// What is acknowledged is kept, what is refused is not, and the ledger goes on.
TEST(FullDisk, LedgerKeepsWhatItAcknowledgedAndGoesOn) {
  const TempDir folder;
  const LedgerDraft row{
      .at = "2026-01-02T03:04:05Z", .author = "ann", .kind = "comment", .body = R"({"text":"x"})"};
  const int code = testing::on_small_disk(folder.path(), 400 << 10, [&] {
    std::int64_t kept = 0;
    {
      const auto ledger = Ledger::open(folder / "review.sqlite", row);
      const fs::path filler = folder / "filler";
      std::ofstream(filler) << std::string((400 << 10) - (160 << 10), 'x');
      try {
        for (int i = 0; i < 10'000; ++i) kept = ledger->append(row).seq;
        return 2;
      } catch (const StorageError&) {
      }
      fs::remove(filler);
      if (ledger->append(row).seq != kept + 1) return 3;
    }
    const auto rows = Ledger::read(folder / "review.sqlite")->after(0);
    if (static_cast<std::int64_t>(rows.size()) != kept + 1) return 4;
    return check_chain(rows).empty() ? 0 : 5;
  });
  if (code == testing::kNotPermitted) GTEST_SKIP() << "this system lets no process mount a disk";
  EXPECT_EQ(code, 0);
}

}  // namespace
}  // namespace cytocape
