#include "io/dicom_layout.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "io/dicom_syntax.hpp"
#include "io/durable_file.hpp"

namespace cytocape {
namespace {

constexpr std::uint64_t kMagicAt = 128;
constexpr std::uint64_t kMetaAt = 132;
constexpr std::uint32_t kUndefined = 0xFFFF'FFFF;
constexpr DicomTag kItem = 0xFFFE'E000;
constexpr DicomTag kItemEnd = 0xFFFE'E00D;
constexpr DicomTag kSequenceEnd = 0xFFFE'E0DD;
constexpr DicomTag kTransferSyntaxUid = 0x0002'0010;

/// Those whose length takes 4 bytes after two that are reserved.
constexpr std::array<std::string_view, 13> kLongVrs{"OB", "OD", "OF", "OL", "OV", "OW", "SQ",
                                                    "SV", "UC", "UN", "UR", "UT", "UV"};
constexpr std::array<std::string_view, 21> kShortVrs{"AE", "AS", "AT", "CS", "DA", "DS", "DT",
                                                     "FD", "FL", "IS", "LO", "LT", "PN", "SH",
                                                     "SL", "SS", "ST", "TM", "UI", "UL", "US"};

template <std::size_t size>
bool is_one_of(const std::array<std::string_view, size>& all, std::string_view one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

struct Element {
  DicomTag tag = 0;
  std::array<char, 2> vr{};  ///< null characters where the syntax or the tag gives none
  std::uint32_t length = 0;
  std::uint64_t value = 0;  ///< where it begins

  [[nodiscard]] bool undefined() const { return length == kUndefined; }
  [[nodiscard]] std::string_view kind() const { return {vr.data(), vr.size()}; }
};

/// Reads forward through the file in pieces: elements are small, and calls to a network share slow.
class Reading {
 public:
  explicit Reading(const TiffBytes& file) : file_(file) {}

  [[nodiscard]] const TiffBytes& file() const { return file_; }

  void require(std::uint64_t at, std::uint64_t bytes, const char* what) {
    if (!file_.holds({at, bytes})) {
      file_.refuse(
          fmt::format("{} of {} bytes should be at byte {} of {}", what, bytes, at, file_.size()));
    }
  }
  std::span<const std::uint8_t> bytes(std::uint64_t at, std::size_t count) {
    require(at, count, "a part");
    if (at < begin_ || at + count > begin_ + held_) {
      begin_ = at;
      held_ = static_cast<std::size_t>(std::min<std::uint64_t>(piece_.size(), file_.size() - at));
      file_.read(begin_, std::span(piece_).first(held_));
    }
    return std::span<const std::uint8_t>(piece_).subspan(static_cast<std::size_t>(at - begin_),
                                                         count);
  }
  std::uint64_t number(std::uint64_t at, unsigned width) {
    return file_.number(bytes(at, width), width);
  }
  DicomTag tag(std::uint64_t at) {
    return static_cast<DicomTag>(number(at, 2) << 16 | number(at + 2, 2));
  }
  Element element(std::uint64_t at, bool explicit_vr);

 private:
  const TiffBytes& file_;
  std::array<std::uint8_t, 8192> piece_{};
  std::uint64_t begin_ = 0;
  std::size_t held_ = 0;
};

Element Reading::element(std::uint64_t at, bool explicit_vr) {
  Element element;
  element.tag = tag(at);
  if (element.tag >> 16 == 0xFFFE) {
    file_.refuse(fmt::format("at byte {} is {}, which belongs into sequences", at,
                             dicom_tag_text(element.tag)));
  }
  if (!explicit_vr) {
    element.length = static_cast<std::uint32_t>(number(at + 4, 4));
    element.value = at + 8;
    return element;
  }
  const auto vr = bytes(at + 4, 2);
  element.vr = {static_cast<char>(vr[0]), static_cast<char>(vr[1])};
  if (is_one_of(kLongVrs, element.kind())) {
    element.length = static_cast<std::uint32_t>(number(at + 8, 4));
    element.value = at + 12;
  } else if (is_one_of(kShortVrs, element.kind())) {
    element.length = static_cast<std::uint32_t>(number(at + 6, 2));
    element.value = at + 8;
  } else {
    file_.refuse(fmt::format("the element {} at byte {} is of no known kind (VR)",
                             dicom_tag_text(element.tag), at));
  }
  return element;
}

/// What is being walked: a sequence, one of its items, or the fragments of encapsulated data.
struct Nest {
  enum class Kind : std::uint8_t { sequence, item, fragments };
  Kind kind = Kind::sequence;
  bool undefined = false;  ///< ends with a delimiter, not at `end`
  bool explicit_vr = true;
  std::uint64_t end = 0;    ///< or where it must have ended
  std::uint64_t begin = 0;  ///< of an item: its first element
};

class Walker {
 public:
  explicit Walker(const TiffBytes& file) : reading_(file) {}

  DicomLayout walk(DicomTag last);

 private:
  std::uint64_t read_meta();
  void take(const Element& element, std::uint64_t at);
  [[nodiscard]] bool opens(const Element& element, bool explicit_vr);
  std::uint64_t skip(const Element& element);
  std::uint64_t step(std::uint64_t at);
  std::uint64_t step_in_item(std::uint64_t at);
  std::uint64_t step_in_sequence(std::uint64_t at);
  void push(Nest::Kind kind, std::uint32_t length, std::uint64_t value, bool explicit_vr);
  void pop(std::uint64_t at);
  void count_element();

  Reading reading_;
  DicomLayout layout_;
  std::vector<Nest> nests_;
  bool in_frames_ = false;
  std::uint64_t elements_ = 0;
};

/// Group 0002 is explicit in every file. Its group length is not believed.
std::uint64_t Walker::read_meta() {
  auto at = kMetaAt;
  while (reading_.file().holds({at, 8}) && reading_.tag(at) >> 16 == 2) {
    const auto element = reading_.element(at, true);
    reading_.require(element.value, element.length, "the file's meta information");
    count_element();
    if (element.tag == kTransferSyntaxUid && element.length <= 64) {
      const auto text = reading_.bytes(element.value, element.length);
      layout_.transfer_syntax.assign(text.begin(), text.end());
      layout_.transfer_syntax.erase(
          layout_.transfer_syntax.find_last_not_of(std::string(" \0", 2)) + 1);
    }
    at = element.value + element.length;
  }
  return at;
}

void Walker::count_element() {
  if (++elements_ > kMaxDicomElements) {
    reading_.file().refuse(fmt::format("its header has more than {} elements", kMaxDicomElements));
  }
}

/// Any that DCMTK might take for a sequence counts as one: it decides by its dictionary where the
/// file does not say the kind.
bool Walker::opens(const Element& element, bool explicit_vr) {
  if (element.undefined() || element.kind() == "SQ") return true;
  return (!explicit_vr || element.kind() == "UN") && element.length >= 8 &&
         reading_.file().holds({element.value, 8}) && reading_.tag(element.value) == kItem;
}

void Walker::push(Nest::Kind kind, std::uint32_t length, std::uint64_t value, bool explicit_vr) {
  if (nests_.size() >= kMaxDicomDepth) {
    reading_.file().refuse(
        fmt::format("its sequences are nested more than {} deep", kMaxDicomDepth));
  }
  const auto limit = nests_.empty() ? reading_.file().size() : nests_.back().end;
  Nest nest{kind, length == kUndefined, explicit_vr, limit, value};
  if (!nest.undefined) {
    nest.end = value + length;
    if (nest.end > limit) {
      reading_.file().refuse(fmt::format("a sequence of {} bytes at byte {} leaves the {} of {}",
                                         length, value, nests_.empty() ? "file" : "one around it",
                                         limit));
    }
  }
  nests_.push_back(nest);
}

void Walker::pop(std::uint64_t at) {
  const auto nest = nests_.back();
  nests_.pop_back();
  if (!in_frames_ || nests_.size() != 1 || nest.kind != Nest::Kind::item) return;
  const FileRange groups{nest.begin, at - nest.begin};
  if (groups.bytes > kMaxDicomFrameGroupBytes || layout_.frame_groups.size() >= kMaxDicomFrames) {
    reading_.file().refuse(fmt::format("the functional groups of frame {} take {} bytes",
                                       layout_.frame_groups.size() + 1, groups.bytes));
  }
  layout_.frame_groups.push_back(groups);
}

std::uint64_t Walker::step_in_item(std::uint64_t at) {
  const auto& nest = nests_.back();
  if (reading_.tag(at) == kItemEnd && nest.undefined) {
    pop(at);
    return at + 8;
  }
  const bool explicit_vr = nest.explicit_vr;
  const auto limit = nest.end;
  const auto element = reading_.element(at, explicit_vr);
  if (!in_frames_) count_element();
  if (opens(element, explicit_vr)) {
    const bool data = element.kind() == "OB" || element.kind() == "OW";
    // What is unknown and of undefined length is written without kinds (PS3.5, 6.2.2).
    push(data ? Nest::Kind::fragments : Nest::Kind::sequence, element.length, element.value,
         explicit_vr && element.kind() != "UN");
    return element.value;
  }
  const auto end = element.value + element.length;
  if (end > limit) {
    reading_.file().refuse(fmt::format("the element {} of {} bytes at byte {} ends beyond byte {}",
                                       dicom_tag_text(element.tag), element.length, at, limit));
  }
  return end;
}

std::uint64_t Walker::step_in_sequence(std::uint64_t at) {
  const auto nest = nests_.back();
  const auto tag = reading_.tag(at);
  const auto length = static_cast<std::uint32_t>(reading_.number(at + 4, 4));
  if (tag == kSequenceEnd && nest.undefined) {
    pop(at);
    return at + 8;
  }
  if (tag != kItem) {
    reading_.file().refuse(fmt::format("at byte {} is {} where an item of a sequence belongs", at,
                                       dicom_tag_text(tag)));
  }
  if (!in_frames_) count_element();
  if (nest.kind == Nest::Kind::sequence) {
    push(Nest::Kind::item, length, at + 8, nest.explicit_vr);
    return at + 8;
  }
  if (length == kUndefined || at + 8 + length > nest.end) {
    reading_.file().refuse(fmt::format("a fragment at byte {} claims {} bytes", at, length));
  }
  return at + 8 + length;
}

std::uint64_t Walker::step(std::uint64_t at) {
  const auto& nest = nests_.back();
  if (at >= nest.end) {
    if (nest.undefined || at > nest.end) {
      reading_.file().refuse(
          fmt::format("a sequence does not end where it should, at byte {}", nest.end));
    }
    pop(at);
    return at;
  }
  return nest.kind == Nest::Kind::item ? step_in_item(at) : step_in_sequence(at);
}

/// The end of an element of the data set.
std::uint64_t Walker::skip(const Element& element) {
  if (!opens(element, layout_.explicit_vr)) {
    reading_.require(element.value, element.length, "an element");
    return element.value + element.length;
  }
  in_frames_ = element.tag == kDicomPerFrameGroups;
  const bool data = element.kind() == "OB" || element.kind() == "OW";
  push(data ? Nest::Kind::fragments : Nest::Kind::sequence, element.length, element.value,
       layout_.explicit_vr && element.kind() != "UN");
  auto at = element.value;
  while (!nests_.empty()) at = step(at);
  in_frames_ = false;
  return at;
}

void Walker::take(const Element& element, std::uint64_t at) {
  const bool ends_header =
      element.tag == kDicomPerFrameGroups || element.tag >> 16 >= kDicomPixelData >> 16;
  if (ends_header && layout_.header.bytes == 0) layout_.header.bytes = at - layout_.header.offset;
  const FileRange value{element.value, element.length};
  if (element.tag == kDicomExtendedOffsets && !element.undefined())
    layout_.extended_offsets = value;
  if (element.tag == kDicomExtendedLengths && !element.undefined())
    layout_.extended_lengths = value;
  if (element.tag != kDicomPixelData) return;
  layout_.encapsulated = element.undefined();
  layout_.pixels = value;
  if (layout_.encapsulated) layout_.pixels->bytes = reading_.file().size() - layout_.pixels->offset;
}

DicomLayout Walker::walk(DicomTag last) {
  auto at = read_meta();
  layout_.explicit_vr = data_set_is_explicit(reading_.file(), layout_.transfer_syntax);
  layout_.header.offset = at;
  DicomTag before = 0;
  bool stopped = false;
  while (at < reading_.file().size()) {
    const auto element = reading_.element(at, layout_.explicit_vr);
    if (element.tag <= before) {
      reading_.file().refuse(fmt::format("the element {} at byte {} follows {}, out of order",
                                         dicom_tag_text(element.tag), at, dicom_tag_text(before)));
    }
    before = element.tag;
    stopped = element.tag > last;
    if (stopped) break;
    count_element();
    take(element, at);
    if (layout_.pixels) break;
    at = skip(element);
  }
  // Nothing but the end of the file: as after a data set that was cut between two elements.
  if (layout_.header.bytes == 0) layout_.header.bytes = at - layout_.header.offset;
  if (layout_.header.bytes > kMaxDicomHeaderBytes) {
    reading_.file().refuse(fmt::format("its header takes {} bytes", layout_.header.bytes));
  }
  return std::move(layout_);
}

}  // namespace

std::string dicom_tag_text(DicomTag tag) {
  return fmt::format("({:04X},{:04X})", tag >> 16, tag & 0xFFFF);
}

bool begins_as_dicom(const std::filesystem::path& path) {
  const Descriptor file(path, O_RDONLY | O_NONBLOCK);
  std::array<char, 4> magic{};
  return file.get() >= 0 && ::pread(file.get(), magic.data(), 4, kMagicAt) == 4 &&
         std::string_view(magic.data(), 4) == "DICM";
}

DicomLayout lay_out_dicom(const TiffBytes& file, DicomTag last) {
  return Walker(file).walk(last);
}

}  // namespace cytocape
