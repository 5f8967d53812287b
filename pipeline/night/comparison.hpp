#pragma once

/// The slides of a folder beside counts of them that somebody else made: what a validation study
/// prints.
///
///     slide,reference_monocytes,reference_blast_equivalents
///     night/a.svs,12.5,0.5
///
/// A manifest may hold such columns, or a table of its own does, which names its slides by `slide`,
/// `id` or `case`.

#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pipeline/night/cohort.hpp"
#include "pipeline/statistics/method_comparison.hpp"

namespace cytocape {

/// Columns of counts by a reference: this and the code of a class or of a sum of classes.
constexpr std::string_view kReferencePrefix = "reference_";

/// In any letter case.
[[nodiscard]] bool is_reference_column(const std::string& column);

/// Whether a manifest has such a column. Throws as read_csv.
[[nodiscard]] bool has_reference_counts(const std::filesystem::path& path);

struct ReferenceCounts {
  struct Row {
    std::size_t number = 0;       ///< in the file, as a spreadsheet counts
    std::string id;               ///< of the slide's report; may be empty
    std::filesystem::path slide;  ///< relative paths are those of the table's folder; may be empty
    std::string case_id;          ///< may be empty
    std::map<std::string, double> percent;  ///< by code, 0..100
  };
  std::filesystem::path path;
  std::vector<std::string> codes;  ///< in the order of the columns
  std::vector<Row> rows;
};

/// Other columns are passed over: the table may be a manifest. Throws one ConfigError with all
/// faults: row, column, value.
[[nodiscard]] ReferenceCounts read_reference_counts(const std::filesystem::path& path);

/// One class or sum of one specimen.
struct ComparedMeasure {
  struct Slide {
    std::string id;
    std::string case_id;
    MeasuredPair percent;
    std::optional<Interval> wilson95;  ///< of the slide's share, percent
  };
  std::string specimen;  ///< "pb"
  std::string code;
  std::string label;
  std::vector<Slide> slides;
  std::vector<double>
      limits;  ///< percent, rising; categories lie between them; empty: none are compared
  std::vector<std::vector<std::int64_t>> categories;  ///< [reference][slide]
};

struct Comparison {
  struct LeftOut {
    std::string name;  ///< of the slide, as the reference names it
    std::string reason;
  };
  std::filesystem::path reference;
  std::vector<ComparedMeasure> measures;  ///< blood first, then in the order of the columns
  std::vector<LeftOut> left_out;          ///< slides with a reference that could not be compared
  std::size_t slides = 0;                 ///< compared, in one measure at least
  std::size_t without_reference = 0;
  std::string made_utc;
};

/// Throws ConfigError for columns of classes and sums that are not `known`.
void check_counted(const ReferenceCounts& reference, const std::set<std::string>& known);

/// Only slides whose analysis is complete and whose numbers are not withheld are compared; the
/// others are listed with the reason. Throws ConfigError where a column names no class or sum of
/// any report, a row no single slide, or two rows the same one.
[[nodiscard]] Comparison compare(const Cohort& cohort, const ReferenceCounts& reference);

[[nodiscard]] std::vector<MeasuredPair> pairs_of(const ComparedMeasure& measure);

/// Which of category_labels(limits) a share is in.
[[nodiscard]] std::size_t category_of(double percent, const std::vector<double>& limits);

/// "below 10 %", "10 to below 20 %", "20 % and more".
[[nodiscard]] std::vector<std::string> category_labels(const std::vector<double>& limits);

/// The tables and the page (docs/report-format.md), handed to `write`.
void write_comparison_csv(const Comparison& comparison, const WriteText& write);
void write_statistics_csv(const Comparison& comparison, const WriteText& write);
void write_comparison_page(const Comparison& comparison, const WriteText& write);

}  // namespace cytocape
