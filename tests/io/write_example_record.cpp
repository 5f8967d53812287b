// Writes the example record to the path given, for a reader that is not ours to check.

#include <cstdio>
#include <exception>

#include "tests/io/example_report.hpp"

int main(int argc, char** argv) {
  try {
    if (argc != 2) throw std::runtime_error("usage: write_example_record FILE");
    cytocape::testing::write_example(argv[1], cytocape::testing::example_record());
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
