#pragma once

/// The slides of a run as a table, for when they differ in specimen or pixel size.
///
///     slide,id,case,specimen,mpp,accession,stain,sampled
///     night/a.svs,,C-17,pb,,H26-004711,May-Gruenwald-Giemsa,2026-01-02
///     scans/b.tiff,b-second-scan,C-18,bm,0.25,,,
///     scans/c.tiff,,,pb,0.25 0.26,,,

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "io/report.hpp"
#include "io/slide.hpp"
#include "io/specimen.hpp"

namespace cytocape {

/// A slide as the user gave it.
struct GivenSlide {
  std::filesystem::path path;
  /// Its place in the folder that was given for it; empty where the slide itself was given.
  std::filesystem::path within{};
  std::string id;                    ///< names the report's folder; empty: made from the path
  std::string case_id;               ///< whose slide it is; empty: as settle_names says
  std::optional<Specimen> specimen;  ///< none: the run's
  std::optional<Mpp> mpp;            ///< the slide's pixel size; none: the configuration's
  SlideIdentity identity;            ///< what else is printed of it
  std::string sha256{};              ///< slide_sha256, where naming it took that; else empty
};

/// `slide` is needed, relative to the manifest's folder; `id`, `case` (whose slide it is: its rows
/// of --labs), `specimen` and `mpp` (um/px, one number or x and y) may be empty or absent; the
/// letter case of columns does not matter. So may `accession`, `stain` and `sampled` (a day,
/// YYYY-MM-DD), which are printed and decide nothing, and reference counts (comparison.hpp). Throws
/// one ConfigError with all faults: row, column, value.
[[nodiscard]] std::vector<GivenSlide> read_manifest(const std::filesystem::path& path);

/// Whether the columns of a table are those of a manifest. False for what cannot be read.
[[nodiscard]] bool looks_like_manifest(const std::filesystem::path& path);

}  // namespace cytocape
