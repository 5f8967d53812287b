// Feeds a fuzz target the files of folders, each once: the seeds, and what was found before.

#include <cstdio>
#include <exception>
#include <iterator>
#include <vector>

#include "tests/fuzz/fuzz_target.hpp"

int main(int argc, char** argv) {
  std::size_t inputs = 0;
  std::filesystem::path at;
  try {
    for (int i = 1; i < argc; ++i) {
      for (const auto& entry : std::filesystem::recursive_directory_iterator(argv[i])) {
        if (!entry.is_regular_file()) continue;
        at = entry.path();
        std::ifstream file(at, std::ios::binary);
        const std::vector<char> bytes{std::istreambuf_iterator<char>(file), {}};
        cytocape::fuzz::run({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
        ++inputs;
      }
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", at.c_str(), error.what());
    return 1;
  }
  std::printf("%zu inputs\n", inputs);
  return inputs == 0 ? 1 : 0;
}
