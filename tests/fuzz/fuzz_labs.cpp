/// Tables: comma-separated text, and laboratory values in it.

#include "io/csv.hpp"
#include "pipeline/criteria/labs_csv.hpp"
#include "tests/fuzz/fuzz_target.hpp"

void cytocape::fuzz::run(std::span<const std::uint8_t> input) {
  const auto path = file_of(input, "a.csv");
  refuse_or([&] { (void)read_csv(path); });
  refuse_or([&] { (void)criteria::read_labs(path); });
}
