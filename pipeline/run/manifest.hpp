#pragma once

/// The slides of a run as a table, for when they differ in specimen or pixel size.
///
///     slide,id,case,specimen,mpp
///     night/a.svs,,C-17,pb,
///     scans/b.tiff,b-second-scan,C-18,bm,0.25
///     scans/c.tiff,,,pb,0.25 0.26

#include <filesystem>
#include <vector>

#include "pipeline/graph/slide_job.hpp"

namespace cytocape {

/// `slide` is needed, relative to the manifest's folder; `id`, `case` (whose slide it is: its rows
/// of --labs), `specimen` and `mpp` (um/px, one number or x and y) may be empty or absent; the
/// letter case of columns does not matter. Throws one ConfigError with all faults: row, column,
/// value.
[[nodiscard]] std::vector<SlideRequest> read_manifest(const std::filesystem::path& path);

}  // namespace cytocape
