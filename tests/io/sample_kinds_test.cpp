/// Every reader makes of a kind of samples what the file defines, or refuses it by the tag: none
/// guesses. A kind more is a line in `kKinds`.

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <vips/vips.h>

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>
#include <tuple>

#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "io/sample_kind.hpp"
#include "io/slide_readers.hpp"
#include "tests/io/tiled_slide.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::AnyOf;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::TempDir;
using testing::TiffEntry;
using testing::waves;

constexpr int kWidth = 100;
constexpr int kHeight = 70;
constexpr int kTile = 64;

/// A number of one, two or four bytes, or a floating one.
enum class Number : std::uint8_t { u8, u16, u32, f32 };

/// The samples of a pixel as they stand in the file.
using Samples = std::vector<double> (*)(const Rgb& pixel);

std::uint32_t bits_of(float value) {
  return std::bit_cast<std::uint32_t>(value);
}

/// One for each sample, as libtiff wants it.
std::vector<std::uint64_t> thrice(float value) {
  return {bits_of(value), bits_of(value), bits_of(value)};
}

struct Kind {
  const char* name;
  Number number;
  std::uint64_t photometric;
  Samples samples;
  std::vector<TiffEntry> tags;
  const char* refusal;  ///< null where it is read
  int tolerance = 0;    ///< of the pixels that are read
};

std::vector<double> rgb(const Rgb& p, double factor) {
  return {p.r * factor, p.g * factor, p.b * factor};
}
template <int numerator, int denominator = 1>
std::vector<double> scaled(const Rgb& p) {
  return {static_cast<double>(p.r * numerator / denominator),
          static_cast<double>(p.g * numerator / denominator),
          static_cast<double>(p.b * numerator / denominator)};
}
std::vector<double> plain(const Rgb& p) {
  return rgb(p, 1);
}
std::vector<double> to_one(const Rgb& p) {
  return rgb(p, 1.0 / 255);
}
std::vector<double> all_32_bits(const Rgb& p) {
  return rgb(p, 16843009);
}
std::vector<double> with_zero(const Rgb& p) {
  return {double(p.r), double(p.g), double(p.b), 0};
}
std::vector<double> with_two_zeros(const Rgb& p) {
  return {double(p.r), double(p.g), double(p.b), 0, 0};
}
std::vector<double> inks(const Rgb& p) {
  return {255.0 - p.r, 255.0 - p.g, 255.0 - p.b, 0};
}

const Kind kKinds[] = {
    {"Bits8", Number::u8, 2, plain, {}, nullptr},
    {"Bits16", Number::u16, 2, scaled<257>, {}, nullptr},
    {"Bits32", Number::u32, 2, all_32_bits, {}, nullptr},
    {"Bits12In16Stated", Number::u16, 2, scaled<4095, 255>, {{281, {4095}}}, nullptr, 1},
    {"Bits10In16Stated", Number::u16, 2, scaled<1023, 255>, {{281, {1023}}}, nullptr, 1},
    {"Bits12In16", Number::u16, 2, scaled<4095, 255>, {}, "less than a quarter of 65535"},
    {"Bits14In16", Number::u16, 2, scaled<16383, 255>, {}, "less than a quarter of 65535"},
    {"Bits12In16WithStatistics",
     Number::u16,
     2,
     scaled<4095, 255>,
     {{281, {3851}}},
     "less than a quarter of 65535"},
    {"Bits16WithStatistics", Number::u16, 2, scaled<257>, {{281, {60001}}}, nullptr},
    {"Bits16In32", Number::u32, 2, scaled<257>, {}, "less than a quarter of 4294967295"},
    {"Bits7In8", Number::u8, 2, scaled<1, 2>, {{281, {127}}}, "tag 281"},
    {"FloatsToOneStated",
     Number::f32,
     2,
     to_one,
     {{339, {3}}, {340, {0, 0, 0}, 0, 11}, {341, thrice(1), 0, 11}},
     nullptr},
    {"FloatsTo255Stated",
     Number::f32,
     2,
     plain,
     {{339, {3}}, {340, {0, 0, 0}, 0, 11}, {341, thrice(255), 0, 11}},
     nullptr},
    {"FloatsToOne", Number::f32, 2, to_one, {{339, {3}}}, "tag 339, 3"},
    {"FloatsTo255", Number::f32, 2, plain, {{339, {3}}}, "tag 339, 3"},
    {"FloatsWithStatistics",
     Number::f32,
     2,
     to_one,
     {{339, {3}}, {340, {0, 0, 0}, 0, 11}, {341, thrice(0.87F), 0, 11}},
     "tag 339, 3"},
    {"Signed", Number::u16, 2, scaled<128>, {{339, {2}}}, "tag 339, 2"},
    {"Grey",
     Number::u8,
     1,
     [](const Rgb& p) { return std::vector<double>{double(p.g)}; },
     {},
     nullptr},
    {"GreyOf16Bits",
     Number::u16,
     1,
     [](const Rgb& p) { return std::vector<double>{257.0 * p.g}; },
     {},
     nullptr},
    {"GreyWithWhiteAtZero",
     Number::u8,
     0,
     [](const Rgb& p) { return std::vector<double>{255.0 - p.g}; },
     {},
     nullptr},
    {"GreyWithASampleOfNoMeaning",
     Number::u8,
     1,
     [](const Rgb& p) {
       return std::vector<double>{double(p.g), 0};
     },
     {{338, {0}}},
     nullptr},
    {"FourthSampleOfNoMeaning", Number::u8, 2, with_zero, {{338, {0}}}, nullptr},
    {"FourthSampleWithoutTheTag", Number::u8, 2, with_zero, {}, nullptr},
    {"TwoSamplesOfNoMeaning", Number::u8, 2, with_two_zeros, {{338, {0, 0}}}, nullptr},
    {"StraightAlpha",
     Number::u8,
     2,
     [](const Rgb& p) {
       return std::vector<double>{double(p.r), double(p.g), double(p.b), 255};
     },
     {{338, {2}}},
     nullptr},
    {"PremultipliedAlpha",
     Number::u8,
     2,
     [](const Rgb& p) {
       const double half = 128.0 / 255;
       return std::vector<double>{(p.r - 127) * 1.0, (p.g - 127) * 1.0, (p.b - 127) * 1.0,
                                  std::round(255 * half)};
     },
     {{338, {1}}},
     nullptr,
     2},
    {"Inks", Number::u8, 5, inks, {}, nullptr},
    {"OtherInks", Number::u8, 5, inks, {{332, {2}}}, "tag 332, 2"},
    {"CieLab", Number::u8, 8, plain, {}, "tag 262, 8"},
    {"IccLab", Number::u8, 9, plain, {}, "tag 262, 9"},
    {"LogLuv", Number::u8, 32845, plain, {}, "tag 262, 32845"},
};

std::string packed(Number number, double value, bool big_endian) {
  std::uint32_t bits = number == Number::f32 ? bits_of(static_cast<float>(value))
                                             : static_cast<std::uint32_t>(value);
  const int width = number == Number::u8 ? 1 : number == Number::u16 ? 2 : 4;
  std::string out;
  for (int i = 0; i < width; ++i) {
    out += static_cast<char>(bits >> 8 * (big_endian ? width - 1 - i : i));
  }
  return out;
}

/// Of 127 to 255 each, so that half of white lies below all of them.
const Image& picture() {
  static const Image image = [] {
    auto drawn = waves(kWidth, kHeight);
    for (auto& sample : drawn.pixels()) sample = static_cast<std::uint8_t>(127 + sample / 2);
    drawn.row(0)[0] = drawn.row(0)[1] = drawn.row(0)[2] = 254;
    return drawn;
  }();
  return image;
}

bool is_grey(const Kind& kind) {
  return kind.photometric < 2;
}

Image expected_of(const Kind& kind) {
  auto out = picture();
  if (!is_grey(kind)) return out;
  for (int y = 0; y < kHeight; ++y) {
    for (int x = 0; x < kWidth; ++x) {
      auto* pixel = out.row(y) + 3 * x;
      pixel[0] = pixel[2] = pixel[1];
    }
  }
  return out;
}

struct Layout {
  const char* name;
  bool tiled;
  bool big_endian;
};

constexpr Layout kLayouts[] = {{"in tiles", true, false},
                               {"in strips, big-endian", false, true},
                               {"in tiles, big-endian", true, true}};

fs::path write(const fs::path& path, const Kind& kind, const Layout& layout) {
  testing::TiffWriter writer({.big_endian = layout.big_endian});
  const auto rows = layout.tiled ? kTile : 32;
  const auto columns = layout.tiled ? kTile : kWidth;
  std::vector<std::uint64_t> offsets, counts;
  for (int top = 0; top < kHeight; top += rows) {
    for (int left = 0; left < kWidth; left += columns) {
      std::string data;
      const auto bottom = layout.tiled ? top + rows : std::min(top + rows, kHeight);
      for (int y = top; y < bottom; ++y) {
        for (int x = left; x < left + columns; ++x) {
          const bool inside = x < kWidth && y < kHeight;
          const auto pixel = inside ? picture().at(x, y) : Rgb{127, 127, 127};
          for (const double value : kind.samples(pixel))
            data += packed(kind.number, value, layout.big_endian);
        }
      }
      offsets.push_back(writer.add_data(data));
      counts.push_back(data.size());
    }
  }
  const std::uint64_t bits = kind.number == Number::u8 ? 8 : kind.number == Number::u16 ? 16 : 32;
  std::vector<TiffEntry> entries{
      {256, {kWidth}}, {257, {kHeight}},          {258, {bits}},
      {259, {1}},      {262, {kind.photometric}}, {277, {kind.samples({0, 0, 0}).size()}},
      {284, {1}}};
  if (layout.tiled) {
    testing::add_tags(entries, {{322, {kTile}}, {323, {kTile}}, {324, offsets}, {325, counts}});
  } else {
    testing::add_tags(entries, {{273, offsets}, {278, {32}}, {279, counts}});
  }
  testing::add_tags(entries, kind.tags);
  writer.add_page(entries);
  return writer.write(path);
}

/// Empty where they are alike, else where they differ first.
std::string difference(const Image& one, const Image& other, int tolerance) {
  if (one.width() != other.width() || one.height() != other.height()) return "of another size";
  for (int y = 0; y < one.height(); ++y) {
    for (int i = 0; i < 3 * one.width(); ++i) {
      const int a = one.row(y)[i];
      const int b = other.row(y)[i];
      if (std::abs(a - b) > tolerance)
        return fmt::format("at {}, {}: {} where {} belongs", i / 3, y, a, b);
    }
  }
  return "";
}

template <class Read>
std::string outcome_of(const Kind& kind, const Read& read) {
  try {
    return difference(read(), expected_of(kind), kind.tolerance);
  } catch (const SlideError& error) {
    return std::string("refused: ") + error.what();
  }
}

/// How GoogleTest prints a parameter, which would be its bytes.
void PrintTo(const Kind& kind, std::ostream* out) {
  *out << kind.name;
}

class SampleKinds : public ::testing::TestWithParam<Kind> {};

TEST_P(SampleKinds, AreReadAsTheFileDefinesThemOrRefusedByTheTag) {
  const auto& kind = GetParam();
  for (const auto& layout : kLayouts) {
    SCOPED_TRACE(layout.name);
    const TempDir folder;
    const auto path = write(folder / "a.tif", kind, layout);
    const auto by = [&](const std::string& reader) {
      return outcome_of(kind, [&] {
        return Slide::open(path, {.mpp = Mpp{0.25, 0.5}, .reader = reader})
            ->read(0, {0, 0, kWidth, kHeight});
      });
    };
    const auto first = by("");
    const auto as_crop = outcome_of(kind, [&] { return read_image(path); });
    if (kind.refusal == nullptr) {
      EXPECT_EQ(first, "");
      EXPECT_EQ(as_crop, "");
    } else {
      EXPECT_THAT(first, HasSubstr(kind.refusal));
      EXPECT_THAT(as_crop, HasSubstr(kind.refusal));
    }
    for (const auto& reader : slide_reader_names()) {
      EXPECT_THAT(by(reader), AnyOf("", HasSubstr("refused: " + path.string()))) << reader;
      if (kind.refusal != nullptr) {
        EXPECT_NE(by(reader), "") << reader;
      }
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Each, SampleKinds, ::testing::ValuesIn(kKinds),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(SampleKindsOfTiff, InPlanesOrOfAnUnknownCompressionAreUnsupportedAndNotDamaged) {
  const TempDir folder;
  for (const auto& [tag, value, why] :
       {std::tuple{284U, 2U, "tag 284, 2"}, {259U, 34712U, "compression (tag 259) is 34712"}}) {
    auto kind = kKinds[1];
    // Places and lengths of twelve tiles: four in each plane.
    kind.tags = {{tag, {value}}};
    if (tag == 284)
      kind.tags.insert(kind.tags.end(), {{324, std::vector<std::uint64_t>(12, 8)},
                                         {325, std::vector<std::uint64_t>(12, 4)}});
    const auto path = write(folder / "a.tif", kind, kLayouts[0]);
    EXPECT_THAT(outcome_of(kind, [&] { return read_image(path); }),
                AllOf(HasSubstr(why), Not(HasSubstr("damaged"))));
  }
}

fs::path changed(const fs::path& path, std::string bytes, std::string_view from,
                 std::string_view to) {
  const auto at = bytes.find(from);
  EXPECT_NE(at, std::string::npos);
  return testing::write_bytes(path, bytes.replace(at, from.size(), to));
}

TEST(SampleKindsOfJpeg, ThatAreNotReadAreUnsupportedAndNotDamaged) {
  const TempDir folder;
  start_image_libraries();
  std::vector<std::uint8_t> inks(4 * 20 * 10, 30);
  VipsImage* image =
      vips_image_new_from_memory(inks.data(), inks.size(), 20, 10, 4, VIPS_FORMAT_UCHAR);
  image->Type = VIPS_INTERPRETATION_CMYK;
  void* raw = nullptr;
  std::size_t size = 0;
  ASSERT_EQ(vips_jpegsave_buffer(image, &raw, &size, nullptr), 0) << vips_error_buffer();
  const std::string cmyk(static_cast<const char*>(raw), size);
  g_free(raw);
  g_object_unref(image);
  const auto plain = encode_jpeg(Image(20, 10), 90);
  const std::string rgb(plain.begin(), plain.end());
  using namespace std::string_view_literals;
  const auto path = folder / "a.jpg";
  const auto said = [&] { return outcome_of({}, [&] { return read_image(path); }); };
  testing::write_bytes(path, cmyk);
  EXPECT_THAT(said(), Not(HasSubstr("refused")));
  for (const auto& [bytes, from, to, why] :
       {std::tuple{cmyk, "\xff\xee\0\x0e"sv, "\xff\xed\0\x0e"sv, "lacks Adobe's marker"},
        {rgb, "\xff\xc0\0\x11\x08"sv, "\xff\xc0\0\x11\x0c"sv, "not of 8 bits"},
        {rgb, "\xff\xc0\0\x11"sv, "\xff\xc3\0\x11"sv, "rare kind of JPEG"},
        {rgb, "\xff\xc0\0\x11"sv, "\xff\xf7\0\x11"sv, "rare kind of JPEG"}}) {
    changed(path, bytes, from, to);
    EXPECT_THAT(said(), AllOf(HasSubstr(why), HasSubstr("save it"), Not(HasSubstr("damaged"))));
  }
}

std::string chunk(const std::string& name, const std::string& data) {
  const auto number = [](std::uint32_t value) {
    std::string out;
    for (int shift = 24; shift >= 0; shift -= 8) out += static_cast<char>(value >> shift);
    return out;
  };
  std::uint32_t sum = 0xffffffff;
  for (const char byte : name + data) {
    sum ^= static_cast<unsigned char>(byte);
    for (int bit = 0; bit < 8; ++bit) sum = sum >> 1 ^ ((sum & 1) != 0 ? 0xedb88320 : 0);
  }
  return number(static_cast<std::uint32_t>(data.size())) + name + data + number(~sum);
}

TEST(SampleKindsOfPng, WhoseColoursAreNotSrgbsAreSaid) {
  const TempDir folder;
  const auto png = encode_png(Image(20, 10));
  const auto notices = [&](const std::string& chunks) {
    constexpr std::size_t kHead = 33;
    const auto bytes = std::string(png.begin(), png.end()).insert(kHead, chunks);
    const auto slide =
        Slide::open(testing::write_bytes(folder / "a.png", bytes), {.mpp = Mpp{0.25, 0.25}});
    return slide->info().notices;
  };
  using namespace std::string_literals;
  const auto linear = chunk("gAMA", "\0\x01\x86\xa0"s);
  EXPECT_THAT(notices(linear), ElementsAre(HasSubstr("gamma (gAMA) is 1.00000")));
  EXPECT_THAT(notices(chunk("gAMA", "\0\0\xb1\x8f"s)), IsEmpty());
  EXPECT_THAT(notices(linear + chunk("sRGB", "\0"s)), IsEmpty());
  EXPECT_THAT(notices(""), IsEmpty());
  // The smallest stream of zlib's: of no bytes, so of no profile.
  EXPECT_THAT(notices(chunk("iCCP", "a\0\0\x78\x9c\x03\0\0\0\0\x01"s)),
              ElementsAre(HasSubstr("ICC profile")));
}

TEST(RefusedPicture, TellsNothingThatLibvipsSaidOfAnother) {
  const TempDir folder;
  const auto path = folder / "a.png";
  write_png(Image(20, 10), path);
  fs::resize_file(path, 20);  // so short that libvips refuses it and gives the reason itself
  vips_error("VipsJpeg", "of another slide");
  EXPECT_THAT(outcome_of({}, [&] { return read_image(path); }),
              AllOf(HasSubstr("is damaged"), Not(HasSubstr("another slide"))));
}

TEST(SampleKind, OfFloatsTellsWhereOneIsNoNumber) {
  const auto holds = [](SampleType type, float last) {
    const std::array samples{0.5F, 1.0F, last};
    std::array<std::uint8_t, sizeof samples> bytes{};
    std::memcpy(bytes.data(), samples.data(), sizeof samples);
    return holds_no_number({.type = type}, bytes);
  };
  EXPECT_FALSE(holds(SampleType::f32, 0.25F));
  EXPECT_TRUE(holds(SampleType::f32, std::nanf("")));
  EXPECT_TRUE(holds(SampleType::f32, std::numeric_limits<float>::infinity()));
  EXPECT_FALSE(holds(SampleType::u32, std::nanf(""))) << "whole numbers are always numbers";
}

TEST(SampleKindsOfPng, Of12BitsIn16AreRefusedAndOf16Read) {
  const TempDir folder;
  start_image_libraries();
  for (const auto white : {std::uint16_t{4095}, std::uint16_t{65535}}) {
    const auto path = folder / "a.png";
    std::vector<std::uint16_t> samples(3 * 20 * 10, white);
    VipsImage* image = vips_image_new_from_memory(samples.data(), samples.size() * 2, 20, 10, 3,
                                                  VIPS_FORMAT_USHORT);
    image->Type = VIPS_INTERPRETATION_RGB16;
    ASSERT_EQ(vips_pngsave(image, path.c_str(), nullptr), 0) << vips_error_buffer();
    g_object_unref(image);
    if (white == 65535) {
      EXPECT_EQ(read_image(path), Image(20, 10));
      continue;
    }
    EXPECT_THAT(outcome_of({}, [&] { return read_image(path); }),
                HasSubstr("reach no further than 4095"));
  }
}

}  // namespace
}  // namespace cytocape
