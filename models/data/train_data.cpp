#include "models/data/train_data.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <map>
#include <numeric>

#include "io/errors.hpp"
#include "io/fault_list.hpp"
#include "io/image_codec.hpp"
#include "io/random.hpp"
#include "models/data/parallel.hpp"

namespace cytocape::detail {
namespace {

// Separate streams of one seed: the order of the images, their variations, the moved cells, ..
constexpr std::uint64_t kOrder = 1;
constexpr std::uint64_t kVariation = 2;
constexpr std::uint64_t kMoved = 3;
constexpr std::uint64_t kBlend = 4;
constexpr std::uint64_t kAppearance = 5;

std::size_t crop_bytes(int input_px) {
  return static_cast<std::size_t>(input_px) * static_cast<std::size_t>(input_px) * 3;
}

CropOffset moved_offset(const TrainOptions& options, std::size_t index, int crop_px) {
  SplitMix64 random(mix_seed(mix_seed(options.split_seed, kMoved), index));
  const double reach = options.moved_share * crop_px;
  const double x = random.uniform(-reach, reach);
  const double y = random.uniform(-reach, reach);
  return {std::round(x), std::round(y)};
}

/// Decodes images[i] and hands it to use(i, image); what goes wrong becomes faults, in order.
template <typename Use>
void decode_all(std::span<const LabelledImage> images, const TrainOptions& options,
                FaultList& faults, const Use& use) {
  std::vector<std::string> problems(images.size());
  parallel_for(images.size(), options.threads, [&](std::size_t i) {
    try {
      const Image image = read_image(images[i].path);
      const int crop_px = crop_px_of(options, images[i].source);
      if (std::min(image.width(), image.height()) * 2 < crop_px) {
        problems[i] = fmt::format("{} is {} x {} px, less than half of crop_px ({})",
                                  images[i].path.string(), image.width(), image.height(), crop_px);
        return;
      }
      use(i, image);
    } catch (const std::exception& error) {
      problems[i] = error.what();
    }
  });
  for (const std::string& problem : problems) {
    if (!problem.empty()) faults.add("{}", problem);
  }
}

void put_crop(CropBatch& batch, std::size_t index, const Image& crop) {
  std::memcpy(batch.crops.data() + index * crop.pixels().size(), crop.pixels().data(),
              crop.pixels().size());
}

void make_room(CropBatch& batch, std::span<const LabelledImage> images, int input_px) {
  batch.crops.resize(images.size() * crop_bytes(input_px));
  for (const LabelledImage& image : images) batch.labels.push_back(image.label);
}

/// Of Beta(shape, shape), by Joehnk's method (Metrika 1964), which suits shapes up to 1.
double beta_share(double shape, SplitMix64& random) {
  while (true) {
    const double a = std::pow(random.uniform(), 1 / shape);
    const double b = std::pow(random.uniform(), 1 / shape);
    if (a + b > 0 && a + b <= 1) return a / (a + b);
  }
}

/// Blends each crop with the next, the last with the first.
void blend_crops(CropBatch& batch, double shape, SplitMix64& random) {
  const std::size_t count = batch.labels.size();
  const std::size_t bytes = batch.crops.size() / count;
  const std::vector<std::uint8_t> unblended = batch.crops;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t other = (i + 1) % count;
    const double drawn = beta_share(shape, random);
    // The crop's own label stays the larger part: order carries no meaning.
    const auto share = static_cast<float>(std::min(drawn, 1 - drawn));
    for (std::size_t k = 0; k < bytes; ++k) {
      const auto own = static_cast<float>(unblended[i * bytes + k]);
      const auto foreign = static_cast<float>(unblended[other * bytes + k]);
      // Between 0 and 255, where adding a half rounds. NOLINTNEXTLINE(bugprone-incorrect-roundings)
      batch.crops[i * bytes + k] = static_cast<std::uint8_t>(own + share * (foreign - own) + 0.5F);
    }
    batch.blended_labels.push_back(batch.labels[other]);
    batch.blended_shares.push_back(share);
  }
}

}  // namespace

CropBatch centred_cells(std::span<const LabelledImage> images, const TrainOptions& options) {
  CropBatch batch;
  make_room(batch, images, options.input_px);
  FaultList faults;
  decode_all(images, options, faults, [&](std::size_t i, const Image& image) {
    put_crop(batch, i, cut_crop(image, crop_px_of(options, images[i].source), options.input_px));
  });
  faults.throw_if_any(data_name(options));
  return batch;
}

TrainData TrainData::load(const LabelledSet& set, const TrainOptions& options,
                          const std::vector<std::string>& found) {
  TrainData data;
  data.input_px_ = options.input_px;
  data.batch_ = options.batch;
  data.seed_ = options.seed;
  data.augment_ = options.augment;
  data.appearance_ = options.appearance;
  data.crop_mpp_ = options.data_mpp * options.crop_px / options.input_px;
  data.balanced_ = options.balance == "sampling";
  data.mixup_ = options.mixup;
  data.threads_ = options.threads;
  data.pictures_.resize(set.train.size());
  data.shown_ =
      options.epoch_images > 0 ? static_cast<std::size_t>(options.epoch_images) : set.train.size();
  for (const auto& source : options.data_sources) data.shares_.push_back(source.share);
  for (const LabelledImage& image : set.train) {
    data.labels_.push_back(image.label);
    data.sources_.push_back(image.source);
  }
  for (CropBatch* side : {&data.centred_, &data.moved_}) {
    make_room(*side, set.validation, options.input_px);
    side->groups = set.groups;
    for (const auto& image : set.validation) {
      side->sources.push_back(image.source);
      side->own_specimen.push_back(is_own_specimen(options, image.source));
    }
  }
  FaultList faults(found);
  decode_all(set.train, options, faults, [&](std::size_t i, const Image& image) {
    const int crop_px = crop_px_of(options, set.train[i].source);
    data.pictures_[i] = prepare_picture(image, crop_px, options.input_px, options.augment);
  });
  decode_all(set.validation, options, faults, [&](std::size_t i, const Image& image) {
    const int crop_px = crop_px_of(options, set.validation[i].source);
    put_crop(data.centred_, i, cut_crop(image, crop_px, options.input_px));
    put_crop(data.moved_, i,
             cut_crop(image, crop_px, options.input_px, moved_offset(options, i, crop_px)));
  });
  faults.throw_if_any(data_name(options));
  return data;
}

int TrainData::steps() const {
  const auto count = pictures_.empty() ? 0 : static_cast<int>(shown_);
  return count / batch_ + (count % batch_ >= 2 ? 1 : 0);
}

std::vector<std::size_t> TrainData::order_of(std::uint64_t epoch) const {
  SplitMix64 random(mix_seed(mix_seed(seed_, kOrder), epoch));
  std::vector<std::size_t> order(pictures_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  shuffle(order, random);
  if (!shares_.empty()) return order_by_source(order, random);
  if (!balanced_) return order;
  std::vector<std::vector<std::size_t>> by_class;
  for (const std::size_t image : order) {
    const auto label = static_cast<std::size_t>(labels_[image]);
    if (label >= by_class.size()) by_class.resize(label + 1);
    by_class[label].push_back(image);
  }
  std::vector<std::size_t> balanced(order.size());
  for (std::size_t i = 0; i < balanced.size(); ++i) {
    const auto& own = by_class[i % by_class.size()];
    balanced[i] = own[(i / by_class.size()) % own.size()];
  }
  shuffle(balanced, random);
  return balanced;
}

std::vector<std::size_t> TrainData::order_by_source(const std::vector<std::size_t>& shuffled,
                                                    SplitMix64& random) const {
  using Images = std::vector<std::size_t>;
  std::vector<std::map<int, Images>> by_label(shares_.size());  // of each source
  for (const std::size_t image : shuffled)
    by_label[static_cast<std::size_t>(sources_[image])][labels_[image]].push_back(image);
  std::vector<std::vector<Images>> classes(shares_.size());
  double all = 0;
  for (std::size_t source = 0; source < shares_.size(); ++source) {
    for (auto& [unused, images] : by_label[source]) classes[source].push_back(std::move(images));
    if (!classes[source].empty()) all += shares_[source];  // one that is left out shows nothing
  }
  std::vector<std::vector<std::size_t>> shown(shares_.size());
  for (std::size_t source = 0; source < shares_.size(); ++source)
    shown[source].assign(classes[source].size(), 0);
  Images order;
  while (order.size() < shown_) {
    double left = random.uniform() * all;
    std::size_t source = 0;
    for (std::size_t k = 0; k < shares_.size(); ++k) {
      if (classes[k].empty()) continue;
      source = k;
      left -= shares_[k];
      if (left < 0) break;
    }
    const auto label = static_cast<std::size_t>(random.below(classes[source].size()));
    const Images& own = classes[source][label];
    order.push_back(own[shown[source][label]++ % own.size()]);
  }
  return order;
}

CropBatch TrainData::batch(int epoch, int step) const {
  const auto part = static_cast<std::uint64_t>(epoch);
  const std::vector<std::size_t> order = order_of(part);
  const auto begin = static_cast<std::size_t>(step) * static_cast<std::size_t>(batch_);
  const auto end = std::min(begin + static_cast<std::size_t>(batch_), order.size());
  const std::uint64_t variations = mix_seed(mix_seed(seed_, kVariation), part);
  CropBatch batch;
  batch.crops.resize((end - begin) * crop_bytes(input_px_));
  for (std::size_t i = begin; i < end; ++i) batch.labels.push_back(labels_[order[i]]);
  parallel_for(end - begin, threads_, [&](std::size_t i) {
    const std::size_t image = order[begin + i];
    const std::uint64_t seed =
        mix_seed(variations, repeats_images() ? pictures_.size() + begin + i : image);
    std::uint8_t* crop = batch.crops.data() + i * crop_bytes(input_px_);
    // Of several sources an epoch shows some images more than once, each time otherwise.
    vary_crop(pictures_[image], augment_, seed, input_px_, crop);
    vary_appearance(crop, input_px_, crop_mpp_, appearance_, mix_seed(seed, kAppearance));
  });
  if (mixup_ > 0) {
    SplitMix64 random(mix_seed(mix_seed(mix_seed(seed_, kBlend), part), begin));
    blend_crops(batch, mixup_, random);
  }
  return batch;
}

}  // namespace cytocape::detail
