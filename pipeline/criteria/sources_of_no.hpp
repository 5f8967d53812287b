#pragma once

/// Whether the source of an answer "no" is read as a denial.

#include <optional>
#include <string>
#include <string_view>

namespace cytocape::criteria {

/// What an answer "no" is given to.
struct AskedOf {
  std::string item;       ///< "bcr_abl1", "mutation"
  std::string gene = {};  ///< of a mutation, as written
};

/// A part of a source that is not read as a denial.
struct Unread {
  std::string part;       ///< of the source
  bool contrary = false;  ///< it may say that something was found
};

/// The part of a source that is neither a denial nor a method, sample, laboratory, person, date or
/// number; none where all of it is ("FISH, 200 nuclei", "p190 and p210 negative"). "p210 negative,
/// p190 positive" is the second, "not excluded" itself, "no longer detectable" what is no denial
/// either. What is not understood is none: the words that are understood are a list
/// (configs/criteria/sources_of_no.toml). Thread-safe; time grows with the square of the longest
/// clause.
[[nodiscard]] std::optional<Unread> not_read_as_denial(std::string_view source,
                                                       const AskedOf& asked);

}  // namespace cytocape::criteria
