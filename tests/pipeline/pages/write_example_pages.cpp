/// Writes pages of cases that lack different things to a folder: write_example_pages FOLDER.

#include <filesystem>
#include <fstream>

#include "pipeline/pages/report_writer.hpp"
#include "tests/io/example_report.hpp"
#include "tests/pipeline/pages/example_cases.hpp"
#include "tests/pipeline/pages/hostile_report.hpp"

int main(int argc, char** argv) {
  using cytocape::SlideReport;
  if (argc != 2) return 2;
  const std::filesystem::path folder = argv[1];
  const auto write = [&](const char* name, const std::string& html) {
    std::ofstream(folder / name, std::ios::binary) << html;
  };
  const auto incomplete = cytocape::testing::example_record().report;
  auto ok = incomplete;
  ok.status = cytocape::Status::ok;
  write("incomplete.html", cytocape::report_html(incomplete));
  write("ok.html", cytocape::report_html(ok));
  write("empty.html", cytocape::report_html(SlideReport{}));
  write("failed.html", cytocape::report_html(cytocape::failed_report(ok, {"it cannot be read"})));
  std::vector<SlideReport> both{ok, incomplete};
  both[1].slide.id = "PB_18";
  write("both.html", cytocape::report_html(ok.assessment, both));
  std::size_t fields = 0;
  auto hostile = cytocape::testing::hostile_report(fields);
  hostile.status = cytocape::Status::ok;
  write("hostile.html", cytocape::report_html(hostile));
  auto bare = ok;
  bare.gallery.clear();
  bare.places.clear();
  bare.overview_jpeg.clear();
  bare.assessment.labs = {};
  bare.assessment.given.clear();
  write("bare.html", cytocape::report_html(bare));
  for (const auto& one : cytocape::testing::example_cases(folder))
    write(("case-" + one.name + ".html").c_str(),
          cytocape::report_html(one.assessment, one.slides));
}
