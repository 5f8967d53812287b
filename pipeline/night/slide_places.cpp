#include "pipeline/night/slide_places.hpp"

#include <fmt/format.h>

#include "io/dicom_series.hpp"
#include "io/slide.hpp"
#include "io/text.hpp"

namespace cytocape {
namespace fs = std::filesystem;

fs::path real_path(const fs::path& path) {
  std::error_code error;
  // From the root first: of what is not there the canonical path would stay relative.
  const auto whole = fs::absolute(path, error);
  if (error) return path;
  auto real = fs::weakly_canonical(whole, error);
  return error ? whole.lexically_normal() : real;
}

/// "a.csv, b.json, c.txt and 4 more"
std::string named_first(const std::vector<std::string>& names) {
  constexpr std::size_t kNamed = 3;
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < kNamed; ++i)
    text += (i == 0 ? "" : ", ") + one_line(shortened(names[i]));
  if (names.size() > kNamed) text += fmt::format(" and {} more", names.size() - kNamed);
  return text;
}

/// A DICOM slide of several files, alone in its folder, which then names it.
bool has_folder_to_itself(const fs::path& path) {
  if (dicom_file(path).kind != DicomKind::slide || slide_files(path).size() < 2) return false;
  const auto folder = path.parent_path();
  return dicom_slides_in(folder.empty() ? "." : folder).size() == 1;
}

/// So that what is named by a folder is named as a file of that name would be.
fs::path as_file(fs::path folder) {
  return folder += ".dcm";
}

}  // namespace cytocape
