#include "pipeline/run/watch.hpp"

#include <fmt/format.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <set>
#include <thread>

#include "io/errors.hpp"
#include "pipeline/night/watched_folder.hpp"
#include "pipeline/program/output_folder.hpp"
#include "pipeline/run/run_setup.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

/// What another run holds, or what no report could be written of, is tried again after this.
constexpr std::chrono::minutes kLater{5};
/// The folder's tables are made anew only so often that this part of the time goes into it.
constexpr int kTablesShare = 10;

class Watch {
 public:
  Watch(const WatchRequest& request, const std::atomic<bool>& stop);
  [[nodiscard]] WatchOutcome run();

 private:
  void one_look();
  enum class LabsState : std::uint8_t { as_before, renewed, unreadable };
  [[nodiscard]] LabsState renew_labs();
  [[nodiscard]] std::vector<SlideRequest> named(const std::vector<GivenSlide>& slides);
  [[nodiscard]] std::shared_ptr<RunContext> next_context() const;
  void settle(const std::vector<GivenSlide>& slides, const AnalyzeOutcome& outcome);
  void say_done_already(const AnalyzeOutcome& outcome) const;
  void make_tables();
  void say_once(const std::string& key, const std::string& text);
  void pause() const;
  [[nodiscard]] bool ends() const { return stop_.load(); }

  const AnalyzeRequest& request_;
  const std::atomic<bool>& stop_;
  std::shared_ptr<RunContext> run_;
  std::optional<Specimen> specimen_;
  RunInputs inputs_;
  std::unique_ptr<Journal> journal_;
  std::unique_ptr<WatchedFolder> folder_;
  std::string labs_state_;     ///< of the file that run_->labs was read from
  std::set<std::string> met_;  ///< ids of slides that this watch has dealt with
  std::map<std::string, std::string> said_;
  WatchOutcome outcome_;
  bool tables_due_ = true;
  Clock::time_point tables_not_before_;
};

Watch::Watch(const WatchRequest& request, const std::atomic<bool>& stop)
    : request_(request.analyze), stop_(stop) {
  const auto& labs = request_.labs;
  if (!labs.empty()) labs_state_ = files_state(labs);
  run_ = prepare_run(request_, labs.empty() ? Labs() : Labs(labs));
  const auto& card = run_->classifier->card();
  specimen_ = specimen_of(request_, card);
  // As of a first slide, so that what no slide can be analyzed with is refused at once.
  check_model(card, name_slides({{.path = request.folder / "slide", .id = "slide"}}, specimen_));
  inputs_ = inputs_of(request_, *run_);
  check_output_folder(request_.out);
  folder_ = std::make_unique<WatchedFolder>(
      WatchRules{.folder = request.folder,
                 .search = {.out = request_.out, .pictures = request_.config.mpp.has_value()},
                 .settle = std::chrono::duration<double>(request_.config.watch_settle_s)});
  folder_->remember(earlier_names(request_.out));
  journal_ = std::make_unique<Journal>(request_.out);
  auto line = line_of(request_, inputs_, 0);
  line["watches"] = request.folder.string();
  journal_->write("run", std::move(line));
}

void Watch::say_once(const std::string& key, const std::string& text) {
  auto& last = said_[key];
  if (last != text && !text.empty()) say(request_, text);
  last = text;
}

/// The values of the file as it is now. No slide is analyzed with older ones because the newer
/// cannot be read: it waits.
Watch::LabsState Watch::renew_labs() {
  if (request_.labs.empty()) return LabsState::as_before;
  const auto state = files_state(request_.labs);
  if (!state.empty() && state == labs_state_) return LabsState::as_before;
  try {
    run_->labs = Labs(request_.labs);
    labs_state_ = state;
    say_once("labs", "");
    return LabsState::renewed;
  } catch (const Error& error) {
    say_once("labs",
             fmt::format("{}; slides wait until the laboratory values can be read", error.what()));
    return LabsState::unreadable;
  }
}

std::vector<SlideRequest> Watch::named(const std::vector<GivenSlide>& slides) {
  std::vector<SlideRequest> good;
  for (const auto& slide : slides) {
    try {
      good.push_back(name_slides({slide}, specimen_).front());
      if (good.back().id == slide.id) continue;
      good.pop_back();
      throw ConfigError(
          fmt::format("{}: its name cannot be that of a report; rename it", slide.path.string()));
    } catch (const ConfigError& error) {
      say_once(slide.path.string(), error.what());
      folder_->dealt_with(slide);
    }
  }
  return good;
}

/// With counters of its own.
std::shared_ptr<RunContext> Watch::next_context() const {
  auto context = std::make_shared<RunContext>();
  context->config = run_->config;
  context->classifier = run_->classifier;
  context->model_path = run_->model_path;
  context->labs = run_->labs;
  context->stop = &stop_;
  return context;
}

void Watch::say_done_already(const AnalyzeOutcome& outcome) const {
  std::size_t done = 0, failed = 0;
  for (const auto& slide : outcome.slides) {
    if (!slide.up_to_date || met_.contains(slide.request.id)) continue;
    ++done;
    if (slide.status == Status::failed) ++failed;
  }
  if (done == 0) return;
  say(request_, fmt::format("{} {} done already{}", done, done == 1 ? "slide was" : "slides were",
                            failed == 0 ? ""
                                        : fmt::format("; {} of them failed, and will be tried "
                                                      "again when their files change",
                                                      failed)));
}

void Watch::settle(const std::vector<GivenSlide>& slides, const AnalyzeOutcome& outcome) {
  say_done_already(outcome);
  std::map<std::string, const SlideResult*> ended;
  for (const auto& result : outcome.slides) ended[result.request.id] = &result;
  for (const auto& slide : slides) {
    const auto result = ended.find(slide.id);
    if (const auto held = outcome.held.find(slide.id); held != outcome.held.end()) {
      say_once(slide.id, fmt::format("{}: left to another run: {}", slide.id, held->second));
      folder_->postpone(slide, Clock::now() + kLater);
    } else if (result != ended.end() && result->second->folder.empty()) {
      folder_->postpone(slide, Clock::now() + kLater);
    } else if (result != ended.end() || outcome.refused.contains(slide.id)) {
      folder_->dealt_with(slide);
      met_.insert(slide.id);
      outcome_.left.erase(slide.id);
    }
  }
  if (outcome.refused.empty()) return;
  for (const auto& [slide, reason] : outcome.refused) outcome_.left[slide] = reason;
  std::vector<nlohmann::json> kept;
  for (const auto& [slide, reason] : outcome.refused)
    kept.push_back({{"id", slide}, {"why", reason}});
  journal_->write_all("kept", std::move(kept));
  const auto& [id, why] = *outcome.refused.begin();
  say(request_, fmt::format("{}: left as it is, since its report was made of something else: {}{}; "
                            "start with --overwrite to do such slides again, which keeps the "
                            "earlier reports in previous/",
                            id, why,
                            outcome.refused.size() == 1
                                ? ""
                                : fmt::format(", and {} more", outcome.refused.size() - 1)));
}

void Watch::make_tables() {
  const auto began = Clock::now();
  if (!tables_due_ || began < tables_not_before_) return;
  (void)tell_of_all(request_);
  tables_due_ = false;
  tables_not_before_ = Clock::now() + kTablesShare * (Clock::now() - began);
}

void Watch::one_look() {
  const auto labs = renew_labs();
  // Their reports may be of values that are no longer those of their cases.
  if (labs == LabsState::renewed) folder_->give_all_again();
  const auto look = folder_->look(Clock::now());
  for (const auto& note : look.notes) say(request_, note);
  if (look.slides.empty() || labs == LabsState::unreadable) return;
  const auto slides = named(look.slides);
  // One that was away and is back is tried again though it failed before.
  const auto is_back = [&](const SlideRequest& slide) {
    return labs != LabsState::renewed && met_.contains(slide.id);
  };
  std::vector<SlideRequest> first, again;
  for (const auto& slide : slides) (is_back(slide) ? again : first).push_back(slide);
  auto planned = plan_slides(with_inputs(first, *run_), request_.out, inputs_, Failures::stay);
  for (auto& slide : plan_slides(with_inputs(again, *run_), request_.out, inputs_))
    planned.push_back(std::move(slide));
  const auto context = next_context();
  const auto outcome = go_over({.request = request_,
                                .run = context,
                                .inputs = inputs_,
                                .journal = *journal_,
                                .tables_first = false},
                               planned);
  settle(look.slides, outcome);
  if (outcome.interrupted) outcome_.cut_off = true;
  tables_due_ = true;
}

void Watch::pause() const {
  constexpr std::chrono::milliseconds kStep{100};
  const auto until = Clock::now() + std::chrono::duration<double>(request_.config.watch_interval_s);
  while (!ends() && Clock::now() < until) std::this_thread::sleep_for(kStep);
}

WatchOutcome Watch::run() {
  while (!ends()) {
    try {
      one_look();
      say_once("look", "");
    } catch (const Error& error) {
      say_once("look", fmt::format("{}; it is tried again", error.what()));
    }
    if (!ends()) make_tables();
    pause();
  }
  journal_->write("end", {{"interrupted", outcome_.cut_off}, {"exit_code", 0}});
  (void)tell_of_all(request_);
  return outcome_;
}

}  // namespace

WatchOutcome watch(const WatchRequest& request, const std::atomic<bool>& stop) {
  std::error_code error;
  if (!fs::is_directory(request.folder, error))
    throw ConfigError(fmt::format("--watch {}: {}; give the folder that slides come into",
                                  request.folder.string(),
                                  error ? error.message() : "is no folder"));
  return Watch(request, stop).run();
}

}  // namespace cytocape
