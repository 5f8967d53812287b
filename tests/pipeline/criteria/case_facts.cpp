#include "tests/pipeline/criteria/case_facts.hpp"

#include <algorithm>
#include <map>
#include <sstream>
#include <stdexcept>

#include "pipeline/criteria/genes.hpp"
#include "pipeline/criteria/items.hpp"
#include "pipeline/settings/taxonomy.hpp"

namespace cytocape::criteria::testing {
namespace {

constexpr const char* kComplete =
    "wbc=10 amc=2 haemoglobin=10.5 platelets=90 sex=male persistence=yes mutation=TET2:40 "
    "cytogenetics=no bcr_abl1=no tk_fusion=no mpn_history=no other_neoplasm=no reactive_cause=no "
    "classical_monocytes=97 dysplasia_erythroid=yes dysplasia_granulocytic=no "
    "dysplasia_megakaryocytic=no immunophenotype=no marrow_cmml=yes pb.n=200 bm.n=500 ";

const Provenance kFrom{.file = "labs.csv", .row = 2, .date = "2024-03-01", .source = "LIS"};

struct Token {
  std::string key;
  std::string value;
};

std::vector<Token> tokens_of(const std::string& facts) {
  std::vector<Token> tokens;
  std::istringstream words(facts);
  for (std::string word; words >> word;) {
    const auto equals = word.find('=');
    tokens.push_back({word.substr(0, equals),
                      equals == std::string::npos ? std::string() : word.substr(equals + 1)});
  }
  return tokens;
}

/// A slide as the tokens describe it: class -> cells, and its other properties as text.
using SlideFacts = std::map<std::string, std::string>;

/// "not=KMT2A-r": tested, and not rearranged; "undated_not=KMT2A-r": on a day that nobody tells.
void add_negative(Case& facts, const std::string& gene, const Provenance& from) {
  facts.findings.negatives.push_back({.genes = fused_genes(gene), .is_fusion = true, .from = from});
}

Mutation mutation_of(const std::string& text, const Provenance& from) {
  const auto colon = text.rfind(':');
  const auto vaf = text.substr(colon + 1);
  const auto name = read_gene(text.substr(0, colon));
  return {.gene = name.gene,
          .vaf = vaf == "?" ? std::optional<double>() : std::optional<double>(std::stod(vaf)),
          .from = from,
          .variant = name.variant,
          .listed = name.known};
}

/// "older_not=KMT2A-r": of four years before.
void add_older_negative(Case& facts, const std::string& gene) {
  facts.findings.negatives.push_back(
      {.genes = fused_genes(gene),
       .is_fusion = true,
       .from = {.file = "labs.csv", .row = 4, .date = "2020-03-05", .source = "FISH"}});
}

/// "low_amc=0.3": three months before the newest.
void add_low_amc(Case& facts, const std::string& value) {
  facts.findings.low_monocytes = {
      "amc",
      {.value = std::stod(value),
       .given = value,
       .from = {.file = "labs.csv", .row = 3, .date = "2023-12-01", .source = "LIS"}}};
}

/// "was_bm_blasts=25": on an earlier day, and higher than the newest.
void add_earlier(Case& facts, const std::string& item, const std::string& value) {
  facts.findings.higher[item] = {
      .value = std::stod(value),
      .given = value,
      .from = {.file = "labs.csv", .row = 3, .date = "2023-03-01", .source = "LIS"}};
}

void set_finding(Case& facts, const Token& token) {
  const std::string was = "was_";
  if (token.key == "not") return add_negative(facts, token.value, {.date = kFrom.date});
  if (token.key == "undated_not") return add_negative(facts, token.value, {});
  if (token.key == "undated_karyotype") {
    facts.findings.karyotypes.emplace_back(token.value, Provenance{.row = 5});
    return;
  }
  if (token.key == "older_not") return add_older_negative(facts, token.value);
  if (token.key == "low_amc") return add_low_amc(facts, token.value);
  if (token.key == "unknown") {
    facts.findings.said_unknown["mutation " + read_gene(token.value).gene] = kFrom;
    return;
  }
  if (token.key.starts_with(was))
    return add_earlier(facts, token.key.substr(was.size()), token.value);
  const auto* item = find_item(token.key);
  if (item == nullptr) throw std::invalid_argument("no item " + token.key);
  const auto& from = kFrom;
  auto& findings = facts.findings;
  findings.numbers.erase(token.key);
  findings.answers.erase(token.key);
  if (token.value == "unknown") {
    findings.said_unknown[token.key] = from;
    return;
  }
  if (token.value == "-") {
    if (item->kind == ItemKind::mutation) findings.mutations.clear();
    return;
  }
  if (item->kind == ItemKind::number) {
    const auto at = token.value.find('@');
    const auto number = token.value.substr(0, at);
    findings.numbers[token.key] = {.value = std::stod(number),
                                   .given = number,
                                   .from = from,
                                   .rounding = half_last_digit(number)};
    if (at != std::string::npos)
      findings.numbers[token.key].cells = std::stoull(token.value.substr(at + 1));
  } else if (item->kind == ItemKind::text) {
    findings.karyotypes.emplace_back(token.value, from);
  } else if (token.value == "brief") {
    findings.too_brief[token.key] = from;
  } else if (item->kind != ItemKind::mutation) {
    findings.answers[token.key] = {choice_of(token.value).value(), from};
  } else if (token.value == "no") {
    findings.mutations.clear();
    findings.no_mutation = from;
  } else {
    findings.mutations.push_back(mutation_of(token.value, from));
  }
}

SlideCounts slide_of(Specimen specimen, const SlideFacts& facts) {
  const bool blood = specimen == Specimen::blood;
  SlideCounts slide{.slide = std::string(to_string(specimen)) + "-slide",
                    .specimen = specimen,
                    .status = Status::ok};
  std::uint64_t rest = blood ? 200 : 500;
  std::map<std::string, std::uint64_t> called = {{"monocyte", blood ? 40U : 50U}};
  if (!blood) called["myeloblast"] = 15;
  std::string unknown;
  for (const auto& [key, value] : facts) {
    if (key == "n")
      rest = std::stoull(value);
    else if (key == "unknown")
      unknown = "+" + value + "+";
    else if (key == "status")
      slide.status = value == "insufficient" ? Status::insufficient
                     : value == "incomplete" ? Status::incomplete
                                             : Status::failed;
    else
      called[cell_class(key).code] = std::stoull(value);
  }
  for (const auto& description : taxonomy()) {
    const auto& code = description.code;
    if (unknown.find("+" + code + "+") != std::string::npos) continue;
    slide.called[code] = called[code];
    if (description.counted_in(specimen)) rest -= called[code];
  }
  slide.called["segmented_neutrophil"] += rest;
  if (slide.status != Status::ok) slide.reasons = {"an example"};
  return slide;
}

}  // namespace

Case case_of(const std::string& line) {
  Case result;
  result.id = "example";
  std::map<std::string, SlideFacts> slides;
  const bool empty = line.starts_with("nothing");
  auto tokens = tokens_of(empty ? line.substr(7) : kComplete + line);
  const auto given_mutation = line.find("mutation=") != std::string::npos;
  if (given_mutation && !empty)
    std::erase_if(tokens, [](const Token& t) { return t.key + t.value == "mutationTET2:40"; });
  for (const auto& token : tokens) {
    const auto dot = token.key.find('.');
    if (value_named<Specimen>(token.key))
      slides.erase(token.key);
    else if (dot == std::string::npos)
      set_finding(result, token);
    else
      slides[token.key.substr(0, dot)][token.key.substr(dot + 1)] = token.value;
  }
  for (const auto& [code, facts] : slides) {
    result.slides.push_back(slide_of(value_named<Specimen>(code.substr(0, 2)).value(), facts));
    if (code.size() > 2) result.slides.back().slide += "-" + code.substr(2);
  }
  return result;
}

SlideCounts example_slide(Specimen specimen) {
  return slide_of(specimen, {});
}

}  // namespace cytocape::criteria::testing
