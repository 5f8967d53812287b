#pragma once

/// Many labelled images through a classifier, batch by batch on several threads, in an order that
/// does not depend on them. Memory holds a batch a thread, never all images.

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <vector>

#include "models/data/moved_cell.hpp"
#include "models/engine/classifier.hpp"
#include "pipeline/evaluation/evaluate.hpp"
#include "tiling/lab_map.hpp"

namespace cytocape {

struct LabelledFile {
  std::filesystem::path path;
  std::string name;  ///< "class/name"
  std::size_t data_class = 0;
  int label = -1;  ///< into the model's classes; -1: it does not know the class
};

/// What all steps of an evaluation share. Members outlive every step.
struct ImageRun {
  const Classifier& classifier;
  CropScale scale;
  int batch = 1;
  int threads = 1;
  const EvaluateProgress& progress;
  const std::atomic<bool>& stop;
  const LabMap* map = nullptr;  ///< of crops ahead of the network; null: none
};

/// Calls body(first, last) for each batch of 0 .. count, from several threads at once; batches that
/// follow a raised `stop` are left out. What a body throws comes out of here.
void for_each_batch(const ImageRun& run, const char* stage, std::size_t count,
                    const std::function<void(std::size_t, std::size_t)>& body);

/// Throws ConfigError naming all images that cannot be decoded or hold less than half a crop.
void check_images(const ImageRun& run, const std::vector<LabelledFile>& files);

/// The files as one slide: the map of up to kMostAppearanceCells of them, evenly, where `asked` and
/// the model allow one.
[[nodiscard]] Appearance measure_appearance(const ImageRun& run,
                                            const std::vector<LabelledFile>& files,
                                            AppearanceMap asked);

/// Probabilities of all files, [files, classes] each.
struct Predictions {
  std::vector<double> cape;
  std::vector<double> uncalibrated;  ///< CAPE with its scales as they were learned
  std::vector<double> ordinary;
  Throughput throughput;
};
[[nodiscard]] Predictions classify_images(const ImageRun& run,
                                          const std::vector<LabelledFile>& files);

/// `curves`: with insertion, deletion and ROAD.
[[nodiscard]] ExplanationScore explain_images(const ImageRun& run,
                                              const std::vector<LabelledFile>& files, bool curves);

[[nodiscard]] MovedScore move_images(const ImageRun& run, const std::vector<LabelledFile>& files);

}  // namespace cytocape
