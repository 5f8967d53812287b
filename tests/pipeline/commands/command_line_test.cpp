/// The program as a user types it: what it says, where, and with which exit code.

#include "pipeline/commands/command_line.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <sstream>

#include "pipeline/program/exit_code.hpp"
#include "tests/pipeline/commands/short_training.hpp"
#include "tests/pipeline/flat_model.hpp"
#include "tests/pipeline/smear.hpp"
#include "tests/support/file_text.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;
using testing::TempDir;
using testing::text_of;

struct Ran {
  int exit_code = -1;
  std::string out;
  std::string err;
};

Ran run_program(const std::string& arguments) {
  const TempDir folder;
  const std::string command = std::string(CYTOCAPE_PROGRAM) + " " + arguments + " >" +
                              (folder / "out").string() + " 2>" + (folder / "err").string();
  const int status = std::system(command.c_str());
  return {.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1,
          .out = text_of(folder / "out"),
          .err = text_of(folder / "err")};
}

std::string smear() {
  return testing::small_smear().string();
}

std::size_t widest(const std::string& text) {
  std::istringstream lines(text);
  std::size_t most = 0;
  for (std::string line; std::getline(lines, line);) most = std::max(most, line.size());
  return most;
}

std::ptrdiff_t lines_of(const std::string& text) {
  return std::count(text.begin(), text.end(), '\n');
}

TEST(CommandLine, NamesThatTurnTheDirectionOfReadingDoNotReachTheTerminal) {
  const TempDir folder;
  const auto slide = folder / "16\u202e4.png";
  std::ofstream(slide) << "no picture";
  const auto given = slide.string();
  const auto out = (folder / "out").string();
  for (const auto& arguments :
       {fmt::format("inspect '{}'", given),
        fmt::format("explain demo '{}' --mpp 0.1 --out {}", given, out),
        fmt::format("analyze '{}' --model demo --specimen pb --out {}", given, out)}) {
    const auto ran = run_program(arguments);
    EXPECT_NE(ran.exit_code, kExitOk) << arguments;
    EXPECT_THAT(ran.out + ran.err, AllOf(HasSubstr("16\ufffd4.png"), Not(HasSubstr("\u202e"))))
        << arguments;
  }
}

TEST(CommandLine, CountsOfASlideWhoseCellsAreStrangeAreWithheldWithTheReason) {
  const TempDir folder;
  testing::write_flat_model({.classes = {"monocyte", "lymphocyte"},
                             .cape = {4, 0},
                             .ordinary = {4, 0},
                             .strange_above = 1e-9},
                            folder / "flat.safetensors");
  const auto out = (folder / "out").string();
  const auto arguments = fmt::format("analyze {} --specimen pb --model {} --out {} --overwrite",
                                     smear(), (folder / "flat.safetensors").string(), out);
  const auto shown = run_program(arguments);
  EXPECT_EQ(shown.exit_code, kExitInsufficient) << shown.err;
  EXPECT_THAT(shown.out, AllOf(HasSubstr("counts by class withheld: 100.0 % of its cells"),
                               Not(HasSubstr("(95 %"))));
  const auto summary = nlohmann::json::parse(run_program(arguments + " --json").out);
  EXPECT_TRUE(summary["slides"][0]["counts"].is_null());
  EXPECT_THAT(summary["slides"][0]["counts_withheld"].get<std::string>(),
              HasSubstr("percentages would mislead"));
  EXPECT_GT(summary["slides"][0]["counted"], 0);
  const auto record = out + "/smear/report.h5";
  EXPECT_THAT(run_program("inspect " + record).out,
              AllOf(HasSubstr("counts by class withheld"), Not(HasSubstr("(95 %"))));
  EXPECT_EQ(read_record(record).report.differential[0].fraction, 1.0);
}

TEST(CommandLine, EvaluateOfASlideThatFailedExitsAsAnalyzeDoes) {
  const TempDir folder;
  for (const auto& entry : fs::directory_iterator(fs::path(smear()).parent_path()))
    if (entry.path().extension() != ".tiff")
      fs::copy(entry.path(), folder / entry.path().filename().string());
  std::ofstream(folder / "smear.tiff") << "no picture";
  const auto ran =
      run_program(fmt::format("evaluate demo {} --quiet --out {}", (folder / "smear.tiff").string(),
                              (folder / "out").string()));
  EXPECT_EQ(ran.exit_code, kExitFailed) << ran.err;
}

/// A folder with the smear as case C-17, analysed as often as asked.
class OneCase : public ::testing::Test {
 protected:
  Ran analyze(const std::string& rows, const std::string& more = "") {
    std::ofstream(folder_ / "labs.csv") << "case,item,value,unit\n" << rows;
    std::ofstream(folder_ / "night.csv") << "slide,case\n" << smear() << ",C-17\n";
    return run_program("analyze --manifest " + (folder_ / "night.csv").string() + " --labs " +
                       (folder_ / "labs.csv").string() + " --model demo --specimen pb" +
                       " --set counting.min_leukocytes_pb=10 --out " + out().string() + " " + more);
  }
  [[nodiscard]] fs::path out() const { return folder_ / "out"; }
  TempDir folder_;
};

TEST(Usage, AnUnknownOptionIsNamedBeforeWhatIsMissingBecauseOfIt) {
  const auto ran = run_program("analyze " + smear() + " --modle pb --specimen pb");
  EXPECT_EQ(ran.exit_code, kExitUsage);
  EXPECT_THAT(ran.err, StartsWith("cytocape: analyze: unknown option --modle; did you mean "
                                  "--model?"));
  EXPECT_THAT(run_program("analyze x --lab=y").err, HasSubstr("--lab; did you mean --labs?"));
  EXPECT_THAT(run_program("doctor --frob").err, HasSubstr("unknown option --frob\n"));
}

TEST(Usage, AnUnknownCommandIsNamed) {
  const auto ran = run_program("anlayze " + smear());
  EXPECT_EQ(ran.exit_code, kExitUsage);
  EXPECT_THAT(ran.err, StartsWith("cytocape: unknown command anlayze; did you mean analyze?"));
  EXPECT_THAT(run_program("frobnicate").err, HasSubstr("there are analyze, report"));
  EXPECT_THAT(run_program("").err, StartsWith("cytocape: no command given"));
}

TEST(Usage, WhatIsMissingIsSaidToBeMissing) {
  EXPECT_THAT(run_program("analyze x.tiff").err, HasSubstr("--model is missing: Model file"));
  const TempDir folder;
  testing::write_flat_model({.classes = {"monocyte", "blast"},
                             .cape = {4, 0},
                             .ordinary = {4, 0},
                             .specimens = {"pb", "bm"}},
                            folder / "both.safetensors");
  const auto ran =
      run_program("analyze " + smear() + " --model " + (folder / "both.safetensors").string() +
                  " --out " + (folder / "out").string());
  EXPECT_EQ(ran.exit_code, kExitUsage);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("--specimen is missing"), HasSubstr("pb")));
}

TEST(Usage, TheSpecimenIsTheOnlyOneOfTheModel) {
  const TempDir folder;
  const auto ran =
      run_program("analyze " + smear() + " --model demo --json --out " + (folder / "out").string());
  EXPECT_EQ(nlohmann::json::parse(ran.out)["exit_code"], ran.exit_code) << ran.err;
  EXPECT_EQ(read_record(folder / "out/smear/report.h5").report.specimen, Specimen::blood);
}

TEST(Usage, AnUnknownSpecimenIsNamedWithThoseThereAre) {
  const auto ran = run_program("analyze " + smear() + " --model demo --specimen blood");
  EXPECT_EQ(ran.exit_code, kExitUsage);
  EXPECT_THAT(ran.err,
              HasSubstr("--specimen blood: expected pb (peripheral blood) or bm (marrow)"));
}

TEST(Usage, HelpAndVersionAreNoErrors) {
  EXPECT_EQ(run_program("analyze --help").exit_code, kExitOk);
  EXPECT_EQ(run_program("--version").exit_code, kExitOk);
}

TEST(Usage, HelpFitsATerminal) {
  EXPECT_LE(widest(run_program("--help").out), 80U);
  for (const auto& command : kCommands)
    EXPECT_LE(widest(run_program(std::string(command.name) + " --help").out), 80U) << command.name;
}

TEST(Usage, SourcesOfATrainingAreNamedWithTheirPixelSize) {
  const TempDir folder;
  std::ofstream(folder / "train.toml") << "name = \"two\"\ndata.mpp = 0.1\ndata.crop_px = 80\n";
  fs::create_directories(folder / "cells");
  const auto refusal = [&](const std::string& data) {
    const auto ran = run_program(fmt::format("train --config {0}/train.toml --out {0}/out {1}",
                                             folder.path().string(), data));
    EXPECT_EQ(ran.exit_code, kExitUsage);
    return ran.err;
  };
  const auto cells = (folder / "cells").string();
  EXPECT_THAT(refusal("--data a=" + cells),
              HasSubstr("the pixel size is missing: give a=FOLDER:mpp"));
  EXPECT_THAT(refusal("--data a=" + cells + ":wide"), HasSubstr("\"wide\" is no pixel size"));
  EXPECT_THAT(refusal("--data a=x:0.1 --data a=y:0.1"), HasSubstr("a is given twice"));
  EXPECT_THAT(refusal(fmt::format("--data {0} --data a={0}:0.1", cells)),
              HasSubstr("it has no name beside others"));
  EXPECT_THAT(refusal("--data 'a b=x:0.1'"), HasSubstr("letters, digits, hyphens"));
}

TEST(Usage, NumbersThatAreNoneAreRefused) {
  for (const char* arguments :
       {"evaluate demo . --mpp nan", "explain demo x.png --mpp nan", "inspect x --mpp 0.25 nan",
        "phantom --out /dev/null/x.tiff --mpp nan"}) {
    const auto ran = run_program(arguments);
    EXPECT_EQ(ran.exit_code, kExitUsage) << arguments;
    EXPECT_THAT(ran.err, HasSubstr("--mpp: nan is not a finite number")) << arguments;
  }
  EXPECT_THAT(run_program("explain demo x.png --mpp 0.1 --at nan,nan").err,
              HasSubstr("--at nan,nan: expected the cell's middle"));
}

TEST(Usage, ErrorsNameWhatTheUserTyped) {
  for (const char* command : {"evaluate", "explain"}) {
    const auto absent = run_program(std::string(command) + " nosuch . --mpp 0.1");
    EXPECT_THAT(absent.err, AllOf(HasSubstr("model nosuch: no such file"), Not(HasSubstr("--"))));
    const auto mistyped = run_program(std::string(command) + " demo . --mpp 0.1 --precision fast");
    EXPECT_THAT(mistyped.err, HasSubstr("--precision: fast not in"));
  }
  EXPECT_THAT(run_program("analyze x.tiff --specimen pb --model nosuch").err,
              HasSubstr("--model nosuch: no such file"));
}

/// A folder with drawn cells of two classes.
class DrawnCells : public ::testing::Test {
 protected:
  DrawnCells() {
    write_cell_images({.per_class = 2,
                       .edge_px = 300,
                       .mpp = 0.1,
                       .seed = 5,
                       .classes = {"monocyte", "lymphocyte"}},
                      folder_ / "cells");
  }
  TempDir folder_;
};

TEST_F(DrawnCells, EvaluateRecordsTheCommandThatRepeatsIt) {
  fs::rename(folder_ / "cells", folder_ / "it's here");
  const auto arguments = "evaluate demo '" + (folder_ / "it'\\''s here").string() +
                         "' --mpp 0.1 --map lymphocyte=monocyte --no-explanations" +
                         " --precision float32 --quiet --out " + (folder_ / "out").string();
  const auto ran = run_program(arguments);
  ASSERT_EQ(ran.exit_code, kExitOk) << ran.err;
  const auto json = nlohmann::json::parse(text_of(folder_ / "out/evaluation.json"));
  EXPECT_EQ(json["run"]["command"], "cytocape " + arguments);
}

TEST_F(DrawnCells, ExplanationFitsATerminalAndSaysWhatIsMirrored) {
  // The crop is larger than the picture, which would be 24 um wide.
  const auto picture = (folder_ / "cells/monocyte/monocyte_00001.png").string();
  const auto ran =
      run_program("explain demo " + picture + " --mpp 0.08 --out " + (folder_ / "out").string());
  ASSERT_EQ(ran.exit_code, kExitOk) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("The image does not fill the crop: "));
  const auto table = ran.out.substr(ran.out.find('\n') + 1);
  EXPECT_LE(widest(table.substr(0, table.find("page: "))), 80U) << table;
}

TEST(Usage, ALaboratoryFileThatCannotBeReadStartsNothing) {
  const TempDir folder;
  const auto ran =
      run_program("analyze " + smear() + " --model demo --specimen pb --labs " +
                  (folder / "nosuch.csv").string() + " --out " + (folder / "out").string());
  EXPECT_EQ(ran.exit_code, kExitUsage);
  EXPECT_THAT(ran.err, AllOf(HasSubstr("nosuch.csv"), HasSubstr("check the path")));
  EXPECT_FALSE(fs::exists(folder / "out"));
}

TEST_F(OneCase, ValuesOfNoSlideStartNothing) {
  for (const auto* rows : {"C-99,sex,male,\n", "c-17,sex,male,\n", ""}) {
    const auto ran = analyze(rows);
    EXPECT_EQ(ran.exit_code, kExitUsage) << rows;
    EXPECT_THAT(ran.err, HasSubstr("cases of the slides: C-17")) << rows;
  }
  EXPECT_FALSE(fs::exists(out()));
}

TEST_F(OneCase, ValuesWithoutASlideAreSaidBeforeAndAfter) {
  const auto ran = analyze("C-17,sex,male,\nC-18,sex,male,\n");
  EXPECT_EQ(ran.exit_code, kExitOk);
  const auto first = ran.err.find("values without a slide: C-18");
  ASSERT_NE(first, std::string::npos) << ran.err;
  EXPECT_NE(ran.err.find("values without a slide: C-18", first + 1), std::string::npos);
}

TEST_F(OneCase, ResultsFitATerminalAndNameEachEditionOnce) {
  const auto ran = analyze("C-17,sex,male,\n");
  EXPECT_THAT(ran.err, Not(HasSubstr("cytocape: ")));
  EXPECT_THAT(ran.out, AllOf(HasSubstr("  By WHO 2022 "), Not(HasSubstr("WHO 2022: By WHO 2022"))));
  // The report's path is not broken: it is there to be copied.
  EXPECT_LE(widest(ran.out.substr(0, ran.out.find("  report: "))), 80U);
}

TEST_F(OneCase, InspectShowsAScreenOfARecord) {
  ASSERT_EQ(analyze("C-17,sex,male,\n").exit_code, kExitOk);
  const auto ran = run_program("inspect " + (out() / "smear/report.h5").string());
  EXPECT_EQ(ran.exit_code, kExitOk);
  EXPECT_THAT(
      ran.out,
      AllOf(HasSubstr("case      C-17\n"), HasSubstr("status    ok\n"), HasSubstr("model     demo"),
            HasSubstr("located: classified"), HasSubstr("(95 % "), HasSubstr("sum: monocytes"),
            HasSubstr("WHO 2022: "), HasSubstr("By ICC 2022 "), HasSubstr("Research Use Only")));
  EXPECT_LT(lines_of(ran.out), 40) << ran.out;
}

TEST_F(OneCase, InspectGivesWhatTheRecordHoldsAsJson) {
  ASSERT_EQ(analyze("C-17,sex,male,\n").exit_code, kExitOk);
  const auto ran = run_program("inspect --json " + (out() / "smear").string());
  const auto report = nlohmann::json::parse(ran.out).at("report");
  const auto printed = nlohmann::json::parse(text_of(out() / "smear/report.json"));
  const auto& editions = report.at("criteria").at("editions");
  ASSERT_EQ(editions.size(), 2U);
  EXPECT_EQ(editions[0].at("sentence"), printed["criteria"]["editions"][0]["sentence"]);
  EXPECT_EQ(report["criteria"]["readings"].size(), printed["criteria"]["readings"].size());
  EXPECT_EQ(report["criteria"]["agreement"], printed["criteria"]["agreement"]);
  EXPECT_EQ(report["groups"][0]["fraction"], printed["groups"][0]["fraction"]);
  EXPECT_EQ(report["evidence"], printed["evidence"]);
}

TEST_F(OneCase, InspectListsTheSlidesAndEditionsOfACase) {
  ASSERT_EQ(analyze("C-17,sex,male,\n").exit_code, kExitOk);
  const auto made = run_program("report " + (out() / "smear").string() + " --out " +
                                (folder_ / "cases").string());
  ASSERT_EQ(made.exit_code, kExitOk) << made.err;
  const auto record = (folder_ / "cases/C-17/report.h5").string();
  const auto ran = run_program("inspect " + record);
  EXPECT_EQ(ran.exit_code, kExitOk) << ran.err;
  EXPECT_THAT(ran.out, AllOf(HasSubstr("case      C-17\n"), HasSubstr("  smear: pb"),
                             HasSubstr("smear/report.h5"), HasSubstr("WHO 2022: "),
                             HasSubstr("By ICC 2022 ")));
  const auto json = nlohmann::json::parse(run_program("inspect --json " + record).out);
  EXPECT_EQ(json.at("kind"), "case");
  EXPECT_EQ(json.at("slides").at(0).at("id"), "smear");
  EXPECT_EQ(json.at("criteria").at("editions").size(), 2U);
}

/// Arguments of a run of each command that works, in `folder`.
std::vector<std::string> one_of_each_command(const fs::path& folder, const std::string& record) {
  const auto in = [&](const char* name) { return (folder / name).string(); };
  const auto training = testing::short_training(folder);
  return {fmt::format("analyze {} --model demo --set counting.min_leukocytes_pb=10 --out {}",
                      smear(), in("own")),
          fmt::format("report {} --out {}", record, in("cases")),
          fmt::format("collect {}", fs::path(record).parent_path().parent_path().string()),
          fmt::format("export {} --to geojson --overwrite --out {}", record, in("exports")),
          fmt::format("propose {} --each 1 --out {}", record, in("name")),
          training,
          fmt::format("explain demo {} --mpp 0.25 --out {}",
                      in("cells/monocyte/monocyte_00001.png"), in("why")),
          fmt::format("evaluate demo {} --mpp 0.25 --no-explanations --out {}", in("cells"),
                      in("figures")),
          fmt::format("phantom --out {} --size 600x500 --white-cells 2", in("drawn.tiff")),
          fmt::format("inspect {}", record),
          "inspect demo",
          fmt::format("inspect {}", smear()),
          "doctor"};
}

TEST_F(OneCase, EveryCommandGivesOneJsonDocumentOnStdout) {
  ASSERT_EQ(analyze("C-17,sex,male,\n").exit_code, kExitOk);
  for (const auto& arguments :
       one_of_each_command(folder_.path(), (out() / "smear/report.h5").string())) {
    const auto ran = run_program(arguments + " --json --quiet");
    EXPECT_EQ(ran.exit_code, kExitOk) << arguments << ran.err;
    EXPECT_FALSE(nlohmann::json::parse(ran.out, nullptr, false).is_discarded()) << arguments << "\n"
                                                                                << ran.out;
    EXPECT_EQ(ran.err, "") << arguments;
  }
}

TEST_F(OneCase, QuietEveryCommandPrintsNothingThatIsNoError) {
  ASSERT_EQ(analyze("C-17,sex,male,\n").exit_code, kExitOk);
  for (const auto& arguments :
       one_of_each_command(folder_.path(), (out() / "smear/report.h5").string())) {
    const auto ran = run_program(arguments + " --quiet");
    EXPECT_EQ(ran.exit_code, kExitOk) << arguments;
    EXPECT_EQ(ran.out + ran.err, "") << arguments;
  }
}

TEST(CommandLine, QuietASlideThatFailsIsStillSaid) {
  const TempDir folder;
  std::ofstream(folder / "cut.svs") << "no picture";
  const auto ran = run_program(fmt::format("analyze {0}/cut.svs --model demo --quiet --out {0}/out",
                                           folder.path().string()));
  EXPECT_EQ(ran.exit_code, kExitFailed);
  EXPECT_EQ(ran.out, "");
  EXPECT_THAT(ran.err, HasSubstr("cut.svs: failed"));
}

TEST(CommandLine, InspectOfAShippedModelAndOfASlideIsAScreen) {
  for (const auto& [asked, shown] :
       {std::pair{std::string("demo"), HasSubstr("specimen   pb\n")},
        std::pair{std::string("pb"), HasSubstr("monocyte")},
        std::pair{smear(), HasSubstr("size       2600 x 1900 px, 0.65 x 0.47 mm\n")}}) {
    const auto ran = run_program("inspect " + asked);
    EXPECT_EQ(ran.exit_code, kExitOk) << ran.err;
    EXPECT_THAT(ran.out, shown);
    EXPECT_LE(widest(ran.out.substr(ran.out.find("sha256") == std::string::npos
                                        ? ran.out.find("read by")
                                        : ran.out.find("specimen"))),
              80U);
    EXPECT_LT(lines_of(ran.out), 45) << ran.out;
  }
  EXPECT_THAT(run_program("inspect nosuch").err, HasSubstr("shipped: bm, demo, pb"));
}

TEST(Usage, APixelSizeThatIsNoneIsNotDrawn) {
  const TempDir folder;
  for (const auto* mpp : {"-1", "0", "1e6"}) {
    const auto ran =
        run_program(fmt::format("phantom --out {}/x.tiff --mpp {}", folder.path().string(), mpp));
    EXPECT_EQ(ran.exit_code, kExitUsage) << mpp;
    EXPECT_THAT(ran.err, HasSubstr("expected um per pixel from 0.05 to 20")) << mpp;
  }
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(Usage, AFolderOrTableInThePlaceOfAnotherFileIsNamed) {
  const TempDir folder;
  const auto where = folder.path().string();
  EXPECT_THAT(run_program("inspect " + where).err, HasSubstr("is a folder without a report.h5"));
  for (const auto* command : {"report ", "propose --out x "})
    EXPECT_THAT(run_program(command + where).err, HasSubstr("name the folder of each report"));
  std::ofstream(folder / "night.csv") << "slide,id\nx.svs,1\n";
  EXPECT_THAT(run_program(fmt::format("analyze {0}/night.csv --model demo", where)).err,
              HasSubstr("is a table of slides; give it by --manifest"));
  std::ofstream(folder / "folders.csv") << "slide,id\n.,1\n";
  EXPECT_THAT(
      run_program(fmt::format("analyze --manifest {0}/folders.csv --model demo", where)).err,
      HasSubstr("row 2: slide \".\": expected a slide; this is a folder"));
}

TEST(Usage, SettingsOfTheSiteStandBehindThoseOfTheCommandLineAndInTheRecord) {
  const TempDir folder;
  const auto where = folder.path().string();
  fs::create_directories(folder / "cytocape");
  std::ofstream(folder / "cytocape/config.toml")
      << "[counting]\nmin_leukocytes_pb = 7\nfull_leukocytes_pb = 8\n";
  ASSERT_EQ(setenv("XDG_CONFIG_HOME", where.c_str(), 1), 0);
  const auto ran = run_program(
      fmt::format("analyze {} --model demo --set counting.full_leukocytes_pb=9 --json --out {}/out",
                  smear(), where));
  const auto doctor = run_program("doctor --json");
  std::ofstream(folder / "cytocape/config.toml") << "[counting]\nmin_leucocytes_pb = 7\n";
  const auto wrong = run_program("doctor");
  unsetenv("XDG_CONFIG_HOME");
  const auto run = read_record(folder / "out/smear/report.h5").report.run;
  EXPECT_THAT(run.config_toml, AllOf(HasSubstr("counting.min_leukocytes_pb = 7\n"),
                                     HasSubstr("counting.full_leukocytes_pb = 9\n")));
  EXPECT_THAT(run.command, HasSubstr("# with settings of " + where + "/cytocape/config.toml"));
  const auto files = nlohmann::json::parse(doctor.out)["settings"];
  EXPECT_EQ(files[0]["path"], "/etc/cytocape/config.toml");
  EXPECT_EQ(files[1]["check"], "ok");
  EXPECT_EQ(wrong.exit_code, kExitUsage);
  EXPECT_THAT(wrong.out, HasSubstr("did you mean counting.min_leukocytes_pb"));
}

TEST(Usage, TheShardsOfARunHaveEachSlideOnce) {
  const TempDir folder;
  const auto where = folder.path().string();
  std::ofstream(folder / "night.csv") << "slide,id\n" << smear() << ",S-1\n";
  std::size_t done = 0;
  for (const auto* shard : {"1/3", "2/3", "3/3"}) {
    const auto ran = run_program(fmt::format(
        "analyze --manifest {0}/night.csv --shard {1} --model demo --json --out {0}/out-{2}", where,
        shard, std::string(shard).substr(0, 1)));
    const auto slides = nlohmann::json::parse(ran.out)["slides"].size();
    if (slides == 0) {
      EXPECT_EQ(ran.exit_code, kExitOk) << ran.err;
      EXPECT_THAT(ran.err, HasSubstr("none of the 1 slides falls into it"));
    }
    done += slides;
  }
  EXPECT_EQ(done, 1U);
  for (const auto* wrong : {"0/3", "4/3", "1", "1/0", "1/3x", "a/3", "-1/3"})
    EXPECT_THAT(run_program(fmt::format("analyze {} --model demo --shard={}", smear(), wrong)).err,
                HasSubstr("expected I/N"))
        << wrong;
}

}  // namespace
}  // namespace cytocape
