#include "models/data/safetensors.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <limits>
#include <new>
#include <nlohmann/json.hpp>
#include <optional>

#include "io/digest.hpp"
#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/json_fault.hpp"
#include "io/text.hpp"
#include "io/text_file.hpp"

namespace cytocape {
namespace {

static_assert(std::endian::native == std::endian::little,
              "the format is little-endian and tensors are read in place");

using Json = nlohmann::json;

constexpr std::size_t kLengthBytes = 8;
/// The format's own limit; a longer header is an attack or not this format.
constexpr std::uint64_t kMaxHeaderBytes = 100'000'000;
/// The largest network of this program, sixteen ResNet-50 joined, takes 1.6 GiB.
constexpr std::uint64_t kMaxFileBytes = 2ULL << 30U;
/// A convolution's weights have 4; checkpoints of other programs have up to 5.
constexpr std::size_t kMaxRank = 8;

struct DTypeRow {
  DType dtype;
  const char* name;
  std::size_t bytes;
};

/// In the order of the enumeration.
constexpr std::array kDTypes{
    DTypeRow{DType::f64, "F64", 8}, DTypeRow{DType::f32, "F32", 4},
    DTypeRow{DType::f16, "F16", 2}, DTypeRow{DType::bf16, "BF16", 2},
    DTypeRow{DType::i64, "I64", 8}, DTypeRow{DType::i32, "I32", 4},
    DTypeRow{DType::u8, "U8", 1},   DTypeRow{DType::boolean, "BOOL", 1},
};

const DTypeRow& row_of(DType dtype) {
  return kDTypes[static_cast<std::size_t>(dtype)];
}

/// nullopt on overflow.
std::optional<std::uint64_t> checked_product(std::uint64_t a, std::uint64_t b) {
  std::uint64_t product = 0;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& what) {
  throw ModelError(
      fmt::format("{}: {}; it is damaged or not a safetensors file", path.string(), what));
}

/// Opened, of a size that can be read. A pipe may never end, and a folder has no bytes.
class Source {
 public:
  explicit Source(const std::filesystem::path& path) : path_(path) {
    std::error_code error;
    const auto status = std::filesystem::status(path, error);
    if (!error && std::filesystem::exists(status) && !std::filesystem::is_regular_file(status)) {
      throw ModelError(
          fmt::format("{}: cannot read the model file: it is a folder, pipe or device; check the "
                      "path",
                      path.string()));
    }
    size_ = std::filesystem::file_size(path, error);
    if (error) {
      throw ModelError(
          fmt::format("{}: cannot read the model file: {}", path.string(), error.message()));
    }
    if (size_ > kMaxFileBytes) {
      throw ModelError(
          fmt::format("{}: it has {}, more than the {} of the largest network; check "
                      "that it is a model",
                      path.string(), byte_words(size_), byte_words(kMaxFileBytes)));
    }
    stream_.open(path, std::ios::binary);
  }

  [[nodiscard]] std::uint64_t size() const { return size_; }

  /// Appends the next `count` bytes.
  void read(std::vector<std::byte>& content, std::uint64_t count) {
    const auto before = content.size();
    content.resize(before + count);
    stream_.read(reinterpret_cast<char*>(content.data() + before),
                 static_cast<std::streamsize>(count));
    if (!stream_) {
      throw ModelError(
          fmt::format("{}: cannot read the model file's {} bytes", path_.string(), size_));
    }
  }

 private:
  const std::filesystem::path& path_;
  std::uint64_t size_ = 0;
  std::ifstream stream_;
};

/// The length bytes and the header, before memory is taken for the data.
std::vector<std::byte> read_head(const std::filesystem::path& path, Source& source) {
  if (source.size() < kLengthBytes) {
    refuse(path, fmt::format("it has {} bytes, too few for a header length", source.size()));
  }
  std::vector<std::byte> head;
  source.read(head, kLengthBytes);
  std::uint64_t length = 0;
  std::memcpy(&length, head.data(), kLengthBytes);
  if (length > kMaxHeaderBytes) {
    refuse(path, fmt::format("its header length {} exceeds {}", length, kMaxHeaderBytes));
  }
  if (length > source.size() - kLengthBytes) {
    refuse(path,
           fmt::format("its header length {} exceeds the file's {} bytes", length, source.size()));
  }
  source.read(head, length);
  return head;
}

Json parse_header(const std::filesystem::path& path, std::string_view text) {
  if (const auto fault = json_fault(text); !fault.empty()) refuse(path, "its header " + fault);
  auto header = Json::parse(text);
  if (!header.is_object()) refuse(path, "its header is not a JSON object");
  return header;
}

std::map<std::string, std::string> parse_metadata(const std::filesystem::path& path,
                                                  const Json& value) {
  std::map<std::string, std::string> metadata;
  if (!value.is_object()) refuse(path, "__metadata__ is not an object");
  for (const auto& [key, text] : value.items()) {
    if (!text.is_string())
      refuse(path, fmt::format("__metadata__ \"{}\" is not a string", shortened(key)));
    metadata.emplace(key, text.get<std::string>());
  }
  return metadata;
}

/// Where a tensor lies in the data.
struct Place {
  std::size_t begin = 0;
  std::size_t end = 0;
  const std::string* name = nullptr;
};

/// One tensor's entry in the header, checked by itself.
class Entry {
 public:
  Entry(const std::filesystem::path& path, const std::string& name, const Json& value)
      : path_(path), name_(name), value_(value) {}

  /// Fills all of `view` but its bytes, of a file that has `data` bytes of them.
  [[nodiscard]] Place parse(TensorView& view, std::uint64_t data) const {
    if (!value_.is_object()) fail("is not an object");
    view.dtype = parse_dtype();
    const auto bytes = parse_shape(view);
    const auto& offsets = member("data_offsets");
    if (!offsets.is_array() || offsets.size() != 2 || !offsets[0].is_number_unsigned() ||
        !offsets[1].is_number_unsigned()) {
      fail("has data_offsets that are not two non-negative integers");
    }
    const auto begin = offsets[0].get<std::uint64_t>();
    const auto end = offsets[1].get<std::uint64_t>();
    if (begin > end || end > data) {
      fail(fmt::format("has data_offsets [{}, {}] outside the {} bytes of data", begin, end, data));
    }
    if (end - begin != bytes) {
      fail(fmt::format("has {} bytes of data, its shape and dtype need {}", end - begin, bytes));
    }
    return {.begin = begin, .end = end, .name = &name_};
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    refuse(path_, fmt::format("tensor \"{}\" {}", shortened(name_), what));
  }

  [[nodiscard]] const Json& member(const char* key) const {
    const auto found = value_.find(key);
    if (found == value_.end()) fail(fmt::format("has no {}", key));
    return *found;
  }

  [[nodiscard]] DType parse_dtype() const {
    const auto& value = member("dtype");
    if (!value.is_string()) fail("has a dtype that is not a string");
    const auto name = value.get<std::string>();
    for (const auto& row : kDTypes) {
      if (name == row.name) return row.dtype;
    }
    fail(fmt::format("has dtype \"{}\", which this program does not read", shortened(name)));
  }

  /// Fills view.shape and returns the bytes it needs.
  [[nodiscard]] std::uint64_t parse_shape(TensorView& view) const {
    const auto& shape = member("shape");
    if (!shape.is_array()) fail("has a shape that is not a list");
    if (shape.size() > kMaxRank) {
      fail(fmt::format("has a shape of {} extents, more than {}", shape.size(), kMaxRank));
    }
    std::uint64_t bytes = byte_size(view.dtype);
    for (const auto& extent : shape) {
      if (!extent.is_number_unsigned()) {
        fail(fmt::format("has {} in its shape, not a non-negative integer",
                         shortened(extent.dump())));
      }
      const auto length = extent.get<std::uint64_t>();
      const auto product = checked_product(bytes, length);
      if (length > std::numeric_limits<std::int64_t>::max() || !product) {
        fail(fmt::format("has shape {}, too large for any file", shape.dump()));
      }
      bytes = *product;
      view.shape.push_back(static_cast<std::int64_t>(length));
    }
    return bytes;
  }

  const std::filesystem::path& path_;
  const std::string& name_;
  const Json& value_;
};

/// The tensors must tile the data: bytes that belong to two, or to none, mean a damaged header.
void check_tiling(const std::filesystem::path& path, std::uint64_t data,
                  std::vector<Place> pieces) {
  std::sort(pieces.begin(), pieces.end(), [](const Place& a, const Place& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  std::size_t covered = 0;
  for (const auto& piece : pieces) {
    if (piece.begin < covered) {
      refuse(path,
             fmt::format("tensor \"{}\" overlaps another one's data", shortened(*piece.name)));
    }
    if (piece.begin > covered) {
      refuse(path, fmt::format("a hole of {} bytes lies before tensor \"{}\"",
                               piece.begin - covered, shortened(*piece.name)));
    }
    covered = piece.end;
  }
  if (covered != data) {
    refuse(path, fmt::format("{} bytes behind the last tensor belong to none", data - covered));
  }
}

std::string header_text(std::span<const TensorToWrite* const> sorted,
                        const std::map<std::string, std::string>& metadata) {
  Json header = Json::object();  // keys sorted
  if (!metadata.empty()) header["__metadata__"] = metadata;
  std::uint64_t offset = 0;
  for (const auto* tensor : sorted) {
    const auto end = offset + tensor->bytes.size();
    header[tensor->name] = {{"dtype", to_string(tensor->dtype)},
                            {"shape", tensor->shape},
                            {"data_offsets", {offset, end}}};
    offset = end;
  }
  auto text = header.dump();
  // Spaces up to a multiple of 8, so that a reader which maps the file finds aligned tensors.
  text.resize((text.size() + kLengthBytes - 1) / kLengthBytes * kLengthBytes, ' ');
  return text;
}

void check_writable(const std::filesystem::path& path,
                    std::span<const TensorToWrite* const> sorted) {
  for (std::size_t i = 0; i < sorted.size(); ++i) {
    const auto& tensor = *sorted[i];
    auto bytes = static_cast<std::uint64_t>(byte_size(tensor.dtype));
    for (const auto extent : tensor.shape) bytes *= static_cast<std::uint64_t>(extent);
    if (bytes != tensor.bytes.size()) {
      throw StorageError(fmt::format("{}: tensor \"{}\" has {} bytes, its shape needs {}",
                                     path.string(), tensor.name, tensor.bytes.size(), bytes));
    }
    if (i > 0 && sorted[i - 1]->name == tensor.name) {
      throw StorageError(
          fmt::format("{}: two tensors are named \"{}\"", path.string(), tensor.name));
    }
  }
}

void write_bytes(std::ofstream& stream, std::span<const std::byte> bytes) {
  stream.write(reinterpret_cast<const char*>(bytes.data()),
               static_cast<std::streamsize>(bytes.size()));
}

}  // namespace

std::size_t byte_size(DType dtype) {
  return row_of(dtype).bytes;
}

const char* to_string(DType dtype) {
  return row_of(dtype).name;
}

SafetensorsFile SafetensorsFile::open(const std::filesystem::path& path) {
  try {
    return read(path);
  } catch (const std::bad_alloc&) {
    throw ModelError(
        fmt::format("{}: the model does not fit into memory; free some", path.string()));
  }
}

SafetensorsFile SafetensorsFile::read(const std::filesystem::path& path) {
  SafetensorsFile file;
  file.path_ = path;
  Source source(path);
  file.content_ = read_head(path, source);
  const auto head = file.content_.size();
  const auto* text = reinterpret_cast<const char*>(file.content_.data()) + kLengthBytes;
  const auto header = parse_header(path, {text, head - kLengthBytes});
  const auto data = source.size() - head;
  std::vector<Place> places;
  for (const auto& [name, value] : header.items()) {
    if (name == "__metadata__") {
      file.metadata_ = parse_metadata(path, value);
      continue;
    }
    const auto added = file.tensors_.emplace(name, TensorView{}).first;
    places.push_back(Entry(path, added->first, value).parse(added->second, data));
  }
  check_tiling(path, data, places);
  source.read(file.content_, data);
  const auto bytes = std::span<const std::byte>(file.content_).subspan(head);
  for (const auto& place : places) {
    file.tensors_.at(*place.name).bytes = bytes.subspan(place.begin, place.end - place.begin);
  }
  return file;
}

const TensorView& SafetensorsFile::at(const std::string& name) const {
  const auto found = tensors_.find(name);
  if (found == tensors_.end()) {
    throw ModelError(fmt::format("{}: it has no tensor \"{}\"", path_.string(), name));
  }
  return found->second;
}

std::string SafetensorsFile::sha256() const {
  return sha256_of({reinterpret_cast<const char*>(content_.data()), content_.size()});
}

void write_safetensors(const std::filesystem::path& path, std::span<const TensorToWrite> tensors,
                       const std::map<std::string, std::string>& metadata) {
  std::vector<const TensorToWrite*> sorted;
  for (const auto& tensor : tensors) sorted.push_back(&tensor);
  std::sort(sorted.begin(), sorted.end(),
            [](const auto* a, const auto* b) { return a->name < b->name; });
  check_writable(path, sorted);
  const auto header = header_text(sorted, metadata);
  const std::uint64_t length = header.size();
  PartialFile file(path);
  std::ofstream stream(file.partial(), std::ios::binary);
  write_bytes(stream, std::as_bytes(std::span(&length, 1)));
  write_bytes(stream, std::as_bytes(std::span(header)));
  for (const auto* tensor : sorted) write_bytes(stream, tensor->bytes);
  stream.close();
  if (!stream) {
    throw StorageError(fmt::format("{}: cannot be written: {}; check the folder and its free space",
                                   file.path().string(), std::strerror(errno)));
  }
  file.sync();
  file.commit();
}

}  // namespace cytocape
