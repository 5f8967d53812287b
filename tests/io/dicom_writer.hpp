#pragma once

/// DICOM whole-slide images made element by element, sound or broken: pydicom reads them too
/// (read_dicom_pydicom.py).

#include <bit>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "io/geometry.hpp"
#include "io/image.hpp"
#include "tests/io/tiled_slide.hpp"

namespace cytocape::testing {

inline std::string little(std::uint64_t value, int width) {
  std::string out;
  for (int i = 0; i < width; ++i) out += static_cast<char>(value >> 8 * i);
  return out;
}

struct DicomElement {
  std::string vr;
  std::string value;
  bool undefined = false;  ///< of undefined length
};

/// Elements by tag, in the order of the file.
using DicomData = std::map<std::uint32_t, DicomElement>;

inline std::string dicom_tag(std::uint32_t tag) {
  return little(tag >> 16, 2) + little(tag & 0xFFFF, 2);
}

inline std::string emitted(const DicomData& data, bool explicit_vr = true) {
  static const std::set<std::string> kLong{"OB", "OV", "OW", "SQ", "UN", "UT"};
  std::string out;
  for (const auto& [tag, element] : data) {
    auto value = element.value;
    if (value.size() % 2 == 1) value += element.vr == "UI" || element.vr == "OB" ? '\0' : ' ';
    const std::uint64_t length = element.undefined ? 0xFFFF'FFFF : value.size();
    out += dicom_tag(tag);
    if (!explicit_vr)
      out += little(length, 4);
    else if (kLong.contains(element.vr))
      out += element.vr + little(0, 2) + little(length, 4);
    else
      out += element.vr + little(length, 2);
    out += value;
  }
  return out;
}

inline DicomElement sequence_of(const std::vector<DicomData>& items, bool explicit_vr,
                                bool undefined = false) {
  std::string out;
  for (const auto& item : items) {
    const auto inner = emitted(item, explicit_vr);
    out += dicom_tag(0xFFFE'E000) + little(undefined ? 0xFFFF'FFFF : inner.size(), 4) + inner;
    if (undefined) out += dicom_tag(0xFFFE'E00D) + little(0, 4);
  }
  if (undefined) out += dicom_tag(0xFFFE'E0DD) + little(0, 4);
  return {"SQ", out, undefined};
}

inline DicomElement us(std::uint64_t value) {
  return {"US", little(value, 2)};
}
inline DicomElement ul(std::uint64_t value) {
  return {"UL", little(value, 4)};
}
inline DicomElement fl(float value) {
  return {"FL", little(std::bit_cast<std::uint32_t>(value), 4)};
}

/// Encodes one tile; what it becomes when it is decoded again is put into the second.
using TileEncoder = std::function<std::string(const Image& tile, Image& decoded)>;

enum class OffsetTable : std::uint8_t { none, basic, extended };

struct DicomSpec {
  std::string syntax = "1.2.840.10008.1.2.1";
  bool explicit_vr = true;
  bool encapsulated = false;
  std::string photometric = "RGB";
  int planar = 0;
  Size tile{64, 48};
  TileEncoder encode;  ///< empty: as they are
  OffsetTable table = OffsetTable::basic;
  std::size_t items = 1;  ///< that each frame is cut into
  bool sparse = false;
  bool undefined_lengths = false;     ///< of sequences
  std::set<std::size_t> absent = {};  ///< tiles of a sparse one that no frame has
  /// Frames [first, second) alone, as a part of a concatenation; all where both are 0.
  std::pair<std::size_t, std::size_t> frames = {0, 0};
  std::string series = "1.2.3.4";
  std::string instance = "1.2.3.4.1";
  std::string image_type = "ORIGINAL\\PRIMARY\\VOLUME\\NONE";
  double spacing_mm = 0.00025;
  bool spacing_per_frame = false;
  /// Changes the elements before they are written, those of each frame's groups too.
  std::function<void(DicomData&)> change = {};
  std::function<void(DicomData&, std::size_t frame)> change_frame = {};
};

struct DicomMade {
  std::string bytes;
  Image expected;  ///< of the whole, white where there is no frame
};

inline std::string interleaved(const Image& tile) {
  const auto pixels = tile.pixels();
  return {pixels.begin(), pixels.end()};
}

inline std::string in_planes(const Image& tile) {
  std::string out;
  const auto pixels = tile.pixels();
  for (std::size_t colour = 0; colour < 3; ++colour)
    for (std::size_t i = colour; i < pixels.size(); i += 3) out += static_cast<char>(pixels[i]);
  return out;
}

/// PackBits of each plane, behind a head of 64 bytes: runs of up to 128, the rest as it is.
inline std::string run_lengths(const Image& tile) {
  const auto planes = in_planes(tile);
  const auto count = planes.size() / 3;
  std::string head = little(3, 4);
  std::string body;
  for (std::size_t colour = 0; colour < 3; ++colour) {
    head += little(64 + body.size(), 4);
    const auto plane = planes.substr(colour * count, count);
    for (std::size_t at = 0; at < plane.size();) {
      const auto other = std::min(plane.find_first_not_of(plane[at], at), plane.size());
      const auto run = std::min<std::size_t>(other - at, 128);
      body += run > 1 ? little(257 - run, 1) : little(0, 1);
      body += plane[at];
      at += run;
    }
    if (body.size() % 2 == 1) body += '\0';
  }
  head.resize(64);
  return head + body;
}

inline TileEncoder jpeg_encoder(const JpegKind& kind) {
  return [kind](const Image& tile, Image& decoded) {
    const auto streams = JpegEncoder(kind, {tile.width(), tile.height()}).encode(tile);
    decoded = decoded_plainly(kind, streams);
    return streams.picture;
  };
}

inline TileEncoder plain_encoder(std::string (*bytes_of)(const Image&)) {
  return [bytes_of](const Image& tile, Image& decoded) {
    decoded = tile;
    return bytes_of(tile);
  };
}

/// The value of PixelData in items, and the offset tables that go with it.
inline std::string in_items(const std::vector<std::string>& frames, const DicomSpec& spec,
                            DicomData& data) {
  std::string body;
  std::string basic;
  std::string offsets;
  std::string lengths;
  for (const auto& frame : frames) {
    basic += little(body.size(), 4);
    offsets += little(body.size(), 8);
    lengths += little(frame.size(), 8);
    const auto step = (frame.size() / spec.items + 1) / 2 * 2;
    for (std::size_t i = 0; i < spec.items; ++i) {
      auto part = frame.substr(std::min(frame.size(), i * step),
                               i + 1 < spec.items ? step : std::string::npos);
      if (part.size() % 2 == 1) part += '\0';
      body += dicom_tag(0xFFFE'E000) + little(part.size(), 4) + part;
    }
  }
  if (spec.table != OffsetTable::basic) basic.clear();
  if (spec.table == OffsetTable::extended) {
    data[0x7FE0'0001] = {"OV", offsets};
    data[0x7FE0'0002] = {"OV", lengths};
  }
  return dicom_tag(0xFFFE'E000) + little(basic.size(), 4) + basic + body + dicom_tag(0xFFFE'E0DD) +
         little(0, 4);
}

inline DicomData frame_groups(const DicomSpec& spec, std::int64_t x, std::int64_t y) {
  const auto nested = [&](const DicomData& item) {
    return sequence_of({item}, spec.explicit_vr, spec.undefined_lengths);
  };
  DicomData groups;
  if (spec.sparse) {
    groups[0x0048'021A] =
        nested({{0x0040'074A, {"DS", "0.0"}},
                {0x0048'021E, {"SL", little(static_cast<std::uint64_t>(x + 1), 4)}},
                {0x0048'021F, {"SL", little(static_cast<std::uint64_t>(y + 1), 4)}}});
  }
  if (spec.spacing_per_frame) {
    const auto size = std::to_string(spec.spacing_mm);
    groups[0x0028'9110] = nested({{0x0028'0030, {"DS", size + "\\" + size}}});
  }
  return groups;
}

inline std::string number_text(double value) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%.9g", value);
  return text.data();
}

/// What says who was photographed must go nowhere: every text of it holds "Secret".
inline void add_patient(DicomData& data) {
  data[0x0008'0050] = {"SH", "SecretAccession"};
  data[0x0008'0090] = {"PN", "Secret^Referrer"};
  data[0x0010'0010] = {"PN", "Secret^Patient"};
  data[0x0010'0020] = {"LO", "Secret-ID"};
  data[0x0010'0030] = {"DA", "19430102"};
  data[0x0040'0512] = {"LO", "SecretContainer"};
}

inline DicomMade make_dicom(const Image& picture, const DicomSpec& spec) {
  const auto across = (picture.width() + spec.tile.width - 1) / spec.tile.width;
  const auto along = (picture.height() + spec.tile.height - 1) / spec.tile.height;
  const auto tiles = static_cast<std::size_t>(across * along);
  DicomMade made{{}, Image(picture.width(), picture.height())};
  std::vector<std::string> frames;
  std::vector<DicomData> groups;
  for (std::size_t t = 0; t < tiles; ++t) {
    if (spec.absent.contains(t)) continue;
    if (spec.frames.second > 0 && (t < spec.frames.first || t >= spec.frames.second)) continue;
    const auto x = static_cast<std::int64_t>(t) % across * spec.tile.width;
    const auto y = static_cast<std::int64_t>(t) / across * spec.tile.height;
    const auto tile = crop(picture, {x, y, spec.tile.width, spec.tile.height});
    Image decoded;
    frames.push_back((spec.encode ? spec.encode : plain_encoder(interleaved))(tile, decoded));
    paste(decoded, made.expected, x, y);
    groups.push_back(frame_groups(spec, x, y));
    if (spec.change_frame) spec.change_frame(groups.back(), frames.size() - 1);
  }
  const auto nested = [&](const DicomData& item) {
    return sequence_of({item}, spec.explicit_vr, spec.undefined_lengths);
  };
  const auto size = number_text(spec.spacing_mm);
  DicomData shared;
  if (!spec.spacing_per_frame)
    shared[0x0028'9110] = nested({{0x0028'0030, {"DS", size + "\\" + size}}});
  DicomData data{
      {0x0008'0008, {"CS", spec.image_type}},
      {0x0008'0016, {"UI", "1.2.840.10008.5.1.4.1.1.77.1.6"}},
      {0x0008'0018, {"UI", spec.instance}},
      {0x0020'000D, {"UI", "1.2.3"}},
      {0x0020'000E, {"UI", spec.series}},
      {0x0020'0052, {"UI", "1.2.3.9"}},
      {0x0020'9311, {"CS", spec.sparse ? "TILED_SPARSE" : "TILED_FULL"}},
      {0x0028'0002, us(3)},
      {0x0028'0004, {"CS", spec.photometric}},
      {0x0028'0006, us(static_cast<std::uint64_t>(spec.planar))},
      {0x0028'0008, {"IS", std::to_string(frames.size())}},
      {0x0028'0010, us(static_cast<std::uint64_t>(spec.tile.height))},
      {0x0028'0011, us(static_cast<std::uint64_t>(spec.tile.width))},
      {0x0028'0100, us(8)},
      {0x0028'0101, us(8)},
      {0x0028'0102, us(7)},
      {0x0028'0103, us(0)},
      {0x0048'0001, fl(static_cast<float>(spec.spacing_mm * picture.width()))},
      {0x0048'0002, fl(static_cast<float>(spec.spacing_mm * picture.height()))},
      {0x0048'0006, ul(static_cast<std::uint64_t>(picture.width()))},
      {0x0048'0007, ul(static_cast<std::uint64_t>(picture.height()))},
      {0x0048'0010, {"CS", "NO"}},
      {0x0048'0105, nested({{0x0048'0106, {"SH", "1"}}})},
      {0x0048'0302, ul(1)},
      {0x0048'0303, ul(1)},
      {0x5200'9229, nested(shared)},
  };
  add_patient(data);
  if (spec.sparse || spec.spacing_per_frame)
    data[0x5200'9230] = sequence_of(groups, spec.explicit_vr, spec.undefined_lengths);
  if (spec.encapsulated) {
    const auto items = in_items(frames, spec, data);
    data[0x7FE0'0010] = {"OB", items, true};
  } else {
    std::string all;
    for (const auto& frame : frames) all += frame;
    data[0x7FE0'0010] = {"OB", all};
  }
  if (spec.change) spec.change(data);
  const auto meta = emitted({{0x0002'0002, {"UI", "1.2.840.10008.5.1.4.1.1.77.1.6"}},
                             {0x0002'0003, {"UI", spec.instance}},
                             {0x0002'0010, {"UI", spec.syntax}}});
  made.bytes = std::string(128, '\0') + "DICM" + emitted({{0x0002'0000, ul(meta.size())}}) + meta +
               emitted(data, spec.explicit_vr);
  return made;
}

/// The kinds of files that are read, by name.
inline std::vector<std::pair<std::string, DicomSpec>> dicom_kinds() {
  std::vector<std::pair<std::string, DicomSpec>> kinds;
  const auto add = [&](const char* name, const std::function<void(DicomSpec&)>& set) {
    DicomSpec spec;
    set(spec);
    kinds.emplace_back(name, spec);
  };
  const auto jpeg = [](DicomSpec& spec, const JpegKind& kind) {
    spec.syntax = "1.2.840.10008.1.2.4.50";
    spec.encapsulated = true;
    spec.photometric = kind.ycbcr ? "YBR_FULL_422" : "RGB";
    spec.encode = jpeg_encoder(kind);
  };
  add("Explicit", [](DicomSpec&) {});
  add("Implicit", [](DicomSpec& spec) {
    spec.syntax = "1.2.840.10008.1.2";
    spec.explicit_vr = false;
    spec.undefined_lengths = true;
  });
  add("InPlanes", [](DicomSpec& spec) {
    spec.planar = 1;
    spec.encode = plain_encoder(in_planes);
  });
  add("RunLengths", [](DicomSpec& spec) {
    spec.syntax = "1.2.840.10008.1.2.5";
    spec.encapsulated = true;
    spec.planar = 1;
    spec.encode = plain_encoder(run_lengths);
  });
  add("Jpeg422", [&](DicomSpec& spec) { jpeg(spec, {"422", true, 2, 1}); });
  add("Jpeg444ByExtendedTable", [&](DicomSpec& spec) {
    jpeg(spec, {"444", true, 1, 1});
    spec.table = OffsetTable::extended;
  });
  add("JpegRgbWithoutTable", [&](DicomSpec& spec) {
    jpeg(spec, {"rgb", false, 1, 1});
    spec.table = OffsetTable::none;
  });
  add("JpegInItems", [&](DicomSpec& spec) {
    jpeg(spec, {"420", true, 2, 2});
    spec.items = 3;
  });
  add("JpegInItemsWithoutTable", [&](DicomSpec& spec) {
    jpeg(spec, {"420", true, 2, 2});
    spec.items = 2;
    spec.table = OffsetTable::none;
  });
  add("Sparse", [](DicomSpec& spec) {
    spec.sparse = true;
    spec.absent = {0, 7, 8};
    spec.undefined_lengths = true;
  });
  add("SparseImplicit", [](DicomSpec& spec) {
    spec.sparse = true;
    spec.syntax = "1.2.840.10008.1.2";
    spec.explicit_vr = false;
    spec.absent = {3};
  });
  return kinds;
}

}  // namespace cytocape::testing
