#pragma once

/// Pictures and slides with boxes around their white cells, and how well the finder does on them.

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "finder_scoring.hpp"

namespace cytocape::testing {

/// A picture of known cells. Boxes are named "WBC", "RBC" or "Platelets".
struct Field {
  std::string name;
  bool even = false;  ///< rules are tuned on these; by the last (hexadecimal) digit of the name
  std::filesystem::path file;
  std::vector<TruthBox> boxes;
  double mpp = 0;
};

/// The fields of FOLDER/images whose boxes lie in FOLDER/annotations (Pascal VOC) or FOLDER/boxes
/// (YOLO text: 0 white cell, 1 red cell, 2 platelet; centre and size as shares). `mpp` 0 takes the
/// median red cell of the even fields for 7.5 um.
[[nodiscard]] std::vector<Field> read_fields(const std::filesystem::path& folder, double mpp);

/// Every `step`-th picture of FOLDER/<class>/, each with one cell in its middle, a platelet in
/// those of the class of that name.
[[nodiscard]] std::vector<Field> read_single_cells(const std::filesystem::path& folder, double mpp,
                                                   std::size_t step);

/// What was found of a field or slide. Cells cut by the picture's edge count neither way.
struct FieldScore {
  int cells = 0;  ///< whole white cells
  int found = 0;
  int excluded = 0;  ///< of those found: as border, clump or out of focus
  int doubled = 0;   ///< cells found more than once
  int aside = 0;     ///< where no white cell is, excluded as cut by the border: no error
  int wrong = 0;     ///< found where no cell is, or found again
  void operator+=(const FieldScore& other);
  [[nodiscard]] double recall() const { return cells > 0 ? 1.0 * found / cells : 1; }
  [[nodiscard]] double precision() const { return found > 0 ? 1.0 * found / (found + wrong) : 1; }
};

enum class Verdict { right, doubled, wrong, ignored };

struct FieldResult {
  FieldScore score;
  std::vector<Verdict> verdicts;        ///< of each located cell
  std::vector<const TruthBox*> missed;  ///< of the truth that was given
};

/// A cell belongs to the white box that holds its centre, of several to the one whose middle is
/// nearest. No error is a cell in the box of a platelet or of a cut cell, nor one that is excluded
/// as cut by the border.
[[nodiscard]] FieldResult judge(const std::vector<TruthBox>& boxes,
                                const std::vector<LocatedCell>& cells, Size size);

/// Squares cut from pictures around what went wrong, by kind.
class ErrorSheets {
 public:
  void add(const Image& image, double mpp, const std::vector<TruthBox>& boxes,
           const std::vector<LocatedCell>& cells, const FieldResult& result);
  /// FOLDER/NAME-missed.png, -doubled.png and -wrong.png, without those that would be empty.
  void write(const std::filesystem::path& folder, const std::string& name) const;

 private:
  static constexpr int kEdge = 220;
  static constexpr int kColumns = 8;
  std::array<ContactSheet, 3> sheets_{ContactSheet{kEdge, kColumns}, ContactSheet{kEdge, kColumns},
                                      ContactSheet{kEdge, kColumns}};
};

}  // namespace cytocape::testing
