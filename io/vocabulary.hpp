#pragma once

/// Closed vocabularies: enums whose values count from 0, with one table of how each is written, an
/// exhaustive switch without default, so that the compiler asks for the words of a new value:
///
///     enum class Light { red, green };
///     constexpr CodeLabel labels_of(Light light) {
///       switch (light) {
///         case Light::red:
///           return {"red"};
///         case Light::green:
///           return {"green"};
///       }
///       return {};
///     }
///
/// That is all: to_string, values_of and value_named follow from it. `labels_of` may return any
/// struct with a `code`, what files hold, and other wordings beside it; `code` is null for what is
/// no value.

#include <array>
#include <concepts>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace cytocape {

/// For vocabularies that have no other words.
struct CodeLabel {
  const char* code = nullptr;
};

template <class Value>
concept Vocabulary = std::is_enum_v<Value> && requires(Value value) {
  { labels_of(value).code } -> std::convertible_to<const char*>;
};

/// As files hold it.
template <Vocabulary Value>
[[nodiscard]] constexpr const char* to_string(Value value) {
  return labels_of(value).code;
}

template <Vocabulary Value>
[[nodiscard]] constexpr std::size_t value_count() {
  std::size_t count = 0;
  while (labels_of(static_cast<Value>(count)).code != nullptr) ++count;
  return count;
}

/// All of them, in the enum's order.
template <Vocabulary Value>
[[nodiscard]] constexpr auto values_of() {
  std::array<Value, value_count<Value>()> values{};
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<Value>(i);
  return values;
}

/// None where no value has that code.
template <Vocabulary Value>
[[nodiscard]] constexpr std::optional<Value> value_named(std::string_view code) {
  for (const auto value : values_of<Value>())
    if (code == to_string(value)) return value;
  return std::nullopt;
}

/// Of all values, in the enum's order.
template <Vocabulary Value>
[[nodiscard]] std::vector<std::string> all_codes() {
  std::vector<std::string> codes;
  for (const auto value : values_of<Value>()) codes.emplace_back(to_string(value));
  return codes;
}

template <Vocabulary Value>
[[nodiscard]] std::vector<std::string> codes_of(const std::vector<Value>& values) {
  std::vector<std::string> codes;
  for (const auto value : values) codes.emplace_back(to_string(value));
  return codes;
}

}  // namespace cytocape
