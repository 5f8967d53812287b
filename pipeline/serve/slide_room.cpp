#include "pipeline/serve/slide_room.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "io/digest.hpp"
#include "io/errors.hpp"
#include "io/record_scan.hpp"
#include "io/reopened_slide.hpp"
#include "pipeline/night/standing.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

nlohmann::json rounded(double value, double step) {
  return std::isfinite(value) ? nlohmann::json(std::round(value / step) * step) : nlohmann::json();
}

/// -1 where there is none.
int first_most(const std::vector<float>& probability) {
  const auto most = std::max_element(probability.begin(), probability.end());
  return most == probability.end() ? -1 : static_cast<int>(most - probability.begin());
}

/// -1 where there are not two.
int second_most(const std::vector<float>& probability) {
  const int most = first_most(probability);
  int second = -1;
  for (std::size_t c = 0; c < probability.size(); ++c)
    if (static_cast<int>(c) != most &&
        (second < 0 || probability[c] > probability[static_cast<std::size_t>(second)]))
      second = static_cast<int>(c);
  return second;
}

/// Columns, not rows: a quarter of the text, and what a list of ten thousand is sorted by.
std::string json_of(const std::vector<CellRow>& cells) {
  auto id = nlohmann::json::array(), x = id, y = id, called = id, fate = id, certainty = id,
       nucleus = id, strangeness = id, first = id, second = id, second_certainty = id;
  for (const auto& cell : cells) {
    id.push_back(cell.id);
    x.push_back(rounded(cell.centre.x, 0.5));
    y.push_back(rounded(cell.centre.y, 0.5));
    called.push_back(cell.class_index);
    fate.push_back(to_string(fate_of(cell)));
    const auto most = std::max_element(cell.probability.begin(), cell.probability.end());
    certainty.push_back(most == cell.probability.end() ? nlohmann::json()
                                                       : rounded(*most, 1.0 / 1024));
    first.push_back(first_most(cell.probability));
    const auto next = second_most(cell.probability);
    second.push_back(next);
    second_certainty.push_back(
        next < 0 ? nlohmann::json()
                 : rounded(cell.probability[static_cast<std::size_t>(next)], 1.0 / 1024));
    nucleus.push_back(rounded(cell.nucleus_um2, 1.0 / 16));
    strangeness.push_back(rounded(cell.strangeness, 1.0 / 256));
  }
  return nlohmann::json{{"id", id},
                        {"x", x},
                        {"y", y},
                        {"class", called},
                        {"fate", fate},
                        {"certainty", certainty},
                        {"first", first},
                        {"second", second},
                        {"second_certainty", second_certainty},
                        {"nucleus_um2", nucleus},
                        {"strangeness", strangeness}}
      .dump();
}

}  // namespace

std::unique_ptr<Slide> SlideFinder::open(const SlideReport& report) {
  std::vector<fs::path> places{report.slide.path};
  if (!moved_.empty()) places.push_back(moved_ / report.slide.path.filename());
  bool any = false;
  for (const auto& place : places) {
    std::error_code error;
    if (!fs::exists(place, error)) continue;
    any = true;
    if (digests_.of(place) == report.slide_sha256) return Slide::open(place, options_of(report));
  }
  if (any)
    throw SlideError(
        fmt::format("{}: is another file than the one that was analysed; put that one "
                    "back, or analyze this one",
                    places.back().string()));
  throw SlideError(
      fmt::format("{}: the slide is not there; put it back, or start the station with "
                  "--slides and the folder that it is in now",
                  report.slide.path.string()));
}

SlideRoom::SlideRoom(fs::path folder, SlideFinder& finder) : folder_(std::move(folder)) {
  const auto record = folder_ / "report.h5";
  record_state_ = files_state(record);
  record_sha256_ = sha256_of_file(record);
  report_ = scan_record(record, [&](const SlideReport&, const std::vector<CellRow>& some) {
    cells_.insert(cells_.end(), some.begin(), some.end());
  });
  cells_json_ = json_of(cells_);
  // Probabilities are the largest part of a row, and are in the JSON as far as they are shown.
  for (auto& cell : cells_) std::vector<float>().swap(cell.probability);
  review_ = std::make_unique<ReviewFile>(folder_, record_sha256_);
  try {
    slide_ = finder.open(report_);
  } catch (const Error& error) {
    why_no_pixels_ = error.what();
  }
}

bool SlideRoom::is_current() const {
  return files_state(folder_ / "report.h5") == record_state_;
}

std::shared_ptr<const SlideRoom> SlideRooms::find(const std::string& id) {
  const auto named = [&](const auto& one) { return one.first == id; };
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(open_.begin(), open_.end(), named);
    if (found != open_.end() && found->second->is_current()) {
      std::rotate(open_.begin(), found, found + 1);
      return open_.front().second;
    }
  }
  // Among the names that are there: nothing that is sent becomes a path.
  fs::path folder;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(out_, error))
    if (entry.path().filename().string() == id && !id.starts_with('.')) folder = entry.path();
  if (folder.empty() || !fs::exists(folder / "report.h5", error)) return nullptr;
  auto room = std::make_shared<const SlideRoom>(folder, finder_);
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(open_.begin(), open_.end(), named);
  // Two asked for it at once: one review file each would be one too many.
  if (found != open_.end() && found->second->is_current()) return found->second;
  if (found != open_.end()) open_.erase(found);
  open_.insert(open_.begin(), {id, room});
  if (open_.size() > kMostOpen) open_.pop_back();
  return room;
}

}  // namespace cytocape
