#pragma once

/// A phantom: a blood smear of known truth, written as a tiled JPEG pyramid. Its white cells are
/// either drawn, or pictures of labelled cells pasted into a drawn field. Beside <name>.tiff lie
/// <name>.cells.csv (one row for each cell that was placed) and <name>.truth.json (counts,
/// options).
///
/// Everything follows from the options: the same options give the same pixels, whoever asks for
/// which part of the slide, in whatever order, on however many threads.

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/geometry.hpp"
#include "io/image.hpp"

namespace cytocape {

/// Labelled pictures, <folder>/<class>/*.{jpg,jpeg,png}, one cell in the middle of each. Class
/// `erythroblast` is taken as `normoblast`; class `platelet` gives decoys without a nucleus.
struct PhantomSource {
  std::filesystem::path folder;
  double mpp = 0.1;                           ///< um a pixel of the pictures spans
  std::optional<std::filesystem::path> list;  ///< allowed files, one path in `folder` a line
};

struct PhantomOptions {
  Size size{20000, 15000};  ///< level-0 pixels
  double mpp = 0.25;        ///< um/px on both axes, 0.05 .. 1
  std::uint64_t seed = 1;

  std::int64_t white_cells = 300;             ///< nucleated cells, smudge cells among them
  std::optional<double> white_cells_per_mm2;  ///< of the slide's whole area; replaces white_cells
  std::map<std::string, double> mix;          ///< class -> weight; empty takes the default mix
  std::optional<std::int64_t> platelets;      ///< decoys; nullopt takes one for 30 red cells, or
                                              ///< for 2 white cells where they are pasted
  double red_cells_per_mm2 = 7000;            ///< 0 .. 12000
  double touching = 0.05;  ///< share of the white cells that touch another, 0 .. 0.5
  double smudged = 0.02;   ///< share that are smudge cells (class smudge_cell), 0 .. 0.5
  double blur = 0.03;      ///< share of the slide's area that is out of focus, 0 .. 0.5
  double margin = 0.03;    ///< width of the glass border over the slide's shorter side, 0 .. 0.4
  double stain = 0;        ///< -1 pale and reddish .. +1 heavy and bluish
  double unevenness = 1;   ///< of stain and illumination over the slide; 0 none, 1 as usual
  std::optional<PhantomSource> source;  ///< pasted instead of drawn cells
};

struct PhantomCell {
  std::uint64_t id = 0;    ///< row in <name>.cells.csv
  std::string class_code;  ///< taxonomy code, "platelet" or "smudge_cell"
  Level0Point centre;      ///< of the nucleus (of the whole cell where it has none)
  Level0Rect box;          ///< around the cell's body; may stand over the slide's edge
  bool nucleated = true;
  bool touching = false;  ///< its body touches another white cell's
  bool smudged = false;
  bool blurred = false;  ///< lies in an out-of-focus patch
  bool border = false;   ///< its box is cut by the slide's edge
  friend bool operator==(const PhantomCell&, const PhantomCell&) = default;
};

/// The classes that can be drawn, in the order of reports.
[[nodiscard]] const std::vector<std::string>& drawn_classes();

/// Those and "platelet" and "smudge_cell", of which pictures can be drawn as well.
[[nodiscard]] const std::vector<std::string>& picture_classes();

/// Throws ConfigError for options that make no sense, before anything is read or drawn.
void check_options(const PhantomOptions& options);

/// Pure; reads the source's pictures where there is one. Throws ConfigError for options that make
/// no sense or cells that do not fit on the slide, SlideError for an unreadable picture.
[[nodiscard]] std::vector<PhantomCell> place_cells(const PhantomOptions& options);

/// A phantom ready to be rendered. Holds its sprites (at most about 700 MiB) and 12 bytes for each
/// cell of the field; `render` needs a few MiB more for each thread. Immutable: all members may be
/// called from many threads.
class PhantomRenderer {
 public:
  /// Throws as place_cells does.
  [[nodiscard]] static PhantomRenderer create(const PhantomOptions& options);
  PhantomRenderer(PhantomRenderer&&) noexcept;
  PhantomRenderer& operator=(PhantomRenderer&&) noexcept;
  ~PhantomRenderer();

  [[nodiscard]] const std::vector<PhantomCell>& cells() const;
  /// Fills `out`, which has the size of `rect`, with the slide's pixels there. `rect` may reach
  /// beyond the slide: the smear has no edge there.
  void render(const Level0Rect& rect, Image& out) const;

 private:
  struct State;
  explicit PhantomRenderer(std::unique_ptr<const State> state);
  std::unique_ptr<const State> state_;
};

struct PhantomTruth {
  std::vector<PhantomCell> cells;
  std::map<std::string, std::int64_t> counts;  ///< by class, decoys included
  std::int64_t nucleated = 0;
  std::filesystem::path slide, cells_csv, truth_json;
};

/// Called with the share of the work done so far, from any thread, one call at a time. What it
/// throws ends the work and comes out of the function that was given it.
using PhantomProgress = std::function<void(double share)>;

/// Writes the slide and its truth; when it fails, earlier files of these names stay. Throws as
/// place_cells does, and StorageError.
PhantomTruth write_phantom(const PhantomOptions& options, const std::filesystem::path& path,
                           const PhantomProgress& progress = {});

/// The cells that a <name>.cells.csv lists, as write_phantom wrote it. Throws ConfigError naming
/// the row and the value that is none.
[[nodiscard]] std::vector<PhantomCell> read_phantom_cells(const std::filesystem::path& cells_csv);

struct CellImageOptions {
  int per_class = 100;
  int edge_px = 260;
  double mpp = 0.1;
  std::uint64_t seed = 1;
  std::vector<std::string> classes;  ///< empty takes picture_classes()
};

/// Draws labelled single-cell pictures, <folder>/<class>/<class>_00000.png, each cell in the middle
/// (moved by up to 0.5 um) of its own field with its own stain, illumination and focus. Existing
/// files of these names are replaced, others left alone. Throws ConfigError, StorageError.
void write_cell_images(const CellImageOptions& options, const std::filesystem::path& folder,
                       const PhantomProgress& progress = {});

}  // namespace cytocape
