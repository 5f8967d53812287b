#include "io/image_codec.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string_view>

#include "io/errors.hpp"
#include "io/slide.hpp"
#include "io/tiff_file.hpp"
#include "tests/io/tiff_writer.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using testing::TempDir;

// Written with Python's zlib and struct: 3 x 1 RGBA (10,20,30,255) (200,0,0,0) (0,0,0,128);
// 2 x 1 grey 7, 99; 2 x 1 RGB of 16 bits (65535,0,257) (32896,0,0).
constexpr std::string_view kRgbaPng =
    "89504e470d0a1a0a0000000d49484452000000030000000108060000001be014b4000000114944415478da63"
    "e01291fb7f82010c1a0012440284f5ef90610000000049454e44ae426082";
constexpr std::string_view kGreyPng =
    "89504e470d0a1a0a0000000d4948445200000002000000010800000000d14920560000000b4944415478da63"
    "604f06000074006b387c117f0000000049454e44ae426082";
constexpr std::string_view kDeepPng =
    "89504e470d0a1a0a0000000d49484452000000020000000110020000002bd0349e000000134944415478da63"
    "f8ff9f818191b1a1810108001c850301d4bb23fe0000000049454e44ae426082";

void write_bytes(const fs::path& path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

fs::path write_hex(const fs::path& path, std::string_view hex) {
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>(std::stoi(std::string(hex.substr(i, 2)), nullptr, 16));
  }
  write_bytes(path, bytes);
  return path;
}

Image gradient(int width, int height) {
  Image image(width, height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      auto* pixel = image.row(y) + 3 * x;
      pixel[0] = static_cast<std::uint8_t>(x);
      pixel[1] = static_cast<std::uint8_t>(y);
      pixel[2] = static_cast<std::uint8_t>(x ^ y);
    }
  }
  return image;
}

TEST(ImageCodec, PngComesBackAsItWas) {
  const TempDir folder;
  const auto image = gradient(37, 23);
  write_png(image, folder / "a.png");
  EXPECT_EQ(read_image(folder / "a.png"), image);
}

TEST(ImageCodec, TransparencyIsCompositedOnWhite) {
  const TempDir folder;
  const auto image = read_image(write_hex(folder / "a.png", kRgbaPng));
  EXPECT_EQ(image.at(0, 0), (Rgb{10, 20, 30}));
  EXPECT_EQ(image.at(1, 0), (Rgb{255, 255, 255}));
  EXPECT_NEAR(image.at(2, 0).r, 127, 1);
}

TEST(ImageCodec, GreyIsWidenedToThreeChannels) {
  const TempDir folder;
  const auto image = read_image(write_hex(folder / "a.png", kGreyPng));
  EXPECT_EQ(image.at(0, 0), (Rgb{7, 7, 7}));
  EXPECT_EQ(image.at(1, 0), (Rgb{99, 99, 99}));
}

TEST(ImageCodec, SixteenBitsAreScaledAndNotCut) {
  const TempDir folder;
  const auto image = read_image(write_hex(folder / "a.png", kDeepPng));
  EXPECT_EQ(image.at(0, 0), (Rgb{255, 0, 1}));
  EXPECT_EQ(image.at(1, 0), (Rgb{128, 0, 0}));
}

TEST(ImageCodec, ExifOrientationIsApplied) {
  const TempDir folder;
  const auto jpeg = encode_jpeg(gradient(64, 32), 95);
  // APP1 "Exif", little-endian TIFF, one tag: orientation 6 (turn clockwise to see it upright).
  constexpr std::string_view exif(
      "\xFF\xE1\x00\x22"
      "Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0",
      36);
  std::string bytes(jpeg.begin(), jpeg.end());
  bytes.insert(2, exif);
  write_bytes(folder / "a.jpg", bytes);
  const auto image = read_image(folder / "a.jpg");
  ASSERT_EQ(image.width(), 32);
  ASSERT_EQ(image.height(), 64);
  // The stored bottom-left corner (0, 31) becomes the top-left one.
  EXPECT_NEAR(image.at(0, 0).g, 31, 12);
  EXPECT_NEAR(image.at(0, 0).r, 0, 12);
}

TEST(ImageCodec, TruncatedJpegIsAnErrorAndNotAGreyPicture) {
  const TempDir folder;
  const auto jpeg = encode_jpeg(gradient(200, 200), 90);
  write_bytes(folder / "cut.jpg", std::string(jpeg.begin(), jpeg.begin() + 2000));
  EXPECT_THROW((void)read_image(folder / "cut.jpg"), SlideError);
}

std::string text_of(const std::vector<std::uint8_t>& bytes) {
  return {bytes.begin(), bytes.end()};
}

/// "accepted", or why not.
std::string refusal_of(const fs::path& path) {
  try {
    (void)read_image(path);
    return "accepted";
  } catch (const SlideError& error) {
    EXPECT_TRUE(std::string(error.what()).starts_with(path.string() + ": "));
    return error.what();
  }
}

std::string refusal_of(const std::string& bytes) {
  const TempDir folder;
  write_bytes(folder / "picture", bytes);
  return refusal_of(folder / "picture");
}

TEST(ImageCodec, JpegThatEndsEarlyWithAllItsMarkersIsDamaged) {
  auto bytes = text_of(encode_jpeg(gradient(200, 200), 90));
  bytes.replace(bytes.size() / 2, std::string::npos, "\xFF\xD9");
  EXPECT_THAT(refusal_of(bytes), HasSubstr("is damaged: Corrupt JPEG data"));
}

TEST(ImageCodec, JpegWithAHoleIsDamaged) {
  auto bytes = text_of(encode_jpeg(gradient(200, 200), 90));
  bytes.erase(bytes.size() / 2, bytes.size() / 8);
  EXPECT_THAT(refusal_of(bytes), HasSubstr("is damaged: Corrupt JPEG data"));
}

TEST(ImageCodec, JpegOfASizeThatItCannotHoldIsDamaged) {
  auto bytes = text_of(encode_jpeg(gradient(16, 16), 90));
  const auto frame = bytes.find("\xFF\xC0");
  ASSERT_NE(frame, std::string::npos);
  bytes.replace(frame + 5, 4, "\x75\x30\x75\x30");
  EXPECT_THAT(refusal_of(bytes), HasSubstr("claims 30000 x 30000 pixels"));
}

TEST(ImageCodec, JpegWithBytesBehindItsEndIsWhole) {
  const TempDir folder;
  const auto bytes = text_of(encode_jpeg(gradient(64, 48), 90));
  write_bytes(folder / "a.jpg", bytes);
  write_bytes(folder / "b.jpg", bytes + "\xFF\xD8\xFF a preview that a camera left");
  EXPECT_EQ(read_image(folder / "a.jpg"), read_image(folder / "b.jpg"));
}

TEST(ImageCodec, JpegOfAnUnknownJfifVersionIsWhole) {
  auto bytes = text_of(encode_jpeg(gradient(64, 48), 90));
  bytes.insert(2, std::string("\xFF\xE0\0\x10JFIF\0\x09\x01\0\0\x01\0\x01\0\0", 18));
  EXPECT_EQ(refusal_of(bytes), "accepted");
}

TEST(ImageCodec, JpegWithOddExifAndProfileIsWhole) {
  const TempDir folder;
  auto bytes = text_of(encode_jpeg(gradient(64, 48), 90));
  write_bytes(folder / "a.jpg", bytes);
  constexpr std::string_view exif(
      "\xFF\xE1\x00\x0C"
      "Exif\0\0II*\0",
      14);
  constexpr std::string_view profile(
      "\xFF\xE2\x00\x16"
      "ICC_PROFILE\0\x07\x02"
      "junk??",
      24);
  bytes.insert(2, exif);
  bytes.insert(2, profile);
  write_bytes(folder / "b.jpg", bytes);
  EXPECT_EQ(read_image(folder / "a.jpg"), read_image(folder / "b.jpg"));
}

TEST(ImageCodec, PngOfASizeThatItCannotHoldIsDamaged) {
  const TempDir folder;
  write_png(gradient(16, 16), folder / "a.png");
  std::ifstream in(folder / "a.png", std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  // Width, height, kind and checksum of the head of 31622 x 31622 pixels of RGB.
  const std::string claim("\0\0\x7B\x86\0\0\x7B\x86\x08\x02\0\0\0\xA4\x77\x34\xA0", 17);
  bytes.replace(16, claim.size(), claim);
  EXPECT_THAT(refusal_of(bytes), HasSubstr("claims 31622 x 31622 pixels"));
}

TEST(ImageCodec, PngWithAWrongByteIsDamaged) {
  const TempDir folder;
  const auto path = write_hex(folder / "a.png", kGreyPng);
  std::ifstream in(path, std::ios::binary);
  std::string bytes{std::istreambuf_iterator<char>(in), {}};
  bytes[bytes.find("IDAT") + 8] ^= 1;
  EXPECT_THAT(refusal_of(bytes), HasSubstr("is damaged: "));
}

/// Strips of 64 x 32 pixels, of which the second is the interesting one.
std::string strips(std::uint64_t compression, const std::string& first, const std::string& second) {
  testing::TiffWriter writer;
  const auto a = writer.add_data(first);
  const auto b = writer.add_data(second);
  const auto rgb = compression == kTiffJpeg;
  writer.add_page({{256, {64}},
                   {257, {64}},
                   {258, {8}},
                   {259, {compression}},
                   {262, {rgb ? 6U : 1U}},
                   {273, {a, b}},
                   {277, {rgb ? 3U : 1U}},
                   {278, {32}},
                   {279, {first.size(), second.size()}},
                   {65'432, {7, 8}}});
  return writer.bytes();
}

TEST(TiffStrips, OfJpegAreReadWhenWholeAndDamagedWhenOneEndsEarly) {
  const auto whole = text_of(encode_jpeg(gradient(64, 32), 80));
  EXPECT_EQ(refusal_of(strips(kTiffJpeg, whole, whole)), "accepted");
  const auto half = whole.substr(0, whole.size() - 100) + "\xFF\xD9";
  EXPECT_THAT(refusal_of(strips(kTiffJpeg, whole, half)),
              HasSubstr("is damaged: strip 1: Corrupt JPEG data"));
}

/// Deflate's blocks of stored bytes, with its checksum.
std::string deflated(const std::string& bytes, unsigned wrong = 0) {
  std::uint32_t a = 1;
  std::uint32_t b = 0;
  for (const auto c : bytes) {
    a = (a + static_cast<unsigned char>(c)) % 65521;
    b = (b + a) % 65521;
  }
  const auto size = bytes.size();
  std::string out("\x78\x01\x01");
  for (const auto n : {size, ~size}) {
    out += static_cast<char>(n & 255);
    out += static_cast<char>(n >> 8 & 255);
  }
  out += bytes;
  for (const int shift : {24, 16, 8, 0}) {
    out += static_cast<char>(((b << 16 | a) + wrong) >> shift & 255);
  }
  return out;
}

TEST(TiffStrips, OfDeflateAreReadWhenWholeAndDamagedWhenAChecksumIsWrong) {
  const std::string row(2048, 'r');
  EXPECT_EQ(refusal_of(strips(kTiffDeflate, deflated(row), deflated(row))), "accepted");
  EXPECT_THAT(refusal_of(strips(kTiffDeflate, deflated(row), deflated(row, 1))),
              HasSubstr("is damaged: strip 1: incorrect data check"));
  EXPECT_THAT(refusal_of(strips(kTiffDeflate, deflated(row), deflated(row).substr(0, 900))),
              HasSubstr("is damaged: strip 1"));
}

TEST(TiffStrips, OfPackBitsThatHoldTooMuchAreDamaged) {
  std::string whole;
  for (int i = 0; i < 16; ++i) whole += "\x81z";  // 128 times z
  EXPECT_EQ(refusal_of(strips(kTiffPackBits, whole, whole)), "accepted");
  auto longer = whole;
  longer.replace(30, 2, "\x05zzzzzz\x81z");
  EXPECT_THAT(refusal_of(strips(kTiffPackBits, whole, longer)), HasSubstr("Discarding"));
}

TEST(TiffStrips, OfASizeThatTheyCannotHoldAreRefused) {
  testing::TiffWriter writer;
  writer.add_page({{256, {31'000}},
                   {257, {31'000}},
                   {258, {8}},
                   {259, {1}},
                   {262, {1}},
                   {273, {8}},
                   {277, {1}},
                   {278, {31'000}},
                   {279, {961'000'000}}});
  EXPECT_THAT(refusal_of(writer.bytes()), HasSubstr("claims 31000 x 31000 pixels"));
}

TEST(ImageCodec, TextUnderAPictureNameIsRefusedByItsContent) {
  const TempDir folder;
  write_bytes(folder / "a.png", "not a picture");
  try {
    (void)read_image(folder / "a.png");
    FAIL() << "no error";
  } catch (const SlideError& error) {
    EXPECT_THAT(error.what(), HasSubstr("a.png: is of an unknown format"));
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
  }
}

TEST(ImageCodec, FormatsThatAreNoSmearAreNotHandedToOtherLoaders) {
  const TempDir folder;
  write_bytes(folder / "a.png", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>");
  EXPECT_THROW((void)read_image_header(folder / "a.png"), SlideError);
}

TEST(ImageCodec, PictureThatCannotBeWrittenNamesItsPath) {
  try {
    write_png(gradient(3, 3), "/nowhere/a.png");
    FAIL() << "no error";
  } catch (const StorageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("/nowhere/a.png: cannot write"));
  }
}

TEST(DataUri, PadsBase64AsRfc4648Shows) {
  const auto of = [](std::string_view text) {
    const std::vector<std::uint8_t> bytes(text.begin(), text.end());
    return data_uri("image/png", bytes);
  };
  EXPECT_EQ(of(""), "data:image/png;base64,");
  EXPECT_EQ(of("f"), "data:image/png;base64,Zg==");
  EXPECT_EQ(of("fo"), "data:image/png;base64,Zm8=");
  EXPECT_EQ(of("foobar"), "data:image/png;base64,Zm9vYmFy");
  EXPECT_EQ(of("\xFB\xFF\xFE"), "data:image/png;base64,+//+");
}

// --- pyramids -------------------------------------------------------------------------------

/// Blocks of 64 x 48 px in colours of their own: soft enough for JPEG, sharp enough to show a
/// shift of one pixel.
void render_blocks(const Level0Rect& rect, Image& out) {
  for (int y = 0; y < out.height(); ++y) {
    for (int x = 0; x < out.width(); ++x) {
      const auto column = static_cast<unsigned>((rect.x + x) / 64);
      const auto row = static_cast<unsigned>((rect.y + y) / 48);
      auto* pixel = out.row(y) + 3 * x;
      pixel[0] = static_cast<std::uint8_t>(40 + column * 53 % 180);
      pixel[1] = static_cast<std::uint8_t>(40 + row * 71 % 180);
      pixel[2] = static_cast<std::uint8_t>(40 + (column + row) * 37 % 180);
    }
  }
}

double mean_difference(const Image& a, const Image& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.pixels().size(); ++i) {
    sum += std::abs(int{a.pixels()[i]} - int{b.pixels()[i]});
  }
  return sum / static_cast<double>(a.pixels().size());
}

Image halved(const Image& image) {
  Image half(image.width() / 2, image.height() / 2);
  for (int y = 0; y < half.height(); ++y) {
    for (int x = 0; x < half.width() * 3; ++x) {
      const int at = x / 3 * 6 + x % 3;
      const auto* top = image.row(2 * y) + at;
      const auto* low = image.row(2 * y + 1) + at;
      half.row(y)[x] = static_cast<std::uint8_t>((top[0] + top[3] + low[0] + low[3] + 2) / 4);
    }
  }
  return half;
}

class Pyramid : public ::testing::Test {
 protected:
  std::unique_ptr<Slide> written(Size size) {
    write_pyramid(folder_ / "p.tif", {.size = size, .mpp = {0.25, 0.23}}, render_blocks);
    return Slide::open(folder_ / "p.tif");
  }
  TempDir folder_;
};

TEST_F(Pyramid, IsAGenericTiledSlideWithAllItsLevels) {
  const auto slide = written({2203, 1501});
  const auto& info = slide->info();
  EXPECT_EQ(info.reader, "tiff");
  EXPECT_EQ(info.vendor, "generic-tiff");
  ASSERT_EQ(info.levels.size(), 5U);
  EXPECT_EQ(info.levels[0].size, (Size{2203, 1501}));
  EXPECT_EQ(info.levels[1].size, (Size{1101, 750}));
  EXPECT_EQ(info.levels[4].size, (Size{137, 93}));
  for (const auto& level : info.levels) EXPECT_EQ(level.tile, (Size{256, 256}));
  EXPECT_DOUBLE_EQ(info.levels[1].downsample.x, 2203.0 / 1101);
  EXPECT_DOUBLE_EQ(info.levels[1].downsample.y, 1501.0 / 750);
}

TEST_F(Pyramid, CarriesItsPixelSizeInTheResolutionTags) {
  const auto slide = written({600, 400});
  EXPECT_EQ(slide->info().mpp_source, MppSource::resolution_tag);
  EXPECT_NEAR(slide->info().mpp.x, 0.25, 1e-7);
  EXPECT_NEAR(slide->info().mpp.y, 0.23, 1e-7);
}

TEST_F(Pyramid, HoldsTheRenderedPixelsWhereTheyBelong) {
  const auto slide = written({2203, 1501});
  const LevelRect rect{1501, 903, 640, 480};
  Image expected(640, 480);
  render_blocks({rect.x, rect.y, rect.width, rect.height}, expected);
  EXPECT_LT(mean_difference(slide->read(0, rect), expected), 4);
}

TEST_F(Pyramid, LevelOneIsTheMeanOfLevelZeroWithoutAShift) {
  const auto slide = written({2203, 1501});
  const auto fine = slide->read(0, {1400, 800, 800, 600});
  const auto coarse = slide->read(1, {700, 400, 400, 300});
  EXPECT_LT(mean_difference(coarse, halved(fine)), 4);
}

TEST_F(Pyramid, FailureOfTheRendererIsRethrownAndLeavesNoFile) {
  const auto fail = [](const Level0Rect& rect, Image&) {
    if (rect.y > 500) throw std::runtime_error("no more cells");
  };
  try {
    write_pyramid(folder_ / "p.tif", {.size = {2000, 2000}, .mpp = {1, 1}}, fail);
    FAIL() << "no error";
  } catch (const std::runtime_error& error) {
    EXPECT_STREQ(error.what(), "no more cells");
  }
  EXPECT_TRUE(fs::is_empty(folder_.path()));
}

TEST_F(Pyramid, ThatCannotBeWrittenNamesItsPath) {
  try {
    write_pyramid("/nowhere/p.tif", {.size = {300, 300}, .mpp = {1, 1}}, render_blocks);
    FAIL() << "no error";
  } catch (const StorageError& error) {
    EXPECT_THAT(error.what(), HasSubstr("/nowhere/p.tif: cannot write"));
  }
}

TEST_F(Pyramid, OfSenselessOptionsIsRefused) {
  const auto path = folder_ / "p.tif";
  EXPECT_THROW(write_pyramid(path, {.size = {0, 10}, .mpp = {1, 1}}, render_blocks), StorageError);
  EXPECT_THROW(write_pyramid(path, {.size = {9, 9}, .mpp = {0, 1}}, render_blocks), StorageError);
  EXPECT_THROW(write_pyramid(path, {.size = {9, 9}, .mpp = {1, 1}, .tile = 100}, render_blocks),
               StorageError);
  EXPECT_THROW(write_pyramid(path, {.size = {9, 9}, .mpp = {1, 1}, .quality = 0}, render_blocks),
               StorageError);
}

}  // namespace
}  // namespace cytocape
