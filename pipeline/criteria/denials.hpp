#pragma once

/// Whether a text that names something says that it is there, or that it is not.

#include <cstddef>
#include <string_view>
#include <vector>

namespace cytocape::criteria {

/// Where something stands in a text.
struct Mention {
  std::size_t begin = 0;
  std::size_t end = 0;
};

enum class Said {
  denied,    ///< "no inv(16)", "BCR::ABL1 not detected", "negative for t(15;17) and inv(16)"
  named,     ///< "PML::RARA", "t(15;17) pending", "cannot exclude APL"
  affirmed,  ///< "PML::RARA positive", "t(8;21) in 80 % of nuclei"
};

/// Of each mention, whose order is that of the text. What is not clearly denied is not denied:
/// "no metaphases; PML::RARA positive" and "t(8;21) without further changes" deny nothing. Pure.
[[nodiscard]] std::vector<Said> what_is_said(std::string_view text,
                                             const std::vector<Mention>& mentions);

/// Whether a text names a way of testing ("FISH", "RNA panel"), so that what it names beside may be
/// what was tested for.
[[nodiscard]] bool names_a_test(std::string_view text);

}  // namespace cytocape::criteria
