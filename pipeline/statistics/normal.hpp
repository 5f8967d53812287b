#pragma once

namespace cytocape {

/// The two-sided 95 % point of the normal distribution.
constexpr double kZ95 = 1.959963984540054;

}  // namespace cytocape
