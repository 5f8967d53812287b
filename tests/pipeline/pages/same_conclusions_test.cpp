// What JSON, the page and the terminal say of a case is the same: of every line of the tables of
// cases and of drawn ones, each conclusion, alert, hint and remark.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "io/csv.hpp"
#include "pipeline/commands/terminal.hpp"
#include "pipeline/criteria/criteria.hpp"
#include "pipeline/pages/assessment_json.hpp"
#include "pipeline/pages/report_writer.hpp"
#include "tests/pipeline/criteria/case_facts.hpp"
#include "tests/pipeline/criteria/drawn_case.hpp"

namespace cytocape {
namespace {

void replace_each(std::string& text, const std::string& from, const std::string& to) {
  for (auto at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
    text.replace(at, from.size(), to);
}

/// One spelling for what a page typesets, and one blank for any.
std::string one_spelling(std::string text) {
  for (const auto& [typeset, plain] :
       {std::pair{"\u00a0", " "}, std::pair{"\u00d7", "x"}, std::pair{"\u2079", "^9"},
        std::pair{"\u2068", ""}, std::pair{"\u2069", ""}, std::pair{"\n", " "}})
    replace_each(text, typeset, plain);
  while (text.find("  ") != std::string::npos) replace_each(text, "  ", " ");
  while (text.starts_with(' ')) text.erase(0, 1);
  while (text.ends_with(' ')) text.pop_back();
  return text;
}

/// A conclusion is bold and stands alone: what follows it in its line is another text.
bool is_inline(const std::string& tag) {
  constexpr std::array<const char*, 5> kTags = {"span", "small", "a", "i", "em"};
  auto name = tag.substr(tag.starts_with('/') ? 1 : 0);
  name = name.substr(0, name.find(' '));
  return std::find(kTags.begin(), kTags.end(), name) != kTags.end();
}

/// The texts of the page's body that a reader sees without a break, entities decoded.
std::vector<std::string> blocks_of(const std::string& page) {
  std::vector<std::string> blocks(1);
  auto at = page.find("<main>");
  while (at < page.size()) {
    const bool tag = page[at] == '<';
    const bool drawing = page.compare(at, 4, "<svg") == 0;
    const std::string end = drawing ? "</svg>" : ">";
    const auto behind =
        std::min(tag ? page.find(end, at) + end.size() : page.find('<', at), page.size());
    const auto part = page.substr(at, behind - at);
    if (!tag)
      blocks.back() += part;
    else if (!drawing && !is_inline(part.substr(1, part.size() - 2)))
      blocks.emplace_back();
    at = behind;
  }
  for (auto& block : blocks) {
    for (const auto& [entity, sign] :
         {std::pair{"&lt;", "<"}, std::pair{"&gt;", ">"}, std::pair{"&quot;", "\""},
          std::pair{"&apos;", "'"}, std::pair{"&#39;", "'"}, std::pair{"&amp;", "&"}})
      replace_each(block, entity, sign);
    block = one_spelling(block);
  }
  std::erase(blocks, "");
  return blocks;
}

/// What JSON says for people, by kind.
using Said = std::map<std::string, std::set<std::string>>;

template <class Json>
Said said_in(const Json& criteria) {
  Said said;
  const auto add = [&](const std::string& kind, const Json& texts) {
    for (const auto& text : texts)
      said[kind].insert(one_spelling(text.template get<std::string>()));
  };
  add("alert", criteria.at("alerts"));
  add("disputed", criteria.at("disputed"));
  for (const auto& edition : criteria.at("editions")) {
    add("conclusion", Json::array({edition.at("sentence")}));
    add("hint", edition.at("hints"));
    add("missing", edition.at("missing"));
    for (const auto& row : edition.at("criteria")) add("remark", row.at("remarks"));
  }
  return said;
}

Said said_in_json(const SlideReport& report) {
  return said_in(nlohmann::json::parse(report_json(report)).at("criteria"));
}

struct Assessed {
  std::string name;
  SlideReport report;
};

/// A slide of which nothing is told but whether it can be used, of a case that is assessed.
Assessed assessed(const std::string& name, const criteria::Case& facts) {
  SlideReport report;
  report.assessment = criteria::evaluate(facts, criteria::published_rules());
  const bool usable = facts.slides.empty() ||
                      std::any_of(facts.slides.begin(), facts.slides.end(),
                                  [](const auto& slide) { return slide.status == Status::ok; });
  report.status = usable ? Status::ok : Status::insufficient;
  if (!usable) criteria::withhold_classification(report.assessment, "no slide is ok");
  return {.name = name, .report = report};
}

std::vector<Assessed> all_assessed() {
  constexpr std::uint64_t kDrawn = 40;
  std::vector<Assessed> all;
  for (const std::string name : {"cases.csv", "cases_excluded.csv"})
    for (const auto& row :
         read_csv(std::string(CYTOCAPE_SOURCE_DIR) + "/tests/pipeline/criteria/" + name).rows)
      all.push_back(assessed(row[0], criteria::testing::case_of(row[1])));
  for (std::uint64_t seed = 1; seed <= kDrawn; ++seed) {
    criteria::testing::Draw draw(seed);
    all.push_back(assessed("seed " + std::to_string(seed), criteria::testing::draw_case(draw)));
  }
  return all;
}

/// What stands on a page by itself, or behind the word that begins a remark.
std::string bare(const std::string& block) {
  const std::string before = "Note: ";
  return block.starts_with(before) ? block.substr(before.size()) : block;
}

/// The kind of a text that some case is told; a remark's full stop is the page's.
const std::string* kind_of(const std::map<std::string, std::string>& kinds, std::string& text) {
  auto found = kinds.find(text);
  if (found == kinds.end() && text.ends_with('.')) {
    text.pop_back();
    found = kinds.find(text);
  }
  return found == kinds.end() ? nullptr : &found->second;
}

bool holds_text(const std::vector<std::string>& blocks, const std::string& text) {
  return std::any_of(blocks.begin(), blocks.end(), [&](const std::string& block) {
    return block.find(text) != std::string::npos;
  });
}

TEST(SameConclusions, JsonAndThePageSayTheSame) {
  struct Shown {
    std::string name;
    std::vector<std::string> page;
    Said said;
  };
  std::vector<Shown> all;
  std::map<std::string, std::string> kinds;
  for (const auto& [name, report] : all_assessed()) {
    all.push_back({name, blocks_of(report_html(report)), said_in_json(report)});
    for (const auto& [kind, texts] : all.back().said)
      for (const auto& text : texts) kinds[text] = kind;
  }
  std::map<std::string, int> in_json;
  std::map<std::string, int> on_page;
  for (const auto& [name, page, said] : all) {
    for (const auto& [kind, texts] : said)
      for (const auto& text : texts) {
        // What differs from a slide is told on the page with that slide's own numbers.
        if (kind == "disputed") continue;
        ++in_json[kind];
        EXPECT_TRUE(holds_text(page, text)) << name << ", not on the page: " << text;
      }
    for (const auto& block : page) {
      auto text = bare(block);
      const auto* kind = kind_of(kinds, text);
      if (kind == nullptr) continue;
      ++on_page[*kind];
      EXPECT_TRUE(said.contains(*kind) && said.at(*kind).contains(text))
          << name << ", not in JSON: " << text;
    }
    if (HasFailure()) return;
  }
  for (const auto* kind : {"alert", "conclusion", "hint", "remark"}) {
    EXPECT_GT(in_json[kind], 50) << kind;
    EXPECT_GT(on_page[kind], 50) << kind;
  }
}

std::string printed_of(const criteria::CaseResult& assessment) {
  ::testing::internal::CaptureStdout();
  print_alerts(assessment);
  print_editions(assessment);
  return ::testing::internal::GetCapturedStdout();
}

std::size_t times_in(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(SameConclusions, TheTerminalSaysEachConclusionAndAlertOfJson) {
  for (const auto& [name, report] : all_assessed()) {
    const auto said = said_in(json::criteria_json(report.assessment));
    const auto printed = printed_of(report.assessment);
    const auto text = one_spelling(printed);
    std::size_t alerts = 0;
    for (const auto& [kind, sentences] : said) {
      if (kind == "hint" || kind == "remark") continue;
      if (kind == "alert") alerts = sentences.size();
      for (const auto& sentence : sentences)
        EXPECT_NE(text.find(sentence), std::string::npos) << name << ": " << sentence;
    }
    EXPECT_EQ(times_in("\n" + printed, "\n  ! "), alerts) << name << ":\n" << printed;
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace cytocape
