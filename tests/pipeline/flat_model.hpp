#pragma once

/// A model whose answer is known by hand: the demo model's backbone under heads of weight 0, so
/// that every position has the bias as its logits, whatever the image.

#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "models/data/safetensors.hpp"

namespace cytocape::testing {

struct FlatModel {
  std::vector<std::string> classes;
  std::vector<float> cape;      ///< the CAPE head's logits, one a class
  std::vector<float> ordinary;  ///< the ordinary head's
  double unidentified_below = 0;
  double strange_above = 1e9;
  std::vector<std::string> specimens{"pb"};
};

inline void write_flat_model(const FlatModel& model, const std::filesystem::path& path) {
  const auto demo = SafetensorsFile::open(std::filesystem::path(CYTOCAPE_SOURCE_DIR) /
                                          "configs/models/demo.safetensors");
  const auto count = static_cast<std::int64_t>(model.classes.size());
  const auto features = demo.at("classifiers.cape.2.weight").shape[1];
  const std::vector<float> zeros(static_cast<std::size_t>(count * features), 0.0F);
  const auto bytes = [](const std::vector<float>& values) {
    return std::as_bytes(std::span(values));
  };
  std::vector<TensorToWrite> tensors;
  for (const auto& [name, tensor] : demo.tensors()) {
    if (name.starts_with("classifiers."))
      tensors.push_back(
          name.ends_with("weight")
              ? TensorToWrite{name, DType::f32, {count, features}, bytes(zeros)}
              : TensorToWrite{
                    name,
                    DType::f32,
                    {count},
                    bytes(name.find("cape") != std::string::npos ? model.cape : model.ordinary)});
    else if (name == "t1.T" || name == "t2.T")
      tensors.push_back({name, DType::f32, {1}, std::as_bytes(std::span(zeros).first(1))});
    else
      tensors.push_back({name, tensor.dtype, tensor.shape, tensor.bytes});
  }
  auto card = nlohmann::json::parse(demo.metadata().at("cytocape.card"));
  card["calibration_a"] = card["calibration_w"] = 0;
  card["unidentified_below"] = model.unidentified_below;
  card["strange_above"] = model.strange_above;
  card["specimens"] = model.specimens;
  card["confusion"] = std::vector<std::vector<int>>(model.classes.size(),
                                                    std::vector<int>(model.classes.size(), 0));
  const auto figures = card["classes"][0];
  card["classes"] = nlohmann::json::array();
  for (const auto& name : model.classes) {
    card["classes"].push_back(figures);
    card["classes"].back()["name"] = name;
  }
  write_safetensors(path, tensors, {{"cytocape.card", card.dump()}});
}

}  // namespace cytocape::testing
