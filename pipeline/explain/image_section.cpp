#include "pipeline/explain/image_section.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "io/image_codec.hpp"
#include "io/text.hpp"
#include "pipeline/explain/picture.hpp"
#include "pipeline/explain/printed_shares.hpp"
#include "pipeline/explain/warnings.hpp"
#include "pipeline/pages/colour_map.hpp"

namespace cytocape {
namespace {

using kainjow::mustache::data;
using List = kainjow::mustache::list;

constexpr int kMostPrintedColumns = 16;
constexpr double kVisible = 0.0005;  ///< a smaller share is not worth its digits
constexpr std::array<const char*, kCellRegions.size()> kRegionWords{"nucleus", "cytoplasm",
                                                                    "outside the cell"};

std::string uri_of(const PagePicture& picture) {
  return data_uri("image/jpeg", picture.jpeg);
}

/// Two significant digits: the end of a scale, not a sum.
std::string scale_percent(double share) {
  const double value = 100 * share;
  return value >= 9.95 ? fmt::format("{:.0f} %", value) : fmt::format("{:.2g} %", value);
}

std::string gradient(Colour colour, double from) {
  constexpr int kStops = 8;
  std::string css = "linear-gradient(to right";
  for (int i = 0; i <= kStops; ++i) {
    const Rgb c = colour(from + (1 - from) * i / kStops);
    css += fmt::format(",#{:02x}{:02x}{:02x}", c.r, c.g, c.b);
  }
  return css + ")";
}

/// "60.1 nucleus + 30.0 cytoplasm + 8.1 outside the cell"
std::string as_sum(const RegionUnits& units, bool with_sign) {
  std::string sum;
  for (std::size_t r = 0; r < units.size(); ++r) {
    const bool minus = with_sign && units[r] < 0;
    if (r > 0) sum += minus ? " \u2212 " : " + ";
    sum += r > 0 && minus ? tenths(-units[r]) : tenths(units[r]);
    sum += std::string(" ") + kRegionWords[r];
  }
  return sum;
}

data segments(const RegionUnits& units) {
  List list;
  for (std::size_t r = 0; r < units.size(); ++r) {
    data segment;
    segment.set("region", to_string(kCellRegions[r]));
    segment.set("width", tenths(units[r]));
    list.push_back(segment);
  }
  return list;
}

data numbers(const RegionUnits& units) {
  List list;
  for (const auto value : units) list.push_back(data{"text", tenths(value)});
  return list;
}

class ImageSection {
 public:
  ImageSection(const ExplainOutcome& outcome, const ExplainedImage& image)
      : outcome_(outcome), image_(image), cell_(image.cell), printed_(print_shares(image.cell)) {}

  data build() {
    section_.set("name", valid_utf8(image_.path.filename().string()));
    set_facts();
    set_verdict();
    set_cape();
    set_rows();
    set_difference();
    set_patches();
    set_cam();
    set_mu_cape();
    set_figures();
    return section_;
  }

 private:
  [[nodiscard]] std::string label(int index) const {
    return valid_utf8(outcome_.model.labels[static_cast<std::size_t>(index)]);
  }
  [[nodiscard]] const ModelCard& card() const { return outcome_.model.card; }

  void set_facts() {
    const auto& crop = image_.crop;
    const double um = card().mpp * card().input_px;
    section_.set(
        "crop_words",
        valid_utf8(fmt::format(
            "{} \u00b7 the network sees {:.1f} \u00d7 {:.1f} \u00b5m of it ({} of {} \u00d7 {} "
            "px) as {} \u00d7 {} px",
            image_.path.string(), um, um, crop.edge, crop.image.width, crop.image.height,
            card().input_px, card().input_px)));
    List warnings;
    for (const auto& warning : warnings_of(outcome_.model, image_))
      warnings.push_back(data{"text", valid_utf8(warning)});
    section_.set("warnings", warnings);
  }

  void set_verdict() {
    const int top = cell_.shown.front();
    const int ordinary = most_probable(cell_.ordinary);
    const bool calibrated = outcome_.model.scales.calibrated();
    section_.set("called", label(top));
    section_.set("called_p", tenths(printed_.p(top)));
    section_.set("called_sum", as_sum(printed_.region[static_cast<std::size_t>(top)], false));
    section_.set("cape_words",
                 calibrated
                     ? fmt::format("CAPE probability and map, calibrated on validation cells; as "
                                   "learned it is {:.1f} %.",
                                   100 * cell_.learned_probability[static_cast<std::size_t>(top)])
                     : std::string("CAPE probability and map as learned, not calibrated."));
    section_.set("view_words", view_words());
    section_.set("ordinary_called", label(ordinary));
    section_.set("ordinary_p", tenths(printed_.ordinary[static_cast<std::size_t>(ordinary)]));
  }

  [[nodiscard]] std::string view_words() const {
    if (image_.unshifted.empty()) return "";
    const int own = most_probable(image_.unshifted);
    return fmt::format(
        " A finer map: the mean of {} views, shifted by parts of a patch; of the crop itself the "
        "network says {} {:.1f} %.",
        outcome_.shifts * outcome_.shifts, label(own),
        100 * image_.unshifted[static_cast<std::size_t>(own)]);
  }

  void set_cape() {
    section_.set("cell_uri", uri_of(image_.pictures.cell));
    section_.set("cell_alt", valid_utf8("the cell of " + image_.path.filename().string()));
    section_.set("outline_words", image_.nucleus_found ? "lines: nucleus and cell, by stain"
                                  : image_.cell_found  ? "line: cell, by stain"
                                                       : "no cell found in the middle");
    List maps;
    for (std::size_t k = 0; k < cell_.shown.size(); ++k) {
      const int index = cell_.shown[k];
      const auto map = cell_.map_of(index);
      const double peak = *std::max_element(map.begin(), map.end());
      data figure;
      figure.set("label", label(index));
      figure.set("p", tenths(printed_.p(index)));
      figure.set("uri", uri_of(image_.pictures.cape[k]));
      figure.set("peak_words", peak < kVisible ? std::string("no patch reaches 0.05 %")
                                               : "strongest patch " + scale_percent(peak));
      figure.set("alt",
                 fmt::format("CAPE map of {}: {} percent in all, of it {}", label(index),
                             tenths(printed_.p(index)),
                             as_sum(printed_.region[static_cast<std::size_t>(index)], false)));
      maps.push_back(figure);
    }
    section_.set("cape", maps);
    section_.set("share_gradient", gradient(share_colour, 0));
    section_.set("scale_half", scale_percent(cell_.scale_max / 2));
    section_.set("scale_max", scale_percent(cell_.scale_max));
  }

  void set_rows() {
    List rows;
    RegionUnits other{};
    RegionUnits all{};
    std::int64_t other_ordinary = 0;
    int others = 0;
    for (const int index : printed_.order) {
      const auto i = static_cast<std::size_t>(index);
      const bool shown =
          std::find(cell_.shown.begin(), cell_.shown.end(), index) != cell_.shown.end();
      for (std::size_t r = 0; r < all.size(); ++r) all[r] += printed_.region[i][r];
      if (shown || printed_.p(index) > 0 || printed_.ordinary[i] > 0) {
        rows.push_back(row(label(index), printed_.region[i], printed_.ordinary[i]));
        continue;
      }
      ++others;
      for (std::size_t r = 0; r < all.size(); ++r) other[r] += printed_.region[i][r];
      other_ordinary += printed_.ordinary[i];
    }
    if (others > 0)
      rows.push_back(row(fmt::format("{} other{}, each below 0.1", others, others == 1 ? "" : "s"),
                         other, other_ordinary));
    section_.set("rows", rows);
    section_.set("totals", numbers(all));
    section_.set("total_segments", segments(all));
  }

  static data row(const std::string& name, const RegionUnits& units, std::int64_t ordinary) {
    data entry;
    entry.set("label", name);
    entry.set("segments", segments(units));
    entry.set("cells", numbers(units));
    entry.set("p", tenths(units[0] + units[1] + units[2]));
    entry.set("ordinary", tenths(ordinary));
    return entry;
  }

  void set_difference() {
    const auto [first, second] = cell_.compared;
    const auto units = printed_.difference(first, second);
    section_.set("first", label(first));
    section_.set("second", label(second));
    section_.set("difference_uri", uri_of(image_.pictures.difference));
    section_.set("difference_alt", fmt::format("difference map, {} minus {}: {}", label(first),
                                               label(second), as_sum(units, true)));
    section_.set("difference_gradient", gradient(difference_colour, -1));
    section_.set("difference_max", scale_percent(cell_.difference_max));
    section_.set("difference", signed_tenths(units[0] + units[1] + units[2]));
    section_.set("difference_sum", as_sum(units, true));
  }

  void set_patches() {
    const bool printable = cell_.width <= kMostPrintedColumns;
    section_.set("has_grid", printable);
    section_.set("scrolls", cell_.width > 8);
    const double um = card().mpp * card().input_px;
    section_.set("patch_words", fmt::format("A patch is {:.1f} \u00d7 {:.1f} \u00b5m.",
                                            um / cell_.width, um / cell_.height));
    if (!printable) return;
    section_.set("patches_uri", uri_of(image_.pictures.patches));
    const auto map = cell_.map_of(cell_.shown.front());
    const auto units = apportion(map, printed_.p(cell_.shown.front()));
    List lines;
    for (int y = 0; y < cell_.height; ++y) {
      List patches;
      for (int x = 0; x < cell_.width; ++x) {
        const auto i = patch_index(x, y);
        data patch;
        patch.set("text", units[i] == 0 ? "0" : tenths(units[i]));
        const char* kind = units[i] == 0 ? "z" : map[i] > 0.35 * cell_.scale_max ? "d" : nullptr;
        patch.set("kind", kind == nullptr ? data(data::type::bool_false) : data{"kind", kind});
        patches.push_back(patch);
      }
      lines.push_back(data{"patches", patches});
    }
    section_.set("lines", lines);
  }

  [[nodiscard]] std::size_t patch_index(int x, int y) const {
    return static_cast<std::size_t>(y) * static_cast<std::size_t>(cell_.width) +
           static_cast<std::size_t>(x);
  }

  /// Maps in logits, each on its own scale.
  [[nodiscard]] List own_scale(const char* kind, const std::vector<std::vector<double>>& by_label,
                               const std::vector<PagePicture>& pictures) const {
    List maps;
    for (std::size_t k = 0; k < cell_.shown.size(); ++k) {
      const auto& map = by_label[static_cast<std::size_t>(cell_.shown[k])];
      const double peak = *std::max_element(map.begin(), map.end());
      data figure;
      figure.set("label", label(cell_.shown[k]));
      figure.set("uri", uri_of(pictures[k]));
      figure.set("peak", fmt::format("{:.1f}", peak));
      figure.set("alt", fmt::format("{} of {}, in logits from 0 to {:.1f}", kind,
                                    label(cell_.shown[k]), peak));
      maps.push_back(figure);
    }
    return maps;
  }

  void set_cam() {
    section_.set("cam", own_scale("CAM", cell_.cam, image_.pictures.cam));
    section_.set("logit_gradient", gradient(logit_colour, 0));
  }
  void set_mu_cape() {
    section_.set("mu_cape", own_scale("mu-CAPE", cell_.mu_cape, image_.pictures.mu_cape));
  }

  void set_figures() {
    const bool calibrated = outcome_.model.scales.calibrated();
    List rows;
    for (const MapKind kind : distinct_kinds(calibrated)) {
      const auto& own = image_.figures[static_cast<std::size_t>(kind)];
      List cells;
      for (const double share : {own.confidence, own.kept, own.deleted, own.coherency_enlarged,
                                 own.complexity, own.adcc()})
        cells.push_back(data{"text", fmt::format("{:.1f}", 100 * share)});
      if (own.curves)
        for (const double area : {own.curves->deletion, own.curves->insertion, own.curves->road})
          cells.push_back(data{"text", fmt::format("{:.1f}", 100 * area)});
      data row;
      row.set("name", label_of(kind, calibrated));
      row.set("called", label(own.called));
      row.set("cells", cells);
      rows.push_back(row);
    }
    section_.set("figure_rows", rows);
    section_.set("has_curves", image_.figures.front().curves.has_value());
    section_.set("figures_of",
                 image_.unshifted.empty()
                     ? std::string()
                     : fmt::format("These are figures of the crop itself and its map of {} \u00d7 "
                                   "{} positions, not of the finer map above. ",
                                   outcome_.model.map_height, outcome_.model.map_width));
  }

  const ExplainOutcome& outcome_;
  const ExplainedImage& image_;
  const CellExplanation& cell_;
  PrintedShares printed_;
  data section_;
};

}  // namespace

data image_section(const ExplainOutcome& outcome, const ExplainedImage& image) {
  return ImageSection(outcome, image).build();
}

}  // namespace cytocape
