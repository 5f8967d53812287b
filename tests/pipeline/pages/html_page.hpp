#pragma once

/// What the tests of the page ask of it.

#include <gtest/gtest.h>

#include <cstddef>
#include <string>

#include "tests/io/example_report.hpp"

namespace cytocape::testing {

/// A page is too long to be printed where a text is missing in it.
inline ::testing::AssertionResult holds(const std::string& page, const std::string& text) {
  if (page.find(text) != std::string::npos) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure() << "not on the page: " << text;
}
inline ::testing::AssertionResult lacks(const std::string& page, const std::string& text) {
  const auto at = page.find(text);
  if (at == std::string::npos) return ::testing::AssertionSuccess();
  return ::testing::AssertionFailure()
         << "on the page: .." << page.substr(at < 60 ? 0 : at - 60, 160) << "..";
}

inline std::size_t times(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

/// The example, but ok: what it says of the case is shown.
inline SlideReport ok_report() {
  auto report = example_record().report;
  report.status = Status::ok;
  report.status_reasons.clear();
  return report;
}

}  // namespace cytocape::testing
