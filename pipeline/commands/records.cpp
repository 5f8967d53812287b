#include "pipeline/commands/records.hpp"

#include <fmt/format.h>

#include "io/errors.hpp"

namespace cytocape {

namespace fs = std::filesystem;

void check_record_folders(const std::vector<fs::path>& given) {
  for (const auto& path : given) {
    std::error_code error;
    if (fs::is_directory(path, error) && !fs::exists(path / "report.h5", error))
      throw ConfigError(
          fmt::format("{0}: is a folder without a report.h5; name the folder of each report, as "
                      "{0}/NAME (cytocape collect {0} lists them)",
                      path.string()));
  }
}

}  // namespace cytocape
