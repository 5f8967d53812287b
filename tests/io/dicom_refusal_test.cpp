#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "tests/io/dicom_samples.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

using ::testing::AllOf;
using testing::dicom_kind;
using testing::dicom_kinds;
using testing::dicom_picture;
using testing::DicomData;
using testing::DicomSpec;
using ::testing::HasSubstr;
using testing::make_dicom;
using ::testing::Not;
using testing::OffsetTable;
using testing::refusal;
using testing::sequence_of;
using testing::TempDir;
using testing::ul;
using testing::us;
using testing::waves;
using testing::whole_level;
using testing::with;
using testing::without;
using testing::write_bytes;
using testing::write_dicom;

/// Each is a slide that would be read if this one thing were not.
struct Refused {
  const char* name;
  const char* cause;
  std::function<void(DicomSpec&)> set;
};

/// In all the sequences around it.
testing::DicomElement shared_spacing(const std::string& text) {
  const DicomData measures{{0x0028'0030, {"DS", text}}};
  return sequence_of({{{0x0028'9110, sequence_of({measures}, true)}}}, true);
}

testing::DicomElement nested(std::size_t depth) {
  testing::DicomElement inner{"LO", "deep"};
  for (std::size_t i = 0; i < depth; ++i) inner = sequence_of({{{0x0040'0555, inner}}}, true, true);
  return inner;
}

const std::vector<Refused>& refused_kinds() {
  static const std::vector<Refused> all{
      {"OtherClass",
       "is DICOM, but no whole-slide image (its SOP class is 1.2.840.10008.5.1.4.1.1.2)",
       with(0x0008'0016, {"UI", "1.2.840.10008.5.1.4.1.1.2"})},
      {"Label", "is the slide's LABEL picture",
       [](DicomSpec& spec) { spec.image_type = "ORIGINAL\\PRIMARY\\LABEL\\NONE"; }},
      {"Thumbnail", "is the slide's THUMBNAIL picture",
       [](DicomSpec& spec) { spec.image_type = "DERIVED\\PRIMARY\\THUMBNAIL\\RESAMPLED"; }},
      {"NoImageType", "is the slide's unnamed picture", without(0x0008'0008)},
      {"JpegLs", "it is written as JPEG-LS lossless (1.2.840.10008.1.2.4.80), which is not read",
       [](DicomSpec& spec) {
         spec.syntax = "1.2.840.10008.1.2.4.80";
         spec.encapsulated = true;
       }},
      {"Deflated", "deflated explicit VR little endian",
       [](DicomSpec& spec) { spec.syntax = "1.2.840.10008.1.2.1.99"; }},
      {"BigEndian", "explicit VR big endian",
       [](DicomSpec& spec) { spec.syntax = "1.2.840.10008.1.2.2"; }},
      {"UnknownSyntax", "its transfer syntax 1.2.3 is not known",
       [](DicomSpec& spec) { spec.syntax = "1.2.3"; }},
      {"NoSyntax", "lacks the transfer syntax", [](DicomSpec& spec) { spec.syntax = ""; }},
      {"Monochrome", "1 samples of 8 bits in 8 (MONOCHROME2)",
       [](DicomSpec& spec) {
         spec.photometric = "MONOCHROME2";
         with(0x0028'0002, us(1))(spec);
       }},
      {"SixteenBits", "3 samples of 12 bits in 16",
       [](DicomSpec& spec) {
         spec.change = [](DicomData& data) {
           data[0x0028'0100] = us(16);
           data[0x0028'0101] = us(12);
         };
       }},
      {"Palette", "its colours are PALETTE COLOR",
       [](DicomSpec& spec) { spec.photometric = "PALETTE COLOR"; }},
      {"ContraryColours", "and its frames that they are YCbCr; export it again",
       [](DicomSpec& spec) {
         spec = dicom_kind("Jpeg422");
         spec.photometric = "RGB";
         const auto plain = spec.encode;
         spec.encode = [plain](const Image& tile, Image& decoded) {
           auto stream = plain(tile, decoded);
           return stream.insert(2, std::string("\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0", 18));
         };
       }},
      {"ContraryNames", "and its frames that they are RGB; export it again",
       [](DicomSpec& spec) {
         spec = dicom_kind("JpegRgbWithoutTable");
         spec.photometric = "YBR_FULL_422";
       }},
      {"UntransformedJpeg2000", "and its frames that they are not transformed (COD)",
       [](DicomSpec& spec) {
         spec.syntax = "1.2.840.10008.1.2.4.90";
         spec.encapsulated = true;
         spec.photometric = "YBR_RCT";
         spec.encode = testing::plain_encoder([](const Image&) {
           return std::string("\xff\x4f\xff\x51\0\4ab\xff\x52\0\x0c\0\0\0\1\0\0\0\0\0\0", 22);
         });
       }},
      {"NoSpacing", "does not state its pixel size", without(0x5200'9229)},
      {"NotSquare", "states pixels of 0.25 x 0.26 um (PixelSpacing), which are not square",
       with(0x5200'9229, shared_spacing("0.00026\\0.00025"))},
      {"OtherVolume", "DICOM's ImagedVolumeWidth, ..Height say 0.5 x 0.25 um",
       with(0x0048'0001, testing::fl(0.15F))},
      {"AbsurdSpacing", "outside 0.05..20", with(0x5200'9229, shared_spacing("2.5\\2.5"))},
      {"TwoSpacings", "has pixels of 0.00025 and of 0.0005 mm (PixelSpacing of frame 4)",
       [](DicomSpec& spec) {
         spec.sparse = true;
         spec.change_frame = [](DicomData& data, std::size_t frame) {
           const DicomData measures{
               {0x0028'0030, {"DS", frame < 3 ? "0.00025\\0.00025" : "5e-4\\5e-4"}}};
           data[0x0028'9110] = sequence_of({measures}, true);
         };
       }},
      {"FewFrames", "has 19 frames where its 300 x 170 pixels in tiles of 64 x 48 take 20",
       [](DicomSpec& spec) {
         spec.frames = {0, 19};
       }},
      {"Planes", "has 2 focal planes and 1 optical paths", with(0x0048'0303, ul(2))},
      {"Paths", "has 1 focal planes and 3 optical paths", with(0x0048'0302, ul(3))},
      {"OffGrid", "has frame 1 at column 1, row 2, which is no place of a tile",
       [](DicomSpec& spec) {
         spec.sparse = true;
         spec.change_frame = [](DicomData& data, std::size_t frame) {
           if (frame > 0) return;
           const DicomData place{{0x0048'021E, {"SL", testing::little(1, 4)}},
                                 {0x0048'021F, {"SL", testing::little(2, 4)}}};
           data[0x0048'021A] = sequence_of({place}, true);
         };
       }},
      {"TwoAtOnePlace", "has two frames at column 1, row 1 (1 and 3)",
       [](DicomSpec& spec) {
         spec.sparse = true;
         spec.change_frame = [](DicomData& data, std::size_t frame) {
           if (frame != 2) return;
           const DicomData place{{0x0048'021E, {"SL", testing::little(1, 4)}},
                                 {0x0048'021F, {"SL", testing::little(1, 4)}}};
           data[0x0048'021A] = sequence_of({place}, true);
         };
       }},
      {"NoPlace", "does not tell where frame 2 lies",
       [](DicomSpec& spec) {
         spec.sparse = true;
         spec.change_frame = [](DicomData& data, std::size_t frame) {
           if (frame == 1) data.clear();
         };
       }},
      {"NoOrganization", "tells neither that its tiles are in order", without(0x0020'9311)},
      {"OtherNumberOfPlaces", "it tells the places of 20 frames and has 21",
       [](DicomSpec& spec) {
         spec.sparse = true;
         with(0x0028'0008, {"IS", "21"})(spec);
       }},
      {"BillionFrames", "it has 1000000000 frames", with(0x0028'0008, {"IS", "1000000000"})},
      {"NoFrames", "it has -3 frames", with(0x0028'0008, {"IS", "-3"})},
      {"HugeTiles", "its frames are of 60000 x 60000 pixels",
       [](DicomSpec& spec) {
         spec.change = [](DicomData& data) {
           data[0x0028'0010] = us(60'000);
           data[0x0028'0011] = us(60'000);
         };
       }},
      {"HugeSlide", "it is of 4000000000 x 170 pixels", with(0x0048'0006, ul(4'000'000'000))},
      {"NoSize", "it is of 300 x 0 pixels", without(0x0048'0007)},
      {"NoPixels", "it ends before its pixels", without(0x7FE0'0010)},
      {"ShortPixels", "its pixels claim 4 bytes where 20 frames of 9216 bytes belong",
       with(0x7FE0'0010, {"OB", "abcd"})},
      {"NativeJpeg", "its transfer syntax is a compressed one",
       [](DicomSpec& spec) { spec.syntax = "1.2.840.10008.1.2.4.50"; }},
      {"DeepNest", "its sequences are nested more than 48 deep", with(0x0040'0555, nested(2000))},
      {"OddTable", "the table of its frames has 3 entries where 20 frames belong",
       [](DicomSpec& spec) {
         spec = dicom_kind("Jpeg422");
         spec.change = [](DicomData& data) {
           auto& value = data[0x7FE0'0010].value;
           value.replace(4, 84, testing::little(12, 4) + std::string(12, '\0'));
         };
       }},
      {"ShortExtendedTable", "its extended offset table has 8 bytes of offsets and 160 of lengths",
       [](DicomSpec& spec) {
         spec = dicom_kind("Jpeg444ByExtendedTable");
         with(0x7FE0'0001, {"OV", std::string(8, '\0')})(spec);
       }},
      {"FewItems", "its pixels are 20 items, which make 20 frames where 21 belong",
       [](DicomSpec& spec) {
         spec = dicom_kind("JpegRgbWithoutTable");
         with(0x0028'0008, {"IS", "21"})(spec);
       }},
      {"ItemsOfNobody", "its 20 frames are 40 items without a table of offsets, of which 1 begin",
       [](DicomSpec& spec) {
         spec = dicom_kind("RunLengths");
         spec.items = 2;
         spec.table = OffsetTable::none;
       }},
  };
  return all;
}

class RefusedDicom : public ::testing::TestWithParam<std::size_t> {};

TEST_P(RefusedDicom, IsRefusedByItsCauseAndTellsNothingOfThePatient) {
  const auto& refused = refused_kinds()[GetParam()];
  const TempDir folder;
  DicomSpec spec;
  refused.set(spec);
  const auto path = write_dicom(folder / "a.dcm", spec);
  const auto message = refusal(path);
  EXPECT_THAT(message, ::testing::StartsWith(path.string() + ": "));
  EXPECT_THAT(message, AllOf(HasSubstr(refused.cause), Not(HasSubstr("Secret"))));
  EXPECT_EQ(message.find('\n'), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Each, RefusedDicom,
                         ::testing::Range(std::size_t{0}, refused_kinds().size()),
                         [](const auto& test) { return refused_kinds()[test.param].name; });

TEST(DicomSlide, ElementsOutOfOrderAreDamage) {
  const TempDir folder;
  auto bytes = make_dicom(dicom_picture(), {}).bytes;
  const auto at = bytes.find(testing::dicom_tag(0x0008'0018) + "UI");
  bytes.replace(at, 4, testing::dicom_tag(0x0008'0008));
  EXPECT_THAT(refusal(write_bytes(folder / "a.dcm", bytes)), HasSubstr("out of order"));
}

TEST(DicomSlide, TwoPicturesOfTheFinestSizeAreRefusedTogether) {
  const TempDir folder;
  DicomSpec spec;
  write_dicom(folder / "a.dcm", spec);
  spec.instance = "1.2.3.4.2";
  write_dicom(folder / "b.dcm", spec);
  EXPECT_THAT(refusal(folder / "a.dcm"),
              HasSubstr("b.dcm: is as large as a.dcm of the same series (300 x 170 pixels)"));
}

/// Bytes changed, left out or doubled: a picture or a refusal, and nothing worse. More of them with
/// CYTOCAPE_MUTATIONS.
TEST(DicomSlide, NoMutatedFileDoesMoreThanFail) {
  const TempDir folder;
  const char* wanted = std::getenv("CYTOCAPE_MUTATIONS");
  const int count = wanted != nullptr ? std::atoi(wanted) : 60;
  std::vector<std::string> sources;
  for (auto [name, spec] : dicom_kinds()) {
    spec.tile = {16, 16};
    sources.push_back(make_dicom(waves(40, 30), spec).bytes);
  }
  std::mt19937 random(29);
  const auto below = [&](std::size_t end) { return static_cast<std::size_t>(random()) % end; };
  int read = 0;
  for (int i = 0; i < count; ++i) {
    auto bytes = sources[static_cast<std::size_t>(i) % sources.size()];
    // Half of them in the header, which is short.
    const auto head = std::min<std::size_t>(bytes.size(), i % 2 == 0 ? 1600 : bytes.size());
    for (auto changes = 1 + below(6); changes > 0; --changes) {
      const auto at = 132 + below(head - 132);
      const auto kind = below(4);
      if (kind == 0) bytes[at] = static_cast<char>(random());
      if (kind == 1) bytes[at] = static_cast<char>(below(2) == 0 ? 0xFF : 0);
      if (kind == 2) bytes.erase(at, 1 + below(8));
      if (kind == 3) bytes.insert(at, bytes.substr(132 + below(head - 132), 1 + below(24)));
      if (bytes.size() < head) break;
    }
    const auto path = write_bytes(folder / ("m" + std::to_string(i)), bytes);
    try {
      const auto slide = Slide::open(path, {.mpp = Mpp{0.25, 0.25}, .reader = "dicom"});
      ++read;
      (void)whole_level(*slide);
    } catch (const Error&) {
    }
    std::filesystem::remove(path);
  }
  EXPECT_GT(read, count / 20);
}

}  // namespace
}  // namespace cytocape
