#pragma once

/// The errors that end something larger than a tile. Each message names the file, the key or row,
/// the value found and the remedy, in one line; what a single tile or cell may do wrong is a value
/// (an outcome with a reason), never one of these.

#include <stdexcept>
#include <string>

namespace cytocape {

class Error : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A wrong command line, configuration or manifest: nothing was started (exit 2).
class ConfigError : public Error {
 public:
  using Error::Error;
};

/// A slide or image that cannot be opened, read or scaled (ends that slide, exit 5).
class SlideError : public Error {
 public:
  using Error::Error;
};

/// A model file that is damaged, of an unknown kind, or wrong for the work.
class ModelError : public Error {
 public:
  using Error::Error;
};

/// A report, model or slide that could not be written or read back (ends that slide, exit 5).
class StorageError : public Error {
 public:
  using Error::Error;
};

}  // namespace cytocape
