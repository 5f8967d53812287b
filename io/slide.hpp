#pragma once

/// One interface over whole slides and ordinary images (PNG, JPEG, plain TIFF). Who reads a file is
/// decided by its content, not by its name: the first row that takes it of the table in
/// io/slide_readers.hpp.

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "io/geometry.hpp"
#include "io/image.hpp"

namespace cytocape {

/// Where the pixel size came from; every report names it.
enum class MppSource { slide_property, resolution_tag, user };
[[nodiscard]] const char* to_string(MppSource source);

/// Bounds outside which a pixel size is refused as absurd, in um/px.
inline constexpr double kMinMpp = 0.05;
inline constexpr double kMaxMpp = 20.0;

struct SlideLevel {
  Size size;                ///< pixels of this level
  Downsample downsample;    ///< level-0 pixels a pixel of this level spans, x and y apart
  Size tile;                ///< the file's own tile size at this level; 0 x 0 where it is not tiled
  double absent_share = 0;  ///< of its tiles, those that the file leaves out, where that is known
};

/// By what a DICOM slide is named outside its files (PS3.3, C.7 and C.12.1): other objects, as
/// annotations of it, refer to it by these. Empty of other slides.
struct DicomOrigin {
  std::string study;               ///< StudyInstanceUID
  std::string series;              ///< SeriesInstanceUID
  std::string frame_of_reference;  ///< FrameOfReferenceUID; may be empty
  std::string sop_class;           ///< of the finest picture
  /// SOPInstanceUIDs of the finest picture: more than one of a concatenation.
  std::vector<std::string> instances;

  bool operator==(const DicomOrigin&) const = default;
};

struct SlideInfo {
  std::filesystem::path path;
  std::string id;                  ///< file stem, made safe for a folder name
  std::string reader;              ///< one of slide_reader_names()
  std::string reader_why;          ///< why this one, and why not those before it
  std::string vendor;              ///< OpenSlide's vendor or libvips' loader
  std::vector<SlideLevel> levels;  ///< [0] is the finest
  Mpp mpp;                         ///< um per level-0 pixel, within [kMinMpp, kMaxMpp]
  MppSource mpp_source = MppSource::user;
  Rgb background{255, 255, 255};        ///< behind transparent or absent areas
  std::vector<std::string> associated;  ///< names of associated images (label, macro, thumbnail)
  std::vector<std::string> remarks;     ///< what the reader leaves out of the file, a sentence each
  /// What whoever counts cells of it must know: other pictures in the file, a pixel size that was
  /// overruled. A sentence each; `analyze` says them beside the result.
  std::vector<std::string> notices;
  int plane = 1;    ///< of the pictures of one size that the file holds, the one that is read
  std::string icc;  ///< what became of its ICC profile, and its name; empty where it has none
  DicomOrigin dicom;
};

/// Whether pixels are mapped to sRGB by the ICC profile of the file.
enum class IccUse : std::uint8_t { apply, ignore };

struct SlideOptions {
  /// Overrides the file's own pixel size; needed for files that have none.
  std::optional<Mpp> mpp;
  /// One of slide_reader_names(), which then reads the slide or nobody does; empty takes the first
  /// that can.
  std::string reader = {};
  /// Of several pictures of one size in a file (focal planes), which; counted from 1.
  int plane = 1;
  IccUse icc = IccUse::apply;
};

/// Of the readers, in the order in which they are asked.
[[nodiscard]] std::vector<std::string> slide_reader_names();

/// A slide open for reading. `open` either returns a readable slide with a known pixel size or
/// throws SlideError; ConfigError for a reader that does not exist. All const members may be called
/// from many threads at once.
class Slide {
 public:
  [[nodiscard]] static std::unique_ptr<Slide> open(const std::filesystem::path& path,
                                                   const SlideOptions& options = {});
  virtual ~Slide() = default;
  Slide(const Slide&) = delete;
  Slide& operator=(const Slide&) = delete;

  [[nodiscard]] const SlideInfo& info() const { return info_; }

  /// Reads `rect`, in pixels of `level`, composited on the background; parts outside the level are
  /// background. Throws SlideError for unreadable pixels; the slide stays usable for other reads.
  [[nodiscard]] virtual Image read(int level, const LevelRect& rect) const = 0;

  /// By how much read_reduced can shrink the level: 1, 2, 4 or 8.
  [[nodiscard]] virtual int largest_reduction(int /*level*/) const { return 1; }

  /// The level shrunk by `factor`, a power of two up to largest_reduction(level), in pixels of the
  /// shrunk grid: pixel (x, y) stands for the level's [x * factor, (x + 1) * factor) squared, or
  /// for what of these lies on the level. Cheaper than read, and close to its mean. Errors as of
  /// read.
  [[nodiscard]] virtual Image read_reduced(int level, int factor, const LevelRect& rect) const;

  /// The file leaves all of `rect` out, of this level and of finer ones: reads of it give
  /// background. False where that is not known. Cheap, for whoever need not look at it.
  /// Precondition: there is such a level.
  [[nodiscard]] virtual bool is_left_out(int /*level*/, const LevelRect& /*rect*/) const {
    return false;
  }

  /// An associated image by its name in info().associated. Throws SlideError.
  [[nodiscard]] virtual Image read_associated(const std::string& name) const = 0;

  /// As it stands in the file, for its levels; empty where it has none. Throws SlideError.
  [[nodiscard]] virtual std::vector<std::uint8_t> icc_profile() const { return {}; }

  /// For those who wrap readers: says of the slide what only they know.
  void describe(SlideInfo info) { info_ = std::move(info); }

 protected:
  explicit Slide(SlideInfo info) : info_(std::move(info)) {}
  SlideInfo info_;
};

/// The path that a slide goes by: of a DICOM slide, which may be given by any of its files or by
/// their folder, the first of its files; any other path as it is. Throws SlideError for a folder
/// that holds several DICOM slides.
[[nodiscard]] std::filesystem::path slide_path(const std::filesystem::path& given);

/// All files that make up the slide, in a fixed order (one, except for MIRAX, VMS, DICOM and the
/// like): of a DICOM slide the pictures of its series in the folder, without label and overview.
[[nodiscard]] std::vector<std::filesystem::path> slide_files(const std::filesystem::path& path);

/// SHA-256 over the content of slide_files(path), streamed, as 64 lower-case hex digits. Of one
/// file it equals `sha256sum`; of several, it is the SHA-256 of the lines "<digest>  <name>\n".
/// Throws SlideError.
[[nodiscard]] std::string slide_sha256(const std::filesystem::path& path);

}  // namespace cytocape
