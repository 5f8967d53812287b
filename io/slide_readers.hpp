#pragma once

/// The readers behind Slide::open, and the pixel-size rule that all obey. Internal to io/.
///
/// A new one is a row of the table in slide_readers.cpp: a name, `detect`, which looks at the head
/// and the directories of the file and says whether it reads it and why, and `open`. The first row
/// that takes a file reads it, so a reader of few formats stands before one of many.

#include <map>
#include <memory>
#include <span>
#include <string>

#include "io/slide.hpp"
#include "io/slide_state.hpp"
#include "io/tiff_file.hpp"

namespace cytocape {

/// Starts libvips, without its operation cache, and hands what libvips and libtiff would print to
/// DecoderMessages; nothing is printed. Cheap after the first call; thread-safe.
void start_image_libraries();

/// Part of start_image_libraries.
void listen_to_libtiff();

/// OpenSlide's name of the format, empty when it knows none. Looks at the head of the file only.
[[nodiscard]] std::string openslide_vendor(const std::filesystem::path& path);

/// What is known of a file before a reader sees it: its TIFF directories are checked.
struct SlideFile {
  std::filesystem::path path;
  SlideState state;
  std::shared_ptr<const TiffFile> tiff;  ///< null where it is none
  std::string vendor;                    ///< openslide_vendor
};

struct Detection {
  bool reads = false;
  std::string why;  ///< or why not: part of a sentence, for `inspect` and errors
};

struct SlideReader {
  const char* name;
  /// Decodes nothing.
  Detection (*detect)(const SlideFile& file);
  /// Precondition: detect(file).reads. Throws SlideError. Reads of the slide throw SlideChanged,
  /// not SlideError, where they fail because the file is another by then.
  std::unique_ptr<Slide> (*open)(const SlideFile& file, const SlideOptions& options);
};

/// The table, in the order in which readers are asked.
[[nodiscard]] std::span<const SlideReader> slide_readers();

struct ReaderChoice {
  const SlideReader* reader;
  std::string why;  ///< also why not those before it
};
/// Throws ConfigError for a name that is none, SlideError where the named one does not read `file`.
[[nodiscard]] ReaderChoice choose_reader(const SlideFile& file, const std::string& name);

/// TIFF in tiles of common kinds, without OpenSlide.
[[nodiscard]] Detection detect_tiff(const SlideFile& file);
[[nodiscard]] std::unique_ptr<Slide> open_tiff(const SlideFile& file, const SlideOptions& options);

/// Any DICOM file; what is no whole-slide image is refused by name. Its other levels and parts are
/// read from the files of its series beside it.
[[nodiscard]] Detection detect_dicom(const SlideFile& file);
[[nodiscard]] std::unique_ptr<Slide> open_dicom(const SlideFile& file, const SlideOptions& options);

/// Whatever OpenSlide knows.
[[nodiscard]] Detection detect_for_openslide(const SlideFile& file);
[[nodiscard]] std::unique_ptr<Slide> open_with_openslide(const SlideFile& file,
                                                         const SlideOptions& options);

/// Decodes the whole picture: one level without tiles. Pictures above kMaxImagePixels are refused,
/// and so is all that is no picture.
[[nodiscard]] Detection detect_as_image(const SlideFile& file);
[[nodiscard]] std::unique_ptr<Slide> open_as_image(const SlideFile& file,
                                                   const SlideOptions& options);

/// 3 GB as RGB; anything larger belongs into a tiled file.
inline constexpr std::int64_t kMaxImagePixels = 1'000'000'000;

struct PixelSize {
  Mpp mpp;
  MppSource source = MppSource::user;
  std::string overruled;  ///< a sentence where the user's differs from the file's by more than 1 %
};

/// Slide properties by OpenSlide's names; empty for PNG and JPEG, whose resolution speaks of print
/// and not of the microscope.
using SlideProperties = std::map<std::string, std::string>;

/// The user's value, else openslide.mpp-x/-y, else OME's PhysicalSizeX/Y, else DICOM's PixelSpacing
/// (which what was imaged must not contradict), else ImageJ's unit, else (generic-tiff only) the
/// resolution tags where their unit is absolute. Throws SlideError, with the way to give it, when
/// there is none within [kMinMpp, kMaxMpp], and when plausible resolution tags say another size by
/// more than 1 %.
[[nodiscard]] PixelSize pixel_size(const std::filesystem::path& path,
                                   const SlideProperties& properties, const SlideOptions& options);

/// Puts it into the slide's description.
void set_pixel_size(SlideInfo& info, const PixelSize& size);

/// The file's stem with everything but letters, digits, '.', '-' and '_' replaced by '_'; never
/// empty and never starting with a dot.
[[nodiscard]] std::string slide_id(const std::filesystem::path& path);

/// Throws the SlideError of a plane that a file of fewer pictures lacks.
[[noreturn]] void refuse_plane(const std::filesystem::path& path, int plane);

/// Copies the part of `source` that overlaps; `at` is where its top-left pixel lands in `target`.
void paste(const Image& source, Image& target, std::int64_t at_x, std::int64_t at_y);

}  // namespace cytocape
