#pragma once

/// What slides were called in earlier runs into a folder of reports, by its journals and records.

#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "pipeline/night/manifest.hpp"

namespace cytocape {

/// A slide's path without links and from the root, as a text that JSON can hold.
[[nodiscard]] std::string place_of(const std::filesystem::path& slide);

/// SeriesInstanceUID of a DICOM slide; empty of others.
[[nodiscard]] std::string series_of(const std::filesystem::path& slide);

/// What journals and records tell of a slide of an earlier run. Any but the first two may be empty.
struct EarlierSlide {
  std::string id;
  std::string place;             ///< place_of then
  std::string series;            ///< series_of
  std::string files;             ///< files_state when it was analysed (standing.hpp)
  std::string content;           ///< slide_sha256 of that
  std::string time;              ///< UTC, of the last word on it
  std::filesystem::path record;  ///< where there is one
  std::string case_id;           ///< as the record says, where it was read
};

/// Which slides were given which names. A slide is known by its place; one of DICOM also by any of
/// its files, and by its series where that moved; any slide that is no longer at its place by its
/// content, which is read only of files of the same size. Not thread-safe.
class EarlierNames {
 public:
  /// Told of each slide that is read for its content. May be empty.
  std::function<void(const std::filesystem::path&)> reading;

  void remember(EarlierSlide slide);
  /// `files`: files_state then.
  void remember(const std::filesystem::path& slide, const std::string& id,
                const std::string& files = "") {
    remember({.id = id,
              .place = place_of(slide),
              .series = series_of(slide),
              .files = files,
              .content = {},
              .time = {},
              .record = {},
              .case_id = {}});
  }
  /// By its place, and series. Empty where there is none.
  [[nodiscard]] std::string of(const std::filesystem::path& slide) const;
  /// Of a slide that was moved: by its content, among those that are not at their place and not in
  /// `taken` (names in lower case). Notes in `slide` the digest that it took.
  [[nodiscard]] std::string of_moved(GivenSlide& slide, const std::set<std::string>& taken) const;
  /// Whether `id` is that of a slide at another path, which may be away.
  [[nodiscard]] bool is_anothers(const std::string& id, const std::filesystem::path& slide) const;
  /// The place of the slide that has `id`; empty where none has.
  [[nodiscard]] std::string place_of_id(const std::string& id) const;
  /// Those with a record that were below `folder` and are not there any more.
  [[nodiscard]] std::vector<EarlierSlide> gone_from(const std::filesystem::path& folder) const;

 private:
  [[nodiscard]] const EarlierSlide* at_place(const std::filesystem::path& file) const;
  [[nodiscard]] const EarlierSlide* of_series(const std::filesystem::path& slide) const;
  void find_gone() const;

  std::map<std::string, std::unique_ptr<EarlierSlide>> by_id_;  ///< by id in lower case
  std::multimap<std::string, const EarlierSlide*> by_place_;
  std::multimap<std::string, const EarlierSlide*> by_series_;
  mutable std::optional<std::multimap<std::string, EarlierSlide>> gone_;  ///< by sizes of its files
};

/// Of all journals of `out`, and of the records that no journal tells of.
[[nodiscard]] EarlierNames earlier_names(const std::filesystem::path& out);

}  // namespace cytocape
