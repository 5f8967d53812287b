#include "pipeline/run/run_keeper.hpp"

#include <fmt/format.h>

#include <exception>
#include <nlohmann/json.hpp>

#include "io/errors.hpp"
#include "io/fault_list.hpp"
#include "io/record_scan.hpp"
#include "io/report_folder.hpp"
#include "io/text.hpp"
#include "pipeline/night/earlier_slides.hpp"
#include "pipeline/wording/differences.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// Journals of early builds know the path as it was given alone.
bool is_at(const fs::path& path, const SlideHistory& known) {
  return known.place.empty() ? known.slide == valid_utf8(path.string())
                             : known.place == place_of(path);
}

/// Of a slide whose files are as they were when a journal noted its digest, that one.
ContentDigest digest_of(PlannedSlide& slide, const Histories& histories) {
  return [&slide, &histories] {
    const auto found = histories.slides.find(slide.request.id);
    auto state = files_state(slide.request.path);
    // A run that failed may have noted none.
    if (found != histories.slides.end() && !state.empty() && found->second.files == state &&
        !found->second.content.empty() && is_at(slide.request.path, found->second))
      slide.content = found->second.content;
    else
      slide.content =
          slide.request.sha256.empty() ? slide_sha256(slide.request.path) : slide.request.sha256;
    slide.files = std::move(state);
    return slide.content;
  };
}

/// A journal says that it failed with the files that are there now.
bool would_fail_again(const PlannedSlide& slide, const Histories& histories) {
  const auto& standing = slide.standing;
  if (standing.kind != Standing::Kind::failed || !standing.same_run) return false;
  const auto found = histories.slides.find(slide.request.id);
  const auto state = files_state(slide.request.path);
  return found != histories.slides.end() && !state.empty() && found->second.files == state &&
         found->second.slide == valid_utf8(slide.request.path.string());
}

/// `standing`, or that its report is of a part of the slide. One that people have reviewed is
/// theirs to replace.
Standing with_growth(const PlannedSlide& slide, const fs::path& folder, Standing standing) {
  std::error_code error;
  if (!standing.content_alone || fs::exists(folder / kReviewFile, error) ||
      !only_added_files(slide.files_before, files_state(slide.request.path)))
    return standing;
  return {Standing::Kind::broken, "files have come to its series since", standing.status};
}

Json line_of(const SlideRequest& slide, const std::string& why) {
  Json line{{"id", slide.id},
            {"slide", slide.path.string()},
            {"place", place_of(slide.path)},
            {"why", why}};
  if (auto series = series_of(slide.path); !series.empty()) line["series"] = std::move(series);
  return line;
}

std::string first_words(const PlannedSlide& slide) {
  return slide.standing.kind == Standing::Kind::absent ? "new" : slide.standing.why;
}

}  // namespace

std::vector<PlannedSlide> plan_slides(std::vector<PlannedSlide> slides, const fs::path& out,
                                      const RunInputs& run, Failures failures,
                                      const PlanProgress& progress) {
  const auto histories = read_journals(out);
  RecordSeries series;
  std::size_t done = 0;
  for (auto& slide : slides) {
    if (progress) progress(done++, slides.size());
    const auto known = histories.slides.find(slide.request.id);
    std::optional<Standing> believed;
    if (known != histories.slides.end() && is_at(slide.request.path, known->second))
      believed = believed_standing(out / slide.request.id, slide.inputs, run, known->second);
    if (believed) {
      slide.files = known->second.files;
      slide.content = known->second.content;
    }
    if (known != histories.slides.end()) slide.files_before = known->second.files;
    const auto folder = out / slide.request.id;
    slide.standing = believed ? *believed
                              : with_growth(slide, folder,
                                            standing_of(folder, slide.inputs, run,
                                                        digest_of(slide, histories), &series));
    if (failures == Failures::stay && would_fail_again(slide, histories))
      slide.standing.kind = Standing::Kind::up_to_date;
  }
  return slides;
}

void check_leave(const std::vector<PlannedSlide>& slides, const fs::path& out, const Leave& leave) {
  if (leave.overwrite || leave.anew) return;
  FaultList faults;
  for (const auto& slide : slides)
    if (slide.standing.needs_leave()) faults.add("{}: {}", slide.request.id, slide.standing.why);
  faults.throw_if_any(fmt::format(
      "--out {}: nothing was started, because reports there were made of something else; add "
      "--overwrite to do these slides again, which keeps the earlier reports in previous/, or "
      "choose another --out",
      out.string()));
}

RunKeeper::RunKeeper(const std::vector<PlannedSlide>& slides, OutputFolder& out, Journal& journal,
                     Told told)
    : slides_(slides), out_(out), journal_(journal), told_(std::move(told)) {
  for (const auto& slide : slides_) by_id_[slide.request.id] = &slide;
}

std::vector<SlideRequest> RunKeeper::begin(const Leave& leave, const RunInputs& run) {
  leave_ = leave;
  run_ = run;
  std::vector<SlideRequest> to_do;
  std::vector<Json> planned;
  for (const auto& slide : slides_)
    if (slide.standing.needs_leave() && !leave.overwrite && !leave.anew) {
      refused_[slide.request.id] = slide.standing.why;
    } else if (!stays(slide.standing)) {
      to_do.push_back(slide.request);
      planned.push_back(
          line_of(slide.request, slide.standing.to_do() ? first_words(slide) : "asked for anew"));
    }
  journal_.write_all("planned", std::move(planned));
  for (const auto& slide : slides_)
    if (stays(slide.standing)) keep_done(slide, slide.standing);
  return to_do;
}

bool RunKeeper::stays(const Standing& standing) const {
  return standing.kind == Standing::Kind::away ||
         (standing.kind == Standing::Kind::up_to_date && !leave_.anew);
}

void RunKeeper::keep_done(const PlannedSlide& slide, const Standing& standing) {
  const auto& request = slide.request;
  const bool away = standing.kind == Standing::Kind::away;
  auto line = line_of(request, away ? standing.why : "");
  line["status"] = to_string(standing.status.value_or(Status::failed));
  // So that the next run need not read the slide.
  if (!away && !slide.content.empty() && !slide.files.empty())
    note_origin(line, slide.inputs, request.id, {slide.files, slide.content});
  journal_.write(away ? "kept" : "up to date", std::move(line));
  SlideResult result{.request = request,
                     .status = standing.status.value_or(Status::failed),
                     .reasons = {},
                     .folder = out_.folder_of(request.id),
                     .withheld = {},
                     .slide_sha256 = {},
                     .why = {},
                     .up_to_date = !away,
                     .away = away ? standing.why : ""};
  if (told_) told_(result);
  const std::lock_guard lock(mutex_);
  held_.erase(request.id);
  results_.emplace(request.id, std::move(result));
}

/// So that the next run need open neither slide nor record where both are as they are now.
void RunKeeper::note_origin(Json& line, const SlideInputs& inputs, const std::string& id,
                            const Content& content) const {
  line.update({{"files", content.files},
               {"content", content.sha256},
               {"inputs", inputs_digest(inputs, run_)},
               {"record", files_state(out_.folder_of(id) / "report.h5")}});
}

Standing RunKeeper::standing_now(const PlannedSlide& slide) const {
  const auto folder = out_.folder_of(slide.request.id);
  return with_growth(slide, folder, standing_of(folder, slide.inputs, run_, [&] {
                       return slide_sha256(slide.request.path);
                     }));
}

void RunKeeper::leave_to(const std::string& id, const std::string& holder) {
  auto line = line_of(by_id_.at(id)->request, holder);
  journal_.write("left", std::move(line));
  const std::lock_guard lock(mutex_);
  held_[id] = holder;
}

bool RunKeeper::admit(const SlideRequest& slide) {
  const auto& planned = *by_id_.at(slide.id);
  Begun begun{
      .at = std::chrono::steady_clock::now(), .files = files_state(slide.path), .failure = {}};
  try {
    if (const auto holder = out_.claim(slide.id); !holder.empty()) {
      leave_to(slide.id, holder);
      return false;
    }
    // Under the lock once more: a run that ended a moment ago may have written a report since.
    const auto now = leave_.anew ? planned.standing : standing_now(planned);
    const bool done = stays(now);
    const bool forbidden = now.needs_leave() && !leave_.overwrite && !leave_.anew;
    if (done) keep_done(planned, now);
    if (forbidden) leave_to(slide.id, "another run made its report meanwhile: " + now.why);
    if (done || forbidden) {
      out_.release(slide.id);
      return false;
    }
  } catch (const std::exception& error) {
    begun.failure = error.what();
  }
  const std::lock_guard lock(mutex_);
  begun_[slide.id] = std::move(begun);
  return true;
}

void RunKeeper::start(const SlideRequest& slide) {
  journal_.write("started", line_of(slide, first_words(*by_id_.at(slide.id))));
  {
    const std::lock_guard lock(mutex_);
    if (const auto& failure = begun_.at(slide.id).failure; !failure.empty())
      throw StorageError(failure);
  }
  out_.set_aside(slide.id);
}

void RunKeeper::end(SlideResult& result) {
  const auto& id = result.request.id;
  out_.release(id);
  const auto begun = [&] {
    const std::lock_guard lock(mutex_);
    return begun_.at(id);
  }();
  result.seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun.at).count();
  const auto& planned = *by_id_.at(id);
  if (planned.standing.kind != Standing::Kind::absent) result.why = planned.standing.why;
  const auto earlier = out_.earlier();
  if (const auto place = earlier.find(id); place != earlier.end()) result.earlier = place->second;
  auto line = line_of(result.request, result.reasons.empty() ? "" : result.reasons.front());
  line.update({{"status", to_string(result.status)}, {"seconds", result.seconds}});
  note_origin(line, planned.inputs, id, {begun.files, result.slide_sha256});
  journal_.write("ended", std::move(line));
  if (told_) told_(result);
  const std::lock_guard lock(mutex_);
  results_.emplace(id, result);
}

void RunKeeper::look_again() {
  const auto held = held_;
  for (const auto& [id, holder] : held) {
    const auto& slide = *by_id_.at(id);
    const auto now = standing_now(slide);
    if (!now.to_do()) keep_done(slide, now);
  }
}

std::vector<SlideResult> RunKeeper::results() const {
  const std::lock_guard lock(mutex_);
  std::vector<SlideResult> list;
  for (const auto& slide : slides_)
    if (const auto found = results_.find(slide.request.id); found != results_.end())
      list.push_back(found->second);
  return list;
}

SlideResult read_result(const SlideResult& known) {
  auto report = scan_record(known.folder / "report.h5", {});
  auto result = known;
  result.status = report.status;
  result.reasons = report.status_reasons;
  result.cells_located = report.cells_located;
  result.denominator = report.denominator;
  result.withheld = why_withheld(report);
  result.differences = plain(wording::open_differences(report.assessment, {&report, 1}));
  result.differential = std::move(report.differential);
  result.assessment = std::move(report.assessment);
  result.slide_sha256 = report.slide_sha256;
  return result;
}

}  // namespace cytocape
