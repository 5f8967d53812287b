#pragma once

#include <unistd.h>

#include <filesystem>

namespace cytocape::testing {

/// Takes the right to write in `folder` and below; where the tests run as root, whom rights do not
/// bind, the process is another user for as long. Given back at the end.
class ReadOnlyFolder {
 public:
  explicit ReadOnlyFolder(std::filesystem::path folder)
      : folder_(std::move(folder)), root_(::geteuid() == 0) {
    set(std::filesystem::perms::owner_read | std::filesystem::perms::owner_exec);
    if (root_ && ::seteuid(kNobody) != 0) root_ = false;
  }
  ~ReadOnlyFolder() {
    if (root_ && ::seteuid(0) != 0) return;
    set(std::filesystem::perms::owner_all);
  }
  ReadOnlyFolder(const ReadOnlyFolder&) = delete;
  ReadOnlyFolder& operator=(const ReadOnlyFolder&) = delete;

 private:
  static constexpr uid_t kNobody = 65534;
  void set(std::filesystem::perms rights) {
    namespace fs = std::filesystem;
    // The other user is still of root's group.
    if (root_)
      fs::permissions(folder_.parent_path(), fs::perms::group_exec | fs::perms::others_exec,
                      fs::perm_options::add);
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) give(entry.path(), rights);
    give(folder_, rights);
  }
  void give(const std::filesystem::path& path, std::filesystem::perms rights) const {
    if (root_) (void)!::chown(path.c_str(), kNobody, kNobody);
    if (std::filesystem::is_directory(path)) std::filesystem::permissions(path, rights);
  }
  std::filesystem::path folder_;
  bool root_;
};

}  // namespace cytocape::testing
