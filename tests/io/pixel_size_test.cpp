#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "io/errors.hpp"
#include "io/slide_readers.hpp"

namespace cytocape {
namespace {

using ::testing::HasSubstr;

PixelSize of(const SlideProperties& properties, const SlideOptions& options = {}) {
  return pixel_size("a.tif", properties, options);
}

SlideProperties tags(const std::string& x, const std::string& y, const std::string& unit) {
  return {{"openslide.vendor", "generic-tiff"},
          {"tiff.XResolution", x},
          {"tiff.YResolution", y},
          {"tiff.ResolutionUnit", unit}};
}

std::string refusal(const SlideProperties& properties, const SlideOptions& options = {}) {
  try {
    (void)of(properties, options);
    return "accepted";
  } catch (const SlideError& error) {
    return error.what();
  }
}

TEST(PixelSize, ComesFromTheSlidesPropertiesWithXAndYApart) {
  const auto size = of({{"openslide.mpp-x", "0.25"}, {"openslide.mpp-y", "0.26"}});
  EXPECT_EQ(size.mpp, (Mpp{0.25, 0.26}));
  EXPECT_EQ(size.source, MppSource::slide_property);
}

TEST(PixelSize, ComesFromResolutionTagsInCentimetresAndInches) {
  EXPECT_EQ(of(tags("40000", "20000", "centimeter")).mpp, (Mpp{0.25, 0.5}));
  EXPECT_EQ(of(tags("101600", "50800", "inch")).mpp, (Mpp{0.25, 0.5}));
  EXPECT_EQ(of(tags("40000", "20000", "centimeter")).source, MppSource::resolution_tag);
}

TEST(PixelSize, OfTheUserWinsOverTheFile) {
  const auto size =
      of({{"openslide.mpp-x", "0.25"}, {"openslide.mpp-y", "0.25"}}, {.mpp = Mpp{0.4, 0.5}});
  EXPECT_EQ(size.mpp, (Mpp{0.4, 0.5}));
  EXPECT_EQ(size.source, MppSource::user);
}

TEST(PixelSize, IsRefusedWhereTheFileGivesNoneOrAnAbsurdOne) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const struct {
    const char* what;
    SlideProperties properties;
    SlideOptions options;
  } cases[] = {
      {"nothing", {}, {}},
      {"unit without a length", tags("40000", "40000", "none"), {}},
      {"one pixel an inch", tags("1", "1", "inch"), {}},
      {"screen resolution", tags("28.34", "28.34", "centimeter"), {}},
      {"zero resolution", tags("0", "0", "centimeter"), {}},
      {"negative resolution", tags("-40000", "-40000", "centimeter"), {}},
      {"y tag absent", tags("40000", "", "centimeter"), {}},
      {"tags of a vendor's file",
       {{"openslide.vendor", "aperio"},
        {"tiff.XResolution", "40000"},
        {"tiff.YResolution", "40000"},
        {"tiff.ResolutionUnit", "centimeter"}},
       {}},
      {"y property absent", {{"openslide.mpp-x", "0.25"}}, {}},
      {"property is text", {{"openslide.mpp-x", "?"}, {"openslide.mpp-y", "?"}}, {}},
      {"property is nan", {{"openslide.mpp-x", "nan"}, {"openslide.mpp-y", "nan"}}, {}},
      {"one axis absurd", {{"openslide.mpp-x", "0.25"}, {"openslide.mpp-y", "250"}}, {}},
      {"user zero", {}, {.mpp = Mpp{0, 0}}},
      {"user nan", {}, {.mpp = Mpp{0.25, nan}}},
      {"user too fine", {}, {.mpp = Mpp{0.049, 0.25}}},
      {"user too coarse", {}, {.mpp = Mpp{0.25, 20.1}}},
  };
  for (const auto& c : cases) {
    EXPECT_THAT(refusal(c.properties, c.options),
                AllOf(HasSubstr("a.tif: "), HasSubstr("--set slide.mpp=0.25")))
        << c.what;
  }
}

SlideProperties with(SlideProperties properties, const SlideProperties& more) {
  properties.insert(more.begin(), more.end());
  return properties;
}

TEST(PixelSize, ComesFromOmeInWhateverUnitItStandsThere) {
  EXPECT_EQ(of({{"ome.PhysicalSizeX", "0.25"}, {"ome.PhysicalSizeY", "0.5"}}).mpp,
            (Mpp{0.25, 0.5}));
  const struct {
    const char* unit;
    const char* value;
  } cases[] = {
      {"nm", "250"}, {"mm", "0.00025"}, {"dm", "2.5e-6"}, {"\u00b5m", "0.25"}, {"\xb5m", "0.25"}};
  for (const auto& c : cases) {
    const auto size = of({{"ome.PhysicalSizeX", c.value},
                          {"ome.PhysicalSizeXUnit", c.unit},
                          {"ome.PhysicalSizeY", c.value},
                          {"ome.PhysicalSizeYUnit", c.unit}});
    EXPECT_NEAR(size.mpp.x, 0.25, 1e-12) << c.unit;
    EXPECT_EQ(size.source, MppSource::slide_property);
  }
}

TEST(PixelSize, OfOmeInAUnitThatIsNotKnownIsRefusedAndNotTakenFromTags) {
  EXPECT_THAT(refusal(with({{"ome.PhysicalSizeX", "0.25"},
                            {"ome.PhysicalSizeXUnit", "furlong"},
                            {"ome.PhysicalSizeY", "0.25"}},
                           tags("20000", "20000", "centimeter"))),
              AllOf(HasSubstr("'furlong'"), HasSubstr("--set slide.mpp=")));
}

TEST(PixelSize, ThatTwoSourcesTellDifferentlyIsRefusedWithBoth) {
  const SlideProperties maker{{"openslide.mpp-x", "0.25"}, {"openslide.mpp-y", "0.25"}};
  const SlideProperties ome{{"ome.PhysicalSizeX", "0.25"}, {"ome.PhysicalSizeY", "0.25"}};
  for (const auto& stated : {maker, ome}) {
    EXPECT_THAT(refusal(with(stated, tags("40000", "20000", "centimeter"))),
                AllOf(HasSubstr("0.25 x 0.25 um"), HasSubstr("0.25 x 0.5 um"),
                      HasSubstr("--set slide.mpp=")));
    EXPECT_EQ(of(with(stated, tags("39800", "40200", "centimeter"))).mpp, (Mpp{0.25, 0.25}));
    // Tags of print, of no length or unreadable refute nothing.
    EXPECT_EQ(of(with(stated, tags("72", "72", "inch"))).mpp, (Mpp{0.25, 0.25}));
    EXPECT_EQ(of(with(stated, tags("20000", "20000", "none"))).mpp, (Mpp{0.25, 0.25}));
    EXPECT_EQ(of(with(stated, tags("?", "20000", "inch"))).mpp, (Mpp{0.25, 0.25}));
  }
  EXPECT_EQ(of(with(maker, tags("20000", "20000", "centimeter")), {.mpp = Mpp{0.3, 0.3}}).mpp,
            (Mpp{0.3, 0.3}));
}

TEST(PixelSize, AtTheBoundsIsTaken) {
  EXPECT_EQ(of({}, {.mpp = Mpp{0.05, 20}}).mpp, (Mpp{0.05, 20}));
}

TEST(SlideId, IsSafeAsAFolderName) {
  EXPECT_EQ(slide_id("night/PB 17.svs"), "PB_17");
  EXPECT_EQ(slide_id("a.ome.tiff"), "a.ome");
  EXPECT_EQ(slide_id(".hidden.svs"), "_hidden");
  EXPECT_EQ(slide_id("Bl\xC3\xA4tter;rm -rf.svs"), "Bl__tter_rm_-rf");
}

TEST(Paste, KeepsToTheTargetOnEverySide) {
  const Image source(3, 2, {1, 2, 3});
  Image target(4, 4, {9, 9, 9});
  paste(source, target, -1, -1);
  paste(source, target, 3, 3);
  paste(source, target, 10, 0);
  EXPECT_EQ(target.at(0, 0), (Rgb{1, 2, 3}));
  EXPECT_EQ(target.at(1, 0), (Rgb{1, 2, 3}));
  EXPECT_EQ(target.at(2, 0), (Rgb{9, 9, 9}));
  EXPECT_EQ(target.at(0, 1), (Rgb{9, 9, 9}));
  EXPECT_EQ(target.at(3, 3), (Rgb{1, 2, 3}));
  EXPECT_EQ(target.at(2, 3), (Rgb{9, 9, 9}));
}

}  // namespace
}  // namespace cytocape
