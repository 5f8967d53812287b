#include "io/dicom_frames.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace cytocape {
namespace {

constexpr DicomTag kItem = 0xFFFE'E000;
constexpr DicomTag kSequenceEnd = 0xFFFE'E0DD;
constexpr std::uint64_t kItemHead = 8;

struct ItemHead {
  DicomTag tag = 0;
  std::uint32_t length = 0;
};

ItemHead item_head(const TiffBytes& file, std::span<const std::uint8_t> bytes) {
  return {static_cast<DicomTag>(file.number(bytes, 2) << 16 | file.number(bytes.subspan(2), 2)),
          static_cast<std::uint32_t>(file.number(bytes.subspan(4), 4))};
}

ItemHead item_head_at(const TiffBytes& file, std::uint64_t at) {
  std::array<std::uint8_t, kItemHead> bytes{};
  file.read(at, bytes);
  return item_head(file, bytes);
}

/// False where something else is there; what lies beyond the end of a file that was cut may be one.
bool may_be_item(const TiffBytes& file, std::uint64_t at) {
  return !file.holds({at, kItemHead}) || item_head_at(file, at).tag == kItem;
}

/// All items from `at` on, with their heads, to the delimiter or the end of a file that was cut.
struct Items {
  std::vector<FileRange> all;
  bool ended = false;  ///< by the delimiter
};

Items items_from(const TiffBytes& file, std::uint64_t at) {
  Items items;
  while (file.holds({at, kItemHead})) {
    const auto head = item_head_at(file, at);
    items.ended = head.tag == kSequenceEnd;
    if (items.ended) break;
    if (head.tag != kItem || head.length == 0xFFFF'FFFF) {
      file.refuse(fmt::format("at byte {} is {} where an item of its pixels belongs", at,
                              dicom_tag_text(head.tag)));
    }
    if (items.all.size() >= kMaxDicomFrames)
      file.refuse(fmt::format("its pixels are cut into more than {} items", kMaxDicomFrames));
    items.all.push_back({at, kItemHead + head.length});
    at += kItemHead + head.length;
  }
  return items;
}

std::vector<std::uint64_t> numbers_at(const TiffBytes& file, const FileRange& range,
                                      unsigned width) {
  std::vector<std::uint8_t> bytes(range.bytes);
  file.read(range.offset, bytes);
  std::vector<std::uint64_t> numbers;
  numbers.reserve(bytes.size() / width);
  for (std::size_t at = 0; at + width <= bytes.size(); at += width)
    numbers.push_back(file.number(std::span(bytes).subspan(at), width));
  return numbers;
}

}  // namespace

DicomFrames::DicomFrames(const TiffBytes& file, const DicomLayout& layout,
                         const DicomFrameKind& kind)
    : kind_(kind), encapsulated_(layout.encapsulated) {
  if (encapsulated_)
    place_encapsulated(file, layout);
  else
    place_native(file, layout);
}

void DicomFrames::place_native(const TiffBytes& file, const DicomLayout& layout) {
  const auto whole = kind_.count * kind_.pixel_bytes;
  if (layout.pixels->bytes < whole) {
    file.refuse(fmt::format("its pixels claim {} bytes where {} frames of {} bytes belong",
                            layout.pixels->bytes, kind_.count, kind_.pixel_bytes));
  }
  native_at_ = layout.pixels->offset;
}

FileRange DicomFrames::place_of(const TiffBytes& file, std::uint64_t index) const {
  if (!encapsulated_) return {native_at_ + index * kind_.pixel_bytes, kind_.pixel_bytes};
  // Of a file that was cut.
  return index < places_.size() ? places_[index] : FileRange{file.size(), kItemHead};
}

bool DicomFrames::are_cut(const TiffBytes& file) const {
  if (!encapsulated_) return !file.holds({native_at_, kind_.count * kind_.pixel_bytes});
  return places_.size() < kind_.count ||
         std::any_of(places_.begin(), places_.end(),
                     [&](const FileRange& place) { return !file.holds(place); });
}

void DicomFrames::place_encapsulated(const TiffBytes& file, const DicomLayout& layout) {
  const auto at = layout.pixels->offset;
  if (!file.holds({at, kItemHead})) file.refuse("it ends where its pixels should begin");
  const auto table = item_head_at(file, at);
  if (table.tag != kItem || !file.holds({at + kItemHead, table.length})) {
    file.refuse(fmt::format("at byte {} is {} of {} bytes where the table of its frames belongs",
                            at, dicom_tag_text(table.tag), table.length));
  }
  const auto base = at + kItemHead + table.length;
  if (layout.extended_offsets.bytes > 0 && place_by_extended_table(file, layout, base)) return;
  if (place_by_basic_table(file, {at + kItemHead, table.length})) return;
  place_by_items(file, base);
}

/// False where it is wrong.
bool DicomFrames::place_by_extended_table(const TiffBytes& file, const DicomLayout& layout,
                                          std::uint64_t base) {
  const auto bytes = kind_.count * 8;
  if (layout.extended_offsets.bytes != bytes || layout.extended_lengths.bytes != bytes) {
    file.refuse(fmt::format(
        "its extended offset table has {} bytes of offsets and {} of lengths "
        "where {} frames take {} each",
        layout.extended_offsets.bytes, layout.extended_lengths.bytes, kind_.count, bytes));
  }
  const auto offsets = numbers_at(file, layout.extended_offsets, 8);
  const auto lengths = numbers_at(file, layout.extended_lengths, 8);
  constexpr std::uint64_t kFar = std::uint64_t{1} << 62;  // far beyond any file, and no overflow
  places_.resize(kind_.count);
  for (std::uint64_t i = 0; i < kind_.count; ++i) {
    const auto length = std::min(lengths[i], kFar);
    places_[i] = {base + std::min(offsets[i], kFar), kItemHead + length + length % 2};
  }
  return may_be_item(file, places_.back().offset);
}

/// False where there is none, and where it is wrong.
bool DicomFrames::place_by_basic_table(const TiffBytes& file, const FileRange& table) {
  if (table.bytes == 0) return false;
  if (table.bytes != kind_.count * 4) {
    file.refuse(fmt::format("the table of its frames has {} entries where {} frames belong",
                            table.bytes / 4, kind_.count));
  }
  const auto offsets = numbers_at(file, table, 4);
  if (offsets.front() != 0 ||
      std::adjacent_find(offsets.begin(), offsets.end(), std::greater_equal<>()) != offsets.end())
    return false;
  const auto base = table.offset + table.bytes;
  if (!may_be_item(file, base + offsets.back())) return false;
  places_.resize(kind_.count);
  for (std::uint64_t i = 0; i + 1 < kind_.count; ++i)
    places_[i] = {base + offsets[i], offsets[i + 1] - offsets[i]};
  const auto last = base + offsets.back();
  const auto items = items_from(file, last).all;
  const auto end = items.empty() ? last + kItemHead : items.back().offset + items.back().bytes;
  places_.back() = {last, end - last};
  return true;
}

void DicomFrames::place_by_items(const TiffBytes& file, std::uint64_t base) {
  places_.clear();
  const auto items = items_from(file, base);
  if (items.all.size() > kind_.count) {
    group(file, items.all);
  } else {
    places_ = items.all;
  }
  if (places_.size() != kind_.count && items.ended) {
    file.refuse(fmt::format("its pixels are {} items, which make {} frames where {} belong",
                            items.all.size(), places_.size(), kind_.count));
  }
}

/// Without a table, the first of a frame's items is known by what its codec begins with.
void DicomFrames::group(const TiffBytes& file, const std::vector<FileRange>& items) {
  for (const auto& item : items) {
    bool begins = places_.empty();
    if (kind_.count > 1 && item.bytes >= kItemHead + 2 && file.holds(item)) {
      std::array<std::uint8_t, 2> first{};
      file.read(item.offset + kItemHead, first);
      begins =
          begins || (kind_.begins_with != 0 && (first[0] << 8 | first[1]) == kind_.begins_with);
    }
    if (begins)
      places_.push_back(item);
    else
      places_.back().bytes += item.bytes;
  }
  if (places_.size() != kind_.count) {
    file.refuse(
        fmt::format("its {} frames are {} items without a table of offsets, of which {} "
                    "begin a frame",
                    kind_.count, items.size(), places_.size()));
  }
}

std::string DicomFrames::read(const TiffBytes& file, std::uint64_t index,
                              std::vector<std::uint8_t>& data) const {
  const auto place = place_of(file, index);
  // No encoder doubles what it is given but for its tables; memory is not taken for more.
  constexpr std::uint64_t kTables = std::uint64_t{1} << 20;
  if (place.bytes > 2 * kind_.pixel_bytes + kTables)
    return fmt::format("it claims {} bytes", place.bytes);
  if (!file.holds(place)) {
    return fmt::format("its {} bytes should be at byte {}, beyond the file's end at byte {}",
                       place.bytes, place.offset, file.size());
  }
  data.resize(place.bytes);
  file.read(place.offset, data);
  if (!encapsulated_) return "";
  // Items are moved together over their heads.
  std::size_t kept = 0;
  std::size_t at = 0;
  while (at + kItemHead <= data.size()) {
    const auto head = item_head(file, std::span(data).subspan(at));
    if (head.tag != kItem || head.length > data.size() - at - kItemHead) {
      return fmt::format("at byte {} is {} of {} bytes where the table of frames tells of an item",
                         place.offset + at, dicom_tag_text(head.tag), head.length);
    }
    at += kItemHead;
    std::copy_n(data.begin() + static_cast<std::ptrdiff_t>(at), head.length,
                data.begin() + static_cast<std::ptrdiff_t>(kept));
    at += head.length;
    kept += head.length;
  }
  data.resize(kept);
  return at == place.bytes ? "" : "the table of frames and its items do not agree";
}

}  // namespace cytocape
