#pragma once

/// Numbers as reports print them: three significant digits. Pure; thread-safe.

#include <string>

namespace cytocape::wording {

/// Three significant digits, without trailing zeros: 0.5, 11.2, 1230.
[[nodiscard]] std::string format_number(double value);

/// As above, with as many digits as keep it on its side of `threshold`: 0.9996 is not "1" beside 1.
[[nodiscard]] std::string format_beside(double value, double threshold);

/// As the first, but never rounded onto a whole or half number, as thresholds are: 19.99 is not 20.
[[nodiscard]] std::string format_reported(double value);

}  // namespace cytocape::wording
