/// A model's file: its header, and its card where it has one.

#include "models/data/model_card.hpp"
#include "models/data/safetensors.hpp"
#include "tests/fuzz/fuzz_target.hpp"

void cytocape::fuzz::run(std::span<const std::uint8_t> input) {
  const auto path = file_of(input, "a.safetensors");
  refuse_or([&] {
    const auto file = SafetensorsFile::open(path);
    for (const auto& entry : file.metadata()) {
      refuse_or([&] {
        check_card_text(entry.second, entry.first);
        (void)card_from_json(entry.second, entry.first);
      });
    }
  });
}
