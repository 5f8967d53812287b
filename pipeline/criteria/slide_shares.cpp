#include "pipeline/criteria/slide_shares.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <variant>

#include "pipeline/statistics/statistics.hpp"
#include "pipeline/wording/figures.hpp"
#include "pipeline/wording/gaps.hpp"
#include "pipeline/wording/remarks.hpp"

namespace cytocape::criteria {
namespace {

/// `below` null: over the leukocytes or nucleated cells counted.
Figure ratio_of(const SlideCounts& slide, const char* above, const char* below, Figure figure) {
  if (slide.status != Status::ok) {
    figure.gap = wording::slide_is(slide.slide, to_string(slide.status));
    return figure;
  }
  const auto upper = count_group({slide}, slide.specimen, cell_group(above));
  figure.numerator = upper.count;
  figure.denominator = upper.total;
  auto unknown = upper.unknown_parts;
  if (below == nullptr)
    unknown.insert(unknown.end(), upper.unknown_total.begin(), upper.unknown_total.end());
  if (below != nullptr) {
    const auto lower = count_group({slide}, slide.specimen, cell_group(below));
    figure.denominator = lower.count;
    unknown.insert(unknown.end(), lower.unknown_parts.begin(), lower.unknown_parts.end());
  }
  if (!unknown.empty()) {
    figure.gap = wording::unknown_classes(unknown);
    return figure;
  }
  const auto ratio = ratio95(figure.numerator, figure.denominator);
  if (!ratio) {
    figure.gap = wording::nothing_to_divide(figure.numerator == 0);
    return figure;
  }
  const double scale = figure.unit == Unit::per_100_leukocytes ? 100 : 1;
  figure.value = scale * ratio->value;
  figure.interval = Interval{scale * ratio->interval.low, scale * ratio->interval.high};
  return figure;
}

/// Cells that the model does not know may be among those that it counted; as many as a person's
/// blasts are taken off the lower end.
void allow_for_lookalikes(const std::vector<std::string>& lookalikes, const Number* blasts,
                          Reading& reading) {
  std::optional<BlastsTakenOff> off;
  if (blasts != nullptr && blasts->value > 0) {
    off = BlastsTakenOff{.classes = lookalikes, .blasts = blasts->value, .from = blasts->from};
    reading.interval->low = std::max(0.0, reading.interval->low - blasts->value);
    // No number of cells decides what may be called by a wrong name.
    if (reading.classifier95)
      reading.classifier95->low = std::max(0.0, reading.classifier95->low - blasts->value);
    if (reading.basis == Basis::lower_bound) reading.gaps.emplace_back(*off);
  }
  reading.remarks.push_back(wording::lookalikes(lookalikes, off));
}

/// Which slides were left out, whose classifier's error is not known, and which differ.
void note_slides(const GroupCount& sum, Reading& reading) {
  for (const auto& left : sum.left_out) reading.remarks.push_back(wording::not_counted(left));
  if (!sum.without_error.empty())
    reading.remarks.push_back(wording::error_not_known(sum.without_error));
  if (sum.dissent.empty()) return;
  reading.basis = Basis::disputed;
  reading.gaps = {Lack::slides_differ};
  reading.remarks.insert(reading.remarks.end(), sum.dissent.begin(), sum.dissent.end());
}

}  // namespace

Reading share_on_slides(const std::vector<SlideCounts>& slides, const SlideShare& wanted) {
  const auto sum = count_group(slides, wanted.specimen, cell_group(wanted.group));
  Reading reading;
  reading.input = wanted.input;
  if (!sum.usable) {
    reading.gaps = {NoSlide{.specimen = wanted.specimen, .left_out = sum.left_out}};
    return reading;
  }
  reading.basis = Basis::counted;
  reading.count = sum.count;
  reading.total = sum.total;
  reading.scale = 100;
  reading.classes = sum.classes;
  reading.value = 100 * static_cast<double>(sum.count) / static_cast<double>(sum.total);
  reading.interval = Interval{100 * sum.interval.low, 100 * sum.interval.high};
  if (sum.classifier95)
    reading.classifier95 = Interval{100 * sum.classifier95->low, 100 * sum.classifier95->high};
  reading.from.what = SlidesCount{
      .count = sum.count, .total = sum.total, .specimen = wanted.specimen, .slides = sum.slides};
  if (sum.is_lower_bound()) {
    reading.basis = Basis::lower_bound;
    reading.gaps = {UnknownToModel{.parts = sum.unknown_parts, .of_total = sum.unknown_total}};
  }
  if (!sum.lookalikes.empty()) allow_for_lookalikes(sum.lookalikes, wanted.blasts, reading);
  note_slides(sum, reading);
  return reading;
}

std::vector<Reading> shares_by_slide(const std::vector<SlideCounts>& slides,
                                     const SlideShare& wanted) {
  std::vector<Reading> each;
  for (const auto& slide : slides) {
    if (slide.specimen != wanted.specimen || slide.status != Status::ok) continue;
    auto alone = share_on_slides({slide}, wanted);
    if (alone.value) each.push_back(std::move(alone));
  }
  const auto id = [](const Reading& one) {
    return std::pair(std::get<SlidesCount>(one.from.what).slides, *one.value);
  };
  std::sort(each.begin(), each.end(),
            [&](const Reading& a, const Reading& b) { return id(a) < id(b); });
  return each;
}

Figure normoblasts_per_100_leukocytes(const SlideCounts& slide) {
  return ratio_of(slide, "erythroid", nullptr, wording::normoblast_figure());
}

Figure myeloid_erythroid_ratio(const SlideCounts& slide) {
  return ratio_of(slide, "myeloid", "erythroid", wording::myeloid_erythroid_figure());
}

}  // namespace cytocape::criteria
