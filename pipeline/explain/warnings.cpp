#include "pipeline/explain/warnings.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace cytocape {
namespace {

constexpr double kVisibleEnlargement = 1.05;

void add_verdicts(const ExplainedModel& model, const ExplainedImage& image,
                  std::vector<std::string>& list) {
  const auto label = [&](int index) { return model.labels[static_cast<std::size_t>(index)]; };
  const int top = most_probable(image.cell.probability);
  const int ordinary = most_probable(image.cell.ordinary);
  if (unidentified(model, image))
    list.push_back(fmt::format(
        "Unidentified: {:.1f} % for {} is below the model's threshold of {:.1f} %. In a slide, "
        "analyze would exclude this cell from the count.",
        100 * image.cell.probability[static_cast<std::size_t>(top)], label(top),
        100 * model.card.unidentified_below));
  if (strange(model, image).value_or(false))
    list.push_back(fmt::format(
        "Strange to this model: the strangeness {:.2f} is above its limit of {:.2f}, which one in "
        "twenty of its validation cells exceeds. The image may differ in stain, scanner or kind of "
        "cell from those it was trained on.",
        *image.strangeness, model.card.strange_above));
  if (top != ordinary)
    list.push_back(fmt::format("The two heads disagree: CAPE says {}, the ordinary head {}.",
                               label(top), label(ordinary)));
}

void add_crop(const ExplainedImage& image, std::vector<std::string>& list) {
  const auto& crop = image.crop;
  if (crop.mirrored > 0)
    list.push_back(fmt::format(
        "The image does not fill the crop: {:.1f} % of what the network saw is the "
        "image mirrored at its edges. Numbers from there do not describe real surroundings.",
        100 * crop.mirrored));
  if (crop.enlargement > kVisibleEnlargement)
    list.push_back(
        fmt::format("The image is coarser than the model's pixels and was enlarged {:.2g} times: "
                    "detail that the model was trained on is missing.",
                    crop.enlargement));
  if (!image.cell_found)
    list.emplace_back(
        "No stained cell was found in the middle: everything counts as outside the cell. Check "
        "--mpp, or give the cell's place with --at.");
  else if (!image.nucleus_found)
    list.emplace_back("No nucleus was found in the middle: the stained body counts as cytoplasm.");
}

}  // namespace

int most_probable(const std::vector<double>& probability) {
  return static_cast<int>(std::max_element(probability.begin(), probability.end()) -
                          probability.begin());
}

bool unidentified(const ExplainedModel& model, const ExplainedImage& image) {
  const auto& p = image.cell.probability;
  return p[static_cast<std::size_t>(most_probable(p))] < model.card.unidentified_below;
}

std::optional<bool> strange(const ExplainedModel& model, const ExplainedImage& image) {
  if (!image.strangeness || model.card.strange_above <= 0) return std::nullopt;
  return *image.strangeness > model.card.strange_above;
}

std::vector<std::string> warnings_of(const ExplainedModel& model, const ExplainedImage& image) {
  std::vector<std::string> list;
  add_verdicts(model, image, list);
  add_crop(image, list);
  return list;
}

}  // namespace cytocape
