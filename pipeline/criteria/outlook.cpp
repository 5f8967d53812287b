#include "pipeline/criteria/outlook.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

#include "pipeline/criteria/alternatives.hpp"
#include "pipeline/statistics/statistics.hpp"
#include "pipeline/wording/conditions.hpp"
#include "pipeline/wording/labels.hpp"
#include "pipeline/wording/outlook.hpp"
#include "pipeline/wording/sentences.hpp"

namespace cytocape::criteria {
namespace {

/// How many times as many cells would keep an interval off the threshold, as far as its end is
/// sampling error, which falls with their root; the classifier's part stays.
double growth_needed(double end, double classifier_end, double threshold) {
  const double sampling = std::abs(end - classifier_end);
  const double room = std::abs(threshold - classifier_end);
  return room > 0 ? std::pow(sampling / room, 2) : std::numeric_limits<double>::infinity();
}

/// What the low end allows beyond sampling and the classifier's error: blasts that may have been
/// counted as monocytes. It does not shrink with more cells.
double not_of_counting(const Reading& reading) {
  if (reading.classifier95) return 0;  // its low end allows for them already
  const auto sampling = wilson95(reading.count, reading.total);
  if (sampling && sampling->low > 0 && reading.interval->low <= 0) return *reading.value;
  const double allowed = sampling ? reading.scale * sampling->low - reading.interval->low : 0;
  return allowed > 1e-9 ? allowed : 0;
}

/// A smear has no more nucleated cells than that to count.
constexpr std::uint64_t kCellsOfASmear = 20'000;

/// Rounded up: a forecast has no more digits.
std::uint64_t two_digits(std::uint64_t cells) {
  std::uint64_t unit = 1;
  while (cells / unit >= 100) unit *= 10;
  return (cells + unit - 1) / unit * unit;
}

/// Whether the threshold is an end of what is wanted: another one that the interval crosses belongs
/// to another question, of this edition or the other.
bool tells_apart(const Domain& domain, Cells wanted, double threshold) {
  const auto has = [&](Cells cell) { return (wanted & cell) != 0; };
  const Cells at = domain.of_value(threshold);
  return has(at >> 1U) != has(at) || has(at) != has(at << 1U);
}

/// How many counted cells would keep the interval of the same share off every end of what is wanted
/// that it crosses now; none where a smear has not so many. The classifier's error alone must not
/// cross.
std::optional<std::uint64_t> cells_needed(const Domain& domain, Cells wanted,
                                          const Reading& reading) {
  std::uint64_t most = 0;
  const double stays = not_of_counting(reading);
  for (const auto threshold : domain.thresholds) {
    if (threshold < reading.interval->low || threshold > reading.interval->high) continue;
    if (!tells_apart(domain, wanted, threshold)) continue;
    if (threshold <= *reading.value && threshold >= *reading.value - stays) return std::nullopt;
    const double to_reach = threshold < *reading.value ? threshold + stays : threshold;
    const auto cells = cells_to_decide(reading.count, reading.total, to_reach / reading.scale);
    if (!cells) return std::nullopt;
    most = std::max(most, *cells);
    if (!reading.classifier95) continue;
    const bool below = threshold < reading.classifier95->low;
    const double growth =
        below ? growth_needed(reading.interval->low, reading.classifier95->low, threshold)
              : growth_needed(reading.interval->high, reading.classifier95->high, threshold);
    const double grown = std::ceil(growth * static_cast<double>(reading.total));
    if (grown > kCellsOfASmear) return std::nullopt;
    most = std::max(most, static_cast<std::uint64_t>(grown));
  }
  if (most > kCellsOfASmear) return std::nullopt;
  return two_digits(most);
}

/// More cells would not decide then.
bool classifier_crosses(const Domain& domain, const Reading& reading) {
  if (!reading.classifier95) return false;
  return std::any_of(domain.thresholds.begin(), domain.thresholds.end(), [&](double threshold) {
    return threshold >= reading.classifier95->low && threshold <= reading.classifier95->high;
  });
}

/// The threshold that a rounded value could seem to be on the other side of.
double nearest(const Domain& domain, double value) {
  double found = value;
  double least = std::numeric_limits<double>::infinity();
  for (const auto threshold : domain.thresholds) {
    if (std::abs(threshold - value) >= least) continue;
    least = std::abs(threshold - value);
    found = threshold;
  }
  return found;
}

Phrase known(const Domain& domain, const Reading& reading) {
  return wording::known_words(reading, domain.input->unit,
                              reading.value ? nearest(domain, *reading.value) : 0);
}

/// To lie in these cells, in the rules' words where a leaf asks for exactly that.
Asked asked(const Rules& rules, const Domain& domain, Cells cells) {
  auto result = domain.asked(cells);
  for (const auto& criterion : rules.criteria)
    if (criterion.input == domain.input->code && !criterion.say.empty() &&
        domain.satisfying(criterion) == cells) {
      result.say = criterion.say;
      break;
    }
  return result;
}

class OutlookBuilder {
 public:
  OutlookBuilder(const Rules& rules, const PossibleFacts& possible_facts)
      : rules_(rules), facts_(possible_facts) {}

  [[nodiscard]] Decision decide(const Class& item) const {
    Decision decision{.class_id = item.id, .title = item.title};
    const auto plan = factor(facts_, facts_.ways(item.criterion, true));
    decision.confirm = needs(plan.all);
    for (const auto& group : plan.one_of) {
      auto& alternatives = decision.one_of.emplace_back();
      for (const auto& way : group) alternatives.push_back(needs(way));
    }
    for (const auto& way : facts_.ways(item.criterion, false))
      if (way.size() == 1)
        decision.exclude.push_back(need(way.begin()->first, widened(facts_, *way.begin())));
    return decision;
  }

  [[nodiscard]] std::vector<Change> changes(const Classification& now) const {
    std::vector<Change> all;
    const auto code = now.code(rules_);
    for (std::size_t at = 0; at < facts_.domains().size(); ++at) append_changes(at, code, all);
    std::stable_partition(all.begin(), all.end(), [](const Change& item) { return !item.known; });
    return all;
  }

 private:
  /// To lie in these cells, without a word on why that is open.
  [[nodiscard]] Need bare_need(std::size_t at, Cells cells) const {
    const auto& domain = facts_.domains()[at];
    Need result{.input = domain.input->code,
                .label = wording::input_label(domain.input->code),
                .condition = asked(rules_, domain, cells)};
    result.answer = wording::asked_words(result.condition);
    return result;
  }

  [[nodiscard]] Need need(std::size_t at, Cells cells) const {
    auto result = bare_need(at, cells);
    const auto& domain = facts_.domains()[at];
    const auto& reading = facts_.reading(at);
    result.why = reading.gap;
    if (reading.basis == Basis::unknown)
      if (const auto from = from_others(at, cells))
        result.why += "; " + wording::follows_words(*from);
    if (reading.basis == Basis::exact) result.why = known(domain, reading);
    if (reading.basis != Basis::counted) return result;
    const auto ahead = forecast(at, cells);
    if (ahead.kind == wording::Forecast::Kind::enough) result.cells = ahead.cells;
    result.why = known(domain, reading) + "; " + wording::forecast_words(ahead);
    return result;
  }

  /// What counting on would do for an input that was counted.
  [[nodiscard]] wording::Forecast forecast(std::size_t at, Cells cells) const {
    using Kind = wording::Forecast::Kind;
    const auto& domain = facts_.domains()[at];
    const auto& reading = facts_.reading(at);
    if (classifier_crosses(domain, reading)) return {.kind = Kind::classifier_error, .other = {}};
    if ((domain.of_value(*reading.value) & cells) == 0)
      return {.kind = Kind::opposite, .other = asked(rules_, domain, opposite(at, cells))};
    const auto needed = cells_needed(domain, cells, reading);
    if (!needed) return {.kind = Kind::too_many, .other = {}};
    return {.kind = Kind::enough, .cells = *needed, .other = {}};
  }

  /// What else the input may be, worded as widely as what is impossible anyway allows.
  [[nodiscard]] Cells opposite(std::size_t at, Cells cells) const {
    return widened(facts_, {at, facts_.cells(at) & ~cells});
  }

  /// A value that is not known may follow from another one: what that would have to be.
  [[nodiscard]] std::optional<wording::FollowsFrom> from_others(std::size_t at, Cells cells) const {
    const auto& domain = facts_.domains()[at];
    if (domain.thresholds.empty()) return std::nullopt;
    const auto wanted = domain.span(cells);
    for (const auto& derived : facts_.derived()) {
      if (derived.input != domain.input->code || derived.inverse || derived.factor.low <= 0)
        continue;
      const auto from = [&](Comparison comparison, double threshold) {
        return wording::FollowsFrom{.input = derived.from,
                                    .bound = {comparison, threshold},
                                    .unit = find_input(derived.from)->unit};
      };
      if (!std::isfinite(wanted.high))
        return from(Comparison::at_least, std::ceil(100 * wanted.low / derived.factor.low) / 100);
      if (wanted.low <= 0 && std::isfinite(derived.factor.high))
        return from(Comparison::below, std::floor(100 * wanted.high / derived.factor.high) / 100);
    }
    return std::nullopt;
  }

  [[nodiscard]] std::vector<Need> needs(const Assignment& way) const {
    std::vector<Need> all;
    for (const auto& item : way) all.push_back(need(item.first, widened(facts_, item)));
    return all;
  }

  [[nodiscard]] Change change(std::size_t at, Cells cells, const std::string& code) const {
    const auto& reading = facts_.reading(at);
    Change result{.if_known = bare_need(at, cells),
                  .known = (cells & facts_.cells(at)) == 0,
                  .code = code,
                  .becomes = wording::classification_words(
                      classify(rules_, facts_.states_if({{at, cells}})).titles(rules_))};
    const bool has_value = (reading.value || reading.answer) && reading.basis != Basis::lower_bound;
    result.if_known.why = has_value ? known(facts_.domains()[at], reading) : reading.gap;
    return result;
  }

  /// Neighbouring cells with one result are one change.
  void append_changes(std::size_t at, const std::string& code, std::vector<Change>& all) const {
    const auto& domain = facts_.domains()[at];
    const auto possible = facts_.cells(at);
    const bool settled = (possible & (possible - 1)) == 0;
    std::string run_code;
    Cells run = 0;
    const auto finish = [&] {
      if (run != 0 && run_code != code) all.push_back(change(at, run, run_code));
      run = 0;
    };
    for (const auto cells : told_apart(domain)) {
      const bool as_now = settled && (possible & ~cells) == 0;
      const auto next =
          as_now ? code : classify(rules_, facts_.states_if({{at, cells}})).code(rules_);
      if (next != run_code || !domain.input->choices.empty()) finish();
      run |= cells;
      run_code = next;
    }
    finish();
  }

  /// Neighbouring cells that no criterion tells apart are one: a WBC of 13 and of more.
  [[nodiscard]] std::vector<Cells> told_apart(const Domain& domain) const {
    std::vector<Cells> satisfying;
    for (const auto& criterion : rules_.criteria)
      if (criterion.input == domain.input->code) satisfying.push_back(domain.satisfying(criterion));
    std::vector<Cells> groups;
    for (std::size_t i = 0; i < domain.size; ++i) {
      const bool as_before =
          i > 0 && std::all_of(satisfying.begin(), satisfying.end(), [&](Cells cells) {
            return (cells >> i & 1) == (cells >> (i - 1) & 1);
          });
      if (as_before)
        groups.back() |= Cells{1} << i;
      else
        groups.push_back(Cells{1} << i);
    }
    return groups;
  }

  const Rules& rules_;
  const PossibleFacts& facts_;
};

}  // namespace

Outlook look_ahead(const Rules& rules, const PossibleFacts& possible_facts,
                   const Classification& now) {
  Outlook outlook;
  const OutlookBuilder builder(rules, possible_facts);
  const auto decide = [&](const std::optional<Verdict>& verdict) {
    std::vector<Decision> decisions;
    if (!verdict || verdict->chosen) return decisions;
    for (const auto i : verdict->possible) decisions.push_back(builder.decide(rules.classes[i]));
    outlook.decisions.insert(outlook.decisions.end(), decisions.begin(), decisions.end());
    return decisions;
  };
  const auto disease = decide(now.disease);
  if (!disease.empty()) outlook.shortest.push_back(wording::confirm_sentence(disease.front()));
  const auto subtype = decide(now.subtype);
  if (!subtype.empty()) outlook.shortest.push_back(wording::axis_sentence(Axis::subtype, subtype));
  const auto grade = decide(now.grade);
  if (!grade.empty()) outlook.shortest.push_back(wording::axis_sentence(Axis::grade, grade));
  outlook.changes = builder.changes(now);
  return outlook;
}

}  // namespace cytocape::criteria
