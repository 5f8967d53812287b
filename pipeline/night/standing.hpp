#pragma once

/// Whether the report of a slide that is there already is what this run would make
/// (docs/decisions/0037-run-again.md).

#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "io/record_scan.hpp"
#include "pipeline/night/journal.hpp"

namespace cytocape {

/// What decides the numbers of one slide's report.
struct SlideInputs {
  std::filesystem::path path;
  Specimen specimen = Specimen::blood;
  std::string case_id;
  std::optional<Mpp> mpp;  ///< a person's, of this slide or of the run; none: the slide's own
  SlideIdentity identity;
  std::vector<criteria::GivenValue> given;  ///< laboratory values of its case
};

/// What decides those of all slides of a run.
struct RunInputs {
  std::string model_name;
  std::string model_sha256;
  std::string config_toml;  ///< every value in force
  std::string tool_version;
  std::string commit;
};

struct Standing {
  enum class Kind : std::uint8_t {
    absent,      ///< no report
    up_to_date,  ///< whole, and made of the same
    failed,      ///< says that the slide failed
    broken,      ///< not whole, of a part of the slide, or cannot be read
    other,       ///< made of something else
    away,        ///< whole, and the slide's files cannot be read now: nothing better can be made
  };
  Kind kind = Kind::absent;
  std::string why;               ///< of an earlier report that is not up to date
  std::optional<Status> status;  ///< of an earlier report, where it can be read
  bool content_alone = false;    ///< of one that is `other`: nothing differs but the slide
  bool same_run = false;         ///< of one that failed: by the same program, model and settings
  [[nodiscard]] bool to_do() const { return kind != Kind::up_to_date && kind != Kind::away; }
  /// A report that may be worth keeping where it is: replaced only when asked for.
  [[nodiscard]] bool needs_leave() const { return kind == Kind::other; }
};

/// SHA-256 of the slide's content. What it throws makes the report one of something else.
using ContentDigest = std::function<std::string()>;

/// Of the report in `folder`. `digest` is asked only where all else agrees; `series` makes reading
/// many quicker. Throws nothing of a damaged record.
[[nodiscard]] Standing standing_of(const std::filesystem::path& folder, const SlideInputs& slide,
                                   const RunInputs& run, const ContentDigest& digest,
                                   RecordSeries* series = nullptr);

/// Of all that decides a slide's numbers beside its content: equal where nothing of it differs.
[[nodiscard]] std::string inputs_digest(const SlideInputs& slide, const RunInputs& run);

/// As standing_of, without opening the record: of a report that a journal noted with the same
/// inputs, of a slide and a record whose sizes and times are as they were then. None where a
/// journal does not say so, and the record decides. `known` is of the slide at its place.
[[nodiscard]] std::optional<Standing> believed_standing(const std::filesystem::path& folder,
                                                        const SlideInputs& slide,
                                                        const RunInputs& run,
                                                        const SlideHistory& known);

/// Why one of the slide's files cannot be read, as while its writer keeps it to itself or its share
/// is away; empty where all can.
[[nodiscard]] std::string why_unreadable(const std::filesystem::path& slide);

/// Sizes and times of modification of a slide's files as a text that another state has otherwise;
/// empty where they cannot be had.
[[nodiscard]] std::string files_state(const std::filesystem::path& slide);

/// Of two such texts: whether files have come, and those that were there are as they were. An
/// archive sends a DICOM series file by file.
[[nodiscard]] bool only_added_files(const std::string& before, const std::string& now);

}  // namespace cytocape
