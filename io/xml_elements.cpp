#include "io/xml_elements.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace cytocape {
namespace {

constexpr std::string_view kBlanks = " \t\r\n";

/// Behind `end`, or nothing where the text lacks it.
std::string_view behind(std::string_view text, std::string_view end) {
  const auto at = text.find(end);
  return at == std::string_view::npos ? std::string_view() : text.substr(at + end.size());
}

/// A value may hold '>'.
std::size_t end_of_tag(std::string_view tag) {
  char quote = 0;
  for (std::size_t i = 0; i < tag.size(); ++i) {
    if (quote != 0) {
      if (tag[i] == quote) quote = 0;
    } else if (tag[i] == '"' || tag[i] == '\'') {
      quote = tag[i];
    } else if (tag[i] == '>') {
      return i;
    }
  }
  return std::string_view::npos;
}

std::string without_entities(std::string_view value) {
  constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
      {{"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string plain;
  while (!value.empty()) {
    char next = value.front();
    std::size_t taken = 1;
    for (const auto& [entity, stands_for] : kEntities) {
      if (!value.starts_with(entity)) continue;
      next = stands_for;
      taken = entity.size();
    }
    plain += next;
    value.remove_prefix(taken);
  }
  return plain;
}

}  // namespace

std::optional<XmlElement> XmlElements::next() {
  for (;;) {
    const auto begin = rest_.find('<');
    if (begin == std::string_view::npos) return std::nullopt;
    rest_.remove_prefix(begin);
    if (rest_.starts_with("<!--")) {
      rest_ = behind(rest_, "-->");
    } else if (rest_.starts_with("<![CDATA[")) {
      rest_ = behind(rest_, "]]>");
    } else if (rest_.starts_with("<!") || rest_.starts_with("<?")) {
      rest_ = behind(rest_, ">");
    } else {
      break;
    }
  }
  const auto end = end_of_tag(rest_);
  if (end == std::string_view::npos) return std::nullopt;
  auto tag = rest_.substr(1, end - 1);
  rest_.remove_prefix(end + 1);
  XmlElement element;
  element.closes = tag.starts_with('/');
  if (element.closes) tag.remove_prefix(1);
  if (tag.ends_with('/')) tag.remove_suffix(1);
  element.name = tag.substr(0, tag.find_first_of(kBlanks));
  element.attributes = tag.substr(element.name.size());
  if (const auto colon = element.name.find(':'); colon != std::string_view::npos)
    element.name.remove_prefix(colon + 1);
  element.text = rest_.substr(0, rest_.find('<'));
  return element;
}

std::optional<std::string> xml_attribute(std::string_view attributes, std::string_view name) {
  while (!attributes.empty()) {
    const auto equals = attributes.find('=');
    const auto quote = attributes.find_first_of("\"'");
    if (equals == std::string_view::npos || quote == std::string_view::npos || quote < equals)
      return std::nullopt;
    const auto end = attributes.find(attributes[quote], quote + 1);
    if (end == std::string_view::npos) return std::nullopt;
    auto here = attributes.substr(0, equals);
    here.remove_prefix(std::min(here.find_first_not_of(kBlanks), here.size()));
    here = here.substr(0, here.find_first_of(kBlanks));
    if (here == name) return without_entities(attributes.substr(quote + 1, end - quote - 1));
    attributes.remove_prefix(end + 1);
  }
  return std::nullopt;
}

}  // namespace cytocape
