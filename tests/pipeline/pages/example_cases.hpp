#pragma once

/// Cases as a laboratory would have them, judged by the program's own rules: what their pages look
/// like is looked at and measured.

#include <filesystem>
#include <string>
#include <vector>

#include "io/report.hpp"

namespace cytocape::testing {

struct ExampleCase {
  std::string name;  ///< of its page: "plain"
  criteria::CaseResult assessment;
  std::vector<SlideReport> slides;
};

/// A plain slide, one with laboratory values, blood and marrow, insufficient, incomplete, failed,
/// strange, excluded by genetics, a slide with nothing beside it, one that was reviewed, signed or
/// amended, one of very long names, one of a single cell and one of none. Pictures of cells are
/// drawn into `folder`, where files of these names are replaced.
[[nodiscard]] std::vector<ExampleCase> example_cases(const std::filesystem::path& folder);

}  // namespace cytocape::testing
