#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "pipeline/exports/fhir_codes.hpp"
#include "pipeline/program/exit_code.hpp"
#include "tests/pipeline/exports/export_folder.hpp"

namespace cytocape {
namespace {

using nlohmann::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class Fhir : public testing::ExportFolder {
 protected:
  /// The bundle of the only slide.
  [[nodiscard]] json bundle() const {
    return json::parse(testing::text_of(exported("fhir").slides.front().file));
  }
  [[nodiscard]] static std::vector<json> of_type(const json& bundle, const std::string& type) {
    std::vector<json> found;
    for (const auto& entry : bundle["entry"])
      if (entry["resource"]["resourceType"] == type) found.push_back(entry["resource"]);
    return found;
  }
  /// The observation of a code of the taxonomy.
  [[nodiscard]] static json observation(const json& bundle, const std::string& code) {
    for (const auto& one : of_type(bundle, "Observation"))
      for (const auto& coding : one["code"]["coding"])
        if (coding["system"] == kTaxonomySystem && coding["code"] == code) return one;
    return nullptr;
  }
};

TEST_F(Fhir, NumbersOfAnOkSlideAreObservationsWithUnitAndCode) {
  add("PB_17", ok("PB_17"));
  const auto all = bundle();
  const auto monocytes = observation(all, "monocyte");
  EXPECT_EQ(monocytes["status"], "preliminary");
  EXPECT_EQ(monocytes["code"]["coding"][0],
            json::parse(R"({"system":"http://loinc.org","code":"26485-3",
                            "display":"Monocytes/100 leukocytes in Blood"})"));
  EXPECT_EQ(
      monocytes["valueQuantity"],
      json::parse(R"({"value":60.0,"unit":"%","system":"http://unitsofmeasure.org","code":"%"})"));
  EXPECT_EQ(monocytes["component"][0]["valueInteger"], 3);
  EXPECT_EQ(monocytes["component"][1]["valueRange"]["low"]["value"], 23.07);
  EXPECT_EQ(monocytes["referenceRange"][0]["high"]["value"], 10);
  EXPECT_EQ(observation(all, "cells_counted")["valueInteger"], 5);
}

TEST_F(Fhir, ANumberThatIsNotThereSaysWhy) {
  add("PB_17", ok("PB_17"));
  const auto all = bundle();
  const auto blasts = observation(all, "blast_equivalents");
  EXPECT_FALSE(blasts.contains("valueQuantity"));
  EXPECT_EQ(blasts["dataAbsentReason"]["coding"][0]["code"], "unsupported");
  EXPECT_THAT(blasts["dataAbsentReason"]["text"].get<std::string>(),
              HasSubstr("the model does not know myeloblasts, monoblasts, promonocytes"));
  EXPECT_EQ(observation(all, "smudge_cell")["dataAbsentReason"]["coding"][0]["code"],
            "not-applicable");
}

/// The record keeps the fraction of the classes that the model knows, and not that it lacks others.
TEST_F(Fhir, ASumOfWhichTheModelDoesNotKnowAllHasNoValue) {
  add("PB_17", ok("PB_17"));
  ASSERT_TRUE(ok("PB_17").report.groups[0].fraction);
  const auto monocytes = observation(bundle(), "monocytes");
  EXPECT_FALSE(monocytes.contains("valueQuantity"));
  EXPECT_EQ(monocytes["dataAbsentReason"]["coding"][0]["code"], "unsupported");
  EXPECT_THAT(monocytes["dataAbsentReason"]["text"].get<std::string>(),
              HasSubstr("immature monocytes"));
  EXPECT_EQ(monocytes["component"].size(), 1U) << "the count of the known classes, and no interval";
}

TEST_F(Fhir, ASumThatNobodyKnowsIsRefusedWithTheRemedy) {
  auto example = ok("PB_17");
  example.report.groups[0].code = "giants";
  add("PB_17", example);
  EXPECT_THAT(exported("fhir").slides.front().why_none,
              AllOf(HasSubstr("giants"), HasSubstr("analyze the slide again")));
}

TEST_F(Fhir, EverythingIsPreliminaryAndForResearch) {
  add("PB_17", ok("PB_17"));
  const auto all = bundle();
  const auto reports = of_type(all, "DiagnosticReport");
  ASSERT_EQ(reports.size(), 1U);
  EXPECT_EQ(reports[0]["status"], "preliminary");
  EXPECT_THAT(reports[0]["conclusion"].get<std::string>(), HasSubstr(kResearchUse));
  for (const auto& one : of_type(all, "Observation")) {
    EXPECT_EQ(one["status"], "preliminary");
    EXPECT_EQ(one["note"][0]["text"], kResearchUse);
  }
  for (const auto& entry : all["entry"])
    EXPECT_EQ(entry["resource"]["meta"]["security"][0]["code"], "HRESCH");
}

TEST_F(Fhir, ProgramAndModelAreNamedAsTheMakers) {
  add("PB_17", ok("PB_17"));
  const auto all = bundle();
  const auto devices = of_type(all, "Device");
  ASSERT_EQ(devices.size(), 2U);
  EXPECT_EQ(devices[0]["deviceName"][0]["name"], "cytocape");
  EXPECT_EQ(devices[0]["version"][0]["value"], "0.1.0 (0123abc)");
  EXPECT_EQ(devices[1]["deviceName"][0]["name"], "example");
  EXPECT_EQ(devices[1]["version"][0]["value"], std::string(64, 'b'));
  const auto provenance = of_type(all, "Provenance").at(0);
  EXPECT_EQ(provenance["agent"].size(), 2U);
  EXPECT_EQ(provenance["target"].size(), of_type(all, "Observation").size() + 1);
}

TEST_F(Fhir, NamesNobodyButTheCase) {
  add("PB_17", ok("PB_17"));
  const auto all = bundle();
  EXPECT_EQ(of_type(all, "DiagnosticReport")[0]["identifier"][0]["value"], "case 17");
  EXPECT_TRUE(of_type(all, "Patient").empty());
  EXPECT_THAT(all.dump(), AllOf(Not(HasSubstr("H26-0017")), Not(HasSubstr("2026-01-01")),
                                Not(HasSubstr(".tif"))));
}

TEST_F(Fhir, NoNumberOfASlideThatIsNotOkIsAValue) {
  for (const auto& example : {named("PB_17"), withheld("PB_17"), without_cells("PB_17")}) {
    add("PB_17", example);
    const auto all = bundle();
    for (const auto* code : {"monocyte", "lymphocyte", "smudge_cell", "monocytes"}) {
      const auto one = observation(all, code);
      EXPECT_FALSE(one.contains("valueQuantity")) << code;
      EXPECT_FALSE(one.contains("component")) << code;
      EXPECT_FALSE(one.contains("referenceRange")) << code;
      EXPECT_EQ(one["dataAbsentReason"]["coding"][0]["code"], "masked");
    }
    std::filesystem::remove_all(out());
  }
}

TEST_F(Fhir, ASlideThatFailedHasABundleThatSaysSo) {
  add("torn", failed("torn"));
  const auto outcome = exported("fhir");
  EXPECT_EQ(outcome.exit_code(), kExitFailed);
  const auto all = json::parse(testing::text_of(outcome.slides.front().file));
  EXPECT_THAT(of_type(all, "DiagnosticReport")[0]["conclusion"].get<std::string>(),
              HasSubstr("failed: torn cable"));
  const auto counted = observation(all, "cells_counted");
  EXPECT_FALSE(counted.contains("valueInteger"));
  EXPECT_EQ(counted["dataAbsentReason"]["coding"][0]["code"], "error");
}

TEST_F(Fhir, MarrowHasCodesOfTheTaxonomyAlone) {
  auto example = ok("BM_1");
  example.report.specimen = Specimen::marrow;
  add("BM_1", example);
  EXPECT_THAT(bundle().dump(), Not(HasSubstr(kLoincSystem)));
}

TEST_F(Fhir, ATimeThatIsNoneIsRefusedWithTheRemedy) {
  auto example = ok("PB_17");
  example.report.run.finished_utc = "yesterday";
  add("PB_17", example);
  EXPECT_THAT(exported("fhir").slides.front().why_none,
              AllOf(HasSubstr("finished_utc 'yesterday'"), HasSubstr("analyze the slide again")));
  EXPECT_TRUE(files().empty());
}

}  // namespace
}  // namespace cytocape
