// Writes what fuzzing starts from: FOLDER/TARGET/NAME, small whole inputs of each kind that is
// read.

#include <cstdio>
#include <exception>
#include <fstream>

#include "models/data/model_card.hpp"
#include "models/data/safetensors.hpp"
#include "tests/io/dicom_writer.hpp"
#include "tests/io/example_report.hpp"
#include "tests/io/tiled_slide.hpp"
#include "tests/support/file_text.hpp"

namespace fs = std::filesystem;
using namespace cytocape;

namespace {

/// Small, so that a mutation is likely to hit a header.
Image picture() {
  return testing::waves(70, 50);
}

class Seeds {
 public:
  explicit Seeds(fs::path folder) : folder_(std::move(folder)) {}
  [[nodiscard]] fs::path place(const char* target, const std::string& name) const {
    fs::create_directories(folder_ / target);
    return folder_ / target / name;
  }
  void put(const char* target, const std::string& name, const std::string& bytes) const {
    std::ofstream(place(target, name), std::ios::binary) << bytes;
  }

 private:
  fs::path folder_;
};

void write_tiffs(const Seeds& seeds) {
  const auto put = [&](const char* name, testing::TiledKind kind,
                       std::vector<testing::TiffEntry> tags = {}) {
    kind.tile = 32;
    const auto half = testing::waves(35, 25, 2);
    seeds.put("tiff", name,
              testing::make_tiled({{picture(), {1}, std::move(tags)}, {half, {}, {}}}, kind).bytes);
  };
  put("ycbcr", {});
  put("tables", {.colours = {.tables = true}});
  put("rgb", {.colours = {.ycbcr = false, .across = 1, .along = 1, .marked = true}});
  put("grey", {.colours = {.across = 1, .along = 1, .grey = true}});
  put("plain", {.jpeg = false, .colours = {}});
  put("big", {.kind = {true, true}, .jpeg = false, .colours = {}});
  put("turned", {.kind = {true, false}, .colours = {}}, {{274, {6}}});
  // Whose data are no data of these codecs: their decoders refuse, or are led on from here.
  for (const unsigned codec : {5U, 8U, 32773U, 33003U, 50000U, 50001U})
    put(std::to_string(codec).c_str(), {.jpeg = false, .colours = {}}, {{259, {codec}}});
}

void write_dicoms(const Seeds& seeds) {
  for (auto [name, spec] : testing::dicom_kinds())
    seeds.put("dicom", name, testing::make_dicom(testing::waves(140, 100), spec).bytes);
}

void write_models(const Seeds& seeds) {
  const std::vector<float> values(6, 0.5F);
  const std::vector<TensorToWrite> tensors{
      {"head.weight", DType::f32, {2, 3}, std::as_bytes(std::span(values))},
      {"empty", DType::i64, {0}, {}}};
  write_safetensors(seeds.place("safetensors", "card"), tensors,
                    {{"cytocape_card", to_json(ModelCard{})}});
  write_safetensors(seeds.place("safetensors", "bare"), tensors, {});
}

void write_texts(const Seeds& seeds) {
  const fs::path source = CYTOCAPE_SOURCE_DIR;
  seeds.put("settings", "defaults", testing::text_of(source / "configs/analyze.toml"));
  seeds.put("settings", "assignment", "slide.mpp = [0.25, 0.26]");
  seeds.put("labs", "values",
            "case,item,value,unit,gene,date,source\nC-17,wbc,11.2,10*9/L,,2024-03-01,LIS\n"
            "C-17,mutation,38,%,TET2,2024-03-05,\"NGS, panel\"\nC-17,bcr_abl1,no,,,2024-03-05,PCR\n"
            "C-18,karyotype,\"46,XY,t(9;22)(q34;q11)[20]\",,,,\n");
  seeds.put("labs", "excel", "sep=,\r\nCase,Item,Value,,\r\nC-1,hb,\"11,2\",,\r\n,,,,\r\n");
  seeds.put("xml", "set",
            "<?xml version=\"1.0\"?><o:OME UUID=\"urn:uuid:1\"><!-- <x> --><o:Image><o:Pixels "
            "SizeX=\"128\" SizeY='64' PhysicalSizeX=\"0.25\" PhysicalSizeXUnit=\"&#181;m\">"
            "<o:TiffData IFD=\"0\" PlaneCount=\"2\"><o:UUID FileName=\"a &amp; b.tif\">urn:uuid:1"
            "</o:UUID></o:TiffData></o:Pixels></o:Image></o:OME>");
}

}  // namespace

int main(int argc, char** argv) {
  try {
    if (argc != 2) throw std::runtime_error("usage: write_seeds FOLDER");
    const Seeds seeds(argv[1]);
    write_tiffs(seeds);
    write_dicoms(seeds);
    write_models(seeds);
    write_texts(seeds);
    testing::write_example(seeds.place("record", "example"), testing::example_record());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
