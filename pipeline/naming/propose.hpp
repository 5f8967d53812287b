#pragma once

/// `propose` without its command line: cuts the cells of finished slides that a person should name,
/// for `adapt`.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace cytocape {

struct ProposeRequest {
  std::vector<std::filesystem::path> records;  ///< report.h5, or their folders; of one model
  std::filesystem::path slide;  ///< where the one record's slide lies now; empty: as recorded
  std::filesystem::path out;    ///< must not be there, or be empty
  std::size_t each = 20;        ///< cells of a class, of all slides together
};

struct Proposal {
  struct Class {
    std::string name;  ///< of the folder: the class that the program called, or "unidentified"
    std::size_t cells = 0;
  };
  std::vector<Class> classes;  ///< without those that have no cell
  double mpp = 0;              ///< um a pixel of the pictures spans
  std::string model;           ///< its file, as recorded
};

/// Writes OUT/<class>/<slide>_<cell>.png, each a quarter wider than the model's crop and at its
/// um/px, and OUT/groups.csv, by which `adapt` keeps a case's cells together (file, whatever
/// folder it is moved to; group; slide, cell, x, y, called, probability), whole or not at
/// all. Throws ConfigError for a bad request, StorageError for a record that cannot be read,
/// SlideError for a slide that cannot, or is not the one that the record is of.
[[nodiscard]] Proposal propose(const ProposeRequest& request);

}  // namespace cytocape
