#include "io/errors.hpp"
#include "pipeline/evaluation/evaluate.hpp"

namespace cytocape {
std::optional<Evaluation> evaluate_slide(const EvaluateRequest&, const std::atomic<bool>&) {
  throw ConfigError("soon");
}
}  // namespace cytocape
