#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "io/dicom_rle.hpp"
#include "io/digest.hpp"
#include "io/slide_kind.hpp"
#include "io/slide_state.hpp"
#include "tests/io/dicom_samples.hpp"
#include "tests/support/temp_dir.hpp"
#include "tests/support/test_data.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using testing::crop;
using testing::data_folder;
using testing::dicom_kind;
using testing::dicom_picture;
using testing::DicomData;
using testing::DicomSpec;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::make_dicom;
using ::testing::Not;
using testing::refusal;
using testing::said_by;
using testing::sequence_of;
using testing::TempDir;
using testing::ul;
using testing::us;
using testing::waves;
using testing::whole_level;
using testing::with;
using testing::write_bytes;
using testing::write_dicom;

TEST(DicomSlide, HasThePixelSizeOfItsFunctionalGroups) {
  const TempDir folder;
  for (const bool per_frame : {false, true}) {
    DicomSpec spec;
    spec.spacing_mm = 0.00031;
    spec.spacing_per_frame = per_frame;
    const auto slide = Slide::open(write_dicom(folder / "a.dcm", spec));
    EXPECT_NEAR(slide->info().mpp.x, 0.31, 1e-9) << per_frame;
    EXPECT_EQ(slide->info().mpp_source, MppSource::slide_property);
    EXPECT_EQ(Slide::open(folder / "a.dcm", {.mpp = Mpp{0.5, 0.5}})->info().mpp, (Mpp{0.5, 0.5}));
  }
}

/// 0.00025 mm between rows, 0.000251 between columns: the standard names that of rows first.
TEST(DicomSlide, TellsTheDistanceOfRowsFromThatOfColumns) {
  const TempDir folder;
  DicomSpec spec;
  spec.change = [](DicomData& data) {
    const DicomData measures{{0x0028'0030, {"DS", "0.00025\\0.000251"}}};
    data[0x5200'9229] = sequence_of({{{0x0028'9110, sequence_of({measures}, true)}}}, true);
  };
  EXPECT_EQ(Slide::open(write_dicom(folder / "a.dcm", spec))->info().mpp, (Mpp{0.251, 0.25}));
}

TEST(DicomSlide, TilesThatNoFrameHasAreBackgroundAndCounted) {
  const TempDir folder;
  auto spec = dicom_kind("Sparse");
  spec.absent = {0, 6};
  const auto slide = Slide::open(write_dicom(folder / "a.dcm", spec));
  EXPECT_DOUBLE_EQ(slide->info().levels.front().absent_share, 0.1);
  EXPECT_EQ(slide->read(0, {0, 0, 64, 48}), Image(64, 48));
  EXPECT_NE(slide->read(0, {64, 0, 64, 48}), Image(64, 48));
}

TEST(DicomSlide, JpegIsShrunkByItsCodec) {
  const TempDir folder;
  const auto slide = Slide::open(write_dicom(folder / "a.dcm", dicom_kind("Jpeg422")));
  ASSERT_EQ(slide->largest_reduction(0), 8);
  const testing::JpegKind kind{"422", true, 2, 1};
  const auto streams =
      testing::JpegEncoder(kind, {64, 48}).encode(crop(dicom_picture(), {64, 48, 64, 48}));
  EXPECT_EQ(slide->read_reduced(0, 4, {16, 12, 16, 12}),
            testing::decoded_plainly(kind, streams, 4));
}

TEST(DicomSlide, NamesAFrameOfOtherColoursThanTheRest) {
  const TempDir folder;
  auto spec = dicom_kind("Jpeg422");
  int count = 0;
  spec.encode = [&count](const Image& tile, Image& decoded) {
    const testing::JpegKind rgb{.ycbcr = false, .across = 1, .along = 1, .marked = true};
    const testing::JpegKind kind = ++count == 2 ? rgb : testing::JpegKind{"422", true, 2, 1};
    return testing::jpeg_encoder(kind)(tile, decoded);
  };
  const auto slide = Slide::open(write_dicom(folder / "a.dcm", spec));
  const auto read = [&](std::int64_t x) {
    return said_by([&] { (void)slide->read(0, {x, 0, 64, 48}); });
  };
  EXPECT_EQ(read(0), "accepted");
  EXPECT_THAT(read(64), HasSubstr("damaged tile (1, 0): its picture is RGB where those around it "
                                  "are YCbCr"));
}

TEST(DicomSlide, SaysOfASecondAreaOfItsSeriesThatItsCellsAreNotCounted) {
  const TempDir folder;
  const auto place = [&](const char* name, const char* instance, const Image& image) {
    DicomSpec spec;
    spec.instance = instance;
    return write_dicom(folder / name, spec, image);
  };
  const auto path = place("a", "1.1", dicom_picture());
  place("b", "1.2", waves(100, 150, 1));
  EXPECT_THAT(Slide::open(path)->info().notices,
              ElementsAre(HasSubstr("b of 100 x 150 pixels, that is no level")));
}

TEST(DicomSlide, TakesTheFilesOfItsSeriesAsLevelsAndNoLabel) {
  const TempDir folder;
  const auto place = [&](const char* name, const char* instance, const Image& image,
                         const std::function<void(DicomSpec&)>& set = {}) {
    DicomSpec spec;
    spec.instance = instance;
    spec.spacing_mm = 0.00025 * 300 / image.width();
    if (set) set(spec);
    return write_dicom(folder / name, spec, image);
  };
  place("big", "1.1", dicom_picture(), [](DicomSpec& spec) {
    spec.change = [](DicomData& data) {
      data[0x0048'0008] =
          sequence_of({{{0x0040'072A, {"DS", "2.5"}}, {0x0040'073A, {"DS", "3.0"}}}}, true);
    };
  });
  place("half", "1.2", waves(150, 85, 2));
  place("label", "1.3", waves(150, 85, 2),
        [](DicomSpec& spec) { spec.image_type = "ORIGINAL\\PRIMARY\\LABEL\\NONE"; });
  place("other", "1.4", waves(75, 43, 4), [](DicomSpec& spec) { spec.series = "9.9"; });
  place("square", "1.5", waves(100, 100, 4));
  place("unlike", "1.6", waves(75, 43, 4), [](DicomSpec& spec) { spec.spacing_mm = 0.0011; });
  place("elsewhere", "1.7", waves(75, 43, 4), [](DicomSpec& spec) {
    spec.change = [](DicomData& data) {
      data[0x0048'0008] =
          sequence_of({{{0x0040'072A, {"DS", "12.5"}}, {0x0040'073A, {"DS", "3.0"}}}}, true);
    };
  });
  place("again", "1.2", waves(150, 85, 2));
  std::ofstream(folder / "note.txt") << "no DICOM";
  for (const char* given : {"big", "half", ""}) {
    if (*given == '\0') fs::remove(folder / "other");
    const auto slide = Slide::open(folder.path() / given);
    const auto& info = slide->info();
    ASSERT_EQ(info.levels.size(), 2U) << given;
    EXPECT_EQ(info.levels[1].size, (Size{150, 85}));
    EXPECT_EQ(info.path, folder / "again");
    EXPECT_THAT(info.associated, IsEmpty());
    EXPECT_THAT(info.remarks,
                ElementsAre(HasSubstr("half is left out: it is the same instance as again"),
                            HasSubstr("square of 100 x 100 pixels is no level: it has other"),
                            HasSubstr("unlike of 75 x 43 pixels is no level: it states pixels of "
                                      "0.0011 mm"),
                            HasSubstr("elsewhere of 75 x 43 pixels is no level: it lies")));
    EXPECT_EQ(whole_level(*slide), dicom_picture());
    EXPECT_EQ(whole_level(*slide, 1), waves(150, 85, 2));
  }
  EXPECT_THAT(slide_files(folder / "half"),
              ElementsAre(folder / "again", folder / "big", folder / "elsewhere", folder / "half",
                          folder / "square", folder / "unlike"));
}

TEST(DicomSlide, ItsDigestIsThatOfItsFilesByName) {
  const TempDir folder;
  DicomSpec spec;
  const auto one = write_dicom(folder / "a.dcm", spec);
  EXPECT_EQ(slide_sha256(one), sha256_of_file(one));
  spec.instance = "1.2.3.4.2";
  spec.spacing_mm *= 2;
  const auto two = write_dicom(folder / "b.dcm", spec, waves(150, 85, 2));
  const auto lines = sha256_of_file(one) + "  a.dcm\n" + sha256_of_file(two) + "  b.dcm\n";
  EXPECT_EQ(slide_sha256(one), sha256_of(lines));
  EXPECT_EQ(slide_sha256(two), sha256_of(lines));
}

void write_part(const fs::path& path, std::uint64_t number, std::size_t begin, std::size_t end) {
  auto spec = dicom_kind("JpegInItems");
  spec.frames = {begin, end};
  spec.instance = "1.2.3.4." + std::to_string(number);
  spec.change = [=](DicomData& data) {
    data[0x0020'9161] = {"UI", "1.2.3.77"};
    data[0x0020'9162] = us(number);
    data[0x0020'9163] = us(3);
    data[0x0020'9228] = ul(begin);
  };
  write_dicom(path, spec);
}

TEST(DicomSlide, JoinsTheFilesOfAConcatenation) {
  const TempDir folder;
  write_part(folder / "c.dcm", 1, 0, 7);
  write_part(folder / "a.dcm", 2, 7, 12);
  write_part(folder / "b.dcm", 3, 12, 20);
  const auto slide = Slide::open(folder / "a.dcm");
  EXPECT_EQ(slide->info().levels.size(), 1U);
  EXPECT_EQ(whole_level(*slide), make_dicom(dicom_picture(), dicom_kind("JpegInItems")).expected);
}

TEST(DicomSlide, NamesThePartOfAConcatenationThatIsMissing) {
  const TempDir folder;
  write_part(folder / "a.dcm", 1, 0, 7);
  write_part(folder / "c.dcm", 3, 12, 20);
  EXPECT_THAT(
      refusal(folder / "a.dcm"),
      HasSubstr("a picture of 3 files (a concatenation), of which part 2 is not in its folder"));
  write_part(folder / "b.dcm", 2, 8, 12);
  EXPECT_THAT(refusal(folder / "a.dcm"),
              AllOf(HasSubstr("b.dcm: begins with frame 9"), HasSubstr("where frame 8 should")));
}

TEST(DicomSlide, NothingOfThePatientLeavesTheReader) {
  const TempDir folder;
  const auto slide = Slide::open(write_dicom(folder / "a.dcm", dicom_kind("Sparse")));
  const auto& info = slide->info();
  std::string all = info.path.string() + info.id + info.reader + info.reader_why + info.vendor;
  for (const auto& text : info.remarks) all += text;
  for (const auto& text : info.associated) all += text;
  EXPECT_THAT(all, AllOf(Not(HasSubstr("Secret")), Not(HasSubstr("1943"))));
}

TEST(DicomSlide, OfAFileThatWasCutTheLostTilesAreNamedAndTheOthersRead) {
  const TempDir folder;
  for (const char* name :
       {"Explicit", "Jpeg422", "Jpeg444ByExtendedTable", "JpegRgbWithoutTable", "JpegInItems"}) {
    const auto made = make_dicom(dicom_picture(), dicom_kind(name));
    const auto cut = made.bytes.size() - made.bytes.size() / 4;
    const auto slide = Slide::open(write_bytes(folder / "a.dcm", made.bytes.substr(0, cut)));
    EXPECT_EQ(slide->read(0, {0, 0, 300, 48}), crop(made.expected, {0, 0, 300, 48})) << name;
    EXPECT_THAT(said_by([&] {
                  (void)slide->read(0, {256, 144, 44, 26});
                }),
                AllOf(HasSubstr("damaged tile (4, 3): its "), HasSubstr("beyond the file's end")))
        << name;
  }
}

/// Writers forgot that items are padded to even length, or that offsets of 32 bits end at 4 GiB.
TEST(DicomSlide, AWrongTableOfOffsetsIsPassedOverForTheItems) {
  const TempDir folder;
  for (const char* name : {"Jpeg444ByExtendedTable", "Jpeg422"}) {
    auto spec = dicom_kind(name);
    const auto expected = make_dicom(dicom_picture(), spec).expected;
    spec.change = [](DicomData& data) {
      if (data.contains(0x7FE0'0001)) ++data[0x7FE0'0001].value[19 * 8];
      // Behind the head of the item that the table is.
      ++data[0x7FE0'0010].value[8 + 19 * 4];
      if (data.contains(0x7FE0'0001)) --data[0x7FE0'0010].value[8 + 19 * 4];
    };
    EXPECT_EQ(whole_level(*Slide::open(write_dicom(folder / "a.dcm", spec))), expected) << name;
  }
}

/// Three planes of 4 pixels, each a segment of the bytes given, behind a head of 64.
std::string decoded_rle(const std::string& first, std::uint64_t segments = 3) {
  const std::string other = {'\xFD', '\7'};
  const auto second = 64 + first.size();
  auto frame = testing::little(segments, 4) + testing::little(64, 4) + testing::little(second, 4) +
               testing::little(second + 2, 4);
  frame.resize(64);
  frame += first + other + other;
  std::vector<std::uint8_t> planes;
  const std::vector<std::uint8_t> bytes(frame.begin(), frame.end());
  const auto fault = decode_dicom_rle(bytes, 4, planes);
  return fault.empty() ? std::string(planes.begin(), planes.begin() + 4) : fault;
}

TEST(DicomRunLengths, AreBytesAsTheyAreAndRunsAndMustFillTheirPlaneExactly) {
  EXPECT_EQ(decoded_rle("\3abcd"), "abcd");
  EXPECT_EQ(decoded_rle("\x80\1ab\xFF"
                        "c"),
            "abcc");
  EXPECT_EQ(decoded_rle("\xFDx"), "xxxx");
  for (const char* damaged : {"\3abc", "\xFCx", "\4abcde", "\2abc", "\xFE", "\x80\x80", ""})
    EXPECT_EQ(decoded_rle(damaged), "its segment 1 is damaged");
  EXPECT_EQ(decoded_rle("\3abcd", 4), "it has 4 segments where 3 belong");
}

TEST(DicomSlide, ADamagedFrameIsNamed) {
  const TempDir folder;
  for (const char* name : {"Jpeg422", "RunLengths"}) {
    auto spec = dicom_kind(name);
    std::size_t number = 0;
    const auto whole = spec.encode;
    spec.encode = [&](const Image& tile, Image& decoded) {
      const auto bytes = whole(tile, decoded);
      return number++ == 6 ? bytes.substr(0, bytes.size() / 2) : bytes;
    };
    const auto slide = Slide::open(write_dicom(folder / "a.dcm", spec));
    EXPECT_THAT(said_by([&] { (void)whole_level(*slide); }), HasSubstr("damaged tile (1, 1): "));
  }
}

TEST(DicomSlide, ThatChangesOrLosesAFileWhileItIsReadEnds) {
  const TempDir folder;
  DicomSpec spec;
  write_dicom(folder / "a.dcm", spec);
  spec.instance = "1.2.3.4.2";
  spec.spacing_mm *= 2;
  const auto half = write_dicom(folder / "b.dcm", spec, waves(150, 85, 2));
  const auto slide = Slide::open(folder / "a.dcm");
  std::ofstream(half, std::ios::app) << "more";
  EXPECT_THROW((void)slide->read(0, {0, 0, 9, 9}), SlideChanged);
  const auto again = Slide::open(folder / "a.dcm");
  fs::remove(half);
  EXPECT_THROW((void)again->read(0, {0, 0, 9, 9}), SlideChanged);
}

TEST(DicomSlide, ThatGetsAFileMoreWhileItIsReadHasChanged) {
  const TempDir folder;
  DicomSpec spec;
  const auto path = write_dicom(folder / "b.dcm", spec);
  const auto state = SlideState::of(path);
  state.require_same_files();
  spec.instance = "1.2.3.4.2";
  write_dicom(folder / "a.dcm", spec, waves(600, 340));
  state.require_unchanged();
  EXPECT_THAT(said_by([&] { state.require_same_files(); }),
              HasSubstr("(1 files before, 2 now); wait until it is complete"));
}

TEST(DicomSlide, AFileIsASlideOrKnownToBeNone) {
  const TempDir folder;
  DicomSpec spec;
  EXPECT_EQ(slide_kind(write_dicom(folder / "slide", spec)), SlideKind::slide);
  const auto bytes = make_dicom(dicom_picture(), spec).bytes;
  EXPECT_EQ(slide_kind(write_bytes(folder / "cut", bytes.substr(0, 400))), SlideKind::slide);
  spec.image_type = "ORIGINAL\\PRIMARY\\OVERVIEW\\NONE";
  EXPECT_EQ(slide_kind(write_dicom(folder / "overview", spec)), SlideKind::other);
  with(0x0008'0016, {"UI", "1.2.840.10008.5.1.4.1.1.2"})(spec);
  EXPECT_EQ(slide_kind(write_dicom(folder / "ct", spec)), SlideKind::other);
}

TEST(DicomSlide, SaysWhatAFinestPictureMayLack) {
  const TempDir folder;
  DicomSpec spec;
  spec.image_type = "DERIVED\\PRIMARY\\VOLUME\\RESAMPLED";
  with(0x0048'0010, {"CS", "YES"})(spec);
  EXPECT_THAT(Slide::open(write_dicom(folder / "a.dcm", spec))->info().remarks,
              ElementsAre(HasSubstr("a finer one of its series may be missing"),
                          HasSubstr("the slide's label is in the picture")));
}

/// As pydicom 2.3 reads it:
///   python3 -c "import pydicom, hashlib, numpy; a = pydicom.dcmread('sm_image.dcm').pixel_array
///   print(hashlib.sha256(a.reshape(5, 5, 10, 10, 3).swapaxes(1, 2).tobytes()).hexdigest())"
TEST(DicomSlide, ReadsAnOutsidersFileAsPydicomDoes) {
  CYTOCAPE_NEEDS_DATA("slides/sm_image.dcm");
  const auto slide = Slide::open(data_folder() / "slides/sm_image.dcm");
  EXPECT_EQ(slide->info().levels.front().size, (Size{50, 50}));
  EXPECT_NEAR(slide->info().mpp.x, 0.499, 1e-9);
  const auto pixels = whole_level(*slide);
  EXPECT_EQ(sha256_of(std::string(pixels.pixels().begin(), pixels.pixels().end())),
            "c05080458a5d583e86f8a28b3aea56344470450c12b89b7a00476e936fc272cb");
}

}  // namespace
}  // namespace cytocape
