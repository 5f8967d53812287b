#include "models/data/safetensors.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstring>
#include <fstream>
#include <iterator>

#include "io/errors.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

using ::testing::HasSubstr;

void write_bytes(const std::filesystem::path& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

std::string read_bytes(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// The length of a header as its eight little-endian bytes.
std::string length_bytes(std::uint64_t length) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(length >> (8 * i) & 0xff);
  return bytes;
}

std::string file_of(const std::string& header, const std::string& data) {
  return length_bytes(header.size()) + header + data;
}

template <class T>
std::span<const std::byte> bytes_of(const std::vector<T>& values) {
  return std::as_bytes(std::span(values));
}

/// Bytes as another program lays them out: spaces, its own key order, data not in name order.
TEST(Safetensors, ReadsAFileLaidOutByHand) {
  const testing::TempDir dir;
  const std::string header =
      R"(  {"b": {"shape": [2], "data_offsets": [0, 4], "dtype": "F16"},)"
      R"( "__metadata__": {"who": "hand"}, "a": {"dtype":"U8","shape":[],"data_offsets":[4,5]}} )";
  const std::string data = std::string("\x00\x3c\x00\xc0", 4) + "\x07";  // 1, -2 in half; 7
  write_bytes(dir / "m.safetensors", file_of(header, data));

  const auto file = SafetensorsFile::open(dir / "m.safetensors");

  EXPECT_EQ(file.metadata().at("who"), "hand");
  EXPECT_EQ(file.at("b").dtype, DType::f16);
  EXPECT_EQ(file.at("b").shape, std::vector<std::int64_t>{2});
  EXPECT_EQ(std::memcmp(file.at("b").bytes.data(), "\x00\x3c\x00\xc0", 4), 0);
  EXPECT_TRUE(file.at("a").shape.empty());
  EXPECT_EQ(file.at("a").bytes[0], std::byte{7});
}

TEST(Safetensors, AHeaderOfTooManyValuesIsRefusedBeforeATreeIsBuilt) {
  const testing::TempDir dir;
  std::string header = R"({"__metadata__":{"k":"v")";
  for (int i = 0; i < 500'001; ++i) header += ",\"" + std::to_string(i) + "\":\"\"";
  write_bytes(dir / "m", file_of(header + "}}", ""));
  try {
    static_cast<void>(SafetensorsFile::open(dir / "m"));
    FAIL() << "opened";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), HasSubstr("its header has more than 1000000 values"));
  }
}

TEST(Safetensors, DataThatNoTensorClaimsTakeNoMemory) {
  const testing::TempDir dir;
  write_bytes(dir / "m", file_of(R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}})", "x"));
  for (const auto& [size, message] :
       {std::pair{1ULL << 30U, "behind the last tensor"},
        std::pair{1ULL << 40U, "it has 1024 GiB, more than the 2 GiB"}}) {
    std::filesystem::resize_file(dir / "m", size);  // a hole: it takes no room on the disk
    try {
      static_cast<void>(SafetensorsFile::open(dir / "m"));
      FAIL() << "opened";
    } catch (const ModelError& error) {
      EXPECT_THAT(error.what(), HasSubstr(message));
    }
  }
}

TEST(Safetensors, APipeIsRefusedAndNotWaitedFor) {
  const testing::TempDir dir;
  ASSERT_EQ(::mkfifo((dir / "m").c_str(), 0600), 0);
  EXPECT_THROW(static_cast<void>(SafetensorsFile::open(dir / "m")), ModelError);
}

TEST(Safetensors, ANameAsLongAsTheHeaderIsNotPrintedWhole) {
  const testing::TempDir dir;
  write_bytes(dir / "m", file_of("{\"" + std::string(1'000'000, 'x') + "\": 1}", ""));
  try {
    static_cast<void>(SafetensorsFile::open(dir / "m"));
    FAIL() << "opened";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), HasSubstr("is not an object"));
    EXPECT_LT(std::string(error.what()).size(), 400U);
  }
}

/// A golden of what we write, so that a bug shared by reader and writer cannot cancel.
TEST(Safetensors, WritesTheBytesTheFormatAsksFor) {
  const testing::TempDir dir;
  const std::vector<std::uint8_t> value{1, 2};
  const TensorToWrite tensor{
      .name = "t", .dtype = DType::u8, .shape = {2}, .bytes = bytes_of(value)};
  write_safetensors(dir / "m.safetensors", std::span(&tensor, 1), {{"k", "v"}});
  std::string header =
      R"({"__metadata__":{"k":"v"},"t":{"data_offsets":[0,2],"dtype":"U8","shape":[2]}})";
  header.resize((header.size() + 7) / 8 * 8, ' ');
  EXPECT_EQ(read_bytes(dir / "m.safetensors"), file_of(header, "\x01\x02"));
}

std::vector<TensorToWrite> reread(const SafetensorsFile& file) {
  std::vector<TensorToWrite> tensors;
  for (const auto& [name, view] : file.tensors()) {
    tensors.push_back(
        {.name = name, .dtype = view.dtype, .shape = view.shape, .bytes = view.bytes});
  }
  return tensors;
}

TEST(Safetensors, RewritingGivesIdenticalBytes) {
  const testing::TempDir dir;
  const std::vector<float> weight{1.5F, -2, 3, 4, 5, 6};
  const std::vector<std::int64_t> count{9};
  const std::vector<TensorToWrite> tensors{
      {.name = "z", .dtype = DType::i64, .shape = {1}, .bytes = bytes_of(count)},
      {.name = "a", .dtype = DType::f32, .shape = {2, 3}, .bytes = bytes_of(weight)},
      {.name = "empty", .dtype = DType::f32, .shape = {0, 4}, .bytes = {}}};
  write_safetensors(dir / "first", tensors, {{"card", "{\"x\": 1}\n"}});

  const auto file = SafetensorsFile::open(dir / "first");
  write_safetensors(dir / "second", reread(file), file.metadata());

  EXPECT_EQ(read_bytes(dir / "first"), read_bytes(dir / "second"));
  EXPECT_EQ(file.metadata().at("card"), "{\"x\": 1}\n");
  EXPECT_EQ(file.at("a").shape, (std::vector<std::int64_t>{2, 3}));
  EXPECT_EQ(std::memcmp(file.at("a").bytes.data(), weight.data(), 24), 0);
}

TEST(Safetensors, OrderOfTheTensorsGivenDoesNotMatter) {
  const testing::TempDir dir;
  const std::vector<float> value{1};
  const TensorToWrite a{.name = "a", .shape = {1}, .bytes = bytes_of(value)};
  const TensorToWrite b{.name = "b", .shape = {1}, .bytes = bytes_of(value)};
  write_safetensors(dir / "ab", std::vector{a, b}, {});
  write_safetensors(dir / "ba", std::vector{b, a}, {});
  EXPECT_EQ(read_bytes(dir / "ab"), read_bytes(dir / "ba"));
}

TEST(Safetensors, DigestIsThatOfTheFile) {
  const testing::TempDir dir;
  write_bytes(dir / "m", file_of("{}", ""));
  // printf '\x02\0\0\0\0\0\0\0{}' | sha256sum
  EXPECT_EQ(SafetensorsFile::open(dir / "m").sha256(),
            "411a485216e432ece6b9af94fa32154cf79a2a56d4f81266baa50063f45092bd");
}

TEST(Safetensors, FailedWriteLeavesTheOldFile) {
  const testing::TempDir dir;
  write_bytes(dir / "m", "old");
  const std::vector<float> value{1};
  const TensorToWrite wrong{.name = "w", .shape = {2}, .bytes = bytes_of(value)};
  EXPECT_THROW(write_safetensors(dir / "m", std::span(&wrong, 1), {}), StorageError);
  EXPECT_EQ(read_bytes(dir / "m"), "old");
  EXPECT_FALSE(std::filesystem::exists(dir / "m.partial"));
}

TEST(Safetensors, TwoTensorsOfOneNameAreNotWritten) {
  const testing::TempDir dir;
  const std::vector<float> value{1};
  const TensorToWrite tensor{.name = "same", .shape = {1}, .bytes = bytes_of(value)};
  EXPECT_THROW(write_safetensors(dir / "m", std::vector{tensor, tensor}, {}), StorageError);
}

TEST(Safetensors, UnwritableFolderIsNamed) {
  const testing::TempDir dir;
  try {
    write_safetensors(dir / "absent" / "m", {}, {});
    FAIL() << "written into a folder that is not there";
  } catch (const StorageError& error) {
    EXPECT_THAT(error.what(), HasSubstr((dir / "absent" / "m").string()));
  }
}

TEST(Safetensors, AbsentTensorIsNamed) {
  const testing::TempDir dir;
  write_bytes(dir / "m", file_of("{}", ""));
  const auto file = SafetensorsFile::open(dir / "m");
  try {
    static_cast<void>(file.at("net.0.weight"));
    FAIL() << "found a tensor in an empty file";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), HasSubstr("net.0.weight"));
  }
}

TEST(Safetensors, AbsentFileIsNamed) {
  try {
    static_cast<void>(SafetensorsFile::open("/nowhere/model.safetensors"));
    FAIL() << "opened a file that is not there";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), HasSubstr("/nowhere/model.safetensors"));
  }
}

struct BadFile {
  std::string name;
  std::string bytes;
  std::string message;
};

void PrintTo(const BadFile& bad, std::ostream* out) {
  *out << bad.name;
}

BadFile header_case(std::string name, const std::string& header, std::string message,
                    std::size_t data = 4) {
  return {std::move(name), file_of(header, std::string(data, '\0')), std::move(message)};
}

class BadSafetensors : public ::testing::TestWithParam<BadFile> {};

TEST_P(BadSafetensors, IsRefusedWithItsCause) {
  const testing::TempDir dir;
  write_bytes(dir / "bad.safetensors", GetParam().bytes);
  try {
    static_cast<void>(SafetensorsFile::open(dir / "bad.safetensors"));
    FAIL() << "opened";
  } catch (const ModelError& error) {
    EXPECT_THAT(error.what(), HasSubstr(GetParam().message));
    EXPECT_THAT(error.what(), HasSubstr("bad.safetensors"));
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos);
  }
}

std::vector<BadFile> length_cases() {
  return {
      {"Empty", "", "0 bytes"},
      {"SevenBytes", "1234567", "7 bytes"},
      {"HeaderLongerThanFile", length_bytes(100) + "{}", "header length 100 exceeds the file's 10"},
      {"HeaderLongerThanFileByOne", length_bytes(3) + "{}", "header length 3"},
      {"HeaderOverTheLimit", length_bytes(100'000'001) + "{}", "exceeds 100000000"},
      {"HeaderLengthOfAllOnes", length_bytes(~0ULL) + "{}", "exceeds 100000000"},
      {"HeaderOfNoBytes", length_bytes(0), "not JSON"},
      {"NotThisFormat", "PK\x03\x04 some zip archive, as torch.save makes", "header length"},
  };
}

std::vector<BadFile> header_cases() {
  const std::string deep(100'000, '[');
  return {
      header_case("TruncatedJson", R"({"a": {"dtype": "F32")", "not JSON", 0),
      header_case("TextBehindJson", "{} x", "not JSON", 0),
      header_case("HeaderIsAList", "[]", "not a JSON object", 0),
      header_case("HeaderIsANumber", "12", "not a JSON object", 0),
      header_case("NestedWithoutEnd", deep, "nested too deeply", 0),
      header_case("ShapeNestedDeeply",
                  R"({"a":{"dtype":"F32","shape":)" + deep + std::string(100'000, ']') +
                      R"(,"data_offsets":[0,4]}})",
                  "nested too deeply"),
      header_case("NotUtf8", "{\"\xff\xfe\": 1}", "not JSON", 0),
      header_case("TensorTwice",
                  R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},)"
                  R"("a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
                  "\"a\" occurs twice"),
      header_case("KeyOfATensorTwice",
                  R"({"a":{"dtype":"F32","shape":[1],"shape":[2],"data_offsets":[0,4]}})",
                  "\"shape\" occurs twice"),
      header_case("MetadataIsAString", R"({"__metadata__": "x"})", "__metadata__ is not an object",
                  0),
      header_case("MetadataHoldsANumber", R"({"__metadata__": {"k": 1}})", "\"k\" is not a string",
                  0),
      header_case("TensorIsANumber", R"({"a": 1})", "\"a\" is not an object", 0),
  };
}

std::vector<BadFile> tensor_cases() {
  const auto one = [](const std::string& body) { return R"({"a":{)" + body + "}}"; };
  return {
      header_case("NoDtype", one(R"("shape":[1],"data_offsets":[0,4])"), "no dtype"),
      header_case("NoShape", one(R"("dtype":"F32","data_offsets":[0,4])"), "no shape"),
      header_case("NoOffsets", one(R"("dtype":"F32","shape":[1])"), "no data_offsets"),
      header_case("UnknownDtype", one(R"("dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4])"),
                  "F8_E4M3"),
      header_case("DtypeIsANumber", one(R"("dtype":32,"shape":[1],"data_offsets":[0,4])"),
                  "dtype that is not"),
      header_case("ShapeIsANumber", one(R"("dtype":"F32","shape":1,"data_offsets":[0,4])"),
                  "not a list"),
      header_case("NegativeExtent", one(R"("dtype":"F32","shape":[-1],"data_offsets":[0,4])"),
                  "-1 in its shape"),
      header_case("FractionalExtent", one(R"("dtype":"F32","shape":[1.0],"data_offsets":[0,4])"),
                  "1.0 in its shape"),
      header_case("ShapeOfNineExtents",
                  one(R"("dtype":"U8","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,1])"),
                  "9 extents, more than 8", 1),
      header_case("ShapeProductOverflows",
                  one(R"("dtype":"F32","shape":[4294967296,4294967296,4],"data_offsets":[0,4])"),
                  "too large"),
      header_case("ShapeProductWrapsToTheRightSize",
                  one(R"("dtype":"F32","shape":[4611686018427387905],"data_offsets":[0,4])"),
                  "too large"),
      header_case("ExtentBeyondSigned",
                  one(R"("dtype":"U8","shape":[18446744073709551615,0],"data_offsets":[0,0])"),
                  "too large", 0),
      header_case("OneOffset", one(R"("dtype":"F32","shape":[1],"data_offsets":[0])"),
                  "data_offsets that are not"),
      header_case("NegativeOffset", one(R"("dtype":"F32","shape":[1],"data_offsets":[-4,0])"),
                  "data_offsets that are not"),
      header_case("OffsetsSwapped", one(R"("dtype":"F32","shape":[1],"data_offsets":[4,0])"),
                  "outside"),
      header_case("OffsetsBehindTheData", one(R"("dtype":"F32","shape":[1],"data_offsets":[4,8])"),
                  "outside the 4 bytes"),
      header_case(
          "OffsetsNearTheLimit",
          one(R"("dtype":"F32","shape":[1],"data_offsets":[18446744073709551612,18446744073709551615])"),
          "outside"),
      header_case("FewerBytesThanTheShape",
                  one(R"("dtype":"F32","shape":[2],"data_offsets":[0,4])"),
                  "shape and dtype need 8"),
      header_case("MoreBytesThanTheShape", one(R"("dtype":"F16","shape":[1],"data_offsets":[0,4])"),
                  "shape and dtype need 2"),
      header_case("BytesBehindTheLastTensor",
                  one(R"("dtype":"F32","shape":[1],"data_offsets":[0,4])"), "3 bytes behind", 7),
      header_case("DataWithoutTensors", "{}", "4 bytes behind"),
      header_case(
          "Overlap",
          R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
          "\"b\" overlaps", 12),
      header_case(
          "SameData",
          R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})",
          "overlaps"),
      header_case(
          "Hole",
          R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[8,12]}})",
          "hole of 4 bytes", 12),
  };
}

std::string case_name(const ::testing::TestParamInfo<BadFile>& info) {
  return info.param.name;
}

INSTANTIATE_TEST_SUITE_P(Length, BadSafetensors, ::testing::ValuesIn(length_cases()), case_name);
INSTANTIATE_TEST_SUITE_P(Header, BadSafetensors, ::testing::ValuesIn(header_cases()), case_name);
INSTANTIATE_TEST_SUITE_P(Tensor, BadSafetensors, ::testing::ValuesIn(tensor_cases()), case_name);

}  // namespace
}  // namespace cytocape
