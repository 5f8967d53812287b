#include "io/tiff_picture.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cytocape {
namespace {

std::int64_t pixels_of(const TiffPage& page) {
  return page.size.width * page.size.height;
}

}  // namespace

std::string unread_planes_notice(std::size_t read, std::size_t others) {
  return fmt::format(
      "Of {} pictures of one size in the file (focal planes, channels or series), only that of "
      "page {} was read.",
      others + 1, read);
}

TiffPicture find_tiff_picture(const TiffFile& file, int plane) {
  const auto& pages = file.pages();
  const auto largest = std::max_element(
      pages.begin(), pages.end(),
      [](const auto& one, const auto& other) { return pixels_of(one) < pixels_of(other); });
  TiffPicture picture;
  for (std::size_t i = 0; i < pages.size() && picture.page == nullptr; ++i) {
    if (pages[i].size != largest->size || --plane > 0) continue;
    picture.number = static_cast<int>(i);
    picture.page = &pages[i];
  }
  if (picture.page == nullptr) return picture;
  std::size_t alike = 0;
  for (std::size_t i = 0; i < pages.size(); ++i) {
    if (&pages[i] == picture.page) continue;
    if (pages[i].size == picture.page->size) {
      ++alike;
    } else {
      picture.remarks.push_back(
          fmt::format("page {} of {} x {} pixels is not read: only the "
                      "largest one is",
                      i + 1, pages[i].size.width, pages[i].size.height));
    }
  }
  const auto read = static_cast<std::size_t>(picture.number) + 1;
  if (alike > 0) picture.notices.push_back(unread_planes_notice(read, alike));
  return picture;
}

}  // namespace cytocape
