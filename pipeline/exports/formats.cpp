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
    ExportFormat{.name = "hl7",
                 .extension = ".hl7",
                 .read_by = "laboratory systems, HL7 v2.5.1",
                 .is_text = true,
                 .needs = nothing,
                 .start = start_hl7},
    ExportFormat{.name = "dicom-ann",
                 .extension = ".ann.dcm",
                 .read_by = "DICOM archives and viewers, cells",
                 .is_text = false,
                 .needs = cells,
                 .start = start_dicom_cells,
                 .why_not = why_no_dicom},
    ExportFormat{.name = "dicom-sr",
                 .extension = ".sr.dcm",
                 .read_by = "the same, numbers",
                 .is_text = false,
                 .needs = cells,
                 .start = start_dicom_numbers,
                 .why_not = why_no_dicom},
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
