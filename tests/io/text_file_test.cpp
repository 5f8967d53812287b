#include "io/text_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "io/errors.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

std::string refusal(const std::filesystem::path& path, std::uint64_t most_bytes = 100) {
  try {
    (void)read_text_file(path, most_bytes);
  } catch (const ConfigError& error) {
    return error.what();
  }
  return "no error";
}

TEST(TextFile, IsReadByteForByteUpToItsLimit) {
  const testing::TempDir folder;
  const std::string text("a\0\r\n\xff", 5);
  std::ofstream(folder / "t", std::ios::binary) << text;
  EXPECT_EQ(read_text_file(folder / "t", 5), text);
  EXPECT_THAT(refusal(folder / "t", 4), AllOf(HasSubstr("/t: "), HasSubstr("more than 4 bytes")));
}

TEST(TextFile, PipesAndDevicesAreRefusedAndNotWaitedFor) {
  const testing::TempDir folder;
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(refusal(folder / "pipe"), HasSubstr("a pipe or device, which may never end"));
  EXPECT_THAT(refusal("/dev/zero"), HasSubstr("a pipe or device"));
}

TEST(TextFile, AFolderAndAnAbsentFileAreNamedAsSuch) {
  const testing::TempDir folder;
  EXPECT_THAT(refusal(folder.path()), HasSubstr("it is a folder"));
  EXPECT_THAT(refusal(folder / "absent"), HasSubstr("absent: cannot be read: No such file"));
}

TEST(TextFile, LimitsAreToldInTheUnitThatFits) {
  EXPECT_EQ(byte_words(100), "100 bytes");
  EXPECT_EQ(byte_words(1536), "1.5 KiB");
  EXPECT_EQ(byte_words(2ULL << 30U), "2 GiB");
}

}  // namespace
}  // namespace cytocape
