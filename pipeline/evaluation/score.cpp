#include "pipeline/evaluation/score.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "io/errors.hpp"
#include "pipeline/settings/class_names.hpp"
#include "pipeline/settings/taxonomy.hpp"
#include "pipeline/statistics/statistics.hpp"

namespace cytocape {
namespace {

constexpr std::uint64_t kBootstrapSeed = 1;

std::uint64_t whole(std::int64_t count) {
  return static_cast<std::uint64_t>(count);
}

ClassScore score_class(const Figures& figures, std::size_t label, const std::string& name) {
  const auto tally = tally_of(figures, label);
  ClassScore score;
  score.name = name;
  score.label = label_or_name(name);
  score.recall = proportion(whole(tally.both), whole(tally.met));
  score.precision = proportion(whole(tally.both), whole(tally.called));
  const auto union_share =
      proportion(whole(tally.both), whole(tally.met + tally.called - tally.both));
  if (!union_share.share) return score;
  const auto to_f1 = [](double j) { return 2 * j / (1 + j); };
  score.f1 = to_f1(*union_share.share);
  score.f1_95 = {to_f1(union_share.wilson95->low), to_f1(union_share.wilson95->high)};
  return score;
}

Proportion group_accuracy(const Figures& figures, const std::vector<std::string>& classes) {
  std::uint64_t right = 0;
  std::uint64_t all = 0;
  for (std::size_t t = 0; t < classes.size(); ++t) {
    for (std::size_t c = 0; c < classes.size(); ++c) {
      const auto count = whole(figures.confusion[t][c]);
      all += count;
      if (group_or_name(classes[t]) == group_or_name(classes[c])) right += count;
    }
  }
  return proportion(right, all);
}

double mean_confidence(const Probabilities& probabilities) {
  double sum = 0;
  for (std::size_t i = 0; i < probabilities.cells(); ++i) {
    const auto row = probabilities.row(i);
    sum += row[called_class(row)];
  }
  return sum / static_cast<double>(probabilities.cells());
}

int index_of(const std::string& name, const std::vector<std::string>& classes) {
  const auto equal = std::find(classes.begin(), classes.end(), name);
  if (equal != classes.end()) return static_cast<int>(equal - classes.begin());
  const auto* known = find_cell_class(name);
  const auto alias = std::find_if(classes.begin(), classes.end(), [&](const auto& other) {
    return known != nullptr && find_cell_class(other) == known;
  });
  return alias == classes.end() ? -1 : static_cast<int>(alias - classes.begin());
}

}  // namespace

Proportion proportion(std::uint64_t count, std::uint64_t total) {
  Proportion result{.count = count, .total = total, .share = {}, .wilson95 = {}};
  if (total == 0) return result;
  result.share = static_cast<double>(count) / static_cast<double>(total);
  result.wilson95 = wilson95(count, total);
  return result;
}

HeadScore score_head(const std::string& name, const Probabilities& probabilities,
                     const std::vector<std::string>& classes) {
  HeadScore score;
  score.name = name;
  score.figures = measure(probabilities);
  for (std::size_t c = 0; c < classes.size(); ++c)
    score.classes.push_back(score_class(score.figures, c, classes[c]));
  score.bins = reliability(probabilities);
  if (probabilities.cells() == 0) return score;
  std::uint64_t right = 0;
  for (const auto& one : score.classes) right += one.recall.count;
  score.accuracy = proportion(right, probabilities.cells());
  score.group_accuracy = group_accuracy(score.figures, classes);
  score.intervals = bootstrap95(probabilities, kBootstrapSeed);
  score.mean_confidence = mean_confidence(probabilities);
  score.coverage = risk_coverage(probabilities);
  score.area_under_coverage = area_under(score.coverage);
  return score;
}

OperatingPoint operating_point(const Probabilities& probabilities, double threshold) {
  std::uint64_t called = 0;
  std::uint64_t wrong = 0;
  for (std::size_t cell = 0; cell < probabilities.cells(); ++cell) {
    const auto row = probabilities.row(cell);
    const std::size_t call = called_class(row);
    if (row[call] < threshold) continue;
    ++called;
    if (static_cast<std::int64_t>(call) != probabilities.labels[cell]) ++wrong;
  }
  return {.threshold = threshold,
          .called = proportion(called, probabilities.cells()),
          .wrong = proportion(wrong, called)};
}

std::vector<int> match_classes(const std::vector<std::string>& data_classes,
                               const std::vector<std::string>& model_classes,
                               const std::map<std::string, std::string>& renamed) {
  std::vector<std::string> faults;
  for (const auto& [from, to] : renamed) {
    if (std::find(data_classes.begin(), data_classes.end(), from) == data_classes.end())
      faults.push_back(fmt::format("--map {}={}: the data has no class {}; it has {}", from, to,
                                   from, fmt::join(data_classes, ", ")));
    if (index_of(to, model_classes) < 0)
      faults.push_back(fmt::format("--map {}={}: the model has no class {}; it has {}", from, to,
                                   to, fmt::join(model_classes, ", ")));
  }
  if (!faults.empty()) throw ConfigError(fmt::format("{}", fmt::join(faults, "; ")));
  std::vector<int> labels;
  for (const auto& name : data_classes) {
    const auto other = renamed.find(name);
    labels.push_back(index_of(other == renamed.end() ? name : other->second, model_classes));
  }
  return labels;
}

}  // namespace cytocape
