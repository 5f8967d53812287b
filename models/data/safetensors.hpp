#pragma once

/// Reader and writer of the safetensors format: a little-endian u64 header length, a JSON header
/// (name -> dtype, shape, data_offsets; "__metadata__" -> strings), raw row-major bytes.
/// https://github.com/huggingface/safetensors (format description). Own code, because no C++
/// library of it is packaged. No LibTorch in this header.

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace cytocape {

enum class DType { f64, f32, f16, bf16, i64, i32, u8, boolean };
[[nodiscard]] std::size_t byte_size(DType dtype);
[[nodiscard]] const char* to_string(DType dtype);

struct TensorView {
  DType dtype = DType::f32;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;  ///< borrowed from the file object
};

/// A whole file in memory, checked on opening: header length against file size, JSON, every dtype,
/// shape product against offsets, offsets inside the data, no overlaps and no holes. All of this
/// before the data are read; files have up to 2 GiB, a million values in the header and 8 extents
/// in a shape. Throws ModelError naming the file and the offending key. Move-only: the views point
/// into it.
class SafetensorsFile {
 public:
  SafetensorsFile(SafetensorsFile&&) noexcept = default;
  SafetensorsFile& operator=(SafetensorsFile&&) noexcept = default;
  SafetensorsFile(const SafetensorsFile&) = delete;
  SafetensorsFile& operator=(const SafetensorsFile&) = delete;
  ~SafetensorsFile() = default;

  [[nodiscard]] static SafetensorsFile open(const std::filesystem::path& path);

  [[nodiscard]] const std::map<std::string, std::string>& metadata() const { return metadata_; }
  [[nodiscard]] const std::map<std::string, TensorView>& tensors() const { return tensors_; }
  /// Throws ModelError when absent.
  [[nodiscard]] const TensorView& at(const std::string& name) const;
  /// SHA-256 of the file's bytes, lower-case hex.
  [[nodiscard]] std::string sha256() const;

 private:
  SafetensorsFile() = default;
  [[nodiscard]] static SafetensorsFile read(const std::filesystem::path& path);
  std::filesystem::path path_;
  std::vector<std::byte> content_;
  std::map<std::string, std::string> metadata_;
  std::map<std::string, TensorView> tensors_;
};

struct TensorToWrite {
  std::string name;
  DType dtype = DType::f32;
  std::vector<std::int64_t> shape;
  std::span<const std::byte> bytes;  ///< borrowed; must hold product(shape) * byte_size(dtype)
};

/// Byte-identical for equal input (keys sorted). Temporary name, fsync, rename. Throws
/// StorageError.
void write_safetensors(const std::filesystem::path& path, std::span<const TensorToWrite> tensors,
                       const std::map<std::string, std::string>& metadata);

}  // namespace cytocape
