#pragma once

/// Goes through the elements of an XML text that nobody vouches for. Internal to io/. Not a parser:
/// it checks no nesting and knows no document types; comments and CDATA hold no elements for it.

#include <optional>
#include <string>
#include <string_view>

namespace cytocape {

struct XmlElement {
  std::string_view name;        ///< without the prefix of its namespace
  std::string_view attributes;  ///< as they stand
  std::string_view text;        ///< from the tag up to the next one
  bool closes = false;          ///< "</..>"
};

/// Reads forward through a text that outlives it.
class XmlElements {
 public:
  explicit XmlElements(std::string_view text) : rest_(text) {}
  /// None at the end of the text, and where a tag does not end.
  [[nodiscard]] std::optional<XmlElement> next();

 private:
  std::string_view rest_;
};

/// The value of `name` among an element's attributes, with the five entities of XML replaced; none
/// where it lacks it.
[[nodiscard]] std::optional<std::string> xml_attribute(std::string_view attributes,
                                                       std::string_view name);

}  // namespace cytocape
