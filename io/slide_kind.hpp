#pragma once

/// What a file is by its first bytes, before anything is made of it: which files of a folder are
/// slides.

#include <cstdint>
#include <filesystem>
#include <string>

namespace cytocape {

enum class SlideKind : std::uint8_t {
  none,
  slide,    ///< a reader of slides takes it, or it is one that is damaged or refused
  picture,  ///< PNG, JPEG or plain TIFF that does not state its pixel size
  other,    ///< known, and no slide: DICOM of a label, an overview or of something else
};

/// Reads the head of the file alone; a file that cannot be opened is `none`. Thread-safe.
[[nodiscard]] SlideKind slide_kind(const std::filesystem::path& path);

/// Whether the name ends as slides' do: such a file that no reader knows is a damaged slide, not
/// something else.
[[nodiscard]] bool is_named_as_slide(const std::filesystem::path& path);

/// Whether programs give such names to a file while they are still writing it, and editors to
/// copies.
[[nodiscard]] bool is_named_for_now(const std::string& name);

}  // namespace cytocape
