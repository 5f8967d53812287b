#pragma once

/// From one folder of reports to its rows. Internal to pipeline/night.

#include "io/gzip_file.hpp"
#include "pipeline/night/cohort.hpp"

namespace cytocape {

/// What is known of a folder before any record is read.
struct FolderOutline {
  struct Place {
    std::string id;
    std::filesystem::path folder;
    bool has_record = false;
    CohortState state = CohortState::ok;  ///< of a slide without a record
    std::string slide;                    ///< path, of a slide without a record
    std::string reason;
    std::string time;
  };
  std::string name;               ///< as the tables name it: relative to them; empty of their own
  std::vector<Place> places;      ///< by id
  std::vector<std::string> last;  ///< ids of the last run and of those that are running; sorted
  std::string last_model_sha256;  ///< of the last run; empty where no journal says
  std::string last_config_sha256;
};

/// `into`: where the tables will be.
[[nodiscard]] FolderOutline outline_of(const std::filesystem::path& out,
                                       const std::filesystem::path& into);

/// A text that is another where a table made of this folder would be, but for the clock.
[[nodiscard]] std::string fingerprint(const FolderOutline& outline);

/// Adds the folders' rows, by slide, and their cells to `cells`, which may be null.
void add_rows(const std::vector<FolderOutline>& outlines, GzipFile* cells, Cohort& cohort,
              const CollectProgress& progress = {});

}  // namespace cytocape
