#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "embedded/page_warnings.hpp"
#include "io/text.hpp"
#include "pipeline/pages/report/parts.hpp"
#include "pipeline/pages/report/text.hpp"
#include "pipeline/wording/differences.hpp"
#include "pipeline/wording/labels.hpp"
#include "pipeline/wording/review.hpp"

namespace cytocape::report_page {
namespace {

/// One line: what it is about, and what a reader must know.
struct Flag {
  std::string kind;  ///< "warn", or "told" for what is no fault
  std::string subject;
  std::string text;
};

/// Which slides are used in the stead of one that is not ok, in a case of several.
std::string used_instead(const SlideReport& report, std::span<const SlideReport> slides) {
  if (slides.size() < 2) return "";
  std::vector<std::string> same;
  std::vector<std::string> others;
  for (const auto& slide : slides) {
    if (slide.status != Status::ok) continue;
    (slide.specimen == report.specimen ? same : others).push_back(slide_words(slide));
  }
  if (!same.empty())
    return fmt::format("It is not used for the criteria; used instead: {}.", joined(same, ", "));
  const auto specimen = specimen_words(report.specimen);
  if (others.empty()) return "It is not used for the criteria, nor is any other slide.";
  return fmt::format(
      "It is not used for the criteria, and no other slide of {} is usable; used: {}.", specimen,
      joined(others, ", "));
}

data alarm(const SlideReport& report, std::span<const SlideReport> slides) {
  data row;
  row.set("slide", as_text(slide_words(report)));
  row.set("status", to_string(report.status));
  row.set("words", status_words(report.status));
  row.set("instead", optional_text(used_instead(report, slides)));
  row.set("reasons", texts(report.status_reasons));
  row.set("has_reasons", !report.status_reasons.empty());
  return row;
}

/// What the sums of the criteria lack, each once: nobody may read its absence as none found.
std::string not_seen(const SlideReport& report) {
  std::vector<std::string> parts;
  for (const auto* code : {"blast_equivalents", "monocytes", "neutrophils"})
    for (const auto& group : report.groups)
      if (group.code == code)
        for (const auto& part : group.unknown_parts)
          if (std::find(parts.begin(), parts.end(), part) == parts.end()) parts.push_back(part);
  return joined(parts, ", ");
}

const QualityCheck* rule_of(const SlideReport& report, QualityRule rule) {
  const auto found = std::find_if(report.quality.begin(), report.quality.end(),
                                  [&](const auto& check) { return check.rule == rule; });
  return found == report.quality.end() ? nullptr : &*found;
}

/// A rule that warns; the reasons of a slide that is not ok name those that decide.
std::string warning_words(const QualityCheck& check) {
  const auto threshold = check.at_least
                             ? fmt::format("at least {}", number(*check.at_least))
                             : fmt::format("at most {}", number(check.at_most.value_or(0)));
  const auto unit = check.unit.empty() ? std::string() : kSpace + check.unit;
  return fmt::format("{}{} ({}{}). {}", number(check.value.value_or(0)), unit, threshold, unit,
                     check.remedy);
}

void add_quality(std::vector<Flag>& flags, const SlideReport& report, const std::string& of_slide) {
  for (const auto& check : report.quality) {
    if (check.decides || check.verdict != QualityCheck::Verdict::failed ||
        check.rule == QualityRule::full_count)
      continue;
    flags.push_back({"warn", check.label + of_slide + ":", warning_words(check)});
  }
}

void add_slide(std::vector<Flag>& flags, const SlideReport& report, const std::string& of_slide) {
  if (const auto parts = not_seen(report); !parts.empty())
    flags.push_back(
        {"warn", fmt::format("Not assessed by model {}{}:", report.model.name, of_slide), parts});
  if (count_step(report) == CountStep::preliminary)
    flags.push_back(
        {"warn", fmt::format("Preliminary count{}:", of_slide),
         fmt::format("{} of the {} cells that grading customarily asks for.", report.denominator,
                     number(*rule_of(report, QualityRule::full_count)->at_least))});
  add_quality(flags, report, of_slide);
  // They are reasons of a slide that is not ok, and stand above them then.
  if (report.status != Status::ok) return;
  for (const auto& remark : report.status_reasons)
    flags.push_back({"warn", fmt::format("Note{}:", of_slide), remark});
}

/// Whether the difference from which an absolute count follows is told already.
bool follows(const std::string& input, const std::set<std::string>& told) {
  return told.contains(input) || (input == "amc" && told.contains("monocytes"));
}

/// Other sources that contradict each other than a laboratory and a slide.
void add_disputes(std::vector<Flag>& flags, const criteria::Readings& readings,
                  const std::set<std::string>& told) {
  for (const auto& [input, reading] : readings) {
    if (reading.basis != criteria::Basis::disputed || follows(input, told)) continue;
    auto text = reading.gap.typeset();
    for (const auto& remark : reading.remarks) text += "; " + remark.typeset();
    flags.push_back({"warn", fmt::format("Disputed: {}:", wording::short_label(input)), text});
  }
}

void add_open_differences(std::vector<Flag>& flags, const char* subject,
                          const std::vector<std::string>& open) {
  if (open.empty()) return;
  flags.push_back({"warn", subject, joined(open, "; ") + ". Look at the slide again"});
}

/// Where laboratory and slide say different things, and what a person decided on it. Returns the
/// inputs that are told.
std::set<std::string> add_differences(std::vector<Flag>& flags,
                                      const criteria::CaseResult& assessment,
                                      std::span<const SlideReport> slides) {
  const auto differing = wording::differences(assessment, slides);
  auto reasons = wording::settled(assessment, differing);
  std::set<std::string> told;
  std::vector<std::string> used;
  std::vector<std::string> disputed;
  for (const auto& difference : differing) {
    const auto& input = difference.input;
    told.insert(input);
    const auto reason = reasons.find(input);
    if (reason != reasons.end()) {
      reason->second += "; " + difference.text.typeset();
      continue;
    }
    auto& list = difference.disputed ? disputed : used;
    list.push_back(fmt::format("{} {}", wording::short_label(input), difference.text.typeset()));
  }
  add_open_differences(flags, "Laboratory and slide disputed, both are held possible:", disputed);
  add_open_differences(flags, "Laboratory and slide differ, the laboratory's is used:", used);
  for (const auto& [input, reason] : reasons)
    flags.push_back(
        {"told", fmt::format("Settled by a person: {}:", wording::short_label(input)), reason});
  return told;
}

/// A reader may have acted on what was signed before.
void add_amendments(std::vector<Flag>& flags, std::span<const SlideReport> slides) {
  for (const auto& slide : slides) {
    if (!slide.review || slide.review->amendments.empty()) continue;
    const auto& last = slide.review->amendments.back();
    auto text = fmt::format(
        "{} ({}). Version {} was signed by {}", shortened(last.reason, kReasonAtFirst),
        wording::step_words(last.amended), last.version, wording::step_words(last.signed_off));
    if (const auto changes = wording::changes(slide); !changes.empty()) text += "; " + changes;
    const auto of_slide = slides.size() > 1 ? ", " + slide_words(slide) : "";
    flags.push_back(
        {"warn", fmt::format("Amended, version {}{}:", slide.review->version, of_slide), text});
  }
}

List flag_items(const std::vector<Flag>& flags) {
  List items;
  for (const auto& flag : flags) {
    data item;
    item.set("kind", flag.kind);
    item.set("mark", flag.kind == "warn" ? "warn" : "passed");
    item.set("subject", as_text(flag.subject));
    item.set("text", as_text(sentence(flag.text)));
    items.push_back(item);
  }
  return items;
}

/// A model that read one slide of the case alone needs no slide beside it.
bool is_shared(const SlideReport& report, std::span<const SlideReport> slides) {
  return std::count_if(slides.begin(), slides.end(), [&](const auto& slide) {
           return slide.model.name == report.model.name;
         }) > 1;
}

List limit_items(std::span<const SlideReport> slides) {
  List items;
  for (std::size_t i = 0; i < slides.size(); ++i) {
    if (!has_counts(slides[i])) continue;
    const auto limits = limits_of(slides[i].model);
    if (limits.first.empty()) continue;
    data item;
    item.set("number", std::to_string(i + 1));
    item.set("model", as_text(slides[i].model.name));
    item.set("slide", optional_text(is_shared(slides[i], slides) ? slide_words(slides[i]) : ""));
    item.set("text", as_text(limits.first));
    item.set("more", !limits.whole);
    items.push_back(item);
  }
  return items;
}

}  // namespace

std::optional<CountStep> count_step(const SlideReport& report) {
  const auto* least = rule_of(report, QualityRule::countable_cells);
  const auto* full = rule_of(report, QualityRule::full_count);
  if (least == nullptr || least->verdict == QualityCheck::Verdict::not_measured)
    return std::nullopt;
  if (least->verdict == QualityCheck::Verdict::failed) return CountStep::under_the_minimum;
  if (full == nullptr || !full->at_least || full->verdict == QualityCheck::Verdict::not_measured)
    return std::nullopt;
  return full->verdict == QualityCheck::Verdict::failed ? CountStep::preliminary : CountStep::full;
}

std::string warnings(const criteria::CaseResult& assessment, std::span<const SlideReport> slides) {
  data values;
  values.set("has_alerts", !assessment.alerts.empty());
  values.set("alerts", texts(assessment.alerts));
  List alarms;
  std::vector<Flag> flags;
  add_amendments(flags, slides);
  for (const auto& slide : slides) {
    // What failed has no page but its reasons.
    if (slide.status != Status::ok && (has_counts(slide) || slides.size() > 1))
      alarms.push_back(alarm(slide, slides));
    if (!has_counts(slide)) continue;
    add_slide(flags, slide, slides.size() > 1 ? ", " + slide_words(slide) : "");
  }
  const auto told = add_differences(flags, assessment, slides);
  add_disputes(flags, assessment.readings, told);
  const auto limits = limit_items(slides);
  values.set("alarms", alarms);
  values.set("flags", flag_items(flags));
  values.set("limits", limits);
  values.set("has_flags", !flags.empty() || !limits.empty());
  return render(text::page_warnings, values);
}

}  // namespace cytocape::report_page
