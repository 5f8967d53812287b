#pragma once

/// Every option of a training configuration in one table: its key, its place in TrainOptions and
/// what it may be. The reader of configurations, the check and the defaults come from it. No
/// LibTorch here.

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "models/data/train_options.hpp"

namespace cytocape {

/// A member of TrainOptions, or of what it says of variations.
template <typename Value>
class OptionPlace {
 public:
  // Implicit, so that a row of the table names the member alone.
  // NOLINTBEGIN(google-explicit-constructor)
  OptionPlace(Value TrainOptions::*own) : own_(own) {}
  OptionPlace(Value AugmentOptions::*augment) : augment_(augment) {}
  OptionPlace(Value AppearanceOptions::*appearance) : appearance_(appearance) {}
  // NOLINTEND(google-explicit-constructor)

  [[nodiscard]] Value& in(TrainOptions& options) const {
    if (augment_ != nullptr) return options.augment.*augment_;
    return own_ != nullptr ? options.*own_ : options.appearance.*appearance_;
  }
  [[nodiscard]] const Value& in(const TrainOptions& options) const {
    if (augment_ != nullptr) return options.augment.*augment_;
    return own_ != nullptr ? options.*own_ : options.appearance.*appearance_;
  }

 private:
  Value TrainOptions::*own_ = nullptr;
  Value AugmentOptions::*augment_ = nullptr;
  Value AppearanceOptions::*appearance_ = nullptr;
};

struct NumberOption {
  OptionPlace<double> place;
  double low = 0;  ///< both ends are allowed
  double high = 0;
};
struct WholeOption {
  OptionPlace<int> place;
  int low = 0;
  int high = 0;
  std::vector<int> only{};  ///< where not empty, nothing else between low and high
};
struct SeedOption {
  OptionPlace<std::uint64_t> place;
};
struct FlagOption {
  OptionPlace<bool> place;
};
struct ChoiceOption {
  OptionPlace<std::string> place;
  std::vector<std::string> known;
};
struct TextOption {
  OptionPlace<std::string> place;
};

enum class OptionDefault { of_train_options, none };

struct TrainOption {
  std::string key;  ///< as in a configuration, "optimiser.epochs"
  std::variant<NumberOption, WholeOption, SeedOption, FlagOption, ChoiceOption, TextOption> kind;
  OptionDefault default_value = OptionDefault::of_train_options;
};

/// In the order in which a configuration is read. Lists of texts (`specimens`) and what is made of
/// several keys (`card.source_*`) are not among them.
[[nodiscard]] const std::vector<TrainOption>& train_option_table();

/// "key = value" lines, the values those of a TrainOptions of which nothing was set; without the
/// options that have no default.
[[nodiscard]] std::string train_defaults_toml();

}  // namespace cytocape
