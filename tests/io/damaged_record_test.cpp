// Records that are damaged, hostile or not ours: each is refused by file and object, and nothing of
// the program ends. docs/decisions/0018-foreign-records.md.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cstring>
#include <fstream>
#include <iterator>
#include <limits>

#include "example_report.hpp"
#include "hdf5_damage.hpp"
#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/hdf5_reader.hpp"
#include "io/record.hpp"
#include "io/record_outline.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using testing::damage;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::poke;
using testing::replace;
using testing::set_attribute;
using ::testing::StartsWith;
using testing::TempDir;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinite = std::numeric_limits<double>::infinity();

/// What reading says, or "accepted".
template <class Read>
std::string refusal(const Read& read) {
  try {
    read();
    return "accepted";
  } catch (const StorageError& error) {
    return error.what();
  }
}

std::string bytes_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

struct Damage {
  const char* name;
  std::function<void(hid_t file)> change;
  const char* complaint;  ///< after "<file>: damaged record: "
};

void PrintTo(const Damage& damage, std::ostream* out) {
  *out << damage.name;
}

void link_outside(hid_t file, const char* dataset, const char* target) {
  H5Ldelete(file, dataset, H5P_DEFAULT);
  testing::valid(H5Lcreate_external(target, "/cells/x", file, dataset, H5P_DEFAULT, H5P_DEFAULT));
}

void link_to_itself(hid_t file) {
  H5Ldelete(file, "/cells/x", H5P_DEFAULT);
  testing::valid(H5Lcreate_soft("/cells/x", file, "/cells/x", H5P_DEFAULT, H5P_DEFAULT));
}

void keep_values_in_a_device(hid_t file) {
  const auto properties = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_external(properties, "/dev/zero", 0, 80);
  replace(file, "/cells/x", H5T_IEEE_F64LE, {10}, properties);
}

void keep_values_in_another_record(hid_t file) {
  const auto properties = H5Pcreate(H5P_DATASET_CREATE);
  H5Pset_virtual(properties, testing::space_of({10}), "other.h5", "/cells/x",
                 testing::space_of({10}));
  replace(file, "/cells/x", H5T_IEEE_F64LE, {10}, properties);
}

void make_chunks_of_4_gigabytes(hid_t file) {
  const auto properties = H5Pcreate(H5P_DATASET_CREATE);
  const hsize_t edge = (hsize_t{1} << 29) - 1;
  H5Pset_chunk(properties, 1, &edge);
  H5Pset_deflate(properties, 1);
  const hsize_t rows = 10, limit = H5S_UNLIMITED;
  testing::valid(H5Ldelete(file, "/cells/x", H5P_DEFAULT));
  testing::valid(H5Dcreate2(file, "/cells/x", H5T_IEEE_F64LE, H5Screate_simple(1, &rows, &limit),
                            H5P_DEFAULT, properties, H5P_DEFAULT));
}

void claim_20_million_cells(hid_t file) {
  const hsize_t rows = 20'000'000;
  const auto table = testing::valid(H5Dopen2(file, "/cells/id", H5P_DEFAULT));
  testing::valid(H5Dset_extent(table, &rows));
}

void make_a_group(hid_t file) {
  H5Ldelete(file, "/cells/x", H5P_DEFAULT);
  testing::valid(H5Gcreate2(file, "/cells/x", H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT));
}

void hold_nothing(hid_t file) {
  const auto owner = testing::valid(H5Oopen(file, "/model", H5P_DEFAULT));
  H5Adelete(owner, "mpp");
  testing::valid(
      H5Acreate2(owner, "mpp", H5T_NATIVE_DOUBLE, H5Screate(H5S_NULL), H5P_DEFAULT, H5P_DEFAULT));
}

using Texts = std::vector<const char*>;
using Wholes = std::vector<std::int64_t>;
using Reals = std::vector<double>;

const std::vector<Damage> kDamages{
    // A value that cannot be.
    {"NegativeCount", [](hid_t f) { set_attribute(f, "/cells", "located", Wholes{-3}, {}); },
     "/cells@located: a count is negative"},
    {"OutcomesThatAddUpToLess",
     [](hid_t f) { set_attribute(f, "/cells", "located", Wholes{11}, {}); },
     "/cells@tally_counts: 1 of 11 have no outcome"},
    {"OutcomesThatAddUpToMore",
     [](hid_t f) { set_attribute(f, "/blocks", "planned", Wholes{5}, {}); },
     "/blocks@tally_counts: the outcomes add up to more than 5"},
    {"UnknownStatus", [](hid_t f) { set_attribute(f, "/", "status", Texts{"fine"}, {}); },
     "/@status: 'fine' is not a known value"},
    {"UnknownSpecimen", [](hid_t f) { set_attribute(f, "/", "specimen", Texts{"urine"}, {}); },
     "/@specimen: 'urine' is not a known value"},
    {"PixelSizeOfNan", [](hid_t f) { set_attribute(f, "/slide", "mpp_x", Reals{kNan}, {}); },
     "/slide@mpp_x: nan is not a size"},
    {"LevelOfInfiniteDownsample",
     [](hid_t f) {
       set_attribute(f, "/slide", "level_downsample_x", Reals{1, kInfinite}, {2});
     },
     "/slide: level 1 does not have the size"},
    {"LevelOfNegativeWidth",
     [](hid_t f) {
       set_attribute(f, "/slide", "level_width", Wholes{-1200, 300}, {2});
     },
     "/slide: level 0 does not have the size"},
    {"ColourOutOfRange",
     [](hid_t f) {
       set_attribute(f, "/slide", "background_rgb", Wholes{250, 256, 0}, {3});
     },
     "/slide@background_rgb: is not a colour"},
    {"ReasonOutOfRange", [](hid_t f) { poke<std::int64_t>(f, "/cells/reason_index", 3, 3); },
     "/cells/reason_index: row 3 points at reason 3 of 3"},
    // The example's reasons: border, unidentified, that of a failure.
    {"UnknownExclusion", [](hid_t f) { poke<std::int64_t>(f, "/cells/reason_index", 3, 2); },
     "/cells/reason_index: row 3 gives the unknown reason 'level 0, tile 3,2 is unreadable'"},
    {"ReasonOfAClassifiedCell", [](hid_t f) { poke<std::int64_t>(f, "/cells/reason_index", 2, 0); },
     "/cells/reason_index: row 2 is a reason, but the cell is classified"},
    // The blocks': glass, that of a failure.
    {"UnknownRejection", [](hid_t f) { poke<std::int64_t>(f, "/blocks/reason_index", 4, 1); },
     "/blocks/reason_index: row 4 gives the unknown reason 'level 0, tile 3,2 is unreadable'"},
    {"ReasonOfAnAnalysedBlock",
     [](hid_t f) { poke<std::int64_t>(f, "/blocks/reason_index", 0, 0); },
     "/blocks/reason_index: row 0 is a reason, but the block is analysed"},
    {"UnknownOutcomeInTheTally",
     [](hid_t f) {
       set_attribute(f, "/cells", "tally_names",
                     Texts{"classified", "excluded: border", "excluded: smudge", "failed"}, {4});
     },
     "/cells@tally_names: 'excluded: smudge' is not a known value"},
    {"ReasonBelowRange", [](hid_t f) { poke<std::int64_t>(f, "/blocks/reason_index", 4, -2); },
     "/blocks/reason_index: row 4 points at reason -2 of 2"},
    {"BlockOutOfRange", [](hid_t f) { poke<std::int64_t>(f, "/cells/block", 2, 6); },
     "/cells/block: row 2 is in block 6 of 6"},
    {"BlocksOutOfOrder", [](hid_t f) { poke<std::int64_t>(f, "/blocks/index", 2, 1); },
     "/blocks/index: row 2 is block 1"},
    {"CellTwice", [](hid_t f) { poke<std::int64_t>(f, "/cells/id", 2, 1); },
     "/cells/id: row 2 is cell 1, which occurred before"},
    {"ClassOutOfRange", [](hid_t f) { poke<std::int64_t>(f, "/cells/class", 0, 3); },
     "/cells/class: row 0 is class 3 of 3"},
    {"ClassOfAnExcludedCell", [](hid_t f) { poke<std::int64_t>(f, "/cells/class", 3, 1); },
     "/cells/class: row 3 is a class, but the cell is not classified"},
    {"ShownNucleusBelowZero", [](hid_t f) { poke(f, "/pictures/nucleus_um2", 1, -2.0); },
     "/pictures/nucleus_um2: row 1 is -2"},
    {"ShownClassOutOfRange", [](hid_t f) { poke<std::int64_t>(f, "/pictures/class", 1, -2); },
     "/pictures/class: row 1 is class -2 of 3"},
    {"UnknownOutcome", [](hid_t f) { poke<std::int64_t>(f, "/cells/outcome", 1, 3); },
     "/cells/outcome: row 1 is 3"},
    {"InfinitePlace", [](hid_t f) { poke(f, "/cells/x", 0, kInfinite); },
     "/cells/x: row 0 is not a position"},
    {"NegativeBox", [](hid_t f) { poke<std::int64_t>(f, "/cells/box", 2, -41); },
     "/cells/box: row 0 is not an area"},
    {"BoxBeyondAllPixels",
     [](hid_t f) {
       poke<std::int64_t>(f, "/blocks/core", 4, std::numeric_limits<std::int64_t>::max());
     },
     "/blocks/core: row 1 is not an area"},
    {"ShareOfTwo", [](hid_t f) { poke(f, "/cells/probability", 0, 2.0); },
     "/cells/probability: row 0 holds a value that is not a share"},
    {"ShareOfNan", [](hid_t f) { poke(f, "/cells/probability", 1, kNan); },
     "/cells/probability: row 0 holds a value that is not a share"},
    {"MapOfNan", [](hid_t f) { poke(f, "/evidence/cells", 20, kNan); },
     "/evidence/cells: row 1 holds a value that is not a share"},
    {"MapOfAnotherCell", [](hid_t f) { poke<std::int64_t>(f, "/evidence/cell_id", 1, 5); },
     "/evidence/cell_id: row 1 is cell 5, expected 1"},
    {"MapWithoutACell", [](hid_t f) { poke<std::int64_t>(f, "/cells/outcome", 8, 1); },
     "/cells/class: row 8 is a class"},
    {"InfiniteEvidence", [](hid_t f) { poke(f, "/evidence/slide", 5, kInfinite); },
     "/evidence/slide: holds a value that is not a share"},
    {"FractionAboveOne", [](hid_t f) { poke(f, "/differential/fraction", 0, 1.5); },
     "/differential/fraction: row 0 is not a share"},
    {"IntervalTheWrongWayRound", [](hid_t f) { poke(f, "/differential/wilson95_low", 0, 0.99); },
     "/differential/wilson95: row 0 is not an interval"},
    {"IntervalOfOneEnd", [](hid_t f) { poke(f, "/differential/corrected95_high", 0, kNan); },
     "/differential/corrected95: row 0 is not an interval"},
    {"MoreOfAClassThanCounted", [](hid_t f) { poke<std::int64_t>(f, "/differential/count", 0, 6); },
     "/differential/count: row 0 is above the cells counted"},
    {"FewerOfAClassThanCounted",
     [](hid_t f) { poke<std::int64_t>(f, "/differential/count", 0, 2); },
     "/differential@denominator: 1 of 5 counted cells are of no class"},
    {"CountsWithoutCells",
     [](hid_t f) {
       poke<std::int64_t>(f, "/differential/count", 0, 1'000'003);
       set_attribute(f, "/differential", "denominator", Wholes{1'000'005}, {});
     },
     "/differential/count: counts more than the 7 classified cells"},
    {"NegativeThreshold", [](hid_t f) { poke(f, "/quality/at_least", 0, -1.0); },
     "/quality/at_least: row 0 is not a threshold"},
    {"UnknownQualityRule",
     [](hid_t f) {
       testing::valid(H5Ldelete(f, "/quality/code", H5P_DEFAULT));
       testing::valid(
           H5Lcreate_hard(f, "/quality/label", f, "/quality/code", H5P_DEFAULT, H5P_DEFAULT));
     },
     "/quality/code: 'counted cells' is not a known value"},
    {"CardNestedDeeply",
     [](hid_t f) {
       const std::string deep(100'000, '[');
       set_attribute(f, "/model", "card_json", Texts{deep.c_str()}, {});
     },
     "/model@card_json: is nested too deeply"},
    {"UnknownMapOfColours",
     [](hid_t f) { set_attribute(f, "/appearance", "map", Texts{"sepia"}, {}); },
     "/appearance@map: 'sepia' is not a known value"},
    {"MapThatNobodyAskedFor",
     [](hid_t f) { set_attribute(f, "/appearance", "map", Texts{"none"}, {}); },
     "/appearance@outcome: contradicts the map"},
    {"NegativeCellsOfTheMap",
     [](hid_t f) { set_attribute(f, "/appearance", "cells", Wholes{-1}, {}); },
     "/appearance@cells: a count is negative"},
    {"ColourOfTwoNumbers",
     [](hid_t f) {
       set_attribute(f, "/appearance", "lab_mean", Reals{1, 2}, {2});
     },
     "/appearance@lab_mean: is not three numbers"},
    {"ColourOfNan",
     [](hid_t f) {
       set_attribute(f, "/appearance", "model_lab_deviation", Reals{1, kNan, 2}, {3});
     },
     "/appearance@model_lab_deviation: is not three numbers"},
    {"DeviationBelowZero",
     [](hid_t f) {
       set_attribute(f, "/appearance", "lab_deviation", Reals{1, -1, 2}, {3});
     },
     "/appearance@lab_deviation: is below 0"},
    {"MapWithNothingToMapBy",
     [](hid_t f) { H5Adelete_by_name(f, "/appearance", "lab_mean", H5P_DEFAULT); },
     "/appearance@outcome: is 'applied', but there is nothing to map by"},
    {"StripBeyondItsPictures",
     [](hid_t f) { poke<std::int64_t>(f, "/appearance/after_bytes", 1, 1 << 30); },
     "/appearance/after_bytes: row 1 reaches beyond the pictures"},
    {"StripOfAnotherLength",
     [](hid_t f) { replace(f, "/appearance/after_bytes", H5T_STD_U64LE, {2}); },
     "/appearance/after_bytes: has 2 of 3 cells"},
    {"PictureBeyondThePictures",
     [](hid_t f) { poke<std::int64_t>(f, "/pictures/jpeg_bytes", 0, 1 << 30); },
     "/pictures/jpeg_bytes: row 0 reaches beyond the pictures"},
    {"NoClasses",
     [](hid_t f) {
       set_attribute(f, "/model", "classes", Texts{}, {0});
       for (const auto* column : {"/pictures/probability", "/cells/probability", "/evidence/cells"})
         H5Ldelete(f, column, H5P_DEFAULT);
     },
     "/differential: has 3 rows for 0 classes"},
    {"NoMap", [](hid_t f) { set_attribute(f, "/model", "map_height", Wholes{0}, {}); },
     "/model: names no classes or no map, but there are cells"},
    // Another kind of thing.
    {"GroupForADataset", make_a_group, "/cells/x: cannot open"},
    {"RealsForWholes", [](hid_t f) { replace(f, "/cells/block", H5T_IEEE_F64LE, {10}); },
     "/cells/block: does not hold whole numbers"},
    {"SignedForUnsigned", [](hid_t f) { replace(f, "/cells/block", H5T_STD_I64LE, {10}); },
     "/cells/block: does not hold whole numbers"},
    {"WholesForReals", [](hid_t f) { replace(f, "/cells/x", H5T_STD_I64LE, {10}); },
     "/cells/x: does not hold real numbers"},
    {"TableForAColumn",
     [](hid_t f) {
       replace(f, "/cells/id", H5T_STD_U64LE, {10, 1});
     },
     "/cells/id: is no column"},
    {"NumberForAColumn", [](hid_t f) { replace(f, "/cells/id", H5T_STD_U64LE, {}); },
     "/cells/id: is not an array"},
    {"NumbersForTexts", [](hid_t f) { replace(f, "/cells/reasons", H5T_STD_U64LE, {3}); },
     "/cells/reasons: does not hold a list of texts"},
    {"AShorterColumn", [](hid_t f) { replace(f, "/cells/y", H5T_IEEE_F64LE, {9}); },
     "/cells/y: its shape is [9], expected [10]"},
    {"ListForANumber",
     [](hid_t f) {
       set_attribute(f, "/model", "mpp", Reals{1, 1}, {2});
     },
     "/model@mpp: is not of the expected kind"},
    {"NothingForANumber", hold_nothing, "/model@mpp: is not of the expected kind"},
    {"TextThatIsNoUtf8", [](hid_t f) { set_attribute(f, "/slide", "id", Texts{"PB \xff 17"}, {}); },
     "/slide@id: holds text that is not UTF-8"},
    // More than the file can hold.
    {"TwentyMillionCells", claim_20_million_cells, "/cells/id: its shape [20000000] claims more"},
    {"ChunksOf4Gigabytes", make_chunks_of_4_gigabytes,
     "/cells/x: its chunks are implausibly large"},
    {"ManyClasses",
     [](hid_t f) { set_attribute(f, "/model", "classes", Texts(3000, "x"), {3000}); },
     "/differential: has 3 rows for 3000 classes"},
    // Out of the file.
    {"LinkToAnotherRecord", [](hid_t f) { link_outside(f, "/cells/x", "other.h5"); },
     "/cells/x: cannot open"},
    {"LinkToADevice", [](hid_t f) { link_outside(f, "/cells/x", "/dev/zero"); },
     "/cells/x: cannot open"},
    {"LinkToItself", link_to_itself, "/cells/x: cannot open"},
    {"ValuesInADevice", keep_values_in_a_device, "/cells/x: its values are stored in other files"},
    {"ValuesInAnotherRecord", keep_values_in_another_record,
     "/cells/x: its values are stored in other files"},
};

class DamagedRecord : public ::testing::TestWithParam<Damage> {};

TEST_P(DamagedRecord, IsRefusedByFileAndObject) {
  const TempDir folder;
  testing::write_example(folder / "r.h5", testing::example_record());
  testing::write_example(folder / "other.h5", testing::example_record());
  damage(folder / "r.h5", GetParam().change);
  const auto start = (folder / "r.h5").string() + ": damaged record: " + GetParam().complaint;
  EXPECT_THAT(refusal([&] { (void)read_record(folder / "r.h5"); }), StartsWith(start));
  EXPECT_THAT(refusal([&] { (void)read_overview(folder / "r.h5"); }), StartsWith(start));
}

INSTANTIATE_TEST_SUITE_P(Of, DamagedRecord, ::testing::ValuesIn(kDamages),
                         [](const auto& one) { return std::string(one.param.name); });

/// HDF5 1.10 trusts the size of a text in its global heap: one that is past the heap's end makes it
/// read, and write, where nothing is; one that wraps around makes it search for ever.
class DamagedHeap : public ::testing::TestWithParam<std::uint64_t> {};

TEST_P(DamagedHeap, EndsTheReadingAlone) {
  const TempDir folder;
  testing::write_example(folder / "r.h5", testing::example_record());
  auto bytes = bytes_of(folder / "r.h5");
  constexpr std::size_t header = 16, size_of_object = 8;
  auto heaps = 0;
  for (auto at = bytes.find("GCOL"); at != std::string::npos; at = bytes.find("GCOL", at + 4)) {
    const auto size = GetParam();
    std::memcpy(bytes.data() + at + header + size_of_object, &size, sizeof size);
    ++heaps;
  }
  ASSERT_GT(heaps, 0);
  std::ofstream(folder / "r.h5", std::ios::binary) << bytes;
  const auto path = (folder / "r.h5").string();
  EXPECT_THAT(refusal([&] { (void)read_record(folder / "r.h5"); }), StartsWith(path + ": "));
  EXPECT_THAT(refusal([&] { (void)read_assessment(folder / "r.h5"); }), StartsWith(path + ": "));
}

INSTANTIATE_TEST_SUITE_P(OfSize, DamagedHeap,
                         ::testing::Values(std::uint64_t{64} << 20, ~std::uint64_t{15}));

TEST(ForeignFile, OfAnotherProgramIsNotCalledDamaged) {
  const TempDir folder;
  H5Fclose(H5Fcreate((folder / "own.h5").c_str(), H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT));
  const auto empty = refusal([&] { (void)read_record(folder / "own.h5"); });
  EXPECT_THAT(empty, HasSubstr("this HDF5 file is not a 'cytocape-report'"));
  EXPECT_THAT(empty, Not(HasSubstr("damaged")));
  damage(folder / "own.h5",
         [](hid_t file) { set_attribute(file, "/", "schema", std::vector<std::int64_t>{3}, {}); });
  EXPECT_EQ(refusal([&] { (void)record_kind(folder / "own.h5"); }), empty);
}

TEST(ForeignFile, ThatIsAPipeOrDeviceIsNotWaitedFor) {
  const TempDir folder;
  ASSERT_EQ(::mkfifo((folder / "pipe.h5").c_str(), 0600), 0);
  for (const auto& path : {folder / "pipe.h5", fs::path("/dev/zero")})
    EXPECT_THAT(refusal([&] { (void)read_record(path); }),
                HasSubstr("this is a folder, pipe or device"));
}

TEST(ForeignFile, ThatMayNotBeReadIsNotCalledDamaged) {
  if (::geteuid() == 0) GTEST_SKIP() << "an administrator may read everything";
  const TempDir folder;
  std::ofstream(folder / "r.h5") << "x";
  fs::permissions(folder / "r.h5", fs::perms::none);
  EXPECT_THAT(refusal([&] { (void)read_record(folder / "r.h5"); }),
              HasSubstr("cannot be opened: Permission denied"));
}

TEST(ForeignFile, ThatIsBeingWrittenIsNotCalledDamaged) {
  const TempDir folder;
  testing::write_example(folder / "r.h5", testing::example_record());
  const Descriptor writer(folder / "r.h5", O_RDWR);
  ASSERT_EQ(::flock(writer.get(), LOCK_EX), 0);
  EXPECT_THAT(refusal([&] { (void)read_record(folder / "r.h5"); }),
              HasSubstr("is being written by another program"));
}

TEST(ForeignFile, ThatChangesWhileReadIsNotCalledDamaged) {
  const TempDir folder;
  testing::write_example(folder / "r.h5", testing::example_record());
  const h5::Reader reader(folder / "r.h5");
  reader.require_unchanged();
  std::ofstream(folder / "r.h5", std::ios::app) << "x";
  EXPECT_THAT(refusal([&] { reader.fail("/cells", "is odd"); }),
              HasSubstr("changed while it was being read"));
  EXPECT_THAT(refusal([&] { reader.require_unchanged(); }),
              HasSubstr("changed while it was being read"));
}

/// What a case's record says of its only slide, a link to `target`.
LinkedSlide only_slide(const fs::path& folder, const fs::path& target) {
  write_case_record(folder / "case.h5", testing::example_record().report.assessment,
                    std::vector<SlideLink>{{"only", target, {}}});
  return read_linked_slides(folder / "case.h5").at(0);
}

TEST(LinkOfACase, IsReadWhereItLeadsToASlide) {
  const TempDir folder;
  testing::write_example(folder / "slide.h5", testing::example_record());
  EXPECT_EQ(only_slide(folder.path(), "slide.h5").lost, "");
  EXPECT_EQ(only_slide(folder.path(), folder / "slide.h5").lost, "");
}

TEST(LinkOfACase, ToItselfIsLost) {
  const TempDir folder;
  EXPECT_THAT(only_slide(folder.path(), "case.h5").lost, HasSubstr("the record of a case"));
}

TEST(LinkOfACase, ToAPipeADeviceOrAFolderIsLost) {
  const TempDir folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  for (const auto* target : {"pipe", "/dev/zero", "."})
    EXPECT_THAT(only_slide(folder.path(), target).lost,
                HasSubstr("this is a folder, pipe or device"));
}

TEST(LinkOfACase, ToADamagedRecordSaysWhat) {
  const TempDir folder;
  testing::write_example(folder / "slide.h5", testing::example_record());
  damage(folder / "slide.h5", [](hid_t file) {
    set_attribute(file, "/differential", "denominator", std::vector<std::int64_t>{-1}, {});
  });
  const auto slide = only_slide(folder.path(), "slide.h5");
  EXPECT_THAT(slide.lost, HasSubstr("slide.h5: damaged record: /differential@denominator"));
  EXPECT_EQ(slide.status, std::nullopt);
}

TEST(LinkOfACase, IntoARecordIsADamage) {
  const TempDir folder;
  testing::write_example(folder / "slide.h5", testing::example_record());
  (void)only_slide(folder.path(), "slide.h5");
  damage(folder / "case.h5", [](hid_t file) {
    H5Ldelete(file, "/slides/0", H5P_DEFAULT);
    H5Lcreate_external("slide.h5", "/model", file, "/slides/0", H5P_DEFAULT, H5P_DEFAULT);
  });
  EXPECT_THAT(refusal([&] { (void)read_linked_slides(folder / "case.h5"); }),
              HasSubstr("case.h5: damaged record: /slides/0: points into a record"));
}

}  // namespace
}  // namespace cytocape
