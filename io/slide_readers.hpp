#pragma once

/// The two readers behind Slide::open, and the pixel-size rule that both obey. Internal to io/.

#include <map>
#include <memory>
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

/// What is known of a file before OpenSlide sees it.
struct CheckedFile {
  SlideState state;
  std::unique_ptr<const TiffFile> tiff;  ///< null where it is none
};

/// Reads throw SlideChanged, not SlideError, where they fail because the file is another by then.
[[nodiscard]] std::unique_ptr<Slide> open_with_openslide(const std::filesystem::path& path,
                                                         const SlideOptions& options,
                                                         CheckedFile file);

/// Decodes the whole picture: one level without tiles. Pictures above kMaxImagePixels are refused.
[[nodiscard]] std::unique_ptr<Slide> open_as_image(const std::filesystem::path& path,
                                                   const SlideOptions& options);

/// 3 GB as RGB; anything larger belongs into a tiled file.
inline constexpr std::int64_t kMaxImagePixels = 1'000'000'000;

struct PixelSize {
  Mpp mpp;
  MppSource source = MppSource::user;
};

/// Slide properties by OpenSlide's names; empty for ordinary images, whose resolution tags speak
/// of print and not of the microscope.
using SlideProperties = std::map<std::string, std::string>;

/// The user's value, else openslide.mpp-x/-y, else (generic-tiff only) the resolution tags where
/// their unit is absolute. Throws SlideError, with the way to give it, when there is none within
/// [kMinMpp, kMaxMpp].
[[nodiscard]] PixelSize pixel_size(const std::filesystem::path& path,
                                   const SlideProperties& properties, const SlideOptions& options);

/// The file's stem with everything but letters, digits, '.', '-' and '_' replaced by '_'; never
/// empty and never starting with a dot.
[[nodiscard]] std::string slide_id(const std::filesystem::path& path);

/// Copies the part of `source` that overlaps; `at` is where its top-left pixel lands in `target`.
void paste(const Image& source, Image& target, std::int64_t at_x, std::int64_t at_y);

}  // namespace cytocape
