#pragma once

/// A look at JSON from a file before a tree is built of it.

#include <cstddef>
#include <string>
#include <string_view>

namespace cytocape {

struct JsonLimits {
  /// Objects and lists within each other. Trees are copied, printed and destroyed by recursion:
  /// some ten thousand levels end the program.
  std::size_t depth = 64;
  /// Values and keys. Each takes up to 150 bytes of a tree.
  std::size_t values = 1'000'000;
};

/// Why `text` is not read, in words that follow its name ("is nested too deeply: .."); empty where
/// nothing is wrong. No JSON, beyond the limits, or a key twice in one object: the parser by itself
/// keeps the last, and another reader may keep the first. Takes time linear in the text and no
/// recursion. Never throws for what the text holds; thread-safe.
[[nodiscard]] std::string json_fault(std::string_view text, const JsonLimits& limits = {});

}  // namespace cytocape
