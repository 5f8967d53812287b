#pragma once

/// Which process made a file, told by a name or a line of text, so that a later process knows
/// whether it still lives. Thread-safe.

#include <string>
#include <string_view>

namespace cytocape {

/// `unknown`: it is of another computer or container, and nothing here can tell.
enum class OwnerState { alive, dead, unknown };

/// This process:
///
///     <machine>-<boot>-<pid namespace>-<pid>-<start>
///
/// Machine (name and /etc/machine-id) and boot are eight hex digits of their SHA-256, zeros where
/// the system does not say; the start is in clock ticks since boot and tells a process from a later
/// one of the same number. Letters, digits and '-' alone, below 70 bytes.
[[nodiscard]] std::string own_tag();

/// `unknown` for a text that is no tag.
[[nodiscard]] OwnerState owner_state(std::string_view tag);

/// As the system calls itself.
[[nodiscard]] std::string host_name();

}  // namespace cytocape
