/// `analyze` on real files, through the program as a user runs it where exit codes matter.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <thread>

#include "io/image_codec.hpp"
#include "io/slide.hpp"
#include "models/data/safetensors.hpp"
#include "pipeline/case/quality.hpp"
#include "pipeline/program/exit_code.hpp"
#include "pipeline/program/model_files.hpp"
#include "pipeline/settings/taxonomy.hpp"
#include "tests/pipeline/smear.hpp"
#include "tests/support/test_data.hpp"

namespace cytocape {
namespace {

using ::testing::HasSubstr;
using testing::TempDir;

struct Ran {
  int exit_code = -1;
  std::string out;
};

/// Runs the program with `arguments` through the shell; stderr is left to the test's log.
Ran run_program(const std::string& arguments) {
  const std::string command = std::string(CYTOCAPE_PROGRAM) + " " + arguments;
  Ran ran;
  FILE* pipe = popen(command.c_str(), "r");
  if (pipe == nullptr) return ran;
  std::array<char, 4096> buffer{};
  while (const auto count = fread(buffer.data(), 1, buffer.size(), pipe))
    ran.out.append(buffer.data(), count);
  const int status = pclose(pipe);
  ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

std::string quoted(const std::filesystem::path& path) {
  return "'" + path.string() + "'";
}

TEST(RealInput, EveryBrokenSlideIsNamedAndTheOthersAreDone) {
  CYTOCAPE_NEEDS_DATA("slides/unopenable.tiff");
  const TempDir out;
  const auto slides = testing::data_folder() / "slides";
  std::vector<std::filesystem::path> broken = {slides / "unopenable.tiff",
                                               slides / "not-a-tiff.svs",
                                               slides / "jpeg2000-no-mpp.svs", out / "absent.svs"};
  for (const auto& entry : std::filesystem::directory_iterator(slides / "broken-mirax"))
    if (entry.path().extension() == ".mrxs") broken.push_back(entry.path());
  std::string arguments = "analyze";
  for (const auto& path : broken) arguments += " " + quoted(path);
  arguments += " " + quoted(testing::small_smear());
  const auto ran = run_program(arguments + " --model demo --specimen pb --json --quiet --out " +
                               quoted(out / "reports"));
  EXPECT_EQ(ran.exit_code, kExitFailed);
  const auto summary = nlohmann::json::parse(ran.out);
  ASSERT_EQ(summary["slides"].size(), broken.size() + 1);
  for (std::size_t i = 0; i < broken.size(); ++i) {
    const auto& slide = summary["slides"][i];
    EXPECT_EQ(slide["status"], "failed") << broken[i];
    const auto reason = slide["reasons"][0].get<std::string>();
    EXPECT_THAT(reason, HasSubstr(broken[i].filename().string()));
    EXPECT_EQ(reason.find('\n'), std::string::npos) << reason;
  }
  EXPECT_TRUE(std::filesystem::exists(out / "reports/smear/report.h5"));
}

TEST(RealInput, SmearFieldsArePlainImages) {
  CYTOCAPE_NEEDS_DATA("fields/bccd/images");
  const TempDir out;
  std::vector<std::filesystem::path> fields;
  for (const auto& entry :
       std::filesystem::directory_iterator(testing::data_folder() / "fields/bccd/images"))
    fields.push_back(entry.path());
  std::sort(fields.begin(), fields.end());
  fields.resize(6);
  std::string arguments = "analyze";
  for (const auto& field : fields) arguments += " " + quoted(field);
  const auto tail = " --model pb --specimen pb --json --quiet --out " + quoted(out.path());

  const auto without = run_program(arguments + tail);
  EXPECT_EQ(without.exit_code, kExitFailed);
  EXPECT_THAT(without.out, HasSubstr("slide.mpp"));

  const auto ran = run_program(arguments + " --set slide.mpp=0.075" + tail);
  EXPECT_EQ(ran.exit_code, kExitInsufficient) << "a field has too few cells for a grade";
  std::uint64_t cells = 0;
  const auto summary = nlohmann::json::parse(ran.out);
  for (const auto& slide : summary["slides"]) cells += slide["cells_located"].get<std::uint64_t>();
  EXPECT_GE(cells, fields.size() - 1);
}

ModelCard card_of(const std::string& model) {
  const auto path = resolve_model(model);
  return card_from_json(SafetensorsFile::open(path).metadata().at("cytocape.card"), path.string());
}

/// Over the cells that the network saw.
double strange_share(const Record& record, const ModelCard& card) {
  double seen = 0;
  double strange = 0;
  for (const auto& cell : record.cells) {
    EXPECT_EQ(std::isnan(cell.strangeness), cell.probability.empty());
    if (std::isnan(cell.strangeness)) continue;
    ++seen;
    if (cell.strangeness > card.strange_above) ++strange;
  }
  return strange / seen;
}

/// A part of it, which holds some hundred nuclei, as a picture of 0.499 um/px.
std::filesystem::path part_of_histology(const TempDir& folder) {
  const auto slide = Slide::open(testing::data_folder() / "slides/CMU-1-Small-Region.svs");
  auto picture = folder / "histology.png";
  write_png(slide->read(0, {600, 800, 1000, 1000}), picture);
  return picture;
}

/// The finder takes its nuclei for cells.
TEST(RealInput, HistologyIsInsufficientAndStrangeToBothModels) {
  CYTOCAPE_NEEDS_DATA("slides/CMU-1-Small-Region.svs");
  const TempDir folder;
  const auto picture = part_of_histology(folder);
  for (const std::string model : {"pb", "bm"}) {
    const TempDir out;
    const auto ran =
        run_program("analyze " + quoted(picture) + " --set slide.mpp=0.499 --model " + model +
                    " --specimen " + model + " --json --quiet --out " + quoted(out.path()));
    EXPECT_EQ(ran.exit_code, kExitInsufficient) << ran.out;
    const auto slide = nlohmann::json::parse(ran.out)["slides"][0];
    EXPECT_EQ(slide["status"], "insufficient");
    const auto record = read_record(out / "histology/report.h5");
    const auto card = card_of(model);
    const double share = strange_share(record, card);
    RecordProperty("strange_share_" + model, std::to_string(share));
    EXPECT_GT(share, card.strange_share_limit) << model;
    const auto& checks = record.report.quality;
    const auto check = std::find_if(checks.begin(), checks.end(), [](const auto& one) {
      return one.rule == QualityRule::strange_cells;
    });
    ASSERT_NE(check, checks.end());
    EXPECT_EQ(check->verdict, QualityCheck::Verdict::failed);
    EXPECT_DOUBLE_EQ(check->value.value_or(0), 100 * share);
    EXPECT_THAT(record.report.status_reasons, ::testing::Contains(describe(*check)));
    EXPECT_THAT(slide["counts_withheld"].get<std::string>(), HasSubstr(card.name));
  }
}

std::map<std::string, double> group_percentages(const std::map<std::string, std::int64_t>& counts) {
  std::map<std::string, double> groups;
  double sum = 0;
  for (const auto& [name, count] : counts) {
    groups[cell_class(name).group] += static_cast<double>(count);
    sum += static_cast<double>(count);
  }
  for (auto& [name, value] : groups) value *= 100 / sum;
  return groups;
}

// None of these cells is among those that the shipped model has learnt.
TEST(RealInput, ASmearOfRealCellsHasItsTrueDifferential) {
  CYTOCAPE_NEEDS_DATA("cells/pbc");
  const TempDir folder;
  PhantomOptions options{.size = {14000, 11000}, .mpp = 0.1, .seed = 21, .white_cells = 200};
  options.touching = 0;
  options.smudged = 0;
  options.blur = 0;
  options.source = PhantomSource{
      .folder = testing::data_folder() / "cells/pbc",
      .mpp = 0.1,
      .list = std::filesystem::path(CYTOCAPE_SOURCE_DIR) / "configs/models/pb.validation.txt"};
  const auto truth = write_phantom(options, folder / "real.tiff");
  auto request = testing::request_for({truth.slide}, folder / "out");
  request.model = resolve_model("pb");
  const auto outcome = testing::run(request);
  ASSERT_EQ(outcome.slides.size(), 1U);
  EXPECT_EQ(outcome.slides[0].status, Status::ok) << outcome.slides[0].reasons.front();
  const auto record = read_record(outcome.slides[0].folder / "report.h5");

  const auto card = card_of("pb");
  EXPECT_LT(strange_share(record, card), card.strange_share_limit);

  std::map<std::string, std::int64_t> true_counts;
  std::map<std::string, std::int64_t> called_counts;
  int lost = 0;
  int twice = 0;
  std::vector<bool> claimed(record.cells.size());
  for (const auto& cell : truth.cells) {
    if (!cell.nucleated) continue;
    ++true_counts[cell.class_code];
    int hits = 0;
    for (std::size_t i = 0; i < record.cells.size(); ++i) {
      const auto& found = record.cells[i].centre;
      if (std::hypot(found.x - cell.centre.x, found.y - cell.centre.y) * options.mpp > 6) continue;
      ++hits;
      claimed[i] = true;
    }
    lost += hits == 0 ? 1 : 0;
    twice += hits > 1 ? 1 : 0;
  }
  EXPECT_EQ(lost, 0);
  EXPECT_EQ(twice, 0);
  int unidentified = 0;
  for (std::size_t i = 0; i < record.cells.size(); ++i) {
    const auto& cell = record.cells[i];
    if (cell.exclusion == Exclusion::unidentified) {
      ++unidentified;
      continue;
    }
    ASSERT_EQ(cell.outcome, CellOutcome::classified);
    const auto& called = record.report.model.classes[static_cast<std::size_t>(cell.class_index)];
    if (claimed[i])
      ++called_counts[called];
    else
      EXPECT_EQ(called, "platelet")
          << "no nucleated cell at " << cell.centre.x << ", " << cell.centre.y;
  }
  EXPECT_LE(unidentified, 10) << "of 200: one in fifty of the rightly called lies below, and some";
  const auto expected = group_percentages(true_counts);
  auto found = group_percentages(called_counts);
  for (const auto* group : {"neutrophil", "eosinophil", "basophil", "lymphocyte", "monocyte",
                            "immature granulocyte", "erythroblast", "platelet"}) {
    const auto truth_of_group = expected.contains(group) ? expected.at(group) : 0.0;
    EXPECT_NEAR(found[group], truth_of_group, 3.0) << group;
  }
}

/// Neither a report, whole or half, nor a lock: at most what a folder tells of all its slides.
bool has_no_report(const std::filesystem::path& out) {
  for (const auto& entry : std::filesystem::directory_iterator(out))
    if (entry.path().filename().string().starts_with('.') ||
        (entry.is_directory() && entry.path().filename() != "journal"))
      return false;
  return true;
}

TEST(RealInput, CtrlCEndsWithoutAHalfReport) {
  const TempDir folder;
  const auto out = folder / "out";
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    execl(CYTOCAPE_PROGRAM, "cytocape", "analyze", testing::small_smear().c_str(), "--model",
          "demo", "--specimen", "pb", "--threads", "1", "--quiet", "--set", "blocks.tiles=1",
          "--out", out.c_str(), nullptr);
    _exit(127);
  }
  // The lock appears when all has been checked: the slide is then about to start.
  for (int i = 0; i < 3000 && !std::filesystem::exists(out / ".smear.lock"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const auto asked = std::chrono::steady_clock::now();
  kill(child, SIGINT);
  int status = 0;
  waitpid(child, &status, 0);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - asked;
  RecordProperty("seconds_to_end", std::to_string(took.count()));
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), kExitInterrupted);
  EXPECT_TRUE(has_no_report(out)) << "a half report or a lock was left";
}

TEST(RealInput, AFullDiskLeavesNoHalfReport) {
  const TempDir folder;
  const auto out = folder / "out";
  std::filesystem::create_directories(out);
  // Files may not grow beyond 16 KiB; with the signal ignored, writing fails as on a full disk.
  const std::string arguments = "analyze " + quoted(testing::small_smear()) +
                                " --model demo --specimen pb --json --quiet --out " + quoted(out);
  const std::string command = "trap '' XFSZ; ulimit -f 16; " + std::string(CYTOCAPE_PROGRAM) + " " +
                              arguments + " > /dev/null";
  const int status = std::system(("bash -c \"" + command + "\"").c_str());
  EXPECT_EQ(WEXITSTATUS(status), kExitFailed);
  EXPECT_TRUE(has_no_report(out)) << "a half report or a lock was left";
}

TEST(RealInput, WrongUsageStartsNothing) {
  const TempDir out;
  const auto slide = quoted(testing::small_smear());
  const auto tail = " --quiet --out " + quoted(out / "reports") + " 2>/dev/null";
  for (const auto& arguments :
       {"analyze " + slide + " --model demo --specimen blood" + tail,
        "analyze " + slide + " --model nosuch --specimen pb" + tail,
        "analyze " + slide + " --model demo --specimen pb --set slide.mp=1" + tail,
        "analyze " + slide + " --model demo --specimen pb --device cuda:99" + tail,
        "analyze --model demo --specimen pb" + tail, std::string("frobnicate 2>/dev/null")}) {
    EXPECT_EQ(run_program(arguments).exit_code, kExitUsage) << arguments;
  }
  EXPECT_FALSE(std::filesystem::exists(out / "reports"));
}

}  // namespace
}  // namespace cytocape
