#include "pipeline/criteria/wording.hpp"

#include <fmt/format.h>

#include <cmath>

#include "io/text.hpp"

namespace cytocape::criteria {
namespace {

std::string with_digits(double value, int significant) {
  if (value == 0 || !std::isfinite(value)) return fmt::format("{:g}", value);
  const int whole = static_cast<int>(std::floor(std::log10(std::abs(value)))) + 1;
  const int decimals = std::max(0, significant - whole);
  auto text = fmt::format("{:.{}f}", value, decimals);
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
  return with_digits(value, 3);
}

std::string format_beside(double value, double threshold) {
  constexpr int kMost = 12;
  for (int digits = 3; digits < kMost; ++digits) {
    auto text = with_digits(value, digits);
    if (side(parse_number(text).value_or(threshold), threshold) == side(value, threshold))
      return text;
  }
  return with_digits(value, kMost);
}

std::string join_words(const std::vector<std::string>& words, const std::string& last) {
  std::string text;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) text += i + 1 == words.size() ? " " + last + " " : ", ";
    text += words[i];
  }
  return text;
}

std::string mutation_words(const Mutation& mutation) {
  return fmt::format(
      "{}{} {}", mutation.gene, mutation.variant,
      mutation.vaf ? fmt::format("{} %", format_number(*mutation.vaf)) : "(VAF unknown)");
}

}  // namespace cytocape::criteria
