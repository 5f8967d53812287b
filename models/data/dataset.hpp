#pragma once

/// Folders of labelled cell images, `<folder>/<class>/*.{jpg,jpeg,png,tif,tiff}`, and their split
/// into training and validation images.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace cytocape {

/// One class folder. Hidden entries are passed over in silence.
struct ClassFolder {
  std::string name;
  std::vector<std::filesystem::path> files;        ///< sorted by name
  std::vector<std::filesystem::path> passed_over;  ///< other files, and folders; sorted
};

/// All class folders, sorted by name. Throws ConfigError listing all that is wrong at once: no
/// class folder, one without images, images beside the class folders.
[[nodiscard]] std::vector<ClassFolder> list_labelled_folder(const std::filesystem::path& folder);

/// Only the images that `list` names: "class/name" a line, as training writes its split; empty
/// lines and those that begin with # are passed over. Throws ConfigError listing every row that is
/// not of this form, names no file, or occurs twice.
[[nodiscard]] std::vector<ClassFolder> list_labelled_folder(const std::filesystem::path& folder,
                                                            const std::filesystem::path& list);

struct LabelledImage {
  std::filesystem::path path;
  int label = 0;            ///< into LabelledSet::classes, and behind these into its groups
  std::string sha256 = {};  ///< of the file
  int source = 0;           ///< into the sources of a set that is joined of several
};

struct LabelledSet {
  std::vector<std::string> classes;  ///< folder names, sorted
  /// Classes that a coarser label leaves open: label classes.size() + k is one of groups[k].
  std::vector<std::vector<int>> groups;
  std::vector<LabelledImage> train;             ///< by class, then by file name
  std::vector<LabelledImage> validation;        ///< likewise
  std::vector<std::filesystem::path> left_out;  ///< see Conflicts::leave_out
  /// Of a laboratory that is left out, images of classes that no other has: no network can know
  /// them.
  std::vector<std::filesystem::path> apart;
  std::vector<std::filesystem::path>
      passed_over;  ///< no images: other files, and folders in a class
};

/// What to do with an image that occurs in two classes, by its bytes or by its original's name.
/// Such pairs exist in public sets; no label of theirs can be trusted.
enum class Conflicts { refuse, leave_out };

/// Splits `<folder>/<class>/*.{jpg,jpeg,png,tif,tiff}` by class with a seed. The result depends on
/// names and bytes alone, neither on directory order nor on where the folder lies.
///
/// Images that show the same thing stay on one side: those with identical bytes, and those with a
/// shared original. A name "MYO___MYO_0203_107.png" carries its original's, here "MYO_0203", behind
/// "___"; what follows tells its augmentations apart. A name without "___" is its own original.
///
/// A share of 0 leaves all for training.
///
/// Throws ConfigError listing all that is wrong at once: no or one class folder, two folders whose
/// names differ in case or punctuation alone, a class without images or with fewer than two
/// originals, images beside the class folders, and conflicts unless they are to be left out. With
/// `faults` these are appended there instead, for a caller who has more to check.
[[nodiscard]] LabelledSet split_labelled_folder(const std::filesystem::path& folder,
                                                double validation_share, std::uint64_t seed,
                                                Conflicts conflicts = Conflicts::refuse,
                                                std::vector<std::string>* faults = nullptr);

/// 0 .. count - 1 in an order that depends on the seed alone, the same on every machine.
[[nodiscard]] std::vector<std::size_t> shuffled_order(std::size_t count, std::uint64_t seed);

/// A seed made of another one and a text, so that what is drawn for an image follows from its name.
[[nodiscard]] std::uint64_t seed_for(std::uint64_t seed, const std::string& name);

/// The original's name in a file name: "MYO_0203" of "MYO___MYO_0203_107.png"; empty without "___".
[[nodiscard]] std::string original_name(const std::string& file_name);

}  // namespace cytocape
