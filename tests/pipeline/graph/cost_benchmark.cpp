/// What the vertical path costs, as ratios measured in one run. Prints; asserts nothing.
///
///     cytocape_cost_benchmark TIMED.tiff [SMALL.tiff LARGE.tiff]
///
/// TIMED is analysed for the time ratios; of SMALL and LARGE the peak memory is compared.

#include <fmt/format.h>
#include <oneapi/tbb/parallel_for.h>
#include <oneapi/tbb/task_arena.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <functional>

#include "models/cape/cape.hpp"
#include "pipeline/graph/aggregate.hpp"
#include "pipeline/graph/stages.hpp"
#include "pipeline/program/model_files.hpp"
#include "pipeline/run/analyze.hpp"
#include "tests/support/temp_dir.hpp"

namespace cytocape {
namespace {

constexpr int kRepeats = 3;

double seconds(const std::function<void()>& body) {
  const auto start = std::chrono::steady_clock::now();
  body();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

AnalyzeRequest request_for(const std::filesystem::path& slide, const std::filesystem::path& out,
                           int threads) {
  AnalyzeRequest request;
  request.slides = {{.path = slide}};
  request.model = resolve_model("demo");
  request.specimen = Specimen::blood;
  request.config = load_analyze_config("", {fmt::format("run.threads={}", threads)});
  request.out = out;
  request.quiet = true;
  return request;
}

double analysis_seconds(const std::filesystem::path& slide, int threads) {
  const testing::TempDir out;
  const std::atomic<bool> stop{false};
  return seconds([&] { (void)analyze(request_for(slide, out.path(), threads), stop); });
}

void in_parallel(int threads, std::size_t count, const std::function<void(std::size_t)>& body) {
  oneapi::tbb::task_arena arena(threads);
  arena.execute([&] { oneapi::tbb::parallel_for(std::size_t{0}, count, body); });
}

/// The blocks of a slide, read and cropped, and nothing else done.
std::vector<BlockWork> read_all(const std::shared_ptr<const SlideJob>& job, int threads) {
  std::vector<BlockWork> works(job->blocks.size());
  in_parallel(threads, works.size(), [&](std::size_t i) {
    works[i].job = job;
    works[i].block = &job->blocks[i];
    locate_block(works[i]);
    crop_block(works[i]);
  });
  return works;
}

std::vector<Batch> batches_of(const std::vector<BlockWork>& works) {
  const auto& job = works.front().job;
  const auto limit = job->run->config.classifier.batch;
  const auto bytes = static_cast<std::size_t>(job->crop.input_px) *
                     static_cast<std::size_t>(job->crop.input_px) * 3;
  std::vector<Batch> batches;
  for (const auto& work : works) {
    for (std::size_t begin = 0; begin < work.crops.size(); begin += bytes) {
      if (batches.empty() || batches.back().count == limit) batches.push_back({.job = job});
      const auto first = work.crops.begin() + static_cast<std::ptrdiff_t>(begin);
      batches.back().crops.insert(batches.back().crops.end(), first,
                                  first + static_cast<std::ptrdiff_t>(bytes));
      ++batches.back().count;
    }
  }
  return batches;
}

/// On `threads` processors the parts share them: where both compute on the same processors, the
/// whole cannot take less than their sum at `threads`, or than the larger with one each.
void compare_with_parts(const std::filesystem::path& slide, int threads) {
  const testing::TempDir out;
  const auto request = request_for(slide, out.path(), threads);
  auto run = std::make_shared<RunContext>();
  run->config = request.config;
  run->classifier = Classifier::load(request.model, request.config.classifier);
  std::vector<double> reading;
  std::vector<double> inference;
  std::vector<double> whole;
  std::vector<double> reading_on_one;
  std::vector<double> inference_on_one;
  std::size_t cells = 0;
  for (int repeat = 0; repeat < kRepeats; ++repeat) {
    whole.push_back(analysis_seconds(slide, threads));
    std::vector<Batch> batches;
    reading.push_back(seconds([&] {
      const auto job = plan_slide({.path = slide, .id = "bench"}, run);
      batches = batches_of(read_all(job, threads));
    }));
    inference.push_back(seconds([&] {
      in_parallel(threads, batches.size(), [&](std::size_t i) { classify_batch(batches[i]); });
    }));
    reading_on_one.push_back(seconds([&] {
      const auto job = plan_slide({.path = slide, .id = "bench"}, run);
      (void)read_all(job, 1);
    }));
    inference_on_one.push_back(seconds([&] {
      for (auto& batch : batches) classify_batch(batch);
    }));
    cells = 0;
    for (const auto& batch : batches) cells += static_cast<std::size_t>(batch.count);
  }
  const double larger = std::max(median(reading), median(inference));
  const double larger_on_one = std::max(median(reading_on_one), median(inference_on_one));
  const double sum = median(reading) + median(inference);
  fmt::print(
      "{} thread(s), {} cells: whole {:.2f} s, reading alone {:.2f} s, inference alone {:.2f} s\n",
      threads, cells, median(whole), median(reading), median(inference));
  fmt::print("  whole / sum of parts: {:.2f}   whole / larger part: {:.2f}\n", median(whole) / sum,
             median(whole) / larger);
  fmt::print("  on one thread each: reading {:.2f} s, inference {:.2f} s; whole / larger: {:.2f}\n",
             median(reading_on_one), median(inference_on_one), median(whole) / larger_on_one);
}

void compare_threads(const std::filesystem::path& slide) {
  std::vector<double> ratios;
  for (int repeat = 0; repeat < kRepeats; ++repeat)
    ratios.push_back(analysis_seconds(slide, 1) / analysis_seconds(slide, 2));
  fmt::print("1 thread / 2 threads, whole analysis: {:.2f} (median of {})\n", median(ratios),
             kRepeats);
}

void compare_head() {
  const auto request = request_for("", "", 1);
  const auto classifier = Classifier::load(request.model, request.config.classifier);
  const auto& card = classifier->card();
  const int count = request.config.classifier.batch;
  const int classes = static_cast<int>(card.classes.size());
  const int positions = classifier->map_height() * classifier->map_width();
  const std::vector<std::uint8_t> crops(
      static_cast<std::size_t>(count) * static_cast<std::size_t>(card.input_px * card.input_px * 3),
      127);
  const std::vector<double> logits(static_cast<std::size_t>(classes * positions), 0.5);
  std::vector<double> map(logits.size());
  std::vector<double> probability(static_cast<std::size_t>(classes));
  SlideInfo slide;
  slide.levels = {SlideLevel{.size = {40000, 40000}}};
  slide.mpp = {0.25, 0.25};
  EvidenceSums evidence(slide, {.input_px = card.input_px, .mpp = card.mpp}, classes, 256);
  (void)classifier->classify(crops, count);
  std::vector<double> shares;
  for (int repeat = 0; repeat < 5; ++repeat) {
    const double all = seconds([&] { (void)classifier->classify(crops, count); });
    const double cape = seconds([&] {
      for (int k = 0; k < count; ++k) cape_map(logits, classes, positions, {}, map, probability);
    });
    const double sums = seconds([&] {
      for (int k = 0; k < count; ++k)
        evidence.add({20000, 20000}, map, classifier->map_height(), classifier->map_width());
    });
    shares.push_back((cape + sums) / (all - cape));
  }
  fmt::print("CAPE maps and evidence / network: {:.2f} % (batch of {}, {} positions, {})\n",
             100 * median(shares), count, positions, classifier->device_description());
}

/// Peak resident memory of `analyze` in a process of its own, MiB.
double peak_mib(const std::filesystem::path& slide) {
  const testing::TempDir out;
  const auto folder = (out / "out").string();
  const pid_t child = fork();
  if (child == 0) {
    if (std::freopen("/dev/null", "w", stdout) == nullptr) _exit(127);
    execl(CYTOCAPE_PROGRAM, "cytocape", "analyze", slide.c_str(), "--model", "demo", "--specimen",
          "pb", "--quiet", "--out", folder.c_str(), nullptr);
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  wait4(child, &status, 0, &usage);
  if (!WIFEXITED(status) || WEXITSTATUS(status) == 127) fmt::print("analyze did not run\n");
  return static_cast<double>(usage.ru_maxrss) / 1024;
}

int run_benchmark(int argc, char** argv) {
  configure_inference_threads();
  // First, while this process is small: a child's peak includes its parent's size at the fork.
  if (argc > 3) {
    const double small = peak_mib(argv[2]);
    const double large = peak_mib(argv[3]);
    fmt::print("peak memory: {:.0f} MiB and {:.0f} MiB, ratio {:.2f}\n", small, large,
               large / small);
    std::fflush(stdout);
  }
  const std::filesystem::path timed = argv[1];
  compare_head();
  compare_with_parts(timed, 2);
  compare_threads(timed);
  return 0;
}

}  // namespace
}  // namespace cytocape

int main(int argc, char** argv) {
  if (argc < 2) {
    fmt::print(stderr, "usage: cytocape_cost_benchmark TIMED.tiff [SMALL.tiff LARGE.tiff]\n");
    return 2;
  }
  return cytocape::run_benchmark(argc, argv);
}
