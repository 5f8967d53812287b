#include "pipeline/night/watched_folder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "io/errors.hpp"
#include "io/slide.hpp"
#include "pipeline/night/standing.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

}  // namespace

WatchedFolder::WatchedFolder(WatchRules rules) : rules_(std::move(rules)) {
  rules_.search.may_be_empty = true;
  rules_.search.kind_of = [this](const fs::path& path) { return kind_of(path); };
}

/// Asked of every file at every look: a file is opened again only once it has changed.
SlideKind WatchedFolder::kind_of(const fs::path& path) {
  std::error_code error;
  const auto bytes = fs::file_size(path, error);
  const auto time = fs::last_write_time(path, error).time_since_epoch().count();
  if (error) return slide_kind(path);
  const auto state = fmt::format("{}@{}", bytes, time);
  auto& [known_state, kind] = kinds_[path];
  if (known_state != state) {
    kind = slide_kind(path);
    known_state = state;
  }
  return kind;
}

void WatchedFolder::note_once(Look& look, const std::string& key, const std::string& note) {
  auto& last = noted_[key];
  if (last != note && !note.empty()) look.notes.push_back(note);
  last = note;
}

/// All slides that are there, whole or not, so that the names of those that are do not depend on
/// the others' state.
SlideList WatchedFolder::search(Look& look) {
  SlideList list;
  std::error_code error;
  if (!fs::is_directory(rules_.folder, error)) {
    note_once(look, "search",
              fmt::format("{}: {}; it is looked at again", rules_.folder.string(),
                          error ? error.message() : "is not there"));
    return {};
  }
  try {
    list = find_slides({rules_.folder}, rules_.search);
    settle_names(list, names_);
    note_once(look, "search", "");
    // Afterwards each file that is no slide would give another note.
    if (!std::exchange(has_looked_, true)) look.notes = list.notes;
  } catch (const Error& failure) {
    note_once(look, "search", fmt::format("{}; it is looked at again", failure.what()));
    return {};
  }
  return list;
}

bool WatchedFolder::is_whole(const GivenSlide& slide, Time now, Look& look) {
  const auto [place, fresh] = known_.try_emplace(slide.path);
  auto& known = place->second;
  const auto state = files_state(slide.path);
  if (fresh || state != known.state || state.empty()) {
    known.state = state;
    known.since = now;
    known.not_before = now;
  }
  if (state.empty() || state == known.done || now < known.not_before) return false;
  if (now - known.since < rules_.settle) return false;
  const auto unreadable = why_unreadable(slide.path);
  note_once(look, slide.path.string(),
            unreadable.empty() ? ""
                               : fmt::format("{}: cannot be read yet: {}; it is waited for",
                                             slide.path.string(), unreadable));
  known.handed = state;
  return unreadable.empty();
}

WatchedFolder::Look WatchedFolder::look(Time now) {
  Look look;
  const auto list = search(look);
  if (noted_["search"].empty()) {
    std::set<fs::path> there;
    for (const auto& slide : list.slides) there.insert(slide.path);
    std::erase_if(known_, [&](const auto& known) { return !there.contains(known.first); });
  }
  for (const auto& slide : list.slides) {
    if (!is_whole(slide, now, look)) continue;
    if (names_.of(slide.path) != slide.id)
      names_.remember(slide.path, slide.id, files_state(slide.path));
    look.slides.push_back(slide);
  }
  return look;
}

void WatchedFolder::dealt_with(const GivenSlide& slide) {
  if (const auto known = known_.find(slide.path); known != known_.end())
    known->second.done = known->second.handed;
}

void WatchedFolder::give_all_again() {
  for (auto& [path, known] : known_) known.done.clear();
}

void WatchedFolder::postpone(const GivenSlide& slide, Time until) {
  if (const auto known = known_.find(slide.path); known != known_.end())
    known->second.not_before = until;
}

}  // namespace cytocape
