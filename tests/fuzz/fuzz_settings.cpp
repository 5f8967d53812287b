/// The settings of `analyze`, as a file and as --set.

#include "pipeline/settings/analyze_config.hpp"
#include "tests/fuzz/fuzz_target.hpp"

void cytocape::fuzz::run(std::span<const std::uint8_t> input) {
  const auto path = file_of(input, "a.toml");
  refuse_or([&] { (void)load_analyze_config(path.string(), {}); });
  refuse_or([&] { (void)load_analyze_config(std::string(), {std::string(text_of(input))}); });
}
