// Which fusions the breaks of a rearrangement mean, by configs/criteria/karyotype.toml.

#include <algorithm>
#include <utility>

#include "embedded/criteria_karyotype.hpp"
#include "pipeline/criteria/rearrangements.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/settings/toml_reader.hpp"

namespace cytocape::criteria {
namespace {

/// How well a break fits what an entry of the table asks for.
enum class Fit {
  none,
  by_chromosome,  ///< no band is written, or another chromosome is not known
  maybe,          ///< the band is wider, or one of several
  full,
};

/// A break that an entry of the table asks for.
struct Site {
  std::string chromosome;
  std::vector<std::string> bands;

  [[nodiscard]] Fit fit(const Break& broken) const {
    if (broken.chromosome != chromosome) return Fit::none;
    if (broken.band.empty()) return Fit::by_chromosome;
    auto best = Fit::none;
    for (const auto& band : bands) {
      if (broken.band.starts_with(band)) return Fit::full;
      const bool between = !broken.span_begin.empty() && broken.span_begin[0] == band[0] &&
                           (broken.span_begin <= band || broken.span_begin.starts_with(band)) &&
                           band <= broken.band;
      const bool other = std::any_of(
          broken.or_in.begin(), broken.or_in.end(),
          [&](const auto& one) { return one.starts_with(band) || band.starts_with(one); });
      if (band.starts_with(broken.band) || between || other) best = Fit::maybe;
    }
    return best;
  }
};

struct Entry {
  std::vector<Site> sites;
  std::vector<std::string> kinds;
  std::string fusion;
  bool without_bands = false;
  bool certain = true;

  [[nodiscard]] bool is_by(const std::string& kind) const {
    return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
  }
};

Site read_site(const std::string& text) {
  Site site;
  std::string word;
  for (const char c : text + " ") {
    if (c != ' ') {
      word += c;
      continue;
    }
    if (site.chromosome.empty())
      site.chromosome = word;
    else if (!word.empty())
      site.bands.push_back(word);
    word.clear();
  }
  return site;
}

struct Table {
  std::vector<Entry> entries;
  std::vector<FusionName> names;
  std::map<std::string, std::string> loci;
  std::vector<Entry> inversions;  ///< of healthy people
};

std::vector<FusionName> read_names(TomlReader& reader) {
  std::vector<FusionName> all;
  for (const auto& table : reader.tables_below("name")) {
    const auto fusion = reader.text("name." + table + ".fusion");
    for (auto& name : reader.texts("name." + table + ".names")) {
      const bool as_written = name != in_small_letters(name);
      all.push_back({.name = std::move(name), .fusion = fusion, .as_written = as_written});
    }
  }
  return all;
}

/// Fusions by loci whose loss may mean them.
std::map<std::string, std::string> read_loci(TomlReader& reader) {
  std::map<std::string, std::string> loci;
  for (const auto& table : reader.tables_below("lost")) {
    const auto fusion = reader.text("lost." + table + ".fusion");
    for (const auto& locus : reader.texts("lost." + table + ".loci"))
      loci[in_small_letters(locus)] = fusion;
  }
  return loci;
}

Table read_table() {
  TomlReader reader;
  reader.add(text::criteria_karyotype, "configs/criteria/karyotype.toml");
  std::vector<Entry> entries;
  for (const auto& name : reader.tables_below("rearrangement")) {
    const auto prefix = "rearrangement." + name + ".";
    Entry entry;
    for (const auto& site : reader.texts(prefix + "breaks")) entry.sites.push_back(read_site(site));
    entry.kinds = reader.texts(prefix + "by");
    entry.fusion = reader.text(prefix + "fusion");
    if (reader.has(prefix + "without_bands"))
      entry.without_bands = reader.boolean(prefix + "without_bands");
    if (reader.has(prefix + "certain")) entry.certain = reader.boolean(prefix + "certain");
    entries.push_back(std::move(entry));
  }
  auto names = read_names(reader);
  auto loci = read_loci(reader);
  std::vector<Entry> inversions;
  for (const auto& name : reader.tables_below("inherited")) {
    Entry entry;
    for (const auto& site : reader.texts("inherited." + name + ".breaks"))
      entry.sites.push_back(read_site(site));
    inversions.push_back(std::move(entry));
  }
  reader.refuse_unread();
  return {.entries = std::move(entries),
          .names = std::move(names),
          .loci = std::move(loci),
          .inversions = std::move(inversions)};
}

const Table& whole_table() {
  static const auto instance = read_table();
  return instance;
}

const std::vector<Entry>& table() {
  return whole_table().entries;
}

/// Isochromosomes break at the centromere, and deletions lose what they break.
bool may_join(const std::string& kind) {
  return kind != "del" && kind != "i";
}

/// Each of two sites by a break of its own: the worse of the two, at its best.
Fit fit_of_pair(const Entry& entry, const Rearrangement& found) {
  auto best = Fit::none;
  for (std::size_t i = 0; i < found.breaks.size(); ++i)
    for (std::size_t j = 0; j < found.breaks.size(); ++j)
      if (i != j)
        best = std::max(best, std::min(entry.sites.front().fit(found.breaks[i]),
                                       entry.sites.back().fit(found.breaks[j])));
  if (entry.is_by(found.kind)) return best;
  // By a deletion only between its two breaks.
  if (found.kind == "del") return best == Fit::full ? Fit::maybe : Fit::none;
  return may_join(found.kind) ? std::min(best, Fit::maybe) : Fit::none;
}

Fit fit_of_one(const Entry& entry, const Rearrangement& found) {
  if (!entry.is_by(found.kind) && !may_join(found.kind)) return Fit::none;
  auto best = Fit::none;
  for (const auto& broken : found.breaks) best = std::max(best, entry.sites.front().fit(broken));
  return best;
}

/// Whether one site fits by its band, and the other may be on the chromosome that is not known.
bool fits_beside_unknown(const Entry& entry, const Rearrangement& found) {
  const auto is_unknown = [](const Break& broken) { return broken.chromosome == "?"; };
  if (!entry.is_by(found.kind) ||
      std::none_of(found.breaks.begin(), found.breaks.end(), is_unknown))
    return false;
  return std::any_of(found.breaks.begin(), found.breaks.end(), [&](const Break& broken) {
    return std::any_of(entry.sites.begin(), entry.sites.end(),
                       [&](const Site& site) { return site.fit(broken) >= Fit::maybe; });
  });
}

bool has_part(const std::string& fusion, const std::string& gene) {
  return fusion.starts_with(gene + "::") || fusion.ends_with("::" + gene);
}

bool is_bare(const Rearrangement& found) {
  return std::all_of(found.breaks.begin(), found.breaks.end(), [](const Break& broken) {
    return broken.band.empty() && broken.chromosome != "?";
  });
}

/// Fusions of two breaks.
std::vector<ShownFusion> pairs_of(const Rearrangement& found, Fit least) {
  std::vector<ShownFusion> pairs;
  for (const auto& entry : table()) {
    if (entry.sites.size() < 2) continue;
    const auto fit = fit_of_pair(entry, found);
    if (fit == Fit::none) continue;
    const bool full =
        fit == Fit::full || (entry.without_bands && entry.is_by(found.kind) && is_bare(found));
    if (!full && fit < least) continue;
    if (!full && least == Fit::full) continue;
    pairs.push_back({.fusion = entry.fusion,
                     .written = "",
                     .certain = full && entry.certain && !found.doubtful});
  }
  return pairs;
}

/// Genes that one break may rearrange, without those of `pairs`.
std::vector<ShownFusion> singles_of(const Rearrangement& found, Fit least,
                                    const std::vector<ShownFusion>& pairs) {
  std::vector<ShownFusion> singles;
  for (const auto& entry : table()) {
    if (entry.sites.size() != 1 || fit_of_one(entry, found) < least) continue;
    const bool told = std::any_of(pairs.begin(), pairs.end(), [&](const ShownFusion& pair) {
      return has_part(pair.fusion, entry.fusion);
    });
    if (!told) singles.push_back({.fusion = entry.fusion, .written = "", .certain = false});
  }
  return singles;
}

/// Whether a fusion is what the breaks say, be the text doubtful or not.
bool is_settled(const std::vector<ShownFusion>& pairs) {
  return std::any_of(pairs.begin(), pairs.end(), [](const ShownFusion& pair) {
    const auto& all = table();
    return std::any_of(all.begin(), all.end(), [&](const Entry& entry) {
      return entry.certain && entry.fusion == pair.fusion;
    });
  });
}

}  // namespace

std::vector<ShownFusion> fusions_of(const Rearrangement& found) {
  auto pairs = pairs_of(found, Fit::full);
  if (is_settled(pairs)) return pairs;
  pairs = pairs_of(found, Fit::by_chromosome);
  for (auto& single : singles_of(found, Fit::maybe, pairs)) pairs.push_back(std::move(single));
  // Without bands any gene of the chromosomes may be meant.
  const bool moves = found.kind == "t" || found.kind == "ins" || found.kind == "inv";
  if (pairs.empty() && moves && found.breaks.size() > 1)
    pairs = singles_of(found, Fit::by_chromosome, {});
  if (!pairs.empty()) return pairs;
  for (const auto& entry : table())
    if (entry.sites.size() > 1 && fits_beside_unknown(entry, found))
      pairs.push_back({.fusion = entry.fusion, .written = "", .certain = false});
  return pairs;
}

bool is_inherited_inversion(const Rearrangement& found) {
  if (found.kind != "inv" || found.breaks.size() != 2) return false;
  const auto& all = whole_table().inversions;
  return std::any_of(all.begin(), all.end(), [&](const Entry& entry) {
    return entry.sites.front().fit(found.breaks.front()) == Fit::full &&
           entry.sites.back().fit(found.breaks.back()) == Fit::full;
  });
}

const std::map<std::string, std::string>& loci_of_fusions() {
  return whole_table().loci;
}

const std::vector<FusionName>& fusion_names() {
  return whole_table().names;
}

std::string example_of_fusion(const std::string& gene) {
  for (const bool certain : {true, false})
    for (const auto& entry : table())
      if (entry.sites.size() > 1 && entry.certain == certain && has_part(entry.fusion, gene))
        return entry.fusion;
  return "";
}

bool is_known_fusion(const std::string& one, const std::string& other) {
  return std::any_of(table().begin(), table().end(), [&](const Entry& entry) {
    return entry.fusion == one + "::" + other || entry.fusion == other + "::" + one;
  });
}

}  // namespace cytocape::criteria
