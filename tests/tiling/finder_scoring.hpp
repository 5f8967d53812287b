#pragma once

/// What the finder benchmark needs beside the finder: truth boxes, perturbed images, a pairing of
/// found cells with boxes, and a page of pictures to look at.

#include <filesystem>
#include <string>
#include <vector>

#include "io/image.hpp"
#include "tiling/locate.hpp"

namespace cytocape::testing {

struct TruthBox {
  std::string name;
  Level0Rect rect;
};

/// The <object> boxes of a Pascal VOC annotation file.
[[nodiscard]] std::vector<TruthBox> read_voc(const std::filesystem::path& path);

/// An image taken for a slide of pixel size `mpp`, as one block.
struct Prepared {
  LocateScale scale;
  StainProfile stain;
  Block block;
  Image window;
};
[[nodiscard]] Prepared prepare(const Image& image, double mpp, const FinderOptions& options);

[[nodiscard]] LocateResult locate_in(const Image& image, double mpp,
                                     const FinderOptions& options = {});

struct Perturbation {
  std::string name;
  double gain[3] = {1, 1, 1};  ///< of red, green, blue
  double gamma = 1;
  double hue_degrees = 0;  ///< turn about the grey axis
  double mpp_error = 1;    ///< factor on the pixel size that the finder is told
};
[[nodiscard]] Image perturbed(const Image& image, const Perturbation& how);

struct Score {
  int truth = 0;
  int found = 0;
  int hits = 0;
  int whole_truth = 0;  ///< boxes that do not touch the border
  int whole_hits = 0;
  void operator+=(const Score& other);
  [[nodiscard]] double recall() const { return truth ? 1.0 * hits / truth : 1; }
  [[nodiscard]] double whole_recall() const {
    return whole_truth ? 1.0 * whole_hits / whole_truth : 1;
  }
  [[nodiscard]] double precision() const { return found ? 1.0 * hits / found : 1; }
};

/// The box that each cell is the first to have its centre in, one to one; -1 is a false positive.
[[nodiscard]] std::vector<int> pairing(const std::vector<TruthBox>& boxes,
                                       const std::vector<LocatedCell>& cells);

/// A hit is a found centre inside a box, one to one.
[[nodiscard]] Score score_of(const std::vector<TruthBox>& boxes,
                             const std::vector<LocatedCell>& cells, Size size);

/// Pictures side by side, with boxes and crosses.
class ContactSheet {
 public:
  ContactSheet(int cell_px, int columns) : cell_px_(cell_px), columns_(columns) {}
  void add(const Image& image, const std::vector<TruthBox>& boxes,
           const std::vector<LocatedCell>& cells);
  [[nodiscard]] std::size_t size() const { return pictures_.size(); }
  /// Writes nothing where nothing was added.
  void write(const std::filesystem::path& path) const;

 private:
  int cell_px_;
  int columns_;
  std::vector<Image> pictures_;
};

}  // namespace cytocape::testing
