#pragma once

/// Values in a row of bytes, between two processes of one machine: numbers as they lie in memory,
/// lengths before texts and lists. Internal to io/.

#include <cstdint>
#include <cstring>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace cytocape {

class PacketWriter {
 public:
  template <class T>
  PacketWriter& number(T value) {
    static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>);
    bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    return *this;
  }
  PacketWriter& text(std::string_view text) {
    number<std::uint64_t>(text.size());
    bytes_.append(text);
    return *this;
  }
  template <class T>
  PacketWriter& numbers(std::span<const T> values) {
    return text({reinterpret_cast<const char*>(values.data()), values.size_bytes()});
  }
  PacketWriter& texts(const std::vector<std::string>& list) {
    number<std::uint64_t>(list.size());
    for (const auto& one : list) text(one);
    return *this;
  }
  [[nodiscard]] std::string take() { return std::move(bytes_); }

 private:
  std::string bytes_;
};

/// Throws std::out_of_range where the bytes end too early: whoever wrote them may be damaged.
/// Memory taken is at most a small multiple of the bytes given.
class PacketReader {
 public:
  explicit PacketReader(std::string_view bytes) : bytes_(bytes) {}
  template <class T>
  [[nodiscard]] T number() {
    static_assert(std::is_arithmetic_v<T> || std::is_enum_v<T>);
    T value;
    std::memcpy(&value, next(sizeof value).data(), sizeof value);
    return value;
  }
  [[nodiscard]] std::string_view text() { return next(number<std::uint64_t>()); }
  template <class T>
  [[nodiscard]] std::vector<T> numbers() {
    const auto bytes = text();
    if (bytes.size() % sizeof(T) != 0) throw std::out_of_range("no whole numbers");
    std::vector<T> values(bytes.size() / sizeof(T));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }
  [[nodiscard]] std::vector<std::string> texts() {
    std::vector<std::string> list;
    for (auto left = number<std::uint64_t>(); left > 0; --left) list.emplace_back(text());
    return list;
  }

 private:
  std::string_view next(std::uint64_t size) {
    if (size > bytes_.size()) throw std::out_of_range("the answer ends too early");
    const auto found = bytes_.substr(0, static_cast<std::size_t>(size));
    bytes_.remove_prefix(static_cast<std::size_t>(size));
    return found;
  }
  std::string_view bytes_;
};

}  // namespace cytocape
