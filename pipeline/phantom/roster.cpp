#include <algorithm>
#include <cmath>
#include <numeric>

#include "pipeline/phantom/bank.hpp"
#include "pipeline/phantom/random.hpp"

namespace cytocape::phantom {
namespace {

std::map<std::string, double> default_mix(const PhantomOptions& options,
                                          const std::vector<std::string>& classes) {
  if (!options.source) {
    return {{"segmented_neutrophil", 0.45},
            {"band_neutrophil", 0.05},
            {"eosinophil", 0.05},
            {"basophil", 0.03},
            {"lymphocyte", 0.20},
            {"monocyte", 0.15},
            {"blast", 0.03},
            {"normoblast", 0.04}};
  }
  std::map<std::string, double> mix;
  for (const auto& name : classes) {
    if (name != kPlatelet) mix[name] = 1;
  }
  return mix;
}

/// Whole counts that add up to `total`, each within one of its share: the cells left over go to the
/// classes with the largest remainders.
std::map<std::string, std::int64_t> shared_out(const std::map<std::string, double>& mix,
                                               std::int64_t total) {
  double sum = 0;
  for (const auto& [name, weight] : mix) sum += weight;
  std::map<std::string, std::int64_t> counts;
  std::vector<std::pair<double, std::string>> remainders;
  std::int64_t given = 0;
  for (const auto& [name, weight] : mix) {
    const double share = weight / sum * static_cast<double>(total);
    counts[name] = static_cast<std::int64_t>(share);
    given += counts[name];
    remainders.emplace_back(static_cast<double>(counts[name]) - share, name);
  }
  std::sort(remainders.begin(), remainders.end());
  for (std::size_t i = 0; given < total; ++i, ++given) {
    ++counts[remainders[i % remainders.size()].second];
  }
  return counts;
}

std::int64_t platelet_count(const PhantomOptions& options, std::int64_t white_cells) {
  if (options.platelets) return *options.platelets;
  if (options.source) return white_cells / 2;
  return std::llround(options.red_cells_per_mm2 * slide_mm2(options) / 30);
}

}  // namespace

std::vector<Member> make_roster(const PhantomOptions& options,
                                const std::vector<std::string>& classes) {
  const auto total = white_cell_count(options);
  const auto smudges = std::llround(options.smudged * static_cast<double>(total));
  const auto mix = options.mix.empty() ? default_mix(options, classes) : options.mix;

  std::vector<Member> members;
  for (const auto& [name, count] : shared_out(mix, total - smudges)) {
    members.insert(members.end(), static_cast<std::size_t>(count), Member{name, false, 0, 0});
  }
  Random random(seed_of({options.seed, seed_of("roster")}));
  for (std::size_t i = members.size(); i > 1; --i)
    std::swap(members[i - 1], members[random.pick(i)]);

  const auto pairs = std::llround(options.touching * static_cast<double>(total) / 2);
  const auto touching = std::min(members.size() / 2 * 2, static_cast<std::size_t>(pairs) * 2);
  for (std::size_t i = 0; i < touching; ++i) members[i].touching = true;

  members.insert(members.end(), static_cast<std::size_t>(smudges), Member{kSmudge, false, 0, 0});
  const auto platelets = platelet_count(options, total);
  members.insert(members.end(), static_cast<std::size_t>(platelets),
                 Member{kPlatelet, false, 0, 0});
  return members;
}

}  // namespace cytocape::phantom
