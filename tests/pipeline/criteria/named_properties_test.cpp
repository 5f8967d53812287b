// Every name of configs/criteria/named.toml, beside every item, in every phrasing: none ends as an
// established CMML, and what is denied changes nothing.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "pipeline/criteria/items.hpp"
#include "pipeline/criteria/named_diseases.hpp"
#include "pipeline/criteria/signs.hpp"
#include "tests/pipeline/criteria/full_case.hpp"

namespace cytocape::criteria {
namespace {

using testing::codes_of;
using testing::established_with;
using testing::full_case;
using testing::lab_row;

/// Whether what it names would exclude CMML, beside all that supports it.
bool would_exclude(const Disease& disease) {
  const auto& input = disease.speaks_for.front();
  return disease.beside_no.empty() && input != "reactive_cause" && input != "vexas_alone";
}

std::string spelt(const std::string& name) {
  return name.ends_with('*') ? name.substr(0, name.size() - 1) : name;
}

std::string shouted(std::string text) {
  for (auto& c : text)
    if (is_small(c)) c = static_cast<char>(c - 'a' + 'A');
  return text;
}

bool is_as_written(const std::string& name) {
  return name != in_small_letters(name);
}

std::vector<std::string> phrasings(const std::string& name) {
  std::vector<std::string> all;
  for (const auto* form :
       {"{}", "reviewed twice; {}", "{} (2019-05-02)", "known {} since 2015", "no doubt: {}",
        "no metaphases; {}", "dysplasia and {}", "{}?", "consistent with {}"})
    all.push_back(fmt::format(fmt::runtime(form), spelt(name)));
  if (!is_as_written(name)) all.push_back(shouted(spelt(name)));
  return all;
}

std::vector<std::string> denials(const std::string& name) {
  std::vector<std::string> all;
  for (const auto* form : {"no {}",
                           "{} excluded",
                           "negative for {}",
                           "without {}",
                           "{}: none",
                           "no evidence of {}",
                           "not consistent with {}",
                           "{} ruled out",
                           "kein Anhalt f\u00fcr {}",
                           "{} ausgeschlossen",
                           "sin {}",
                           "{} no detectado",
                           "senza {}",
                           "{} non rilevato",
                           "geen {}",
                           "{} niet gevonden",
                           "sem {}",
                           "{} n\u00e3o detectado",
                           "pas de {}",
                           "absence de {}",
                           "{} nicht nachweisbar"})
    all.push_back(fmt::format(fmt::runtime(form), spelt(name)));
  return all;
}

/// The full case's row of an item, with another source.
GivenValue row_of(const std::string& item, const std::string& source) {
  for (const auto& row : full_case({}))
    if (row.item == item) return lab_row(item, row.value, source, row.gene);
  return lab_row(item, "no", source);
}

std::vector<std::string> item_codes() {
  std::vector<std::string> codes;
  for (const auto& item : items()) codes.push_back(item.code);
  return codes;
}

TEST(NamedEverywhere, EveryNameInEveryPhrasingLeavesBothEditionsOpen) {
  std::size_t names = 0;
  for (const auto& disease : diseases()) {
    if (!would_exclude(disease)) continue;
    for (const auto& name : disease.names) {
      ++names;
      for (const auto& text : phrasings(name))
        EXPECT_EQ(established_with({row_of("marrow_cmml", text)}), "") << text;
    }
  }
  EXPECT_GT(names, 200U);
}

TEST(NamedEverywhere, EveryItemsSourceIsHeard) {
  for (const auto& disease : diseases()) {
    if (!would_exclude(disease)) continue;
    for (const auto& item : item_codes())
      EXPECT_EQ(established_with({row_of(item, "known " + spelt(disease.names.front()))}), "")
          << item << ": " << disease.names.front();
  }
}

TEST(NamedEverywhere, WhatIsDeniedChangesNothing) {
  const auto plain = codes_of(full_case({}));
  for (const auto& disease : diseases())
    for (const auto& name : disease.names)
      for (const auto& text : denials(name))
        EXPECT_EQ(codes_of(full_case({row_of("persistence", text)})), plain) << text;
}

TEST(NamedEverywhere, AnAnswerNoIsNotUsedWhereItsSourceNamesWhatItDenies) {
  for (const auto& disease : diseases())
    for (const auto& input : disease.speaks_for) {
      if (find_item(input) == nullptr) continue;
      for (const auto& name : disease.names) {
        const auto rows = full_case({lab_row(input, "no", spelt(name))});
        EXPECT_TRUE(testing::answer_of(rows, input).empty()) << input << ": " << name;
      }
    }
}

TEST(NamedEverywhere, AMarrowThatIsNotOfCmmlAndNamesADiseaseOpensBoth) {
  for (const auto& disease : diseases()) {
    if (disease.speaks_for.front() == "reactive_cause" ||
        disease.speaks_for.front() == "vexas_alone" || disease.speaks_for.front() == "cytogenetics")
      continue;
    for (const auto& name : disease.names)
      EXPECT_EQ(established_with({lab_row("marrow_cmml", "no", spelt(name))}), "") << name;
  }
}

}  // namespace
}  // namespace cytocape::criteria
