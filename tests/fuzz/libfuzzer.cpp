// libFuzzer's entry: any exception that leaves `run` ends the program, which is a finding.

#include <cstdlib>

#include "tests/fuzz/fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  cytocape::fuzz::run({data, size});
  return 0;
}
