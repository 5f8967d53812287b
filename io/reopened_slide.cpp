#include "io/reopened_slide.hpp"

#include <algorithm>

namespace cytocape {

SlideOptions options_of(const SlideReport& report) {
  const auto& slide = report.slide;
  const auto names = slide_reader_names();
  const bool known = std::find(names.begin(), names.end(), slide.reader) != names.end();
  return {.mpp = slide.mpp,
          .reader = known ? slide.reader : "",
          .plane = slide.plane,
          .icc = slide.icc.starts_with("ignored") ? IccUse::ignore : IccUse::apply};
}

}  // namespace cytocape
