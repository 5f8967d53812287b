#pragma once

/// Three things that keep a picture's file from being read, told apart because their remedies
/// differ: it may not be read, it is damaged, or nobody knows its format. Internal to io/.

#include <filesystem>
#include <string>

namespace cytocape {

/// "FILE: cannot be read: Permission denied; ..": the system says no, by an errno.
[[noreturn]] void refuse_unreadable(const std::filesystem::path& path, int error);

/// "FILE: is damaged: CAUSE; copy or export it again".
[[noreturn]] void refuse_damaged(const std::filesystem::path& path, const std::string& cause);

/// "FILE: is of an unknown format: ..".
[[noreturn]] void refuse_unknown(const std::filesystem::path& path);

}  // namespace cytocape
