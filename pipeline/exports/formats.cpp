#include <algorithm>
#include <array>

#include "pipeline/exports/export_format.hpp"

namespace cytocape {
namespace {

using enum ExportNeeds;

constexpr std::array kFormats{
    ExportFormat{.name = "geojson",
                 .extension = ".geojson",
                 .read_by = "QuPath",
                 .is_text = true,
                 .needs = cells,
                 .start = start_geojson},
    ExportFormat{.name = "csv",
                 .extension = ".csv",
                 .read_by = "spreadsheets, pandas, R",
                 .is_text = true,
                 .needs = cells,
                 .start = start_cells_csv},
    ExportFormat{.name = "anndata",
                 .extension = ".h5ad",
                 .read_by = "anndata, scanpy, squidpy",
                 .is_text = false,
                 .needs = cells,
                 .start = start_anndata},
    ExportFormat{.name = "fhir",
                 .extension = ".fhir.json",
                 .read_by = "FHIR R4 servers",
                 .is_text = true,
                 .needs = nothing,
                 .start = start_fhir},
};

}  // namespace

std::span<const ExportFormat> export_formats() {
  return kFormats;
}

const ExportFormat* find_export_format(const std::string& name) {
  const auto* found =
      std::find_if(kFormats.begin(), kFormats.end(), [&](const auto& f) { return f.name == name; });
  return found == kFormats.end() ? nullptr : &*found;
}

}  // namespace cytocape
