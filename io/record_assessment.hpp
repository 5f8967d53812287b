#pragma once

/// The part of the record that judges: /criteria, /quality, and the sums beside the differential.
/// Internal to io/.

#include "io/hdf5.hpp"
#include "io/hdf5_reader.hpp"
#include "io/report.hpp"

namespace cytocape {

/// The criteria of a case, into /criteria, which must not be there. Throws StorageError.
void write_criteria(h5::File& file, const criteria::CaseResult& assessment);

/// /differential/groups and /differential/figures. Throws StorageError.
void write_sums(h5::File& file, const SlideReport& report);

void write_quality(h5::File& file, const std::vector<QualityCheck>& checks);
[[nodiscard]] std::vector<QualityCheck> read_quality(const h5::Reader& file);

/// Whose slide it is and what was given of it. What the criteria said is judged anew from that and
/// from the counts (pipeline/case/assess.hpp), so it is not read.
[[nodiscard]] criteria::CaseResult read_case(const h5::Reader& file);

/// What the criteria said when the record was written, as far as it is kept (record_outline.hpp).
[[nodiscard]] criteria::CaseResult read_judgement(const h5::Reader& file);

/// As read_groups of record_outline.hpp.
[[nodiscard]] std::vector<GroupEstimate> read_groups(const h5::Reader& file);

}  // namespace cytocape
