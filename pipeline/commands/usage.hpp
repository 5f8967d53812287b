#pragma once

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

#include <string>

namespace cytocape {

/// What is wrong with a command line: names an unknown command or option before anything that is
/// only missing because of it, and the nearest known one.
[[nodiscard]] std::string usage_error(const CLI::App& app, const CLI::ParseError& error);

/// Makes every option of every command that is a number refuse "nan" and "inf", which pass for
/// numbers and even for numbers of a range.
void refuse_non_finite(CLI::App& app);

}  // namespace cytocape
