#include "pipeline/criteria/variants.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "pipeline/criteria/signs.hpp"

namespace cytocape::criteria {
namespace {

constexpr std::array<std::pair<std::string_view, char>, 21> kAminoAcids = {
    {{"ala", 'a'}, {"arg", 'r'}, {"asn", 'n'}, {"asp", 'd'}, {"cys", 'c'}, {"gln", 'q'},
     {"glu", 'e'}, {"gly", 'g'}, {"his", 'h'}, {"ile", 'i'}, {"leu", 'l'}, {"lys", 'k'},
     {"met", 'm'}, {"phe", 'f'}, {"pro", 'p'}, {"ser", 's'}, {"thr", 't'}, {"trp", 'w'},
     {"tyr", 'y'}, {"val", 'v'}, {"ter", '*'}}};

/// Small letters and digits alone, amino acids by one letter: "pd816v" of "p.(Asp816Val)".
std::string plain_variant(std::string_view written) {
  std::string closed;
  for (const char c : in_small_letters(written))
    if (is_letter_or_digit(c)) closed += c;
  std::string plain;
  for (std::size_t at = 0; at < closed.size();) {
    const auto rest = std::string_view(closed).substr(at);
    const bool by_number =
        (rest.size() > 3 && is_digit(rest[3])) || (at > 0 && is_digit(closed[at - 1]));
    char letter = 0;
    for (const auto& [name, one] : kAminoAcids)
      if (by_number && rest.starts_with(name)) letter = one;
    plain += letter != 0 ? letter : closed[at];
    at += letter != 0 ? 3 : 1;
  }
  return plain;
}

}  // namespace

bool has_variant(const Mutation& mutation, const std::string& asked) {
  const auto blank = asked.find(' ');
  if (mutation.gene != asked.substr(0, blank)) return false;
  return blank == std::string::npos ||
         plain_variant(mutation.variant).find(plain_variant(asked.substr(blank + 1))) !=
             std::string::npos;
}

}  // namespace cytocape::criteria
