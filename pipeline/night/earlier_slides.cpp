#include "pipeline/night/earlier_slides.hpp"

#include <algorithm>
#include <sstream>
#include <tuple>

#include "io/dicom_series.hpp"
#include "io/errors.hpp"
#include "io/record_scan.hpp"
#include "io/text.hpp"
#include "pipeline/night/journal.hpp"
#include "pipeline/night/slide_places.hpp"
#include "pipeline/night/standing.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

/// A name that is no UTF-8 stands in journals with this in it, and may be any of several.
bool is_unsure(const std::string& place) {
  return place.find("\xEF\xBF\xBD") != std::string::npos;
}

/// Of files_state: "17@3 20@4" is "17 20".
std::string sizes_in(const std::string& files) {
  std::istringstream states(files);
  std::string sizes;
  for (std::string state; states >> state;)
    sizes += (sizes.empty() ? "" : " ") + state.substr(0, state.find('@'));
  return sizes;
}

bool is_there(const std::string& place) {
  std::error_code error;
  return is_unsure(place) || fs::exists(place, error);
}

/// A report is a better witness than a plan, and the last word than an earlier one.
bool is_better(const EarlierSlide* one, const EarlierSlide* other) {
  return std::tuple(!one->record.empty(), one->time, one->id) >
         std::tuple(!other->record.empty(), other->time, other->id);
}

/// What the record alone knows; as before where it is damaged.
void add_record(EarlierSlide& slide, RecordSeries& series) {
  try {
    const auto report = read_origin(slide.record, &series);
    if (slide.place.empty()) slide.place = place_of(report.slide.path);
    if (slide.series.empty()) slide.series = report.slide.dicom.series;
    if (slide.content.empty()) slide.content = report.slide_sha256;
    slide.case_id = report.case_id;
  } catch (const StorageError&) {
    return;
  }
}

std::set<fs::path> records_of(const fs::path& out) {
  std::set<fs::path> records;
  std::error_code error;
  for (fs::directory_iterator entry(out, error); !error && entry != fs::directory_iterator();
       entry.increment(error)) {
    std::error_code absent;
    const auto record = entry->path() / "report.h5";
    if (!entry->path().filename().string().starts_with('.') && fs::exists(record, absent))
      records.insert(record);
  }
  return records;
}

/// Empty where it cannot be read now.
std::string digest_of(const fs::path& slide) {
  try {
    return slide_sha256(slide);
  } catch (const Error&) {
    return "";
  }
}

}  // namespace

std::string place_of(const fs::path& slide) {
  return valid_utf8(real_path(slide).string());
}

std::string series_of(const fs::path& slide) {
  const auto dicom = dicom_file(slide);
  return dicom.kind == DicomKind::slide ? dicom.series : "";
}

void EarlierNames::remember(EarlierSlide slide) {
  gone_.reset();
  auto& kept = by_id_[in_lower_case(slide.id)];
  if (!kept) {
    kept = std::make_unique<EarlierSlide>(std::move(slide));
  } else {
    // The entries of what it was known by before lead to what it is now; they are left out.
    const auto forget = [&](auto& index) {
      std::erase_if(index, [&](const auto& entry) { return entry.second == kept.get(); });
    };
    forget(by_place_);
    forget(by_series_);
    *kept = std::move(slide);
  }
  by_place_.emplace(kept->place, kept.get());
  if (!kept->series.empty()) by_series_.emplace(kept->series, kept.get());
}

/// The entry that a place or series leads to; null where there is none.
const EarlierSlide* EarlierNames::at_place(const fs::path& file) const {
  const auto place = place_of(file);
  const auto [first, last] = by_place_.equal_range(place);
  const EarlierSlide* best = nullptr;
  for (auto entry = first; entry != last; ++entry) {
    if (is_unsure(place) && entry->second->files != files_state(file)) continue;
    if (best == nullptr || is_better(entry->second, best)) best = entry->second;
  }
  return best;
}

const EarlierSlide* EarlierNames::of_series(const fs::path& slide) const {
  const auto files = dicom_slide_files(slide);
  for (const auto& file : files)
    if (const auto* known = at_place(file)) return known;
  const auto folder = fs::path(place_of(slide)).parent_path();
  const auto [first, last] = by_series_.equal_range(series_of(slide));
  const EarlierSlide* best = nullptr;
  for (auto entry = first; entry != last; ++entry) {
    const auto& known = *entry->second;
    // A copy of the series elsewhere is a slide of its own while the first one is there.
    if (fs::path(known.place).parent_path() != folder && is_there(known.place)) continue;
    if (best == nullptr || is_better(&known, best)) best = &known;
  }
  return best;
}

std::string EarlierNames::of(const fs::path& slide) const {
  if (by_id_.empty()) return "";
  const auto* known = at_place(slide);
  if (known == nullptr && !series_of(slide).empty()) known = of_series(slide);
  return known == nullptr ? "" : known->id;
}

void EarlierNames::find_gone() const {
  if (gone_) return;
  gone_.emplace();
  RecordSeries series;
  for (const auto& [id, known] : by_id_) {
    if (is_there(known->place)) continue;
    auto gone = *known;
    if (!gone.record.empty()) add_record(gone, series);
    gone_->emplace(sizes_in(gone.files), std::move(gone));
  }
}

std::string EarlierNames::of_moved(GivenSlide& slide, const std::set<std::string>& taken) const {
  if (by_id_.empty()) return "";
  find_gone();
  if (gone_->empty()) return "";
  const auto sizes = sizes_in(files_state(slide.path));
  std::string id;
  for (const auto& key : {sizes, std::string()}) {  // of records without a journal no size is known
    const auto [first, last] = gone_->equal_range(key);
    for (auto entry = first; entry != last; ++entry) {
      const auto& known = entry->second;
      if (known.content.empty() || taken.contains(in_lower_case(known.id))) continue;
      if (slide.sha256.empty() && reading) reading(slide.path);
      if (slide.sha256.empty()) slide.sha256 = digest_of(slide.path);
      if (slide.sha256 != known.content) continue;
      const bool same_name = fs::path(known.place).filename() == slide.path.filename();
      if (id.empty() || same_name) id = known.id;
    }
    if (sizes.empty() || !id.empty()) break;
  }
  return id;
}

bool EarlierNames::is_anothers(const std::string& id, const fs::path& slide) const {
  const auto found = by_id_.find(in_lower_case(id));
  if (found == by_id_.end() || found->second->place == place_of(slide)) return false;
  const auto& known = *found->second;
  if (!known.content.empty() || !known.record.empty()) return true;
  // Of what was never analysed to its end nothing is lost.
  if (!known.files.empty()) return known.files != files_state(slide);
  return is_there(known.place) || fs::path(known.place).filename() != slide.filename();
}

std::string EarlierNames::place_of_id(const std::string& id) const {
  const auto found = by_id_.find(in_lower_case(id));
  return found == by_id_.end() ? "" : found->second->place;
}

std::vector<EarlierSlide> EarlierNames::gone_from(const fs::path& folder) const {
  std::vector<EarlierSlide> list;
  if (by_id_.empty()) return list;
  find_gone();
  const auto below = place_of(folder / "");
  const auto start = below.ends_with('/') ? below : below + "/";
  for (const auto& [sizes, gone] : *gone_)
    if (!gone.record.empty() && gone.place.starts_with(start)) list.push_back(gone);
  std::sort(list.begin(), list.end(),
            [](const auto& one, const auto& other) { return one.place < other.place; });
  return list;
}

EarlierNames earlier_names(const fs::path& out) {
  EarlierNames names;
  auto records = records_of(out);
  for (const auto& [id, slide] : read_journals(out).slides) {
    if (slide.slide.empty()) continue;
    const auto record = out / id / "report.h5";
    names.remember({.id = id,
                    .place = slide.place.empty() ? place_of(slide.slide) : slide.place,
                    .series = slide.series,
                    .files = slide.files,
                    .content = slide.content,
                    .time = slide.time,
                    .record = records.erase(record) > 0 ? record : fs::path(),
                    .case_id = {}});
  }
  RecordSeries series;
  for (const auto& record : records) {
    EarlierSlide slide{.id = record.parent_path().filename().string(),
                       .place = {},
                       .series = {},
                       .files = {},
                       .content = {},
                       .time = {},
                       .record = record,
                       .case_id = {}};
    add_record(slide, series);
    if (!slide.place.empty()) names.remember(std::move(slide));
  }
  return names;
}

}  // namespace cytocape
