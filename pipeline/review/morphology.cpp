#include "pipeline/review/morphology.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "io/errors.hpp"
#include "io/text.hpp"

namespace cytocape {
namespace {

constexpr std::uint64_t kMostCells = 100000;

struct Counted {
  std::uint64_t dysplastic = 0;
  std::uint64_t of = 0;
};

std::optional<std::uint64_t> whole_number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && value <= kMostCells ? std::optional(value) : std::nullopt;
}

std::optional<Counted> counted(std::string_view text) {
  constexpr std::string_view kOf = " of ";
  const auto at = text.find(kOf);
  if (at == std::string_view::npos) return std::nullopt;
  const auto dysplastic = whole_number(text.substr(0, at));
  const auto of = whole_number(text.substr(at + kOf.size()));
  if (!dysplastic || !of || *of == 0 || *dysplastic > *of) return std::nullopt;
  return Counted{*dysplastic, *of};
}

const CountedLineage* lineage_of(const std::string& item) {
  const auto& all = counted_lineages();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.item == item; });
  return found == all.end() ? nullptr : &*found;
}

criteria::GivenValue row_of(const ReviewedItem& seen, const std::string& slide) {
  constexpr std::size_t kDay = 10;
  return {.item = {},
          .value = {},
          .unit = {},
          .gene = {},
          .date = seen.at.substr(0, kDay),
          .source = {},
          .file = fmt::format("the review of slide {} by {}", slide, seen.by),
          .row = static_cast<std::uint64_t>(seen.seq),
          .cells = {}};
}

}  // namespace

const std::vector<CountedLineage>& counted_lineages() {
  static const std::vector<CountedLineage> all{
      {"dysplastic granulocytic cells", "dysplasia_granulocytic", 100},
      {"dysplastic erythroid cells", "dysplasia_erythroid", 100},
      {"dysplastic megakaryocytes", "dysplasia_megakaryocytic", 30},
  };
  return all;
}

void require_morphology(const std::string& item, const std::string& text) {
  if (text.empty()) return;
  if (item == kAuerRods && text != "seen" && text != "not seen")
    throw ConfigError("text: Auer rods are 'seen' or 'not seen'");
  if (lineage_of(item) != nullptr && !counted(text))
    throw ConfigError(fmt::format("text: '{}': write how many of how many, as 12 of 100",
                                  displayable(shortened(text))));
}

std::vector<criteria::GivenValue> findings_of(const Review& review, Specimen specimen,
                                              const std::string& slide) {
  std::vector<criteria::GivenValue> rows;
  for (const auto& [item, seen] : review.morphology) {
    if (item == kAuerRods && seen.text == "seen") {
      auto row = row_of(seen, slide);
      row.item = kNamedDiseaseItem;
      row.value = "unknown";
      row.source = "review: Auer rods seen";
      rows.push_back(std::move(row));
    }
    const auto* lineage = lineage_of(item);
    const auto cells = counted(seen.text);
    if (specimen != Specimen::marrow || lineage == nullptr || !cells || cells->of < lineage->least)
      continue;
    auto row = row_of(seen, slide);
    row.item = lineage->input;
    row.value = 10 * cells->dysplastic >= cells->of ? "yes" : "no";
    row.source = fmt::format("review: {} cells dysplastic", seen.text);
    rows.push_back(std::move(row));
  }
  return rows;
}

std::vector<std::string> too_few_counted(const Review& review) {
  std::vector<std::string> sentences;
  for (const auto& [item, seen] : review.morphology) {
    const auto* lineage = lineage_of(item);
    const auto cells = counted(seen.text);
    if (lineage != nullptr && cells && cells->of < lineage->least)
      sentences.push_back(fmt::format("{}: {} is too few; look at {} or more, or clear the field",
                                      item, seen.text, lineage->least));
  }
  return sentences;
}

}  // namespace cytocape
