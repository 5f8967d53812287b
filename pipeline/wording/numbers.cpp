#include "pipeline/wording/numbers.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "io/text.hpp"

namespace cytocape::wording {
namespace {

constexpr int kUsual = 3;
constexpr int kMost = 12;  ///< of significant digits and of decimals

std::string with_digits(double value, int significant) {
  if (value == 0 || !std::isfinite(value)) return fmt::format("{:g}", value);
  const int whole = static_cast<int>(std::floor(std::log10(std::abs(value)))) + 1;
  auto text = fmt::format("{:.{}f}", value, std::clamp(significant - whole, 0, kMost));
  if (text.find('.') == std::string::npos) return text;
  text.erase(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

int side(double value, double threshold) {
  return value < threshold ? -1 : value > threshold ? 1 : 0;
}

}  // namespace

std::string format_number(double value) {
  return with_digits(value, kUsual);
}

std::string format_beside(double value, double threshold) {
  for (int digits = kUsual; digits < kMost; ++digits) {
    auto text = with_digits(value, digits);
    if (side(parse_number(text).value_or(threshold), threshold) == side(value, threshold))
      return text;
  }
  // Smaller than its decimals show, and not on the threshold for all that.
  const auto text = with_digits(value, kMost);
  return side(parse_number(text).value_or(threshold), threshold) == side(value, threshold)
             ? text
             : fmt::format("{:g}", value);
}

std::string format_reported(double value) {
  return format_beside(value, std::round(2 * value) / 2);
}

}  // namespace cytocape::wording
