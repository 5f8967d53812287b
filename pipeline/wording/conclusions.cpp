#include "pipeline/wording/conclusions.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pipeline/wording/labels.hpp"
#include "pipeline/wording/numbers.hpp"
#include "pipeline/wording/phrases.hpp"

namespace cytocape::wording {

std::string defines(const Defining& defining) {
  const auto count = defining.blasts > 0
                         ? fmt::format("from {} % of blasts on", format_number(defining.blasts))
                         : std::string("whatever the blast count");
  return fmt::format("{} defines {} in {} {}.{}{}", defining.found, defining.disease,
                     defining.edition, count, defining.text.empty() ? "" : " ", defining.text);
}

std::string call_words(criteria::Call call) {
  switch (call) {
    case criteria::Call::today:
      return "Urgent: haematologist today.";
    case criteria::Call::promptly:
      return "Inform a haematologist promptly.";
    case criteria::Call::none:
      break;
  }
  return "";
}

std::string decide_words(const std::vector<std::string>& inputs) {
  std::vector<std::string> places;
  std::vector<std::string> others;
  for (const auto& input : inputs) {
    if (input == "pb_blasts" || input == "bm_blasts")
      places.emplace_back(input == "pb_blasts" ? "blood" : "marrow");
    else
      others.push_back(input == "wbc" ? "the leukocyte count" : input_label(input));
  }
  if (!places.empty())
    others.insert(others.begin(), fmt::format("the blast count{} in {}",
                                              places.size() > 1 ? "s" : "", join_words(places)));
  if (others.empty()) return "";
  return join_words(others) + (others.size() + places.size() > 2 ? " decide" : " decides");
}

std::string share(const CountedShare& counted) {
  if (counted.cells.empty()) return counted.value + ", number of cells not given";
  return fmt::format("{} of {} cells", counted.value, counted.cells);
}

std::string by_the_count(const std::string& title, const std::vector<CountedShare>& counted,
                         const std::string& reached) {
  std::vector<std::string> shares;
  std::vector<std::string> intervals;
  for (const auto& one : counted) {
    shares.push_back(counted.size() == 1 ? share(one)
                                         : fmt::format("{} {}", one.label, share(one)));
    if (!one.interval.empty()) intervals.push_back(one.interval);
  }
  const bool slides = std::all_of(counted.begin(), counted.end(),
                                  [](const CountedShare& one) { return one.by_a_slide; });
  auto text = fmt::format("{} by the count{} ({})", title, slides ? "" : " as reported",
                          join_words(shares));
  if (!intervals.empty() && !reached.empty())
    text += intervals.size() == 1
                ? fmt::format("; its interval, {}, reaches {}", intervals.front(), reached)
                : fmt::format("; their intervals, {}, reach {}", join_words(intervals), reached);
  return text + ".";
}

}  // namespace cytocape::wording
