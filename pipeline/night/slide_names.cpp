#include "pipeline/night/slide_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "io/dicom_series.hpp"
#include "io/digest.hpp"
#include "io/errors.hpp"
#include "io/fault_list.hpp"
#include "io/report_folder.hpp"
#include "io/text.hpp"
#include "pipeline/night/earlier_slides.hpp"
#include "pipeline/night/slide_places.hpp"
#include "pipeline/night/standing.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLongestId = 180;  ///< bytes, of names that are made here

std::string without_ending(fs::path path) {
  return path.replace_extension().string();
}

std::string short_digest(const GivenSlide& slide) {
  const auto& place = slide.within.empty() ? real_path(slide.path) : slide.within;
  return sha256_of(place.string()).substr(0, 8);
}

/// The end of a long name is the file's own, which may tell whose slide it is.
std::string fitting(const std::string& name, const GivenSlide& slide) {
  if (name.size() <= kLongestId) return name;
  return short_digest(slide) + "-" + name.substr(name.size() - kLongestId);
}

/// What the slide's file is called, with its place in the folder that was given.
std::string plain_name(const GivenSlide& slide) {
  const auto place = slide.within.empty() ? slide.path.filename() : slide.within;
  auto name = safe_file_name(without_ending(place), "slide");
  // "journal.tiff": what stands beside the reports has that name.
  if (is_reserved_report_name(name)) name += "-slide";
  return name;
}

/// The same, behind the name of the folder that it lies in.
std::string with_folder(const GivenSlide& slide) {
  const auto folder = real_path(slide.path).parent_path().filename().string();
  return safe_file_name(folder, "slide") + "_" + plain_name(slide);
}

/// The names that a slide may get, the first that is free of others' first.
std::string name_for(const GivenSlide& slide, int attempt) {
  auto name = plain_name(slide);
  if (attempt == 1 && slide.within.empty()) name = with_folder(slide);
  if (attempt == 2) name = fitting(name, slide) + "-" + short_digest(slide);
  return fitting(name, slide);
}

/// Whether `id` is a name that the file at `path` has now: its own, or with folders it lies in.
bool names_file(const std::string& id, const fs::path& path) {
  fs::path tail;
  for (auto place = fs::absolute(path).lexically_normal(); place.has_filename();
       place = place.parent_path()) {
    tail = tail.empty() ? place.filename() : place.filename() / tail;
    if (id == safe_file_name(without_ending(tail), "slide")) return true;
  }
  return false;
}

/// As names_file; a DICOM slide goes by any of its files, and by their folder.
bool names_slide(const std::string& id, const GivenSlide& slide) {
  if (id == plain_name(slide) || id == with_folder(slide) || names_file(id, slide.path))
    return true;
  if (dicom_file(slide.path).kind != DicomKind::slide) return false;
  if (names_file(id, as_file(fs::absolute(slide.path).lexically_normal().parent_path())))
    return true;
  const auto files = dicom_slide_files(slide.path);
  return std::any_of(files.begin(), files.end(),
                     [&](const auto& file) { return names_file(id, file); });
}

bool same_row(const GivenSlide& a, const GivenSlide& b) {
  const bool same_size = a.mpp.has_value() == b.mpp.has_value() &&
                         (!a.mpp || (a.mpp->x == b.mpp->x && a.mpp->y == b.mpp->y));
  return a.id == b.id && a.case_id == b.case_id && a.specimen == b.specimen && same_size &&
         a.identity == b.identity;
}

void leave_each_once(SlideList& list, FaultList& faults) {
  std::map<fs::path, std::size_t> seen;
  std::vector<GivenSlide> once;
  std::vector<std::string> again;
  for (auto& slide : list.slides) {
    const auto [first, fresh] = seen.emplace(real_path(slide.path), once.size());
    if (fresh) {
      once.push_back(std::move(slide));
      continue;
    }
    auto& kept = once[first->second];
    const bool plain = same_row(slide, {.path = slide.path});
    if (same_row(kept, {.path = kept.path}) && !plain)
      kept = std::move(slide);  // what a manifest says of it counts
    else if (!plain && !same_row(kept, slide))
      faults.add("{} is named twice, with different entries; leave one row", slide.path.string());
    const auto name = kept.path.string();
    if (std::find(again.begin(), again.end(), name) == again.end()) again.push_back(name);
  }
  if (!again.empty())
    list.notes.push_back(fmt::format("{} given more than once and analyzed once: {}",
                                     again.size() == 1 ? "a slide was" : "slides were",
                                     named_first(again)));
  list.slides = std::move(once);
}

/// Where a slide's name comes from; the last give way to the first.
enum class NamedBy : std::uint8_t { manifest, earlier_run, its_file };

/// Indices by name, where more than one slide has it.
std::vector<std::vector<std::size_t>> namesakes(const std::vector<GivenSlide>& slides) {
  std::map<std::string, std::vector<std::size_t>> by_name;
  for (std::size_t i = 0; i < slides.size(); ++i) by_name[in_lower_case(slides[i].id)].push_back(i);
  std::vector<std::vector<std::size_t>> groups;
  for (auto& [name, indices] : by_name)
    if (indices.size() > 1) groups.push_back(std::move(indices));
  return groups;
}

/// Of a DICOM slide that was given by another of its files, or by its folder.
void settle_paths(SlideList& list, FaultList& faults) {
  for (auto& slide : list.slides) {
    try {
      slide.path = slide_path(slide.path);
      if (slide.within.empty() && has_folder_to_itself(slide.path))
        slide.within = as_file(real_path(slide.path).parent_path().filename());
    } catch (const SlideError& error) {
      faults.add("{}", error.what());
    }
  }
}

/// After all that are where they were: of two copies of a slide the first takes its name.
void name_moved(std::vector<GivenSlide>& slides, std::vector<NamedBy>& by,
                const EarlierNames& earlier) {
  std::set<std::string> taken;
  for (const auto& slide : slides)
    if (!slide.id.empty()) taken.insert(in_lower_case(slide.id));
  for (std::size_t i = 0; i < slides.size(); ++i) {
    if (!slides[i].id.empty()) continue;
    slides[i].id = earlier.of_moved(slides[i], taken);
    if (slides[i].id.empty()) continue;
    by[i] = NamedBy::earlier_run;
    taken.insert(in_lower_case(slides[i].id));
  }
}

/// Names for those that others of earlier runs have. A folder's name comes first where two files
/// are called alike, and not where the other one has been renamed: whose slide it is stays clear.
void give_way_to_earlier(std::vector<GivenSlide>& slides, const std::vector<NamedBy>& by,
                         const EarlierNames& earlier) {
  std::map<std::string, const GivenSlide*> kept;
  for (std::size_t i = 0; i < slides.size(); ++i)
    if (by[i] == NamedBy::earlier_run) kept.emplace(in_lower_case(slides[i].id), &slides[i]);
  const auto was_renamed = [&](const std::string& id) {
    if (const auto found = kept.find(in_lower_case(id)); found != kept.end())
      return !names_slide(id, *found->second);
    const auto place = earlier.place_of_id(id);
    return !place.empty() && !names_slide(id, {.path = place});
  };
  for (std::size_t i = 0; i < slides.size(); ++i) {
    if (by[i] != NamedBy::its_file) continue;
    const int first = was_renamed(slides[i].id) ? 2 : 1;
    for (int attempt = first; attempt <= 2; ++attempt)
      if (earlier.is_anothers(slides[i].id, slides[i].path))
        slides[i].id = name_for(slides[i], attempt);
  }
}

/// Of slides whose case nobody gave: what their files are called now, however they were called when
/// they got their ids. A digest is in it only where two slides of a run would be one case by name.
void settle_cases(std::vector<GivenSlide>& slides, const std::vector<NamedBy>& by) {
  std::vector<std::size_t> otherwise;  ///< ids that are not what the file is called
  std::map<std::string, int> slides_of;
  for (std::size_t i = 0; i < slides.size(); ++i) {
    auto& slide = slides[i];
    if (!slide.case_id.empty()) continue;
    const bool is_name = by[i] == NamedBy::manifest || names_slide(slide.id, slide);
    if (!is_name) otherwise.push_back(i);
    slide.case_id = is_name ? slide.id : plain_name(slide);
    ++slides_of[in_lower_case(slide.case_id)];
  }
  for (const auto i : otherwise)
    if (slides_of[in_lower_case(slides[i].case_id)] > 1) slides[i].case_id = name_for(slides[i], 2);
}

}  // namespace

void settle_names(SlideList& list, const EarlierNames& earlier) {
  FaultList faults;
  settle_paths(list, faults);
  leave_each_once(list, faults);
  auto& slides = list.slides;
  std::vector<NamedBy> by(slides.size(), NamedBy::its_file);
  for (std::size_t i = 0; i < slides.size(); ++i) {
    auto& id = slides[i].id;
    if (!id.empty()) {
      by[i] = NamedBy::manifest;
    } else if (id = earlier.of(slides[i].path); !id.empty()) {
      by[i] = NamedBy::earlier_run;
    }
    if (!id.empty()) id = safe_file_name(id, "slide");
  }
  name_moved(slides, by, earlier);
  for (auto& slide : slides)
    if (slide.id.empty()) slide.id = name_for(slide, 0);
  give_way_to_earlier(slides, by, earlier);
  for (const auto which : {NamedBy::its_file, NamedBy::earlier_run})
    for (int attempt = 1; attempt <= 2; ++attempt)
      for (const auto& group : namesakes(slides))
        for (const auto i : group)
          if (by[i] == which) slides[i].id = name_for(slides[i], attempt);
  for (const auto& group : namesakes(slides))
    faults.add("{} and {} would both be reported as {}; give them different ids in a --manifest",
               slides[group[0]].path.string(), slides[group[1]].path.string(), slides[group[0]].id);
  faults.throw_if_any("analyze");
  settle_cases(slides, by);
}

void add_gone(SlideList& list, const std::vector<fs::path>& given, const EarlierNames& earlier,
              const fs::path& out) {
  std::set<std::string> named;
  for (const auto& slide : list.slides) named.insert(in_lower_case(slide.id));
  std::error_code error;
  for (const auto& folder : given) {
    if (!fs::is_directory(folder, error)) continue;
    for (const auto& gone : earlier.gone_from(folder)) {
      if (!named.insert(in_lower_case(gone.id)).second) continue;
      const auto standing = standing_of(out / gone.id, {.path = gone.place}, {}, {});
      if (standing.kind == Standing::Kind::away)
        list.slides.push_back({.path = gone.place, .id = gone.id, .case_id = gone.case_id});
    }
  }
}

}  // namespace cytocape
