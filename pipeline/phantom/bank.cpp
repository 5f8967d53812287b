#include "pipeline/phantom/bank.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <optional>
#include <thread>

#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "pipeline/phantom/draw.hpp"
#include "pipeline/phantom/folder_source.hpp"
#include "pipeline/phantom/random.hpp"

namespace cytocape::phantom {
namespace {

constexpr std::size_t kRedCellVariants = 192;
constexpr std::size_t kSpeckVariants = 12;
/// Later cells of a class wear the sprites of earlier ones, turned.
constexpr std::size_t kDrawnVariants = 96;
/// A pasted sprite has about 360 KiB at 0.1 um/px: this bounds them to 540 MiB.
constexpr std::size_t kPastedVariants = 1500;
/// Fewer red cells than this in all pictures look alike; they are drawn instead.
constexpr std::size_t kFewRedCells = 40;

struct Wish {
  std::string class_code;
  bool alone = false;
  std::uint64_t seed = 0;
};

/// Gives each member a sprite number, counted from `first`, and returns what those sprites are to
/// show. Members that want the same kind share sprites from the `limit`-th on.
std::vector<Wish> deal_sprites(std::vector<Member>& members, std::size_t first, std::size_t limit,
                               std::uint64_t seed) {
  std::vector<Wish> wishes;
  std::map<std::pair<std::string, bool>, std::vector<std::size_t>> dealt;
  std::map<std::pair<std::string, bool>, std::size_t> next;
  for (std::size_t i = 0; i < members.size(); ++i) {
    auto& member = members[i];
    const std::pair key(member.class_code, member.touching);
    auto& mine = dealt[key];
    if (mine.size() < limit) {
      mine.push_back(wishes.size());
      wishes.push_back({member.class_code, member.touching,
                        seed_of({seed, seed_of(member.class_code), mine.size(), member.touching})});
      member.sprite = first + mine.back();
    } else {
      member.sprite = first + mine[next[key]++ % mine.size()];
      member.turn = static_cast<Turn>(scramble(seed ^ i) & 7U);
    }
  }
  return wishes;
}

/// The pictures of one class in the order they are tried.
std::vector<std::filesystem::path> shuffled(std::vector<std::filesystem::path> files,
                                            std::uint64_t seed) {
  Random random(seed);
  for (std::size_t i = files.size(); i > 1; --i) std::swap(files[i - 1], files[random.pick(i)]);
  return files;
}

/// Pictures taken apart for one class, as many as are needed or usable.
std::vector<Scene> usable_scenes(const std::vector<std::filesystem::path>& files,
                                 const PhantomSource& source, std::size_t wanted, bool nucleated) {
  std::vector<Scene> scenes;
  std::size_t next = 0;
  while (scenes.size() < wanted && next < files.size()) {
    // A batch at a time, so that the result does not depend on which thread is first.
    const std::size_t batch =
        std::min({wanted - scenes.size() + 2, files.size() - next, static_cast<std::size_t>(32)});
    std::vector<std::optional<Scene>> taken(batch);
    for_all(batch, [&](std::size_t i) {
      taken[i] = take_apart(read_image(files[next + i]), source.mpp, nucleated);
    });
    next += batch;
    for (auto& scene : taken) {
      if (scene && scenes.size() < wanted) scenes.push_back(std::move(*scene));
    }
  }
  return scenes;
}

class Paster {
 public:
  Paster(const PhantomOptions& options, Bank& bank) : options_(options), bank_(bank) {}

  /// Fills the sprites of one class. `wishes` are its places in the bank and what they are to show.
  void paste(const std::vector<std::filesystem::path>& files, const std::string& class_code,
             const std::vector<std::pair<std::size_t, Wish>>& wishes) {
    const auto order = shuffled(files, seed_of({options_.seed, seed_of(class_code)}));
    const auto scenes =
        usable_scenes(order, *options_.source, wishes.size(), class_code != kPlatelet);
    if (scenes.empty()) {
      throw ConfigError(fmt::format(
          "phantom: from: no picture of {} in {} can be used; each must show one whole cell in its "
          "middle and no second nucleated cell nearby, at --from-mpp {}",
          class_code, options_.source->folder.string(), options_.source->mpp));
    }
    const Density strength = stain_strength(options_.stain);
    for_all(wishes.size(), [&](std::size_t i) {
      Random random(wishes[i].second.seed);
      bank_.sprites[wishes[i].first] =
          make_sprite(pasteable(scenes[i % scenes.size()], wishes[i].second.alone, random.angle()),
                      options_.mpp, strength);
    });
    for (const auto& scene : scenes) learn(scene);
  }

  [[nodiscard]] bool has_red_cells() const { return red_cells_.size() >= kFewRedCells; }

  /// Looks for red cells in a few more pictures.
  void borrow(const std::vector<std::filesystem::path>& files, const std::string& class_code) {
    const auto order = shuffled(files, seed_of({options_.seed, seed_of(class_code), 1}));
    for (const auto& scene : usable_scenes(order, *options_.source, 8, class_code != kPlatelet)) {
      learn(scene);
    }
  }

  /// Glass and red cells as the pictures have them, so that drawn and pasted fields match.
  void finish() {
    if (scenes_ > 0) {
      for (std::size_t c = 0; c < 3; ++c) bank_.glass[c] = glass_[c] / static_cast<double>(scenes_);
    }
    if (!has_red_cells()) return;
    const Density strength = stain_strength(options_.stain);
    Random random(seed_of({options_.seed, seed_of("red cells of the pictures")}));
    for (std::size_t i = 0; i < bank_.red_cells.count; ++i) {
      const auto& drawing = red_cells_[i % red_cells_.size()];
      bank_.sprites[bank_.red_cells.first + i] =
          make_sprite(rotated(drawing, random.angle()), options_.mpp, strength);
    }
  }

 private:
  void learn(const Scene& scene) {
    ++scenes_;
    for (std::size_t c = 0; c < 3; ++c) glass_[c] += scene.glass[c];
    if (red_cells_.size() >= 4 * kRedCellVariants) return;
    for (auto& cell : lone_red_cells(scene)) red_cells_.push_back(std::move(cell));
  }

  const PhantomOptions& options_;
  Bank& bank_;
  std::size_t scenes_ = 0;
  std::array<double, 3> glass_{};
  std::vector<Drawing> red_cells_;
};

void draw_range(Bank& bank, SpriteRange range, const PhantomOptions& options,
                Drawing (*draw)(std::uint64_t)) {
  const Density strength = stain_strength(options.stain);
  for_all(range.count, [&](std::size_t i) {
    bank.sprites[range.first + i] =
        make_sprite(draw(seed_of({options.seed, range.first, i})), options.mpp, strength);
  });
}

void paste_all(Bank& bank, const PhantomOptions& options, const std::vector<Wish>& wishes,
               std::size_t first) {
  const auto listing = list_source(*options.source);
  std::map<std::string, std::vector<std::pair<std::size_t, Wish>>> by_class;
  for (std::size_t i = 0; i < wishes.size(); ++i) {
    by_class[wishes[i].class_code].emplace_back(first + i, wishes[i]);
  }
  Paster paster(options, bank);
  for (const auto& [name, mine] : by_class) {
    const auto files = listing.find(name);
    if (files != listing.end()) {
      paster.paste(files->second, name, mine);
      continue;
    }
    // Only these two can be drawn among pasted cells: nobody trains on them.
    for (const auto& [place, wish] : mine) {
      bank.sprites[place] =
          make_sprite(draw_cell(name, wish.seed), options.mpp, stain_strength(options.stain));
    }
  }
  // A small phantom uses too few pictures to have enough lone red cells.
  for (const auto& [name, files] : listing) {
    if (paster.has_red_cells()) break;
    paster.borrow(files, name);
  }
  paster.finish();
}

/// A small field needs no more variants than a quarter of its red cells.
std::size_t red_cell_variants(const PhantomOptions& options) {
  const double cells = options.red_cells_per_mm2 * slide_mm2(options);
  return std::clamp(static_cast<std::size_t>(cells / 4), static_cast<std::size_t>(32),
                    kRedCellVariants);
}

std::vector<std::string> classes_of(const PhantomOptions& options) {
  if (!options.source) return drawn_classes();
  std::vector<std::string> classes;
  for (const auto& [name, files] : list_source(*options.source)) classes.push_back(name);
  for (const auto& [name, weight] : options.mix) {
    if (std::find(classes.begin(), classes.end(), name) != classes.end()) continue;
    throw ConfigError(fmt::format("phantom: mix: no pictures of class \"{}\"; {} has {}", name,
                                  options.source->folder.string(), fmt::join(classes, ", ")));
  }
  return classes;
}

}  // namespace

Bank make_bank(const PhantomOptions& options) {
  Bank bank;
  const auto classes = classes_of(options);
  bank.members = make_roster(options, classes);
  const std::size_t limit = options.source ? kPastedVariants / classes.size() : kDrawnVariants;
  bank.red_cells = {0, red_cell_variants(options)};
  bank.specks = {bank.red_cells.count, kSpeckVariants};
  const std::size_t first = bank.specks.first + bank.specks.count;
  const auto wishes = deal_sprites(bank.members, first, limit, options.seed);
  bank.sprites.resize(first + wishes.size());
  draw_range(bank, bank.red_cells, options, draw_red_cell);
  draw_range(bank, bank.specks, options, draw_precipitate);
  if (options.source) {
    paste_all(bank, options, wishes, first);
    return bank;
  }
  const Density strength = stain_strength(options.stain);
  for_all(wishes.size(), [&](std::size_t i) {
    bank.sprites[first + i] =
        make_sprite(draw_cell(wishes[i].class_code, wishes[i].seed), options.mpp, strength);
  });
  return bank;
}

void for_all(std::size_t count, const std::function<void(std::size_t)>& task) {
  std::atomic<std::size_t> next{0};
  std::exception_ptr failure;
  std::mutex guard;
  const auto work = [&] {
    for (std::size_t i = next++; i < count; i = next++) {
      try {
        task(i);
      } catch (...) {
        const std::lock_guard lock(guard);
        if (!failure) failure = std::current_exception();
        next = count;
      }
    }
  };
  {
    std::vector<std::jthread> helpers;
    const auto threads =
        std::min<std::size_t>(std::max(1U, std::thread::hardware_concurrency()), count);
    for (std::size_t t = 1; t < threads; ++t) helpers.emplace_back(work);
    work();
  }
  if (failure) std::rethrow_exception(failure);
}

}  // namespace cytocape::phantom
