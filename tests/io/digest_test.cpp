#include "io/digest.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "io/errors.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

// printf abc | sha256sum
constexpr const char* kAbc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

TEST(Sha256, OfTextIsThatOfSha256sum) {
  EXPECT_EQ(sha256_of("abc"), kAbc);
  EXPECT_EQ(sha256_of(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Sha256, OfAFileLongerThanOneBufferEqualsThatOfItsBytes) {
  const testing::TempDir folder;
  std::string bytes(3'000'001, 'x');
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<char>(i * 31 >> 3);
  std::ofstream(folder / "long", std::ios::binary) << bytes;
  EXPECT_EQ(sha256_of_file(folder / "long"), sha256_of(bytes));
}

TEST(Sha256, OfAnAbsentFileNamesItAndTheCause) {
  try {
    (void)sha256_of_file("/nowhere/slide.svs");
    FAIL() << "no error";
  } catch (const StorageError& error) {
    EXPECT_STREQ(error.what(), "/nowhere/slide.svs: cannot read: No such file or directory");
  }
}

TEST(Sha256, OfAFolderIsAnErrorAndNotTheDigestOfNothing) {
  const testing::TempDir folder;
  EXPECT_THROW((void)sha256_of_file(folder.path()), StorageError);
}

}  // namespace
}  // namespace cytocape
