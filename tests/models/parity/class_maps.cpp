/// class_maps MODEL CROPS OUT: CAPE's maps of raw RGB crops (CROPS: uint8 [count, px, px, 3], px as
/// the model's card says) as safetensors, through the same public classifier that analyses slides.
/// For checkpoint_test.py, which compares them with PyTorch's.

#include <fmt/format.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <vector>

#include "models/data/safetensors.hpp"
#include "models/engine/classifier.hpp"

namespace {

using cytocape::DType;

cytocape::TensorToWrite tensor(const std::string& name, const std::vector<double>& values,
                               const std::vector<std::int64_t>& shape) {
  return {
      .name = name, .dtype = DType::f64, .shape = shape, .bytes = std::as_bytes(std::span(values))};
}

void write_maps(const std::string& model, const std::string& crops_file, const std::string& out) {
  cytocape::configure_inference_threads();
  std::ifstream stream(crops_file, std::ios::binary);
  const std::vector<char> bytes{std::istreambuf_iterator<char>(stream), {}};
  const std::vector<std::uint8_t> crops(bytes.begin(), bytes.end());
  const auto classifier = cytocape::Classifier::load(
      model, {.device = "cpu", .precision = cytocape::Precision::float32, .batch = 64});
  const auto px = static_cast<std::size_t>(classifier->card().input_px);
  const auto maps =
      classifier->classify(crops, static_cast<std::int64_t>(bytes.size() / px / px / 3));
  const std::vector<cytocape::TensorToWrite> tensors{
      tensor("map", maps.map, {maps.count, maps.classes, maps.height, maps.width}),
      tensor("prediction", maps.probability, {maps.count, maps.classes}),
      tensor("ordinary", maps.ordinary, {maps.count, maps.classes})};
  cytocape::write_safetensors(out, tensors, {});
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) {
    fmt::print(stderr, "usage: class_maps MODEL CROPS OUT\n");
    return 2;
  }
  try {
    write_maps(arguments[1], arguments[2], arguments[3]);
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}
