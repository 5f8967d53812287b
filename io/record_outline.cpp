#include "io/record_outline.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "io/errors.hpp"
#include "io/record.hpp"
#include "io/record_judgement.hpp"
#include "io/record_schema.hpp"
#include "io/record_table.hpp"
#include "io/record_value.hpp"

namespace cytocape {
namespace {

using namespace criteria;

constexpr std::uint64_t kMaxLevel = 100;
constexpr std::size_t kMaxEditions = 100;
constexpr std::size_t kMaxSlides = 1000;  ///< each is opened

State state_of(const h5::Reader& file, const std::string& where, const std::string& name) {
  for (const auto state : {State::met, State::not_met, State::indeterminate, State::not_assessable})
    if (name == to_string(state)) return state;
  file.fail(where, "'" + name + "' is none of the known values");
}

Unit read_unit(const h5::Reader& file, const std::string& where, const std::string& text) {
  if (const auto unit = unit_of(text)) return *unit;
  file.fail(where, "'" + text + "' is none of the known values");
}

/// None where the text is empty.
std::optional<Choice> read_answer(const h5::Reader& file, const std::string& where,
                                  const std::string& text) {
  const auto answer = choice_of(text);
  if (!answer && !text.empty()) file.fail(where, "'" + text + "' is none of the known values");
  return answer;
}

std::vector<CriterionResult> read_criteria(const h5::Reader& file, const std::string& group) {
  const TableReader table(file, group, "id");
  const auto id = table.text("id"), title = table.text("title"), state = table.text("state");
  const auto input = table.text("input"), asked = table.text("asked"), unit = table.text("unit");
  const auto answer = table.text("answer"), source = table.text("source");
  const auto sentence = table.text("sentence");
  const auto level = table.whole("level");
  const auto value = table.real("value"), threshold = table.real("threshold");
  const auto interval = table.interval("interval95");
  std::vector<CriterionResult> rows(table.rows());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    auto& row = rows[i];
    row.id = id[i];
    row.title = title[i];
    if (level[i] > kMaxLevel) table.fail("level", i, "is deeper than any criterion");
    row.level = static_cast<int>(level[i]);
    row.state = state_of(file, group + "/state", state[i]);
    row.input = input[i];
    row.asked = asked[i];
    row.value = value[i];
    row.interval = interval[i];
    row.threshold = threshold[i];
    row.unit = read_unit(file, group + "/unit", unit[i]);
    row.answer = read_answer(file, group + "/answer", answer[i]);
    row.source = source[i];
    row.sentence = sentence[i];
  }
  return rows;
}

Readings read_readings(const h5::Reader& file) {
  const std::string group = "/criteria/readings";
  const TableReader table(file, group, "input");
  const auto input = table.text("input"), answer = table.text("answer");
  const auto source = table.text("source"), gap = table.text("gap");
  const auto count = table.whole("count"), total = table.whole("total");
  const auto value = table.real("value");
  const auto interval = table.interval("interval95");
  Readings readings;
  for (std::size_t i = 0; i < table.rows(); ++i) {
    auto& reading = readings[input[i]];
    reading.input = input[i];
    reading.value = value[i];
    reading.interval = interval[i];
    reading.answer = read_answer(file, group + "/answer", answer[i]);
    reading.source = source[i];
    reading.gap = gap[i];
    reading.count = count[i];
    reading.total = total[i];
  }
  return readings;
}

EditionResult read_edition(const h5::Reader& file, const std::string& group) {
  EditionResult edition;
  constexpr std::array texts{std::pair{"edition", &EditionResult::edition},
                             std::pair{"title", &EditionResult::title},
                             std::pair{"source", &EditionResult::source},
                             std::pair{"rules_sha256", &EditionResult::rules_sha256},
                             std::pair{"code", &EditionResult::code},
                             std::pair{"sentence", &EditionResult::sentence},
                             std::pair{"grade_rule", &EditionResult::grade_rule}};
  for (const auto& [name, member] : texts) edition.*member = file.get<std::string>(group, name);
  edition.state = state_of(file, group + "@state", file.get<std::string>(group, "state"));
  edition.shortest = file.get<std::vector<std::string>>(group, "shortest");
  const auto hints = file.get<std::vector<std::string>>(group, "hints");
  edition.hints.assign(hints.begin(), hints.end());
  edition.criteria = read_criteria(file, group);
  return edition;
}

/// Where the link leads is the writer's choice: it is opened as any file that is given, so that it
/// must be a slide's record by itself.
void read_linked(const std::filesystem::path& path, LinkedSlide& slide) {
  const h5::Reader file(path);
  require_slide_record(file);
  slide.slide = file.get<std::string>("/slide", "path");
  slide.specimen = read_value<Specimen>(file, "/", "specimen");
  slide.status = read_value<Status>(file, "/", "status");
  slide.model = file.get<std::string>("/model", "name");
  if (slide.status == Status::failed) return file.require_unchanged();
  const auto counted = file.get<std::int64_t>("/differential", "denominator");
  if (counted < 0) file.fail("/differential@denominator", "a count is negative");
  slide.denominator = static_cast<std::uint64_t>(counted);
  file.require_unchanged();
}

LinkedSlide linked_slide(const h5::Reader& file, const std::filesystem::path& path,
                         const std::string& link) {
  LinkedSlide slide;
  const auto target = file.link_target(link);
  if (target.object != "/") file.fail(link, "points into a record, not at one");
  slide.record = target.file;
  std::error_code unresolved;
  const auto real = std::filesystem::weakly_canonical(path, unresolved);
  LinkedSlide read = slide;
  try {
    read_linked((unresolved ? path : real).parent_path() / target.file, read);
    return read;
  } catch (const StorageError& error) {
    // Records are moved and deleted; the case's own record still says what was judged.
    slide.lost = error.what();
  }
  return slide;
}

}  // namespace

RecordKind record_kind(const std::filesystem::path& path) {
  const h5::Reader file(path);
  const auto schema = schema_of(file);
  if (schema == kCaseSchema) {
    require_version(file);
    return RecordKind::case_of_slides;
  }
  require_slide_record(file);
  return RecordKind::slide;
}

bool is_failed_record(const std::filesystem::path& path) {
  try {
    const h5::Reader file(path);
    require_slide_record(file);
    return read_value<Status>(file, "/", "status") == Status::failed;
  } catch (const StorageError&) {
    // Whoever asks means to replace it: what cannot be read may be worth keeping.
    return false;
  }
}

CaseResult read_judged(const std::filesystem::path& path) {
  const h5::Reader file(path);
  auto result = read_case(file);
  result.agreement = file.get<std::string>("/criteria", "agreement");
  result.readings = read_readings(file);
  const auto names = file.member_names("/criteria");
  for (std::size_t i = 0;; ++i) {
    const auto number = std::to_string(i);
    if (std::find(names.begin(), names.end(), number) == names.end()) break;
    if (i == kMaxEditions) file.fail("/criteria", "holds more editions than there are");
    result.editions.push_back(read_edition(file, "/criteria/" + number));
  }
  file.require_unchanged();
  return result;
}

std::vector<GroupEstimate> read_groups(const std::filesystem::path& path) {
  const h5::Reader file(path);
  const TableReader table(file, "/differential/groups", "code");
  const auto code = table.text("code"), label = table.text("label"), gap = table.text("gap");
  const auto count = table.whole("count"), total = table.whole("total");
  const auto fraction = table.share("fraction"), corrected = table.share("corrected_fraction");
  const auto wilson95 = table.interval("wilson95");
  const auto sampling95 = table.interval("corrected_sampling95");
  const auto classifier95 = table.interval("corrected_classifier95");
  const auto both95 = table.interval("corrected95");
  std::vector<GroupEstimate> groups;
  for (std::size_t i = 0; i < table.rows(); ++i)
    groups.push_back({.code = code[i],
                      .label = label[i],
                      .note = {},
                      .count = count[i],
                      .total = total[i],
                      .classes = {},
                      .unknown_parts = {},
                      .fraction = fraction[i],
                      .wilson95 = wilson95[i],
                      .corrected = corrected[i],
                      .sampling95 = sampling95[i].value_or(Interval{}),
                      .classifier95 = classifier95[i].value_or(Interval{}),
                      .both95 = both95[i].value_or(Interval{}),
                      .gap = gap[i]});
  file.require_unchanged();
  return groups;
}

std::vector<LinkedSlide> read_linked_slides(const std::filesystem::path& path) {
  const h5::Reader file(path);
  const auto ids = file.get<std::vector<std::string>>("/slides", "ids");
  std::vector<LinkedSlide> slides;
  if (ids.size() > kMaxSlides)
    file.fail("/slides@ids",
              fmt::format("names {} slides; a case has {} at most", ids.size(), kMaxSlides));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    slides.push_back(linked_slide(file, path, "/slides/" + std::to_string(i)));
    slides.back().id = ids[i];
  }
  file.require_unchanged();
  return slides;
}

}  // namespace cytocape
