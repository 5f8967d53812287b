#include "pipeline/wording/sources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "pipeline/wording/numbers.hpp"
#include "pipeline/wording/phrases.hpp"

namespace cytocape::wording {
namespace {

using namespace criteria;

/// Each source once, with all that it found.
std::string mutation_sources(const std::vector<Mutation>& mutations) {
  std::vector<std::pair<std::string, std::vector<std::string>>> sources;
  for (const auto& mutation : mutations) {
    const auto source = describe(mutation.from);
    auto found = std::find_if(sources.begin(), sources.end(),
                              [&](const auto& known) { return known.first == source; });
    if (found == sources.end()) found = sources.insert(found, {source, {}});
    found->second.push_back(mutation_words(mutation));
  }
  if (sources.size() == 1)
    return fmt::format("{}; {}", fmt::join(sources.front().second, ", "), sources.front().first);
  std::vector<std::string> parts;
  for (const auto& [source, names] : sources)
    parts.push_back(fmt::format("{} ({})", fmt::join(names, ", "), source));
  return fmt::format("{}", fmt::join(parts, "; "));
}

struct SourceWords {
  Phrase operator()(std::monostate) const { return {}; }
  Phrase operator()(const Told& told) const { return told.words; }
  Phrase operator()(const GivenOnce& given) const { return describe(given.from); }
  Phrase operator()(const PersonsCount& counted) const {
    return say("{} of {} cells, {}", counted.count, counted.total, describe(counted.from));
  }
  Phrase operator()(const SlidesCount& counted) const {
    return say("{} of {} cells of {} slide{} {}", counted.count, counted.total,
               labels_of(counted.specimen).adjective, counted.slides.size() > 1 ? "s" : "",
               fmt::format("{}", fmt::join(counted.slides, ", ")));
  }
  Phrase operator()(const WbcTimesShare& product) const {
    std::vector<Phrase> share;
    for (const auto& source : product.share_is_from) share.push_back(source_words(source));
    return say("WBC {} ({}) {} {} % ({})",
               quantity(format_number(product.wbc), Unit::cells_per_volume), describe(product.from),
               times(), format_number(product.share), join(share, "; "));
  }
  Phrase operator()(const AmcOverWbc& quotient) const {
    return say("AMC / WBC, {}", describe(quotient.from));
  }
  Phrase operator()(const MutationsFound& found) const { return mutation_sources(found.mutations); }
  Phrase operator()(const NoMutationFound& none) const {
    return say("no mutation found, {}", describe(none.from));
  }
};

}  // namespace

std::string describe(const Provenance& from) {
  const auto source = from.source.empty() ? from.file : from.source;
  if (source.empty() && from.date.empty()) return "source not given";
  if (source.empty()) return from.date;
  return from.date.empty() ? source : source + ", " + from.date;
}

std::string slide_label(Specimen specimen, const std::string& id) {
  return fmt::format("{} slide {}", labels_of(specimen).adjective, id);
}

std::string mutation_words(const Mutation& mutation) {
  return fmt::format(
      "{}{} {}", mutation.gene, mutation.variant,
      mutation.vaf ? fmt::format("{} %", format_number(*mutation.vaf)) : "(VAF unknown)");
}

std::string row_words(const RowAnswer& answer) {
  const auto& from = answer.from;
  return fmt::format("{} (row {}{})", answer.value, from.row,
                     from.date.empty() ? "" : ", " + from.date);
}

Phrase source_words(const Source& source) {
  return std::visit(SourceWords{}, source.what);
}

Phrase said(const Reading& reading, Unit unit) {
  auto text = quantity(format_reported(*reading.value), unit);
  if (reading.basis == Basis::lower_bound)
    text += fmt::format(" counted, at least {}", format_number(reading.interval->low));
  else if (reading.interval)
    text += fmt::format(", {} to {}", format_number(reading.interval->low),
                        format_number(reading.interval->high));
  return say("{} ({})", text, source_words(reading.from));
}

}  // namespace cytocape::wording
