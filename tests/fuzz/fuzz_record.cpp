/// A record: what this program makes of what HDF5, in a process of its own, says of the file.

#include "io/record.hpp"
#include "tests/fuzz/fuzz_target.hpp"

void cytocape::fuzz::run(std::span<const std::uint8_t> input) {
  const auto path = file_of(input, "a.h5");
  refuse_or([&] { (void)read_record(path); });
}
