#include "io/record_outline.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "io/errors.hpp"
#include "io/record.hpp"
#include "io/record_assessment.hpp"
#include "io/record_columns.hpp"
#include "io/record_schema.hpp"
#include "io/record_table.hpp"
#include "io/record_value.hpp"

namespace cytocape {
namespace {

using namespace criteria;

constexpr int kMaxLevel = 100;
constexpr std::size_t kMaxEditions = 100;
constexpr std::size_t kMaxSlides = 1000;  ///< each is opened

std::vector<CriterionResult> read_criteria(const h5::Reader& file, const std::string& group) {
  std::vector<CriterionResult> rows;
  TableFiller<CriterionResult> table(file, group, "id", rows);
  list_criteria(table);
  for (std::size_t i = 0; i < rows.size(); ++i)
    if (rows[i].level > kMaxLevel) table.fail("level", i, "is deeper than any criterion");
  return rows;
}

Readings read_readings(const h5::Reader& file) {
  std::vector<Reading> rows;
  list_readings(TableFiller<Reading>(file, "/criteria/readings", "input", rows));
  Readings readings;
  for (auto& row : rows) readings[row.input] = row;
  return readings;
}

EditionResult read_edition(const h5::Reader& file, const std::string& group) {
  EditionResult edition;
  for (const auto& [name, member] : kEditionTexts)
    edition.*member = file.get<std::string>(group, name);
  const auto state = file.get<std::string>(group, "state");
  edition.state = known(file, group + "@state", state, state_named(state));
  edition.shortest = file.get<std::vector<std::string>>(group, "shortest");
  const auto hints = file.get<std::vector<std::string>>(group, "hints");
  edition.hints.assign(hints.begin(), hints.end());
  edition.criteria = read_criteria(file, group);
  return edition;
}

/// Where the link leads is the writer's choice: it is opened as any file that is given, so that it
/// must be a slide's record by itself.
void read_linked(const std::filesystem::path& path, const std::string& finished_utc,
                 LinkedSlide& slide) {
  const h5::Reader file(path);
  require_slide_record(file);
  slide.slide = file.get<std::string>("/slide", "path");
  slide.specimen = read_value<Specimen>(file, "/", "specimen");
  slide.status = read_value<Status>(file, "/", "status");
  slide.model = file.get<std::string>("/model", "name");
  slide.made_anew =
      !finished_utc.empty() && file.get<std::string>("/run", "finished_utc") != finished_utc;
  if (slide.status == Status::failed) return file.require_unchanged();
  const auto counted = file.get<std::int64_t>("/differential", "denominator");
  if (counted < 0) file.fail("/differential@denominator", "a count is negative");
  slide.denominator = static_cast<std::uint64_t>(counted);
  file.require_unchanged();
}

LinkedSlide linked_slide(const h5::Reader& file, const std::filesystem::path& path,
                         const std::string& link, const std::string& finished_utc) {
  LinkedSlide slide;
  const auto target = file.link_target(link);
  if (target.object != "/") file.fail(link, "points into a record, not to one");
  slide.record = target.file;
  std::error_code unresolved;
  const auto real = std::filesystem::weakly_canonical(path, unresolved);
  LinkedSlide read = slide;
  try {
    read_linked((unresolved ? path : real).parent_path() / target.file, finished_utc, read);
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

CaseResult read_judgement(const h5::Reader& file) {
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
  return result;
}

CaseResult read_assessment(const std::filesystem::path& path) {
  const h5::Reader file(path);
  auto result = read_judgement(file);
  file.require_unchanged();
  return result;
}

std::vector<GroupEstimate> read_groups(const h5::Reader& file) {
  std::vector<GroupEstimate> groups;
  list_groups(TableFiller<GroupEstimate>(file, "/differential/groups", "code", groups));
  return groups;
}

std::vector<GroupEstimate> read_groups(const std::filesystem::path& path) {
  const h5::Reader file(path);
  auto groups = read_groups(file);
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
  // Records of early builds do not tell.
  std::vector<std::string> finished(ids.size());
  const auto attributes = file.attribute_names("/slides");
  if (std::find(attributes.begin(), attributes.end(), "finished_utc") != attributes.end())
    finished = file.get<std::vector<std::string>>("/slides", "finished_utc");
  if (finished.size() != ids.size())
    file.fail("/slides@finished_utc",
              fmt::format("has {} entries for {} slides", finished.size(), ids.size()));
  for (std::size_t i = 0; i < ids.size(); ++i) {
    slides.push_back(linked_slide(file, path, "/slides/" + std::to_string(i), finished[i]));
    slides.back().id = ids[i];
  }
  file.require_unchanged();
  return slides;
}

}  // namespace cytocape
