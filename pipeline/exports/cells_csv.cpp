#include "pipeline/exports/export_format.hpp"
#include "pipeline/exports/text_file.hpp"
#include "pipeline/night/cell_table.hpp"

namespace cytocape {
namespace {

class CellsCsv : public SlideWriter {
 public:
  CellsCsv(const ExportedSlide& slide, const ExportTarget& target) : slide_(slide), file_(target) {
    file_.write(kCellColumns);
  }
  void add(const std::vector<CellRow>& cells) override {
    text_.clear();
    add_cells(slide_.report, !slide_.withheld.empty(), cells, text_);
    file_.write(text_);
  }
  void finish() override { file_.close(); }

 private:
  const ExportedSlide& slide_;
  TextFile file_;
  std::string text_;
};

}  // namespace

std::unique_ptr<SlideWriter> start_cells_csv(const ExportedSlide& slide,
                                             const ExportTarget& target) {
  return std::make_unique<CellsCsv>(slide, target);
}

}  // namespace cytocape
