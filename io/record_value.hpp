#pragma once

/// Values of closed vocabularies (vocabulary.hpp) as records hold them. Internal to io/.

#include <string>

#include "io/hdf5_reader.hpp"
#include "io/text.hpp"
#include "io/vocabulary.hpp"

namespace cytocape {

/// Fails, naming `where` in the file, for a code that this program does not know.
template <Vocabulary Value>
[[nodiscard]] Value known_value(const h5::Reader& file, const std::string& where,
                                const std::string& code) {
  if (const auto value = value_named<Value>(code)) return *value;
  file.fail(where, "'" + shortened(code) + "' is none of the known values");
}

/// The same of an attribute.
template <Vocabulary Value>
[[nodiscard]] Value read_value(const h5::Reader& file, const std::string& object,
                               const std::string& name) {
  return known_value<Value>(file, object + "@" + name, file.get<std::string>(object, name));
}

}  // namespace cytocape
