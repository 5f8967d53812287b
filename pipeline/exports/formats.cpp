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
    ExportFormat{.name = "clam",
                 .extension = ".h5",
                 .read_by = "CLAM",
                 .is_text = false,
                 .needs = cells,
                 .start = start_patches_h5},
    ExportFormat{.name = "trident",
                 .extension = "_patches.h5",
                 .read_by = "TRIDENT",
                 .is_text = false,
                 .needs = cells,
                 .start = start_patches_h5},
    ExportFormat{.name = "wsinfer",
                 .extension = ".csv",
                 .read_by = "WSInfer's tools",
                 .is_text = true,
                 .needs = classes,
                 .start = start_wsinfer_csv},
    ExportFormat{.name = "tiatoolbox",
                 .extension = ".db",
                 .read_by = "TIAToolbox",
                 .is_text = false,
                 .needs = cells,
                 .start = start_tiatoolbox},
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
