/// What is said of files that cannot be read, whoever would have read them: the reason decides what
/// a person does next.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "io/errors.hpp"
#include "io/file_fault.hpp"
#include "io/image_codec.hpp"
#include "tests/io/tiled_slide.hpp"
#include "tests/support/file_text.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;
using testing::TempDir;
using testing::text_of;
using testing::write_bytes;

template <class Read>
std::string said_by(const Read& read) {
  try {
    (void)read();
    return "read";
  } catch (const SlideError& error) {
    return error.what();
  }
}

std::string tiled() {
  return testing::make_tiled({{testing::waves(200, 150), {}, {}}}, {}).bytes;
}
std::string pyramid() {
  const TempDir folder;
  write_pyramid(folder / "a.tif", {.size = {300, 200}, .mpp = {0.25, 0.25}},
                [](const Level0Rect&, Image&) {});
  return text_of(folder / "a.tif");
}
std::string png() {
  const auto bytes = encode_png(testing::waves(100, 80));
  return {bytes.begin(), bytes.end()};
}
std::string jpeg() {
  const auto bytes = encode_jpeg(testing::waves(100, 80), 90);
  return {bytes.begin(), bytes.end()};
}

struct Format {
  const char* name;
  const char* ending;
  std::string (*make)();
};

void PrintTo(const Format& format, std::ostream* out) {
  *out << format.name;
}

class EachFormat : public ::testing::TestWithParam<Format> {
 protected:
  [[nodiscard]] std::string opened(const std::string& bytes) const {
    const auto path = write_bytes(folder_ / (std::string("a") + GetParam().ending), bytes);
    const auto slide = said_by([&] { return Slide::open(path, {.mpp = Mpp{0.25, 0.25}}); });
    const auto picture = said_by([&] { return read_image(path); });
    // A tile may be damaged in a slide; a picture is whole or none.
    return slide == "read" ? picture : slide;
  }
  TempDir folder_;
};

TEST_P(EachFormat, ThatIsCutAnywhereIsSaidToBeDamagedOrToHaveNoHead) {
  const auto whole = GetParam().make();
  EXPECT_EQ(opened(whole), "read");
  for (const double share : {0.001, 0.01, 0.1, 0.3, 0.5, 0.8, 0.95}) {
    const auto kept = std::max(std::size_t{12},
                               static_cast<std::size_t>(share * static_cast<double>(whole.size())));
    const auto said = opened(whole.substr(0, kept));
    EXPECT_THAT(said, AllOf(HasSubstr("damaged"), HasSubstr("copy or export it again"),
                            Not(HasSubstr("unknown format"))))
        << kept << " of " << whole.size() << " bytes";
  }
}

TEST_P(EachFormat, ThatHasAnothersHeadIsSaidToBeOfAnUnknownFormat) {
  auto bytes = GetParam().make();
  bytes.replace(0, 4, "????");
  EXPECT_THAT(opened(bytes),
              AllOf(HasSubstr("is of an unknown format"), Not(HasSubstr("damaged"))));
}

TEST_P(EachFormat, ThatMayNotBeReadSaysSo) {
  if (::geteuid() == 0) GTEST_SKIP() << "root may read everything";
  const auto path =
      write_bytes(folder_ / (std::string("a") + GetParam().ending), GetParam().make());
  fs::permissions(path, fs::perms::none);
  const auto refusal = AllOf(HasSubstr("cannot be read: Permission denied"), HasSubstr("allow"));
  EXPECT_THAT(said_by([&] { return Slide::open(path, {.mpp = Mpp{0.25, 0.25}}); }), refusal);
  EXPECT_THAT(said_by([&] { return read_image(path); }), refusal);
}

INSTANTIATE_TEST_SUITE_P(Refused, EachFormat,
                         ::testing::Values(Format{"TiffInTiles", ".tif", tiled},
                                           Format{"BigTiffPyramid", ".svs", pyramid},
                                           Format{"Png", ".png", png},
                                           Format{"Jpeg", ".jpg", jpeg}),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(RefusedFile, TellsThePermissionApartFromABrokenDrive) {
  EXPECT_THAT(said_by([]() -> int { refuse_unreadable("a.svs", EACCES); }),
              HasSubstr("a.svs: cannot be read: Permission denied; allow the account"));
  EXPECT_THAT(said_by([]() -> int { refuse_unreadable("a.svs", EIO); }),
              HasSubstr("check its drive or share"));
}

}  // namespace
}  // namespace cytocape
