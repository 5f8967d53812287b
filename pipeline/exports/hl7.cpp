#include "pipeline/exports/hl7.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "io/errors.hpp"
#include "io/text.hpp"
#include "pipeline/exports/export_format.hpp"
#include "pipeline/exports/fhir_codes.hpp"
#include "pipeline/exports/slide_numbers.hpp"
#include "pipeline/exports/text_file.hpp"

namespace cytocape {
namespace {

/// The coding system of codes of this program alone; local ones begin with 99 (HL7 table 0396).
constexpr const char* kOwnSystem = "99CYTOCAPE";

/// A component's text: what separates fields, components and lines becomes an escape sequence.
std::string escaped(const std::string& text) {
  const auto plain = displayable(text);
  if (trimmed(plain).empty()) return "";
  const auto shown = one_line(plain);
  std::string out;
  for (const char c : shown) {
    switch (c) {
      case '|':
        out += "\\F\\";
        break;
      case '^':
        out += "\\S\\";
        break;
      case '&':
        out += "\\T\\";
        break;
      case '~':
        out += "\\R\\";
        break;
      case '\\':
        out += "\\E\\";
        break;
      default:
        out += c;
    }
  }
  return out;
}

/// "2026-01-02" and "2026-01-02T03:04:05Z" without what stands between the digits.
std::string time_of(const std::string& iso) {
  std::string digits;
  std::copy_if(iso.begin(), iso.end(), std::back_inserter(digits),
               [](char c) { return c >= '0' && c <= '9'; });
  return digits.size() == 14 ? digits + "+0000" : digits.size() == 8 ? digits : "";
}

std::string own_code(const std::string& code, const std::string& label) {
  return fmt::format("{}^{}^{}", escaped(code), escaped(label), kOwnSystem);
}

/// LOINC's code first, where it has one.
std::string coded(const LoincCode& loinc, const std::string& code, const std::string& label) {
  if (loinc.code == nullptr) return own_code(code, label);
  return fmt::format("{}^{}^LN^{}", loinc.code, escaped(loinc.display), own_code(code, label));
}

std::string percent_text(double fraction) {
  return fmt::format("{}", std::round(fraction * 1e4) / 100);
}

constexpr const char* kPercent = "%^percent^UCUM";
constexpr const char* kCells = "{cells}^cells^UCUM";

/// One OBX, and the note behind it.
struct Observation {
  std::string type = "NM";
  std::string code;
  std::string group;  ///< of the observations that belong together (OBX-4)
  std::string value;
  std::string unit;
  std::string range;
  std::string note;
};

class Message {
 public:
  explicit Message(const ExportedSlide& slide) : slide_(slide), report_(slide.report) {
    const auto& review = report_.review;
    const bool is_signed = review && !review->signed_off.at.empty();
    status_ = !is_signed ? "P" : review->version > 1 ? "C" : "F";
    made_ = time_of(is_signed ? review->signed_off.at : report_.run.finished_utc);
    if (is_signed) signer_ = "^" + escaped(review->signed_off.by);
    if (made_.size() < 14)
      throw StorageError(fmt::format("the record's time '{}' is none; analyze the slide again",
                                     shortened(report_.run.finished_utc)));
  }

  std::string take() && {
    const auto control = export_uuid(slide_, "hl7 " + status_ + made_, 0);
    std::string id;
    std::copy_if(control.begin(), control.end(), std::back_inserter(id),
                 [](char c) { return c != '-'; });
    // T: training, for nothing here is for a patient's record unless somebody sees to it.
    add("MSH|^~\\&|cytocape||||{}||ORU^R01^ORU_R01|{}|T|2.5.1||||||UNICODE UTF-8", made_,
        id.substr(0, 20));
    add("SFT|cytocape|{}|cytocape|{}", escaped(report_.run.tool_version),
        escaped(report_.run.commit));
    add_order();
    add_numbers();
    add_specimen();
    return std::move(text_);
  }

 private:
  template <class... Args>
  void add(fmt::format_string<Args...> format, Args&&... args) {
    text_ += fmt::format(format, std::forward<Args>(args)...) + "\r";
  }
  void note(int number, const std::string& text) {
    if (!text.empty()) add("NTE|{}|L|{}", number, escaped(text));
  }

  void add_order() {
    add("OBR|1|{}|{}^cytocape|{}|||{}|||||||||||||||{}||HM|{}", escaped(report_.identity.accession),
        escaped(report_.slide.id),
        coded(loinc_of_report(report_.specimen), "differential", "differential of a smear"),
        time_of(report_.identity.sampled), made_, status_);
    note(1, kResearchUse);
    note(2, signer_.empty() ? "Preliminary, not reviewed and signed by a person."
                            : "Reviewed and signed by " + report_.review->signed_off.by + ".");
    note(3, "The slide is " + status_words(report_) + ".");
    note(4, fmt::format("Cells classified by the CAPE network {} (SHA-256 {}). Criteria of CMML, "
                        "alerts and what to consider are in the slide's report.",
                        report_.model.name, report_.model.sha256));
    note(5, report_.denominator_rule);
  }

  void add_numbers() {
    if (!report_.case_id.empty())
      observe({.type = "ST", .code = own_code("case", "case"), .value = escaped(report_.case_id)});
    add_cells("cells_counted", "cells counted", report_.denominator);
    add_cells("cells_located", "cells located", report_.cells_located);
    int group = 0;
    for (const auto& share : shares_of(slide_)) add_share(share, std::to_string(++group));
  }

  void add_cells(const char* code, const char* label, std::uint64_t cells) {
    const bool there = has_counts(report_);
    observe({.code = own_code(code, label),
             .value = there ? std::to_string(cells) : "",
             .unit = kCells,
             .note = there ? "" : why_no_result(slide_).value().words});
  }

  void add_share(const SlideShare& share, const std::string& group) {
    const auto kept_back = why_no_result(slide_);
    const bool there = !kept_back && share.fraction;
    Observation main{.code = coded(loinc_of(share.code, report_.specimen), share.code, share.label),
                     .group = group,
                     .unit = kPercent};
    if (there)
      main.value = percent_text(*share.fraction);
    else
      main.note = kept_back.value_or(share.absence).words;
    if (!kept_back && share.reference)
      main.range = percent_text(share.reference->low) + "-" + percent_text(share.reference->high);
    observe(main);
    if (kept_back) return;
    observe({.code = own_code("count", "cells of it"),
             .group = group,
             .value = std::to_string(share.count),
             .unit = kCells});
    if (there && share.wilson95)
      observe(
          {.type = "NR",
           .code = own_code("wilson95", "95 % interval by sampling alone"),
           .group = group,
           .value = percent_text(share.wilson95->low) + "^" + percent_text(share.wilson95->high),
           .unit = kPercent});
  }

  void observe(const Observation& one) {
    add("OBX|{}|{}|{}|{}|{}|{}|{}||||{}|||{}||{}||{}^cytocape|{}", ++observations_, one.type,
        one.code, one.group, one.value, one.unit, one.range, one.value.empty() ? "X" : status_,
        time_of(report_.identity.sampled), signer_, escaped(report_.model.name),
        time_of(report_.run.finished_utc));
    note(1, one.note);
  }

  void add_specimen() {
    const bool blood = report_.specimen == Specimen::blood;
    add("SPM|1|^{}&cytocape||{}|||||||||||||{}", escaped(report_.slide.id),
        blood ? "BLD^Whole blood^HL70487" : "MAR^Marrow^HL70487",
        time_of(report_.identity.sampled));
  }

  const ExportedSlide& slide_;
  const SlideReport& report_;
  std::string text_;
  std::string status_;  ///< of results (HL7 table 0085)
  std::string made_;
  std::string signer_;  ///< as OBX-16; empty where nobody signed
  int observations_ = 0;
};

class Hl7 : public SlideWriter {
 public:
  Hl7(const ExportedSlide& slide, const ExportTarget& target) : slide_(slide), file_(target) {}
  void add(const std::vector<CellRow>&) override {}  // a message has the numbers of a slide alone
  void finish() override {
    file_.write(hl7_message(slide_));
    file_.close();
  }

 private:
  const ExportedSlide& slide_;
  TextFile file_;
};

}  // namespace

std::string hl7_message(const ExportedSlide& slide) {
  return Message(slide).take();
}

std::unique_ptr<SlideWriter> start_hl7(const ExportedSlide& slide, const ExportTarget& target) {
  return std::make_unique<Hl7>(slide, target);
}

}  // namespace cytocape
