#pragma once

/// What a recipe is right on in laboratories that it has not seen: each was left out of a training
/// of its own (script/leave-one-laboratory-out). No LibTorch here.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace cytocape {

struct LaboratoryFigures {
  std::string name;
  std::int64_t images = 0;
  double group_accuracy = 0;  ///< over the taxonomy's groups
  double ece = 0;             ///< calibrated as script/leave-one-laboratory-out says
  double sure_share = 0;      ///< of the images, called with p >= 0.8
  double sure_accuracy = 0;   ///< of these, over groups
};

struct NeverSeen {
  std::vector<LaboratoryFigures> laboratories;
  /// ModelCard::calibration_a and _w: the mean of what fitted each laboratory while it was left
  /// out.
  double calibration_a = 0;
  double calibration_w = 0;
};

/// JSON as the script writes it. Throws ConfigError naming the file, the key and what is right.
[[nodiscard]] NeverSeen read_never_seen(const std::filesystem::path& path);

/// The list alone, as a card holds it. The second throws ModelError naming `source`.
[[nodiscard]] std::string laboratories_to_json(const std::vector<LaboratoryFigures>& laboratories);
[[nodiscard]] std::vector<LaboratoryFigures> laboratories_from_json(const std::string& json,
                                                                    const std::string& source);

}  // namespace cytocape
