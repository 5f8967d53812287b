#pragma once

/// A look at TOML before it is parsed.

#include <cstddef>
#include <optional>
#include <string_view>

namespace cytocape {

/// The line, from 1, in which brackets, or the parts of a dotted key, go more than `levels` deep;
/// none where they do not. The parser reads, prints and frees nested values by recursion, so that
/// some thousand levels end the program. Takes time linear in the text, which need not be TOML.
[[nodiscard]] std::optional<std::size_t> line_nested_deeper_than(std::string_view toml,
                                                                 std::size_t levels);

/// The first line, from 1, of more than `bytes`.
[[nodiscard]] std::optional<std::size_t> line_longer_than(std::string_view toml, std::size_t bytes);

}  // namespace cytocape
