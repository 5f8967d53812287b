/// CTest's fixture: draws the smear of tests/pipeline/smear.hpp. Usage: draw_small_smear FILE

#include "tests/pipeline/smear.hpp"

int main(int, char** argv) {
  const std::filesystem::path file = argv[1];
  std::filesystem::create_directories(file.parent_path());
  cytocape::testing::draw_small_smear(file);
  return 0;
}
