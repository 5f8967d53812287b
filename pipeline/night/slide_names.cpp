#include "pipeline/night/slide_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "io/digest.hpp"
#include "io/errors.hpp"
#include "io/fault_list.hpp"
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

std::string fitting(const std::string& name, const GivenSlide& slide) {
  if (name.size() <= kLongestId) return name;
  return name.substr(0, kLongestId) + "-" + short_digest(slide);
}

/// The names that a slide may get, the first that is free of others' first.
std::string name_for(const GivenSlide& slide, int attempt) {
  const auto place = slide.within.empty() ? slide.path.filename() : slide.within;
  auto name = safe_file_name(without_ending(place), "slide");
  const auto parent = real_path(slide.path).parent_path().filename().string();
  if (attempt == 1 && slide.within.empty()) name = safe_file_name(parent, "slide") + "_" + name;
  if (attempt == 2) name = fitting(name, slide) + "-" + short_digest(slide);
  return fitting(name, slide);
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
  for (int attempt = 1; attempt <= 2; ++attempt)
    for (std::size_t i = 0; i < slides.size(); ++i)
      if (by[i] == NamedBy::its_file && earlier.is_anothers(slides[i].id, slides[i].path))
        slides[i].id = name_for(slides[i], attempt);
  for (const auto which : {NamedBy::its_file, NamedBy::earlier_run})
    for (int attempt = 1; attempt <= 2; ++attempt)
      for (const auto& group : namesakes(slides))
        for (const auto i : group)
          if (by[i] == which) slides[i].id = name_for(slides[i], attempt);
  for (const auto& group : namesakes(slides))
    faults.add("{} and {} would both be reported as {}; give them different ids in a --manifest",
               slides[group[0]].path.string(), slides[group[1]].path.string(), slides[group[0]].id);
  faults.throw_if_any("analyze");
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
