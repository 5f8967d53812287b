#include "pipeline/wording/genetics.hpp"

#include <fmt/format.h>

#include <cmath>

#include "pipeline/wording/numbers.hpp"
#include "pipeline/wording/phrases.hpp"
#include "pipeline/wording/sources.hpp"

namespace cytocape::wording {
namespace {

using namespace criteria;

std::string without_stop(std::string text) {
  if (text.ends_with('.')) text.pop_back();
  return text;
}

std::string listed(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

}  // namespace

std::string shown_fusion(const Shown& shown) {
  if (shown.written == shown.fusion) return fmt::format("{} ({})", shown.fusion, shown.where);
  if (shown.fusion.empty())
    return fmt::format("{} ({}) may be a rearrangement of genes that cannot be read", shown.written,
                       shown.where);
  const bool gene = shown.fusion.find("::") == std::string::npos;
  const auto* verb = shown.certain ? "means" : gene ? "may be a rearrangement of" : "may mean";
  return fmt::format("{} ({}) {} {}", shown.written, shown.where, verb, shown.fusion);
}

std::string of_the_karyotype(const Provenance& from) {
  return "karyotype, " + describe(from);
}

std::string of_a_row(std::uint64_t row) {
  return fmt::format("source of row {}", row);
}

std::string is_of_family(const Family& family) {
  const auto text = fmt::format("{} belongs to {}", family.found, family.disease);
  if (!family.text.empty()) return text + ": " + without_stop(family.text);
  return fmt::format("{}, which {} knows from {} % of blasts on", text, family.edition,
                     format_number(family.blasts));
}

std::string would_be_of_family(const Family& family) {
  return fmt::format(
      "{}, which would be {}: write the {} where it was found, or \"no\" with {} where it was "
      "excluded",
      family.found, family.disease, family.of_a_fusion ? "fusion" : "mutation", family.excluded);
}

std::string rearrangement_of_no_table(const std::string& found, const std::string& edition,
                                      const std::string& excluded) {
  return fmt::format(
      "{}, of whose fusions the tables of {} name some: write the fusion where it was found, or "
      "\"no\" with {} where it was excluded",
      found, edition, excluded);
}

std::string unread_rearrangement(const std::string& found) {
  return found + ": write it as the report has it, t(15;17)(q24;q21)";
}

std::string fusion_of_no_table(const std::string& found, const std::string& edition) {
  return fmt::format(
      "{} is a fusion that the tables of {} do not name: whether it defines acute leukaemia must "
      "be decided first",
      found, edition);
}

std::string defines_family(const Family& family) {
  return fmt::format("{} defines {}", family.found, family.disease);
}

namespace {

std::string contradicts(Choice answer, const std::string& source, const char* other,
                        const std::string& shown) {
  return fmt::format("the answer {} ({}) and {} contradict each other: {}", to_string(answer),
                     source, other, shown);
}

}  // namespace

std::string contradicts_karyotype(Choice answer, const std::string& source,
                                  const std::string& shown) {
  return contradicts(answer, source, "the karyotype", shown);
}

std::string abnormalities(const std::vector<std::string>& written, const Provenance& from) {
  return fmt::format("{} ({})", listed(written), of_the_karyotype(from));
}

std::string not_acquired(const std::vector<std::string>& written, const Provenance& from) {
  return fmt::format("{} of row {}: not acquired by its own source (\"{}\")", listed(written),
                     from.row, from.source);
}

std::string normal_karyotype(const std::string& iscn, const Provenance& from) {
  return fmt::format("{} ({})", iscn, of_the_karyotype(from));
}

std::string of_another_disease(const std::vector<std::string>& written) {
  return fmt::format("{} belongs to another disease and is not clonality of CMML", listed(written));
}

std::string may_be_of_another_disease(const std::vector<std::string>& written) {
  return fmt::format(
      "{} may belong to another disease: it is not taken for clonality of CMML until that is "
      "excluded",
      listed(written));
}

std::string no_result(const Provenance& from) {
  return fmt::format("no result of the karyotype ({})", describe(from));
}

std::string mutation_or_rearrangement(const Mutation& mutation, const std::string& example) {
  return fmt::format("{0} ({1}) may be a mutation or a rearrangement (which is written {0}-r{2})",
                     mutation.gene, describe(mutation.from),
                     example.empty() ? "" : " or " + example);
}

std::string contradicts_text(Choice answer, const std::string& source, const std::string& shown) {
  return contradicts(answer, source, "what is found elsewhere", shown);
}

std::string source_names(std::uint64_t row, const std::string& written, const std::string& fusion) {
  return written == fusion
             ? fmt::format("the source of row {} names {}", row, fusion)
             : fmt::format("the source of row {} names {} ({})", row, written, fusion);
}

std::string loss_of_y_alone() {
  return "isolated loss of Y is often age-related: it decides nothing";
}

std::string doubtful(const std::vector<std::string>& written) {
  return fmt::format("{} is doubtful, or in too few cells for a clone", listed(written));
}

std::string unread_karyotype(const std::vector<std::string>& parts) {
  return fmt::format("\"{}\" of the karyotype cannot be read as ISCN: it decides nothing",
                     fmt::join(parts, "\", \""));
}

std::string cells_of_a_donor(const Provenance& from) {
  return fmt::format(
      "the karyotype of row {} has cells of a donor (//): after a transplantation it must be told "
      "of whose cells counts and mutations are",
      from.row);
}

std::string of_another_sex(Choice sex, const Provenance& from, const Provenance& other) {
  return fmt::format(
      "the karyotype of row {} is {}, and row {} tells otherwise: a sample of another person, or "
      "a donor's cells after a transplantation?",
      from.row, to_string(sex), other.row);
}

std::string molecular(const std::vector<std::string>& results) {
  return fmt::format(
      "\"{}\" is a result of FISH or an array: it is searched for fusions and not read for "
      "clonality",
      fmt::join(results, "\", \""));
}

std::string write_as_karyotype(const std::string& shown) {
  return shown + ": write the karyotype as the item karyotype";
}

std::string undeciding(const Mutation& mutation) {
  const auto words = fmt::format("{} of row {}", mutation_words(mutation), mutation.from.row);
  if (mutation.unsequenced)
    return fmt::format(
        "{}: its source (\"{}\") tells of a test that sees chromosomes and no mutation; write what "
        "it shows as the item karyotype or cytogenetics, and name the sequencing here where a "
        "mutation was found",
        words, mutation.from.source);
  switch (mutation.meaning) {
    case GeneMeaning::haematopoiesis:
      return words + " is known only from clonal haematopoiesis";
    case GeneMeaning::lymphoid:
      return words + " belongs to lymphoid neoplasms";
    case GeneMeaning::predisposition:
      return words + " belongs to an inherited predisposition";
    case GeneMeaning::vexas:
      return words + " belongs to VEXAS";
    case GeneMeaning::fusion:
      return words + " is a fusion, which is no clonality of CMML";
    case GeneMeaning::supports:
      return fmt::format(
          "{} is no acquired mutation by its own source (\"{}\"); where it was acquired, say so "
          "there",
          words, mutation.from.source);
    case GeneMeaning::not_listed:
      break;
  }
  return words + (mutation.listed ? " is known here for its rearrangements"
                                  : " is not in the list of genes");
}

std::string may_be_inherited(const Mutation& mutation) {
  return fmt::format(
      "{} of row {} may be inherited, and no other mutation supports: test other tissue, and write "
      "\"somatic\" or \"germline\" in its source",
      mutation_words(mutation), mutation.from.row);
}

std::string not_recorded() {
  return "not recorded: taken as not found";
}

std::string none_recorded() {
  return "none is recorded";
}

std::string too_brief(const Provenance& from) {
  return fmt::format("observed too briefly to tell ({})", row_words({"brief", from}));
}

std::string denied_before(const Provenance& from) {
  return fmt::format(" (the no of row {}, {}, is older and is not used)", from.row, from.date);
}

std::string denied_on_no_day(const Provenance& from) {
  return fmt::format(
      " (the no of row {} may be older, as one of them has no date, and is not used: write the "
      "dates)",
      from.row);
}

std::string may_be_constitutional(const std::vector<std::string>& written) {
  return fmt::format(
      "{} is in every cell, and many healthy people are born with it: whether it is acquired is to "
      "be shown",
      listed(written));
}

std::string transfused(double value) {
  return fmt::format("{} g/dL of a transfused patient excludes no anaemia", format_number(value));
}

std::string said_unknown(const Provenance& from) {
  return "said to be " + row_words({"unknown", from});
}

std::string denied_later() {
  return ", denied later for all genes";
}

std::string contested_gene(const std::string& gene, const RowAnswer& found,
                           const Provenance& denial) {
  return fmt::format("rows of {} contradict each other: {} against {}", gene, row_words(found),
                     row_words({.value = "no", .from = denial}));
}

std::string denied_by_a_row() {
  return ", denied by another row of the gene";
}

std::string unknown_genetics(const std::string& what, const Provenance& from) {
  return fmt::format("row {} says unknown of {}", from.row, what);
}

std::string unknown_karyotype(const std::string& code, const Provenance& from) {
  return unknown_genetics(code == "karyotype" ? "the karyotype" : code, from) +
         ": give the karyotype, or cytogenetics with \"no\" where no abnormality was found";
}

std::string karyotype_without_result(const Provenance& from) {
  return fmt::format(
      "the karyotype of row {} has no result: give another, or cytogenetics with \"no\" where no "
      "abnormality was found otherwise",
      from.row);
}

std::string unknown_mutations(const Provenance& from) {
  return unknown_genetics("mutations", from) + ": give those that were found, or \"no\"";
}

std::string unknown_age(const Provenance& from) {
  return said_unknown(from) +
         "; below 18 years juvenile myelomonocytic leukaemia is considered first";
}

std::string child_in_source(const std::string& written, std::uint64_t row) {
  return fmt::format(
      "the source of row {} may tell of a child (\"{}\") and no age is given: below 18 years "
      "juvenile myelomonocytic leukaemia is considered first; give the item age",
      row, written);
}

std::string no_age() {
  return "age not given: taken to be an adult";
}

std::string age(double years, const Provenance& from) {
  return fmt::format("{} years, {}", format_number(years), describe(from));
}

std::string age_at_newest_count(double at_least, double years, const Provenance& from) {
  constexpr double kTenth = 10;
  return fmt::format("{}: {} years or more on the day of the newest count", age(years, from),
                     format_number(std::floor(at_least * kTenth) / kTenth));
}

std::string no_small_clone() {
  return "no small clone alone";
}

std::string no_cause_beside_small_clone() {
  return "no reactive cause is recorded beside the small clone";
}

std::string open_cause_beside_small_clone(const std::string& why) {
  return "whether a reactive cause stands beside the small clone is not known: " + why;
}

std::string open_cause_without_clone(const std::string& why) {
  return "no clone with a VAF of 10 % or more, and whether there is a reactive cause is not "
         "known: " +
         why;
}

std::string no_cause_without_clone() {
  return "no reactive cause, or a clone beside it";
}

std::string cause_without_clone(const std::string& source) {
  return fmt::format(
      "a reactive cause is recorded ({}), and no clone with a VAF of 10 % or more: it may explain "
      "the monocytosis",
      source);
}

std::string clone_below_chip(double vaf) {
  return fmt::format(
      "the highest VAF is {} %: less than 2 % is not even clonal haematopoiesis of indeterminate "
      "potential, and no edition says that it suffices",
      format_number(vaf));
}

std::string small_clone_beside_cause(double vaf) {
  return fmt::format(
      "the highest VAF is {} %, and a reactive cause is recorded: the clone may be a bystander of "
      "age",
      format_number(vaf));
}

std::string unmeasured_clone_beside_cause() {
  return "a VAF is not given, and a reactive cause is recorded: the clone may be a small bystander "
         "of age";
}

std::string neoplasm_to_be_weighed(const std::string& source) {
  return fmt::format(
      "another haematopoietic neoplasm is recorded ({}): a haematopathologist must decide whether "
      "it excludes CMML or coexists with it",
      source);
}

std::string earlier_blasts(const std::string& where, double percent, const Provenance& from) {
  return fmt::format("{} % blasts in {} ({})", format_number(percent), where, describe(from));
}

std::string earlier_leukaemia(const std::vector<std::string>& counts) {
  return fmt::format(
      "{} on an earlier day are acute leukaemia until shown otherwise: is this remission, or acute "
      "leukaemia still",
      join_words(counts));
}

std::string no_driver_of_mpn() {
  return "none with a VAF of 40 % or more, or beside a feature of MPN";
}

std::string driver_with_answer() {
  return "whether there is an MPN now is answered";
}

std::string unknown_driver_of_mpn(const std::vector<std::string>& rows) {
  return fmt::format("{}: answer whether the criteria of an MPN are met now", join_words(rows));
}

std::string unknown_vexas(const std::vector<std::string>& rows) {
  return fmt::format(
      "{}, and neither dysplasia nor another clone of 2 % or more supports: VEXAS is to be "
      "excluded",
      join_words(rows));
}

std::string no_vexas() {
  return "UBA1 is not recorded as mutated";
}

std::string vexas_supported() {
  return "dysplasia or another myeloid clone supports beside UBA1";
}

std::string vexas_alone() {
  return "UBA1 is mutated or VEXAS is named, and neither dysplasia without an inflammatory disease "
         "nor another clone that is no smaller supports in a marrow of CMML, nor one of 2 % where "
         "inflammation is excluded: VEXAS is to be excluded";
}

}  // namespace cytocape::wording
