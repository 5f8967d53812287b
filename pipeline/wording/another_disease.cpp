#include "pipeline/wording/another_disease.hpp"

#include <fmt/format.h>

#include "pipeline/wording/labels.hpp"
#include "pipeline/wording/numbers.hpp"
#include "pipeline/wording/phrases.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::wording {

using criteria::Mutation;

namespace {

std::string list_of(const std::vector<Mutation>& mutations) {
  std::vector<std::string> words;
  for (const auto& mutation : mutations) words.push_back(mutation_words(mutation));
  return join_words(words);
}

}  // namespace

std::string high_platelets(double value) {
  return fmt::format("platelets of {} x 10^9/L", format_number(value));
}

std::string high_haemoglobin(double value) {
  return fmt::format("haemoglobin of {} g/dL", format_number(value));
}

std::string driver_of_mpn(const std::vector<Mutation>& mutations,
                          const std::vector<std::string>& features) {
  const auto found = list_of(mutations);
  const auto beside = join_words(features);
  return fmt::format(
      "{}{}{}: MPN with monocytosis is to be excluded; answer whether the criteria of an MPN are "
      "met now",
      found, found.empty() || beside.empty() ? "" : " beside ", beside);
}

std::string answered_before(const criteria::Provenance& answer) {
  return fmt::format(", as row {} ({}) is older than that", answer.row, answer.date);
}

std::string gene_of_another(const std::vector<Mutation>& mutations, const std::string& disease,
                            const std::string& item) {
  return fmt::format(
      "{}: of {}; without dysplasia, nothing that supports CMML in a marrow of CMML outweighs it; "
      "answer on {}",
      list_of(mutations), disease, item_label(item));
}

std::string gene_alert(const std::vector<Mutation>& mutations, const std::string& disease) {
  return fmt::format(
      "{}: {} is to be excluded, as neither dysplasia nor a larger clone supports CMML beside it.",
      list_of(mutations), disease);
}

std::string supported_gene_alert(const std::vector<Mutation>& mutations,
                                 const std::string& disease) {
  return fmt::format(
      "{}: {} is to be excluded, which may have dysplasia, cytopenia and further clones of its "
      "own.",
      list_of(mutations), disease);
}

std::string unknown_of_another(const std::string& unknown, const std::string& disease,
                               const std::string& item) {
  return fmt::format(
      "{}, which may show {}; without dysplasia nothing outweighs that: answer on {}", unknown,
      disease, item_label(item));
}

std::string all_of(const std::vector<std::string>& clauses) {
  return fmt::format("{}", fmt::join(clauses, "; "));
}

}  // namespace cytocape::wording
