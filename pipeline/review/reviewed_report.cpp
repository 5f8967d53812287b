#include "pipeline/review/reviewed_report.hpp"

#include <fmt/format.h>

#include "io/digest.hpp"
#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/record_scan.hpp"
#include "pipeline/review/beside.hpp"
#include "pipeline/review/review_file.hpp"
#include "pipeline/review/revise.hpp"

namespace cytocape {

void revise_by_review(const std::filesystem::path& record, SlideReport& report) {
  const auto review = read_review(folder_of(record), sha256_of_file(record));
  if (!review)
    throw ConfigError(fmt::format(
        "--review: {}: there is no {} beside it; review the slide with cytocape serve, or leave "
        "--review away",
        record.string(), kReviewFile));
  std::vector<CellRow> cells;
  static_cast<void>(scan_record(record, [&](const SlideReport&, const std::vector<CellRow>& some) {
    cells.insert(cells.end(), some.begin(), some.end());
  }));
  revise(report, *review, CellIndex(cells, report.model.classes));
  add_diseases_seen_beside(folder_of(record), report);
}

}  // namespace cytocape
