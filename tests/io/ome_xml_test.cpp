/// Which image of an OME-XML text a picture of a file is, in whatever way the text spells it.

#include "io/ome_xml.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace cytocape {
namespace {

using ::testing::HasSubstr;

constexpr const char* kFile = "a & b.ome.tif";
constexpr OmePlace kPlace{{128, 64}, 1};

/// An image of the picture's size, of `um`, whose planes lie as `data` says.
std::string ome_image(const char* um, const std::string& data, const char* size = "128") {
  return std::string("<Image><Pixels SizeX=\"") + size + "\" SizeY=\"64\" PhysicalSizeX=\"" + um +
         "\" PhysicalSizeY='" + um + "'>" + data + "</Pixels></Image>";
}

const std::string kHere = "<TiffData IFD=\"1\"/>";
const std::string kFirst = "<TiffData IFD=\"0\" PlaneCount=\"1\"/>";

std::string in_file(const char* name, const char* uuid = "") {
  return std::string("<TiffData IFD=\"1\"><UUID FileName=\"") + name + "\">" + uuid +
         "</UUID></TiffData>";
}

struct OmeText {
  const char* name;
  std::string images;
  const char* expected;  ///< the pixel size, or what the conflict must say
  const char* root = "<OME>";
};

void PrintTo(const OmeText& text, std::ostream* out) {
  *out << text.name;
}

const OmeText kTexts[] = {
    {"OneWithoutTiffData", ome_image("0.25", ""), "0.25"},
    {"TheOneThatClaimsTheDirectory", ome_image("0.5", kFirst) + ome_image("0.25", kHere), "0.25"},
    {"TheOneOfSeveralPlanes",
     ome_image("0.5", "<TiffData IFD=\"7\"/>") +
         ome_image("0.25", "<TiffData IFD='0' PlaneCount='3'></TiffData>"),
     "0.25"},
    {"TheOneOfAllPlanes", ome_image("0.25", "<TiffData/>"), "0.25"},
    {"TheOneOfThisFile",
     ome_image("0.5", in_file("other.ome.tif")) + ome_image("0.25", in_file("a &amp; b.ome.tif")),
     "0.25"},
    {"TheOneOfThisFileByItsIdentifier",
     ome_image("0.5", in_file("other.ome.tif", "urn:uuid:1")) +
         ome_image("0.25", in_file("old.ome.tif", " urn:uuid:2 ")),
     "0.25", "<OME UUID=\"urn:uuid:2\">"},
    {"TheOnlyOneOfAFileThatWasRenamed", ome_image("0.25", in_file("old.ome.tif")), "0.25"},
    {"TheOneOfAFileOfSeveralThatWasRenamed",
     ome_image("0.5", "<TiffData IFD=\"0\"><UUID FileName=\"old.tif\"/></TiffData>") +
         ome_image("0.25", in_file("old.tif")),
     "0.25"},
    {"NoneOfOtherFiles",
     ome_image("0.5", in_file("b.ome.tif")) + ome_image("0.25", in_file("c.ome.tif")),
     "in other files (b.ome.tif, ..)"},
    {"TwoOfOneDirectory", ome_image("0.5", kHere) + ome_image("0.25", kHere),
     "pixel sizes of 0.5 x 0.5 \u00b5m and 0.25 x 0.25 \u00b5m"},
    {"TwoOfOneDirectoryThatAgree", ome_image("0.25", kHere) + ome_image("0.25", kHere), "0.25"},
    {"OneOfAnotherSize", ome_image("0.5", kHere, "64"), "of a picture of 64 x 64 pixels"},
    {"OneOfAnotherSizeBesideOneElsewhere",
     ome_image("0.5", kHere, "64") + ome_image("0.25", kFirst), "of a picture of 64 x 64 pixels"},
    {"InAComment", "<!-- " + ome_image("0.5", kHere) + " -->" + ome_image("0.25", kHere), "0.25"},
    {"BehindAValueWithABracket", "<Image Name=\"a > b\"/>" + ome_image("0.25", kHere), "0.25"},
    {"CutShort", ome_image("0.25", kHere) + "<Image><Pixels SizeX=\"12", "0.25"},
};

class OmeTexts : public ::testing::TestWithParam<OmeText> {};

/// The same with the prefix of a namespace before each element.
std::string prefixed(const std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    out += text[i];
    if (text[i] != '<' || i + 1 == text.size() || text[i + 1] == '!') continue;
    if (text[i + 1] == '/') out += text[++i];
    out += "ome:";
  }
  return out;
}

TEST_P(OmeTexts, TellThePixelSizeOfAPictureOrWhyNot) {
  const auto text = GetParam().root + GetParam().images + "</OME>";
  for (const auto& spelt : {"<?xml version=\"1.0\"?>" + text, prefixed(text)}) {
    const auto images = ome_images(spelt, kFile);
    const auto choice = ome_image_of(images, kPlace);
    if (std::string(GetParam().expected).starts_with("0.")) {
      ASSERT_NE(choice.image, nullptr) << spelt;
      EXPECT_EQ(choice.image->attributes.at("PhysicalSizeX"), GetParam().expected) << spelt;
      EXPECT_EQ(choice.conflict, "") << spelt;
    } else {
      EXPECT_THAT(choice.conflict, HasSubstr(GetParam().expected)) << spelt;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Each, OmeTexts, ::testing::ValuesIn(kTexts),
                         [](const auto& test) { return std::string(test.param.name); });

TEST(OmeTextsOfOthers, AreNone) {
  EXPECT_TRUE(ome_images("<html>OME" + ome_image("0.25", kHere), kFile).empty());
  EXPECT_TRUE(ome_images(ome_image("0.25", kHere), kFile).empty());
  EXPECT_TRUE(ome_images("<OME", kFile).empty());
  EXPECT_TRUE(ome_images("<OME><!-- ", kFile).empty());
}

}  // namespace
}  // namespace cytocape
