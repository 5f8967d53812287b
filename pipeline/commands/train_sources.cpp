#include "pipeline/commands/train_sources.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <map>
#include <optional>
#include <set>

#include "io/errors.hpp"

namespace cytocape {
namespace {

/// Sorted; hidden ones are no classes.
std::vector<std::string> class_folders(const std::filesystem::path& data) {
  std::vector<std::string> names;
  if (!std::filesystem::is_directory(data)) return {};
  for (const auto& entry : std::filesystem::directory_iterator(data)) {
    const auto name = entry.path().filename().string();
    if (entry.is_directory() && !name.starts_with('.')) names.push_back(name);
  }
  std::sort(names.begin(), names.end());
  return names;
}

/// "NAME=FOLDER" or "NAME=FOLDER:mpp" of the command line; none where it is a folder alone.
std::optional<DataSource> named_source(const std::string& argument) {
  if (std::filesystem::exists(argument)) return {};
  const auto equals = argument.find('=');
  if (equals == std::string::npos) return {};
  DataSource source{.name = argument.substr(0, equals), .folder = argument.substr(equals + 1)};
  const auto text = source.folder.string();
  const auto colon = text.rfind(':');
  if (colon == std::string::npos || std::filesystem::exists(source.folder)) return source;
  const auto* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data() + colon + 1, end, source.mpp);
  if (error != std::errc() || stop != end)
    throw ConfigError(fmt::format(
        "--data {}: \"{}\" is no pixel size: give NAME=FOLDER:mpp, such as aml=cells/aml:0.0707",
        argument, text.substr(colon + 1)));
  source.folder = text.substr(0, colon);
  return source;
}

void check_source_name(const std::string& name) {
  const auto right = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
  };
  if (!name.empty() && std::all_of(name.begin(), name.end(), right)) return;
  throw ConfigError(fmt::format(
      "source \"{}\": give it a name of letters, digits, hyphens and underscores", name));
}

/// What a configuration says of one source. `root`: of relative folders.
DataSource read_source(TomlReader& reader, const std::string& name, const std::string& root) {
  const auto key = [&](const char* of) { return fmt::format("source.{}.{}", name, of); };
  const auto text = [&](const char* of) {
    return reader.has(key(of)) ? reader.text(key(of)) : std::string();
  };
  DataSource source{.name = name, .mpp = reader.number(key("mpp"), {0.01, kMaxCropMpp})};
  source.folder = std::filesystem::path(root) / text("folder");
  if (reader.has(key("share"))) source.share = reader.number(key("share"), {0, 1e6});
  if (reader.has(key("specimen"))) {
    const auto code = reader.text(key("specimen"));
    source.specimen = value_named<Specimen>(code);
    if (!source.specimen)
      throw ConfigError(fmt::format("{} is \"{}\": give \"pb\" or \"bm\"", key("specimen"), code));
  }
  source.citation = text("citation");
  source.licence = text("licence");
  for (const auto& folder : reader.keys_below(key("classes")))
    source.classes[folder] = reader.texts(key("classes") + "." + folder);
  return source;
}

}  // namespace

/// The sources of the configuration, with folders of the command line in place of its own, and
/// those of the command line alone. Empty where --data is a folder of classes.
std::vector<DataSource> read_sources(TomlReader& reader,
                                     const std::vector<std::string>& given_data) {
  std::map<std::string, DataSource> named;
  std::string root;
  for (const auto& argument : given_data) {
    if (auto source = named_source(argument)) {
      check_source_name(source->name);
      const auto name = source->name;
      if (!named.emplace(name, std::move(*source)).second)
        throw ConfigError(fmt::format("--data {}: {} is given twice: omit one", argument, name));
    } else if (root.empty()) {
      root = argument;
    } else {
      throw ConfigError(fmt::format("--data {} and {}: name several sources, NAME=FOLDER:mpp each",
                                    root, argument));
    }
  }
  std::vector<DataSource> sources;
  for (const auto& name : reader.tables_below("source")) {
    check_source_name(name);
    const auto given = named.extract(name);
    if (given && given.mapped().mpp > 0)
      reader.add(fmt::format("source.{}.mpp = {}", name, given.mapped().mpp), "--data");
    auto source = read_source(reader, name, root);
    if (given) source.folder = given.mapped().folder;
    if (!given && root.empty())
      throw ConfigError(
          fmt::format("source {}: give its folder by --data {}=FOLDER, or --data with the folder "
                      "that {} lies in",
                      name, name, source.folder.string()));
    sources.push_back(std::move(source));
  }
  for (auto& [name, source] : named) {
    if (source.mpp == 0)
      throw ConfigError(
          fmt::format("--data {}={}: the pixel size is missing: give {}=FOLDER:mpp, um/px", name,
                      source.folder.string(), name));
    sources.push_back(std::move(source));
  }
  if (!root.empty() && !named.empty() && sources.size() == named.size())
    throw ConfigError(
        fmt::format("--data {}: it has no name beside others: give NAME={}:mpp", root, root));
  return sources;
}

std::vector<std::string> class_names_of(const TrainOptions& options) {
  if (options.data_sources.empty()) return class_folders(options.data);
  std::set<std::string> names;
  for (const auto& source : options.data_sources) {
    for (const auto& folder : class_folders(source.folder)) {
      const auto given = source.classes.find(folder);
      if (given == source.classes.end())
        names.insert(folder);
      else
        names.insert(given->second.begin(), given->second.end());
    }
  }
  return {names.begin(), names.end()};
}

}  // namespace cytocape
