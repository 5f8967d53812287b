#include "io/file_fault.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

#include "io/errors.hpp"

namespace cytocape {
namespace {

const char* remedy_of(int error) {
  switch (error) {
    case EACCES:
    case EPERM:
      return "; allow the account that runs this to read it";
    case EIO:
    case ESTALE:
    case ENOTCONN:
      return "; check its drive or share, then try again";
    default:
      return "";
  }
}

}  // namespace

void refuse_unreadable(const std::filesystem::path& path, int error) {
  throw SlideError(fmt::format("{}: cannot be read: {}{}", path.string(),
                               std::generic_category().message(error), remedy_of(error)));
}

void refuse_damaged(const std::filesystem::path& path, const std::string& cause) {
  throw SlideError(
      fmt::format("{}: is damaged: {}; copy or export it again", path.string(), cause));
}

void refuse_unknown(const std::filesystem::path& path) {
  throw SlideError(
      fmt::format("{}: is of an unknown format: it begins as neither a slide that OpenSlide "
                  "recognises nor a PNG, JPEG or TIFF image; export it as one of these",
                  path.string()));
}

}  // namespace cytocape
