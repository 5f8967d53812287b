#pragma once

/// What a record says of the criteria, as it was judged when the record was written, and what the
/// record of a case holds. For looking at records; the reports are judged anew from the counts
/// (pipeline/case/assess.hpp).

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "io/report.hpp"

namespace cytocape {

enum class RecordKind { slide, case_of_slides };

/// Throws StorageError for a file that is neither, or of another schema version.
[[nodiscard]] RecordKind record_kind(const std::filesystem::path& path);

/// True for the record of a slide that failed; false for any other file, damaged ones included.
[[nodiscard]] bool is_failed_record(const std::filesystem::path& path);

/// /criteria: the case, what was given, readings, agreement, editions and their criteria. What the
/// record does not keep is empty: decisions, changes and classes of an edition; members, remarks,
/// text and citation of a criterion; basis, remarks and classes of a reading. Throws StorageError.
[[nodiscard]] criteria::CaseResult read_assessment(const std::filesystem::path& path);

/// /differential/groups without what the record does not keep: note, classes, unknown parts. Throws
/// StorageError.
[[nodiscard]] std::vector<GroupEstimate> read_groups(const std::filesystem::path& path);

/// A slide's record as the record of its case links to it.
struct LinkedSlide {
  std::string id;
  std::filesystem::path record;  ///< relative to the case's record
  std::string lost;              ///< why it cannot be read now; the rest is then empty
  bool made_anew = false;        ///< it is not the record that the case was made of
  std::filesystem::path slide;
  std::optional<Specimen> specimen;
  std::optional<Status> status;
  std::string model;
  std::uint64_t denominator = 0;  ///< counted cells; none where the slide failed
};

/// The slides of a case's record, in its order. Throws StorageError where that itself is damaged.
[[nodiscard]] std::vector<LinkedSlide> read_linked_slides(const std::filesystem::path& path);

}  // namespace cytocape
