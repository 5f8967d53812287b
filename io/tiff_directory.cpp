#include "io/tiff_directory.hpp"

#include <fmt/format.h>

#include <bit>
#include <span>

#include "io/tiff_file.hpp"

namespace cytocape {
namespace {

/// Bytes of a value of each type of whole numbers or bytes; 0 for the others and for those that do
/// not exist.
unsigned width_of_type(std::uint64_t type) {
  switch (type) {
    case 1:  // BYTE
    case 7:  // UNDEFINED
      return 1;
    case 3:  // SHORT
      return 2;
    case 4:   // LONG
    case 13:  // IFD
      return 4;
    case 16:  // LONG8
    case 18:  // IFD8
      return 8;
    default:
      return 0;
  }
}

constexpr std::uint64_t kFloat = 11;
constexpr std::uint64_t kDouble = 12;

/// Signed numbers say nothing here that is asked for.
unsigned width_of_number(std::uint64_t type) {
  if (type == kFloat) return 4;
  return type == kDouble ? 8 : width_of_type(type);
}

/// At least 1, also of types that do not exist.
unsigned width_of_any(std::uint64_t type) {
  if (type == 8) return 2;                                          // SSHORT
  if (type == 9) return 4;                                          // SLONG
  if (type == kTiffRational || type == 10 || type == 17) return 8;  // SRATIONAL, SLONG8
  const auto width = width_of_number(type);
  return width == 0 ? 1 : width;
}

unsigned width_of_hint(std::uint64_t type) {
  if (type == kTiffText) return 1;
  return type == kTiffRational ? 8 : width_of_type(type);
}

}  // namespace

TiffDirectory::TiffDirectory(const TiffBytes& bytes, const TiffLayout& layout, std::uint64_t offset)
    : bytes_(bytes), layout_(layout), offset_(offset) {
  if (!bytes.holds({offset, layout.entry_count})) {
    bytes.refuse(fmt::format("a directory should be at byte {}, beyond the end at byte {}", offset,
                             bytes.size()));
  }
  const auto count = bytes.number_at(offset, layout.entry_count);
  if (count == 0 || count > kMaxTiffEntries) {
    bytes.refuse(fmt::format("its directory at byte {} has {} entries; 1 to {} are allowed", offset,
                             count, kMaxTiffEntries));
  }
  const TiffRange entries{offset + layout.entry_count, count * layout.entry};
  if (!bytes.holds(entries)) {
    bytes.refuse(fmt::format("its directory at byte {} goes beyond its end at byte {}", offset,
                             bytes.size()));
  }
  entries_.resize(entries.bytes);
  bytes.read(entries.offset, entries_);
  require_possible_counts();
  // Some writers end a file without the offset of the next directory, and libtiff allows it.
  const TiffRange link{entries.offset + entries.bytes, layout.offset};
  if (bytes.holds(link)) next_ = bytes.number_at(link.offset, layout.offset);
}

/// Also of tags that nobody here looks at: OpenSlide takes memory for as many values as they claim.
void TiffDirectory::require_possible_counts() const {
  for (std::uint64_t at = 0; at < entries_.size(); at += layout_.entry) {
    const auto entry = std::span(entries_).subspan(at, layout_.entry);
    const auto count = bytes_.number(entry.subspan(4), layout_.offset);
    if (count <= bytes_.size() / width_of_any(bytes_.number(entry.subspan(2), 2))) continue;
    bytes_.refuse(fmt::format("tag {} of its directory at byte {} claims {} values",
                              bytes_.number(entry, 2), offset_, count));
  }
}

std::optional<std::uint64_t> TiffDirectory::entry_of(TiffTag tag) const {
  for (std::uint64_t at = 0; at < entries_.size(); at += layout_.entry) {
    const auto entry = std::span(entries_).subspan(at, layout_.entry);
    if (bytes_.number(entry, 2) == static_cast<std::uint64_t>(tag)) return at;
  }
  return std::nullopt;
}

std::optional<TiffArray> TiffDirectory::find(TiffTag tag) const {
  const auto at = entry_of(tag);
  if (!at) return std::nullopt;
  const auto entry = std::span(entries_).subspan(*at, layout_.entry);
  const auto width = width_of_type(bytes_.number(entry.subspan(2), 2));
  const auto count = bytes_.number(entry.subspan(4), layout_.offset);
  const auto value = entry.subspan(4 + layout_.offset);
  const auto refuse = [&](const std::string& what) {
    bytes_.refuse(fmt::format("tag {} of its directory at byte {} {}",
                              static_cast<std::uint64_t>(tag), offset_, what));
  };
  if (width == 0) refuse("is of a type that is not a whole number");
  if (count > bytes_.size() / width) refuse(fmt::format("claims {} values", count));
  const bool inside = count * width <= layout_.offset;
  const TiffArray array{inside ? offset_ + layout_.entry_count + *at + 4 + layout_.offset
                               : bytes_.number(value, layout_.offset),
                        count, width};
  if (!bytes_.holds({array.offset, count * width})) {
    refuse(fmt::format("has {} values at byte {}, beyond the end at byte {}", count, array.offset,
                       bytes_.size()));
  }
  return array;
}

std::optional<TiffArray> TiffDirectory::find_hint(TiffTag tag, std::uint64_t type) const {
  const auto at = entry_of(tag);
  if (!at) return std::nullopt;
  const auto entry = std::span(entries_).subspan(*at, layout_.entry);
  if (bytes_.number(entry.subspan(2), 2) != type) return std::nullopt;
  return array_of(*at, width_of_hint(type));
}

/// Of the entry at `at`; none where its values lie outside the file.
std::optional<TiffArray> TiffDirectory::array_of(std::uint64_t at, unsigned width) const {
  const auto entry = std::span(entries_).subspan(at, layout_.entry);
  const auto count = bytes_.number(entry.subspan(4), layout_.offset);
  if (count > bytes_.size() / width) return std::nullopt;
  const bool inside = count * width <= layout_.offset;
  const TiffArray array{inside ? offset_ + layout_.entry_count + at + 4 + layout_.offset
                               : bytes_.number(entry.subspan(4 + layout_.offset), layout_.offset),
                        count, width};
  return bytes_.holds({array.offset, count * width}) ? std::optional(array) : std::nullopt;
}

std::optional<double> TiffDirectory::number_hint(TiffTag tag) const {
  const auto at = entry_of(tag);
  if (!at) return std::nullopt;
  const auto type = bytes_.number(std::span(entries_).subspan(*at + 2), 2);
  const auto width = width_of_number(type);
  const auto array = width == 0 ? std::nullopt : array_of(*at, width);
  constexpr std::uint64_t kMostSamples = 64;
  if (!array || array->count == 0 || array->count > kMostSamples) return std::nullopt;
  const auto first = bytes_.number_at(array->offset, width);
  for (std::uint64_t i = 1; i < array->count; ++i) {
    if (bytes_.number_at(array->offset + i * width, width) != first) return std::nullopt;
  }
  if (type == kFloat) return std::bit_cast<float>(static_cast<std::uint32_t>(first));
  if (type == kDouble) return std::bit_cast<double>(first);
  return static_cast<double>(first);
}

std::uint64_t TiffDirectory::value(TiffTag tag, std::uint64_t otherwise) const {
  const auto found = find(tag);
  if (!found || found->count == 0) return otherwise;
  return bytes_.number_at(found->offset, found->width);
}

bool TiffDirectory::has_equal_values(TiffTag tag) const {
  const auto found = find(tag);
  if (!found || found->count < 2) return true;
  constexpr std::uint64_t kMostSamples = 64;
  if (found->count > kMostSamples) return false;
  const auto first = bytes_.number_at(found->offset, found->width);
  for (std::uint64_t i = 1; i < found->count; ++i) {
    if (bytes_.number_at(found->offset + i * found->width, found->width) != first) return false;
  }
  return true;
}

}  // namespace cytocape
