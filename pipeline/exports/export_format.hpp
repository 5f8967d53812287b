#pragma once

/// The formats that other programs read a slide's cells and numbers in (docs/exports.md). A format
/// is a class that takes the cells as they come, and a line of the table in formats.cpp:
///
///     class Places : public SlideWriter {
///      public:
///       explicit Places(const ExportTarget& target) : file_(target) { file_.write("x,y\n"); }
///       void add(const std::vector<CellRow>& cells) override {
///         for (const auto& cell : cells)
///           file_.write(fmt::format("{},{}\n", cell.centre.x, cell.centre.y));
///       }
///       void finish() override { file_.close(); }
///
///      private:
///       TextFile file_;
///     };

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "io/report.hpp"
#include "pipeline/exports/exported_slide.hpp"

namespace cytocape {

/// Where a writer makes its file, which is not there yet. Whoever started it puts the file into
/// place once it is whole.
struct ExportTarget {
  std::filesystem::path file;
  bool compressed = false;  ///< as gzip; of formats that are text alone
};

/// Writes one slide. Cells come in the record's order, some thousand at a time, so that memory does
/// not grow with them; where classes are withheld they have neither class nor probabilities. Used
/// by one thread. Members throw StorageError; then, or if `finish` was never called, the file is
/// thrown away.
class SlideWriter {
 public:
  SlideWriter() = default;
  virtual ~SlideWriter() = default;
  SlideWriter(const SlideWriter&) = delete;
  SlideWriter& operator=(const SlideWriter&) = delete;

  virtual void add(const std::vector<CellRow>& cells) = 0;
  /// Writes what is left and closes the file.
  virtual void finish() = 0;
};

/// What a slide must have for a file of the format to make sense.
enum class ExportNeeds {
  nothing,  ///< a slide that failed has a file that says so
  cells,    ///< a slide that failed has none
  classes,  ///< nor has one whose classes are withheld
};

struct ExportFormat {
  const char* name;       ///< of --to
  const char* extension;  ///< as its readers look for it: ".geojson"
  const char* read_by;    ///< which programs, for the help
  bool is_text;           ///< may be written compressed, with ".gz" behind the extension
  ExportNeeds needs;
  /// Both outlive the writer.
  std::unique_ptr<SlideWriter> (*start)(const ExportedSlide& slide, const ExportTarget& target);
  /// Why the format cannot tell of the slide, whatever is known of it; empty where it can. By the
  /// head of its record (read_origin). May be null.
  std::string (*why_not)(const SlideReport& report) = nullptr;
};

/// In the order of the help.
[[nodiscard]] std::span<const ExportFormat> export_formats();
/// Null where there is none of that name.
[[nodiscard]] const ExportFormat* find_export_format(const std::string& name);

// Internal: what stands in the table.
std::unique_ptr<SlideWriter> start_geojson(const ExportedSlide& slide, const ExportTarget& target);
std::unique_ptr<SlideWriter> start_cells_csv(const ExportedSlide& slide,
                                             const ExportTarget& target);
std::unique_ptr<SlideWriter> start_anndata(const ExportedSlide& slide, const ExportTarget& target);
std::unique_ptr<SlideWriter> start_fhir(const ExportedSlide& slide, const ExportTarget& target);
std::unique_ptr<SlideWriter> start_dicom_cells(const ExportedSlide& slide,
                                               const ExportTarget& target);
std::unique_ptr<SlideWriter> start_dicom_numbers(const ExportedSlide& slide,
                                                 const ExportTarget& target);
[[nodiscard]] std::string why_no_dicom(const SlideReport& report);
std::unique_ptr<SlideWriter> start_hl7(const ExportedSlide& slide, const ExportTarget& target);
std::unique_ptr<SlideWriter> start_patches_h5(const ExportedSlide& slide,
                                              const ExportTarget& target);
std::unique_ptr<SlideWriter> start_wsinfer_csv(const ExportedSlide& slide,
                                               const ExportTarget& target);
std::unique_ptr<SlideWriter> start_tiatoolbox(const ExportedSlide& slide,
                                              const ExportTarget& target);

}  // namespace cytocape
