#pragma once

/// A folder that slides come into while it is watched: which of them are whole by now. It is looked
/// at again and again; what a network share tells of changes is not relied on.

#include <chrono>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "pipeline/night/slide_names.hpp"

namespace cytocape {

struct WatchRules {
  std::filesystem::path folder;
  FolderRules search;
  /// How long the sizes and times of a slide's files stay as they are before it is taken for whole.
  std::chrono::duration<double> settle{30};
};

/// Not thread-safe.
class WatchedFolder {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit WatchedFolder(WatchRules rules);
  WatchedFolder(const WatchedFolder&) = delete;
  WatchedFolder& operator=(const WatchedFolder&) = delete;

  /// Names that slides had before: they keep them.
  void remember(EarlierNames names) { names_ = std::move(names); }

  struct Look {
    std::vector<GivenSlide> slides;  ///< whole, and not dealt with in this state; named
    std::vector<std::string> notes;  ///< what a person should know, each once
  };
  /// What there is `now`. Between two looks all that counts is the difference, so that clocks of
  /// other computers do not matter. A folder that cannot be read is a note, and no slide.
  [[nodiscard]] Look look(Time now);

  /// What a look gave was dealt with: it comes again when its files change, or were away.
  void dealt_with(const GivenSlide& slide);
  /// All that were dealt with come again at the next look.
  void give_all_again();
  /// What a look gave comes again then, though its files stay as they are.
  void postpone(const GivenSlide& slide, Time until);

 private:
  struct Known {
    std::string state;   ///< files_state, as last seen
    std::string done;    ///< the state that was dealt with
    std::string handed;  ///< the state that the last look gave
    Time since;          ///< of `state`
    Time not_before;     ///< see postpone
  };
  [[nodiscard]] SlideKind kind_of(const std::filesystem::path& path);
  [[nodiscard]] SlideList search(Look& look);
  [[nodiscard]] bool is_whole(const GivenSlide& slide, Time now, Look& look);
  void note_once(Look& look, const std::string& key, const std::string& note);

  WatchRules rules_;
  std::map<std::filesystem::path, Known> known_;
  std::map<std::filesystem::path, std::pair<std::string, SlideKind>> kinds_;  ///< by state
  EarlierNames names_;
  bool has_looked_ = false;
  std::map<std::string, std::string> noted_;  ///< what of -> last note
};

}  // namespace cytocape
