#include "pipeline/night/comparison.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <set>

#include "io/errors.hpp"
#include "io/fault_list.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

/// Shares at which the criteria of both editions turn, in percent (Khoury et al., Leukemia 2022,
/// table 6; Arber et al., Blood 2022).
struct Turning {
  const char* specimen;
  const char* code;
  std::array<double, 2> limits;
  std::size_t count;
};
constexpr std::array kTurnings{Turning{"pb", "monocytes", {10, 0}, 1},
                               Turning{"pb", "blast_equivalents", {5, 20}, 2},
                               Turning{"bm", "blast_equivalents", {10, 20}, 2}};

std::vector<double> limits_of(const std::string& specimen, const std::string& code) {
  for (const auto& turning : kTurnings)
    if (turning.specimen == specimen && turning.code == code)
      return {turning.limits.begin(),
              turning.limits.begin() + static_cast<std::ptrdiff_t>(turning.count)};
  return {};
}

const CohortShare* share_of(const CohortRow& row, const std::string& code) {
  for (const auto* shares : {&row.sums, &row.classes})
    for (const auto& share : *shares)
      if (share.code == code) return &share;
  return nullptr;
}

std::string name_of(const ReferenceCounts::Row& row) {
  return !row.id.empty() ? row.id : !row.slide.empty() ? row.slide.string() : row.case_id;
}

/// Rows by what a reference may name them by. Their paths are resolved once, not for each count.
class RowIndex {
 public:
  explicit RowIndex(const Cohort& cohort) {
    for (const auto& row : cohort.rows) {
      by_id_.emplace(row.id, &row);
      by_path_.emplace(resolved(row.slide), &row);
      by_case_.emplace(row.case_id, &row);
    }
  }
  /// An id says most, a path more than a case, which may have several slides.
  [[nodiscard]] std::vector<const CohortRow*> meant(const ReferenceCounts::Row& wanted) const {
    if (!wanted.id.empty()) return of(by_id_, wanted.id);
    if (!wanted.slide.empty()) return of(by_path_, resolved(wanted.slide));
    return of(by_case_, wanted.case_id);
  }

 private:
  template <class Key>
  using Rows = std::multimap<Key, const CohortRow*>;
  static fs::path resolved(const fs::path& path) {
    std::error_code error;
    return fs::weakly_canonical(path, error);
  }
  template <class Key>
  static std::vector<const CohortRow*> of(const Rows<Key>& rows, const Key& key) {
    std::vector<const CohortRow*> found;
    const auto [begin, end] = rows.equal_range(key);
    for (auto row = begin; row != end; ++row) found.push_back(row->second);
    return found;
  }

  Rows<std::string> by_id_;
  Rows<fs::path> by_path_;
  Rows<std::string> by_case_;
};

std::string why_not(const CohortRow& row) {
  if (!row.withheld.empty()) return "its numbers are withheld: " + row.withheld;
  if (row.state == CohortState::ok) return "";
  return row.reason.empty() ? std::string(labels_of(row.state).words)
                            : fmt::format("{}: {}", labels_of(row.state).words, row.reason);
}

std::set<std::string> counted_in(const Cohort& cohort) {
  std::set<std::string> known;
  for (const auto& row : cohort.rows)
    for (const auto* shares : {&row.sums, &row.classes})
      for (const auto& share : *shares) known.insert(share.code);
  return known;
}

/// Measures by specimen and column, made as slides come.
class Measures {
 public:
  explicit Measures(std::vector<std::string> codes) : codes_(std::move(codes)) {}

  /// Whether one of the row's counts could be compared.
  bool add(const CohortRow& row, const ReferenceCounts::Row& counts,
           std::vector<Comparison::LeftOut>& left_out) {
    bool any = false;
    for (const auto& [code, percent] : counts.percent) {
      const auto* share = share_of(row, code);
      if (share == nullptr || !share->fraction) {
        left_out.push_back({row.id, fmt::format("its model does not count {}", code)});
        continue;
      }
      auto& measure = of(row.specimen, *share);
      ComparedMeasure::Slide slide{.id = row.id,
                                   .case_id = row.case_id,
                                   .percent = {percent, 100 * *share->fraction},
                                   .wilson95 = {}};
      if (share->wilson95)
        slide.wilson95 = Interval{100 * share->wilson95->low, 100 * share->wilson95->high};
      measure.slides.push_back(std::move(slide));
      any = true;
    }
    return any;
  }
  /// Blood before marrow.
  std::vector<ComparedMeasure> taken() {
    std::vector<ComparedMeasure> all;
    for (const auto* specimen : {"pb", "bm"})
      for (const auto& code : codes_)
        if (auto found = by_name_.find({specimen, code}); found != by_name_.end())
          all.push_back(categorized(std::move(found->second)));
    return all;
  }

 private:
  ComparedMeasure& of(const std::string& specimen, const CohortShare& share) {
    auto& measure = by_name_[{specimen, share.code}];
    measure.specimen = specimen;
    measure.code = share.code;
    measure.label = share.label;
    return measure;
  }
  static ComparedMeasure categorized(ComparedMeasure measure) {
    measure.limits = limits_of(measure.specimen, measure.code);
    if (measure.limits.empty()) return measure;
    const auto size = measure.limits.size() + 1;
    measure.categories.assign(size, std::vector<std::int64_t>(size));
    for (const auto& slide : measure.slides)
      ++measure.categories[category_of(slide.percent.reference, measure.limits)]
                          [category_of(slide.percent.measured, measure.limits)];
    return measure;
  }

  std::vector<std::string> codes_;
  std::map<std::pair<std::string, std::string>, ComparedMeasure> by_name_;
};

}  // namespace

std::vector<MeasuredPair> pairs_of(const ComparedMeasure& measure) {
  std::vector<MeasuredPair> pairs;
  for (const auto& slide : measure.slides) pairs.push_back(slide.percent);
  return pairs;
}

std::size_t category_of(double percent, const std::vector<double>& limits) {
  return static_cast<std::size_t>(std::upper_bound(limits.begin(), limits.end(), percent) -
                                  limits.begin());
}

std::vector<std::string> category_labels(const std::vector<double>& limits) {
  std::vector<std::string> labels;
  if (limits.empty()) return labels;
  labels.push_back(fmt::format("below {} %", limits.front()));
  for (std::size_t i = 1; i < limits.size(); ++i)
    labels.push_back(fmt::format("{} to below {} %", limits[i - 1], limits[i]));
  labels.push_back(fmt::format("{} % and more", limits.back()));
  return labels;
}

void check_counted(const ReferenceCounts& reference, const std::set<std::string>& known) {
  FaultList faults;
  for (const auto& code : reference.codes)
    if (!known.contains(code))
      faults.add("column \"{}{}\": that is not counted here; expected {} and one of {}",
                 kReferencePrefix, code, kReferencePrefix, fmt::join(known, ", "));
  faults.throw_if_any(reference.path.string());
}

Comparison compare(const Cohort& cohort, const ReferenceCounts& reference) {
  // Where no slide has numbers each is listed with its reason.
  if (const auto known = counted_in(cohort); !known.empty()) check_counted(reference, known);
  Comparison comparison{.reference = reference.path, .made_utc = cohort.made_utc};
  const RowIndex rows(cohort);
  Measures measures(reference.codes);
  std::map<const CohortRow*, std::size_t> taken;
  FaultList faults;
  for (const auto& counts : reference.rows) {
    const auto meant = rows.meant(counts);
    if (meant.size() > 1) {
      faults.add("row {}: \"{}\" may mean {} slides; name one by a column id", counts.number,
                 name_of(counts), meant.size());
    } else if (meant.empty()) {
      comparison.left_out.push_back({name_of(counts), "no report of it is here"});
    } else if (const auto [first, fresh] = taken.try_emplace(meant.front(), counts.number);
               !fresh) {
      faults.add("row {}: counts slide \"{}\", as row {} does", counts.number, meant.front()->id,
                 first->second);
    } else if (const auto reason = why_not(*meant.front()); !reason.empty()) {
      comparison.left_out.push_back({meant.front()->id, reason});
    } else if (measures.add(*meant.front(), counts, comparison.left_out)) {
      ++comparison.slides;
    }
  }
  faults.throw_if_any(reference.path.string());
  comparison.measures = measures.taken();
  comparison.without_reference = cohort.rows.size() - taken.size();
  return comparison;
}

}  // namespace cytocape
