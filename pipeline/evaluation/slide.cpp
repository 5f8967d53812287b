#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "io/errors.hpp"
#include "io/record.hpp"
#include "models/engine/classifier.hpp"
#include "pipeline/evaluation/evaluate.hpp"
#include "pipeline/evaluation/match.hpp"
#include "pipeline/evaluation/score.hpp"
#include "pipeline/evaluation/warnings.hpp"
#include "pipeline/run/analyze.hpp"
#include "pipeline/settings/taxonomy.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

std::vector<PhantomCell> read_truth(const fs::path& slide) {
  const auto path = fs::path(slide).replace_extension(".cells.csv");
  if (!fs::exists(path))
    throw ConfigError(
        fmt::format("{}: no {} beside it: a slide is evaluated against its true cells, which "
                    "\"cytocape phantom\" writes; for labelled images give their folder",
                    slide.string(), path.filename().string()));
  return read_phantom_cells(path);
}

Specimen specimen_for(const EvaluateRequest& request) {
  if (request.specimen) return *request.specimen;
  const auto classifier = Classifier::load(request.model, request.config.classifier);
  const auto& made_for = classifier->card().specimens;
  if (made_for.size() == 1) return made_for.front();
  throw ConfigError(fmt::format("--specimen is missing: the model was made for {}; give one",
                                fmt::join(codes_of(made_for), ", ")));
}

/// What a true cell is, each in one kind; in the order of the table.
enum class Kind { alone, touching, blurred, border, smudge, decoy };
constexpr std::array kKinds{Kind::alone,  Kind::touching, Kind::blurred,
                            Kind::border, Kind::smudge,   Kind::decoy};

const char* name_of(Kind kind) {
  switch (kind) {
    case Kind::alone:
      return "alone";
    case Kind::touching:
      return "touching another";
    case Kind::blurred:
      return "out of focus";
    case Kind::border:
      return "cut by the border";
    case Kind::smudge:
      return "smudge cells";
    case Kind::decoy:
      return "decoys, no nucleus";
  }
  return "";
}

Kind kind_of(const PhantomCell& cell) {
  if (cell.smudged) return Kind::smudge;
  if (!cell.nucleated) return Kind::decoy;
  if (cell.border) return Kind::border;
  if (cell.blurred) return Kind::blurred;
  return cell.touching ? Kind::touching : Kind::alone;
}

bool is_cell(const PhantomCell& cell) {
  return cell.nucleated && !cell.smudged;
}

/// Everything that is compared.
struct Comparison {
  const std::vector<PhantomCell>& truth;
  const Record& record;
  CellMatches matches;

  [[nodiscard]] const CellRow* found(std::size_t truth_index) const {
    const auto index = matches.found_of[truth_index];
    return index ? &record.cells[*index] : nullptr;
  }
  [[nodiscard]] const CellClass& called(const CellRow& cell) const {
    return cell_class(record.report.model.classes[static_cast<std::size_t>(cell.class_index)]);
  }
};

bool classified(const CellRow& cell) {
  return cell.outcome == CellOutcome::classified;
}

void count_truth(const Comparison& with, SlideScore& score) {
  std::uint64_t whole = 0;
  std::uint64_t found = 0;
  for (const Kind kind : kKinds) {
    TruthKind row{.name = name_of(kind)};
    for (std::size_t t = 0; t < with.truth.size(); ++t) {
      if (kind_of(with.truth[t]) != kind) continue;
      const auto* cell = with.found(t);
      ++row.cells;
      if (cell == nullptr) {
        ++(with.matches.merged[t] ? row.merged : row.missed);
      } else if (classified(*cell)) {
        ++row.classified;
      } else {
        ++row.excluded;
        ++score.excluded[reason_of(*cell)];
      }
    }
    if (kind == Kind::alone || kind == Kind::touching) {
      whole += row.cells;
      found += row.classified;
    }
    if (row.cells > 0) score.kinds.push_back(std::move(row));
  }
  score.recall = proportion(found, whole);
}

const char* what_is_there(const Comparison& with, std::size_t found_index) {
  const auto own = with.matches.truth_of[found_index];
  const auto under = own ? own : with.matches.lies_on[found_index];
  if (!under) return "nothing is there";
  const auto& cell = with.truth[*under];
  if (cell.smudged) return "a smudge cell is there";
  if (!cell.nucleated) return "something without nucleus is there";
  return own ? "a cell is there" : "that cell was found already";
}

void count_found(const Comparison& with, SlideScore& score) {
  std::uint64_t all = 0;
  std::uint64_t right = 0;
  for (std::size_t f = 0; f < with.record.cells.size(); ++f) {
    const auto& cell = with.record.cells[f];
    // A platelet that is called one stays outside every count, and so does no harm.
    if (!classified(cell)) continue;
    const auto& called = with.called(cell);
    if (!called.counted_pb && !called.counted_bm) continue;
    ++all;
    const auto own = with.matches.truth_of[f];
    if (own && is_cell(with.truth[*own]))
      ++right;
    else
      ++score.false_found[what_is_there(with, f)];
  }
  score.precision = proportion(right, all);
}

void compare_differential(const Comparison& with, SlideScore& score) {
  const auto& report = with.record.report;
  std::map<std::string, DifferentialError> rows;
  double true_total = 0;
  for (const auto& cell : with.truth) {
    const auto& known = cell_class(cell.class_code);
    if (!known.counted_in(report.specimen)) continue;
    ++rows[known.code].true_count;
    true_total += 1;
  }
  for (const auto& found : report.differential)
    if (found.in_denominator && found.count > 0) rows[found.name].found_count = found.count;
  for (auto& [code, row] : rows) {
    row.name = code;
    row.label = cell_class(code).label;
    if (true_total > 0) row.true_share = static_cast<double>(row.true_count) / true_total;
    if (report.denominator > 0)
      row.found_share =
          static_cast<double>(row.found_count) / static_cast<double>(report.denominator);
    score.mean_absolute_points += std::abs(row.points()) / static_cast<double>(rows.size());
    score.differential.push_back(row);
  }
}

std::string outcome_of(const CellRow& cell) {
  return classified(cell) ? "classified" : "excluded: " + reason_of(cell);
}

std::string outcome_of(const Comparison& with, std::size_t truth_index) {
  const auto* cell = with.found(truth_index);
  if (cell == nullptr) return with.matches.merged[truth_index] ? "merged" : "not found";
  return outcome_of(*cell);
}

std::string place_text(Level0Point at) {
  return fmt::format("{:.1f} {:.1f}", at.x, at.y);
}

/// Rows for evaluation.csv: all true cells, then what was found beside them.
std::vector<EvaluatedCell> list_cells(const Comparison& with, const std::vector<int>& label_of) {
  std::vector<EvaluatedCell> rows;
  for (std::size_t t = 0; t < with.truth.size(); ++t) {
    const auto& truth = with.truth[t];
    const int label = label_of[t];
    const auto* cell = with.found(t);
    EvaluatedCell row{
        .file = place_text(truth.centre),
        .truth = label < 0 ? truth.class_code
                           : with.record.report.model.classes[static_cast<std::size_t>(label)],
        .label = label,
        .classified = cell != nullptr && classified(*cell),
        .cape = {},
        .ordinary = {},
        .outcome = outcome_of(with, t)};
    if (cell != nullptr) row.cape.assign(cell->probability.begin(), cell->probability.end());
    rows.push_back(std::move(row));
  }
  for (std::size_t f = 0; f < with.record.cells.size(); ++f) {
    const auto& cell = with.record.cells[f];
    if (with.matches.truth_of[f]) continue;
    EvaluatedCell row{.file = place_text(cell.centre),
                      .truth = "",
                      .label = -1,
                      .classified = classified(cell),
                      .cape = {cell.probability.begin(), cell.probability.end()},
                      .ordinary = {},
                      .outcome = outcome_of(cell) + ", but " + what_is_there(with, f)};
    rows.push_back(std::move(row));
  }
  return rows;
}

/// Each true cell's class in the model, -1 where it knows none; and how many of each there are.
std::vector<int> label_truth(const EvaluateRequest& request, const std::vector<PhantomCell>& truth,
                             Evaluation& evaluation) {
  std::map<std::string, std::uint64_t> counts;
  for (const auto& cell : truth) ++counts[cell.class_code];
  evaluation.data.classes.assign(counts.begin(), counts.end());
  std::vector<std::string> names;
  for (const auto& [name, count] : counts) names.push_back(name);
  const auto labels = match_classes(names, evaluation.model.classes, request.renamed);
  std::vector<int> result;
  for (const auto& cell : truth) {
    const auto at = std::lower_bound(names.begin(), names.end(), cell.class_code) - names.begin();
    result.push_back(labels[static_cast<std::size_t>(at)]);
  }
  return result;
}

/// Classified cells that match a true one.
void score_matched(Evaluation& evaluation) {
  const auto classes = evaluation.model.classes.size();
  Probabilities judged;
  judged.classes = static_cast<int>(classes);
  std::map<std::string, ApartFolder> apart;
  for (const auto& cell : evaluation.cells) {
    if (!cell.classified || cell.truth.empty()) continue;
    if (cell.label >= 0) {
      judged.value.insert(judged.value.end(), cell.cape.begin(), cell.cape.end());
      judged.labels.push_back(cell.label);
      continue;
    }
    auto& folder = apart[cell.truth];
    folder.name = cell.truth;
    folder.called.resize(classes);
    ++folder.images;
    ++folder.called[called_class(cell.cape)];
  }
  evaluation.heads = {score_head("CAPE", judged, evaluation.model.classes)};
  for (auto& [name, folder] : apart) evaluation.apart.push_back(std::move(folder));
}

}  // namespace

std::optional<Evaluation> evaluate_slide(const EvaluateRequest& request,
                                         const std::atomic<bool>& stop) {
  const auto truth = read_truth(request.data);
  AnalyzeRequest analysis;
  analysis.slides.push_back(
      {.path = request.data, .id = {}, .case_id = {}, .specimen = {}, .mpp = {}});
  analysis.model = request.model;
  analysis.specimen = specimen_for(request);
  analysis.config = request.config;
  analysis.out = request.out / "analysis";
  analysis.overwrite = request.overwrite;
  analysis.quiet = request.quiet;
  analysis.command = request.command;
  const auto outcome = analyze(analysis, stop);
  if (outcome.interrupted || outcome.slides.empty()) return std::nullopt;
  const auto& result = outcome.slides.front();
  if (result.folder.empty())
    throw SlideError(fmt::format("{}: could not be analysed: {}", request.data.string(),
                                 fmt::join(result.reasons, "; ")));

  const auto record = read_record(result.folder / "report.h5");
  Evaluation evaluation;
  evaluation.model = record.report.model;
  evaluation.model_warnings =
      model_warnings_of(card_from_json(evaluation.model.card_json, result.folder.string()));
  evaluation.run = record.report.run;
  evaluation.appearance = record.report.appearance;
  evaluation.data.path = request.data;
  evaluation.data.renamed = request.renamed;
  const Comparison comparison{truth, record, match_cells(truth, record.cells)};
  evaluation.cells = list_cells(comparison, label_truth(request, truth, evaluation));
  score_matched(evaluation);
  SlideScore score;
  score.id = result.request.id;
  score.status = result.status;
  score.reasons = result.reasons;
  score.report = result.folder;
  count_truth(comparison, score);
  count_found(comparison, score);
  compare_differential(comparison, score);
  evaluation.slide = std::move(score);
  return evaluation;
}

}  // namespace cytocape
