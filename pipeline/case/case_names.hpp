#pragma once

/// Which cases of a run have laboratory values, and which values belong to no slide of the run.

#include <string>
#include <vector>

namespace cytocape {

/// The case that `name` may be meant for: spelt otherwise (C-17, c17, C_017), its slide's name
/// (C-17-blood), or a letter astray. Never another number: C-18 is another person. Empty where none
/// is near.
[[nodiscard]] std::string near_case(const std::string& name, const std::vector<std::string>& cases);

/// Each sorted and without repetition.
struct CaseNames {
  std::vector<std::string> of_slides;
  std::vector<std::string> of_labs;
};

/// Text for people where the two differ; empty where they agree. Throws ConfigError naming `labs`
/// where no slide has a value: the run would be as if none had been given.
[[nodiscard]] std::string check_cases(const CaseNames& names, const std::string& labs);

}  // namespace cytocape
