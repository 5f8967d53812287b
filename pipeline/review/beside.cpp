#include "pipeline/review/beside.hpp"

#include <algorithm>

#include "io/digest.hpp"
#include "io/durable_file.hpp"
#include "io/record_scan.hpp"
#include "pipeline/review/morphology.hpp"
#include "pipeline/review/review_file.hpp"

namespace cytocape {

namespace fs = std::filesystem;

namespace {

/// Most reviews say nothing of morphology, and asking their records whose they are takes long.
bool speaks_of_morphology(const fs::path& folder) {
  const auto rows = Ledger::read(folder / kReviewFile)->after(0);
  return std::any_of(rows.begin(), rows.end(), [](const LedgerEntry& row) {
    return row.what.kind == to_string(DecisionKind::morphology);
  });
}

}  // namespace

std::vector<criteria::GivenValue> diseases_seen_beside(const fs::path& folder,
                                                       const SlideReport& report) {
  if (report.case_id.empty()) return {};
  std::vector<fs::path> reviewed;
  std::error_code error;
  const auto own = fs::weakly_canonical(folder, error);
  for (const auto& entry : fs::directory_iterator(own.parent_path(), error))
    if (entry.path() != own && !entry.path().filename().string().starts_with('.') &&
        fs::exists(entry.path() / kReviewFile, error) &&
        fs::exists(entry.path() / "report.h5", error))
      reviewed.push_back(entry.path());
  std::sort(reviewed.begin(), reviewed.end());
  std::vector<criteria::GivenValue> rows;
  for (const auto& place : reviewed) {
    if (!speaks_of_morphology(place)) continue;
    const auto record = place / "report.h5";
    const auto other = read_origin(record);
    if (other.case_id != report.case_id) continue;
    const auto review = read_review(place, sha256_of_file(record));
    if (!review) continue;
    for (auto& row : findings_of(*review, other.specimen, other.slide.id))
      if (row.item == kNamedDiseaseItem) rows.push_back(std::move(row));
  }
  return rows;
}

void add_diseases_seen_beside(const fs::path& folder, SlideReport& report) {
  auto rows = diseases_seen_beside(folder, report);
  auto& own = report.review->findings;
  own.insert(own.end(), std::make_move_iterator(rows.begin()), std::make_move_iterator(rows.end()));
}

}  // namespace cytocape
