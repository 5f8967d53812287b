#pragma once

/// Values of closed vocabularies (vocabulary.hpp) as records hold them. Internal to io/.

#include <optional>
#include <string>

#include "io/hdf5_reader.hpp"
#include "io/text.hpp"
#include "io/vocabulary.hpp"

namespace cytocape {

/// The value that a word means; fails, naming `where` in the file, where it means none.
template <class Value>
[[nodiscard]] Value known(const h5::Reader& file, const std::string& where, const std::string& word,
                          const std::optional<Value>& value) {
  if (value) return *value;
  file.fail(where, "'" + shortened(word) + "' is not a known value");
}

template <Vocabulary Value>
[[nodiscard]] Value known_value(const h5::Reader& file, const std::string& where,
                                const std::string& code) {
  return known(file, where, code, value_named<Value>(code));
}

/// The same of an attribute.
template <Vocabulary Value>
[[nodiscard]] Value read_value(const h5::Reader& file, const std::string& object,
                               const std::string& name) {
  return known_value<Value>(file, object + "@" + name, file.get<std::string>(object, name));
}

}  // namespace cytocape
