// Nothing that raises another disease ends as an established CMML: every entry of
// configs/criteria/karyotype.toml, in every way that laboratories write it, beside a blood and a
// marrow that support CMML by all other facts.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "pipeline/criteria/criteria.hpp"
#include "pipeline/criteria/genetics.hpp"
#include "pipeline/criteria/labs_csv.hpp"
#include "pipeline/criteria/readings.hpp"
#include "pipeline/criteria/signs.hpp"
#include "pipeline/settings/toml_reader.hpp"
#include "tests/pipeline/criteria/case_facts.hpp"
#include "tests/pipeline/criteria/full_case.hpp"

namespace cytocape::criteria {
namespace {

/// One entry of the table.
struct Entry {
  std::vector<std::string> chromosomes;
  std::vector<std::string> bands;  ///< of each the first of the table
  std::vector<std::string> kinds;
  std::string fusion;

  [[nodiscard]] bool is_single() const { return chromosomes.size() == 1; }
  [[nodiscard]] bool of_one_chromosome() const {
    return is_single() || chromosomes.front() == chromosomes.back();
  }
};

std::vector<Entry> table_entries() {
  TomlReader reader;
  reader.add_file(std::string(CYTOCAPE_SOURCE_DIR) + "/configs/criteria/karyotype.toml");
  std::vector<Entry> entries;
  for (const auto& name : reader.tables_below("rearrangement")) {
    const auto prefix = "rearrangement." + name + ".";
    Entry entry{.chromosomes = {},
                .bands = {},
                .kinds = reader.texts(prefix + "by"),
                .fusion = reader.text(prefix + "fusion")};
    for (const auto& site : reader.texts(prefix + "breaks")) {
      const auto blank = site.find(' ');
      entry.chromosomes.push_back(site.substr(0, blank));
      entry.bands.push_back(site.substr(blank + 1, site.find(' ', blank + 1) - blank - 1));
    }
    entries.push_back(std::move(entry));
  }
  return entries;
}

/// "t(15;17)(q24;q21)" with `sign` between chromosomes; of a single break a partner stands beside.
std::string written(const Entry& entry, const std::string& kind, const std::string& sign,
                    const std::vector<std::string>& bands) {
  const bool alone = kind == "inv" || kind == "del" || kind == "dup" || kind == "add";
  if (entry.is_single())
    return alone
               ? fmt::format("{}({})({})", kind, entry.chromosomes[0], bands[0])
               : fmt::format("{0}(2{1}{2})(p23{1}{3})", kind, sign, entry.chromosomes[0], bands[0]);
  if (alone) return fmt::format("{}({})({}{})", kind, entry.chromosomes[0], bands[0], bands[1]);
  return fmt::format("{0}({2}{1}{3})({4}{1}{5})", kind, sign, entry.chromosomes[0],
                     entry.chromosomes[1], bands[0], bands[1]);
}

std::vector<std::string> with_each(std::vector<std::string> bands, const std::string& before,
                                   const std::string& behind) {
  for (auto& band : bands) band = before + band + behind;
  return bands;
}

/// "q2" of "q21", "q" of "q2".
std::vector<std::string> without_last(std::vector<std::string> bands) {
  for (auto& band : bands) band.pop_back();
  return bands;
}

std::string in_capitals(std::string text) {
  for (auto& c : text)
    if (is_small(c)) c = static_cast<char>(c - 'a' + 'A');
  return text;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
  return text;
}

/// The ways of writing one entry by one kind.
std::set<std::string> ways(const Entry& entry, const std::string& kind) {
  std::set<std::string> all;
  const auto& bands = entry.bands;
  const auto full = written(entry, kind, ";", bands);
  all.insert(full);
  all.insert("?" + full);
  all.insert(full + "?");
  all.insert(in_capitals(full));
  all.insert(written(entry, kind, ",", bands));
  all.insert(written(entry, kind, ":", bands));
  all.insert(written(entry, kind, ";", with_each(bands, "", ".1")));
  all.insert(written(entry, kind, ";", with_each(bands, "?", "")));
  all.insert(written(entry, kind, ";", with_each(bands, "", "?")));
  all.insert(written(entry, kind, ";", with_each(bands, "", "orq99")));
  all.insert(full.substr(0, full.size() - 1));
  all.insert(replaced(replaced(full, "(", "\uff08"), ";", "\uff1b"));
  all.insert(replaced(full, "(", " ("));
  if (kind == "del") return all;  // a wider band may be lost without a break in the gene
  all.insert(written(entry, kind, ";", without_last(bands)));
  all.insert(written(entry, kind, ";", with_each(without_last(without_last(bands)), "", "?")));
  if (kind != "t") return all;
  all.insert(fmt::format("der({}){}", entry.chromosomes[0], full));
  if (entry.is_single()) {
    all.insert(fmt::format("t({};?)({};?)", entry.chromosomes[0], bands[0]));
    all.insert(fmt::format("t(v;{})(v;{})", entry.chromosomes[0], bands[0]));
    all.insert(fmt::format("t(2;{})", entry.chromosomes[0]));
  } else {
    const auto pair = entry.chromosomes[0] + ";" + entry.chromosomes[1];
    for (const auto* form : {"t({})", "t({})(?;?)", "?t({})", "der({})", "dic({})", "t{}"})
      all.insert(fmt::format(fmt::runtime(form), pair));
    all.insert(fmt::format("t({})({};?)", pair, bands[0]));
    all.insert(fmt::format("t({0}p{1};{2}{3})", entry.chromosomes[0], bands[0].substr(1),
                           entry.chromosomes[1], bands[1])
                   .replace(2 + entry.chromosomes[0].size(), 1, bands[0].substr(0, 1)));
  }
  return all;
}

/// Every way of writing every entry, by its own kinds and by others that join as well.
const std::set<std::string>& raising() {
  static const auto instance = [] {
    std::set<std::string> all;
    for (const auto& entry : table_entries()) {
      auto kinds = entry.kinds;
      if (entry.is_single()) kinds.insert(kinds.end(), {"add", "dic", "der", "dup"});
      if (!entry.is_single() && !entry.of_one_chromosome())
        kinds.insert(kinds.end(), {"dic", "der", "ins"});
      for (const auto& kind : kinds)
        if (kind == "t" || kind == "dic" || kind == "der" || kind == "ins" || entry.is_single() ||
            entry.of_one_chromosome())
          all.merge(ways(entry, kind));
    }
    return all;
  }();
  return instance;
}

GivenValue row(const std::string& item, const std::string& value, const std::string& source) {
  return {.item = item, .value = value, .source = source, .file = "labs.csv", .row = 9};
}

/// A case of CMML-1 by every other fact, and rows more.
Case supported_case(const std::vector<GivenValue>& rows) {
  auto facts = testing::case_of("cytogenetics=-");
  auto told = findings_of(rows, "labs.csv");
  facts.findings.karyotypes = std::move(told.karyotypes);
  facts.findings.named = std::move(told.named);
  facts.findings.given = std::move(told.given);
  for (const auto& [item, answer] : told.answers) facts.findings.answers[item] = answer;
  return facts;
}

/// Which of the editions call CMML a case with these rows; empty where none does.
std::string established(const std::vector<GivenValue>& rows) {
  std::string found;
  for (const auto& code : testing::codes_of(supported_case(rows)))
    if (code.starts_with("cmml")) found += code + " ";
  return found;
}

TEST(Raising, TheCaseBesideIsCmmlByEveryOtherFact) {
  EXPECT_EQ(established({row("karyotype", "46,XX[20]", "")}), "cmml/md/cmml_1 cmml/md/cmml_1 ");
  EXPECT_EQ(established({row("karyotype", "46,XX,del(20)(q11)[20]", "")}),
            "cmml/md/cmml_1 cmml/md/cmml_1 ");
  EXPECT_GT(raising().size(), 1000U);
}

TEST(Raising, NoKaryotypeThatRaisesAnotherDiseaseIsCmml) {
  for (const auto& one : raising())
    EXPECT_EQ(established({row("karyotype", "46,XX," + one + "[20]", "")}), "") << one;
}

TEST(Raising, NoSecondCloneThatRaisesAnotherDiseaseIsCmml) {
  for (const auto& one : raising())
    EXPECT_EQ(established({row("karyotype", "45,XX,-7[15]/46,idem," + one + "[5]", "")}), "")
        << one;
}

TEST(Raising, NoSourceThatNamesAnotherDiseaseIsCmml) {
  for (const auto& one : raising()) {
    // What the end of a text cuts off stands at its end.
    const auto text = "marrow with " + one + (one.ends_with(')') ? ", reviewed" : "");
    EXPECT_EQ(established({row("marrow_cmml", "yes", text)}), "") << one;
    EXPECT_EQ(established({row("cytogenetics", "yes", one)}), "") << one;
  }
}

TEST(Raising, NoFusionOfTheTableInASourceIsCmml) {
  for (const auto& entry : table_entries()) {
    const auto slash = replaced(entry.fusion, "::", "/");
    for (const auto* form :
         {"FISH {} positive", "FISH {} rearranged", "{} fusion found", "RNA: {} rearrangement pos"})
      for (const auto& name : {entry.fusion, slash}) {
        const auto text = fmt::format(fmt::runtime(form), name);
        EXPECT_EQ(established({row("immunophenotype", "no", text)}), "") << text;
      }
  }
}

TEST(Raising, ASourceThatDeniesRaisesNothing) {
  for (const auto& entry : table_entries()) {
    const auto rearranged = written(entry, entry.kinds.front(), ";", entry.bands);
    for (const auto& name : {entry.fusion, rearranged})
      for (const auto* form :
           {"no {}", "negative for {}", "{} not detected", "{}: none", "{} excluded"}) {
        const auto text = fmt::format(fmt::runtime(form), name);
        EXPECT_NE(established({row("marrow_cmml", "yes", text)}), "") << text;
      }
  }
}

}  // namespace
}  // namespace cytocape::criteria
