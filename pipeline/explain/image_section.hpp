#pragma once

/// One image's part of the page. Internal to pipeline/explain/.

#include <kainjow/mustache.hpp>

#include "pipeline/explain/explain.hpp"

namespace cytocape {

/// What explanation.html shows of `image`, which did not fail.
[[nodiscard]] kainjow::mustache::data image_section(const ExplainOutcome& outcome,
                                                    const ExplainedImage& image);

}  // namespace cytocape
