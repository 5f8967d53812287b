#include "pipeline/criteria/genes.hpp"

#include <fmt/format.h>

#include <map>
#include <vector>

#include "embedded/criteria_genes.hpp"
#include "pipeline/toml_reader.hpp"

namespace cytocape::criteria {
namespace {

constexpr std::string_view kFusion = "::";

bool is_alphanumeric(char c) {
  return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/// Capital letters and digits alone.
std::string gene_key(std::string_view written) {
  std::string text;
  for (const char c : written)
    if (is_alphanumeric(c)) text += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return text;
}

/// The list's spelling by key.
const std::map<std::string, std::string>& gene_spellings() {
  static const auto instance = [] {
    TomlReader reader;
    reader.add(text::criteria_genes, "configs/criteria/genes.toml");
    std::map<std::string, std::string> by_key;
    for (const auto& gene : reader.texts("genes")) by_key[gene_key(gene)] = gene;
    reader.refuse_unread();
    return by_key;
  }();
  return instance;
}

const std::string* find_gene(std::string_view written) {
  const auto found = gene_spellings().find(gene_key(written));
  return found == gene_spellings().end() ? nullptr : &found->second;
}

bool has_known_part(std::string_view fusion) {
  for (auto sign = fusion.find(kFusion); sign != std::string_view::npos;
       sign = fusion.find(kFusion)) {
    if (find_gene(fusion.substr(0, sign)) != nullptr) return true;
    fusion.remove_prefix(sign + kFusion.size());
  }
  return find_gene(fusion) != nullptr;
}

}  // namespace

GeneName read_gene(const std::string& written) {
  if (written.find(kFusion) != std::string::npos)
    return {.gene = written, .variant = "", .known = has_known_part(written)};
  // The longest beginning that is a gene: "TET-2" before "TET".
  for (auto size = written.size(); size > 0; --size) {
    if (size < written.size() && is_alphanumeric(written[size])) continue;
    if (const auto* gene = find_gene(std::string_view(written).substr(0, size)))
      return {.gene = *gene, .variant = written.substr(size), .known = true};
  }
  return {.gene = written, .variant = "", .known = false};
}

std::string unknown_gene_words(const std::string& gene) {
  std::vector<std::string> spellings;
  for (const auto& [key, spelling] : gene_spellings()) spellings.push_back(spelling);
  const auto nearest = nearest_name(gene_key(gene), spellings);
  return fmt::format("{} is not a gene of the program's list: check its spelling{}", gene,
                     nearest.empty() ? "" : "; did you mean " + nearest + "?");
}

}  // namespace cytocape::criteria
