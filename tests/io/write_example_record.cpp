// Writes the example record to the path given, as that of a DICOM slide where that is said, for a
// reader that is not ours to check.

#include <cstdio>
#include <exception>

#include "tests/io/example_report.hpp"

int main(int argc, char** argv) {
  try {
    if (argc != 2 && argc != 3)
      throw std::runtime_error("usage: write_example_record FILE [dicom]");
    auto example = cytocape::testing::example_record();
    if (argc == 3) cytocape::testing::make_dicom(example);
    cytocape::testing::write_example(argv[1], example);
    return 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 1;
  }
}
