#include "io/process_owner.hpp"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>
#include <vector>

#include "io/digest.hpp"
#include "io/text.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

constexpr const char* kNotTold = "00000000";
/// The number that Linux gives the process namespace of the computer itself, outside containers.
constexpr std::int64_t kWholeComputer = 4026531836;

struct Owner {
  std::string machine;
  std::string boot;
  std::int64_t pid_namespace = 0;
  std::int64_t pid = 0;
  std::int64_t start = 0;
};

std::string first_line(const fs::path& path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string short_digest(const std::string& text) {
  return sha256_of(text).substr(0, 8);
}

std::optional<std::int64_t> whole_number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0) return std::nullopt;
  return value;
}

/// What /proc/<process>/stat says behind the name, which may hold blanks and brackets: its third
/// field is the first here. Empty where it cannot be read.
std::vector<std::string> stat_fields(const std::string& process) {
  const auto line = first_line("/proc/" + process + "/stat");
  std::istringstream words(line.substr(std::min(line.rfind(')') + 1, line.size())));
  return {std::istream_iterator<std::string>(words), {}};
}

constexpr std::size_t kState = 0, kThreads = 17, kStart = 19;

std::int64_t start_of(const std::vector<std::string>& fields) {
  return fields.size() > kStart ? whole_number(fields[kStart]).value_or(0) : 0;
}

/// "pid:[4026531836]"
std::int64_t own_pid_namespace() {
  std::error_code ignored;
  const auto link = fs::read_symlink("/proc/self/ns/pid", ignored).string();
  const auto from = link.find('['), to = link.find(']');
  if (from == std::string::npos || to == std::string::npos) return 0;
  return whole_number(std::string_view(link).substr(from + 1, to - from - 1)).value_or(0);
}

Owner this_process() {
  const auto machine = first_line("/etc/machine-id");
  const auto boot = first_line("/proc/sys/kernel/random/boot_id");
  return {.machine = machine.empty() ? kNotTold : short_digest(host_name() + "\n" + machine),
          .boot = boot.empty() ? kNotTold : short_digest(boot),
          .pid_namespace = own_pid_namespace(),
          .pid = ::getpid(),
          .start = start_of(stat_fields("self"))};
}

bool is_digest(std::string_view text) {
  return text.size() == 8 && text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

std::optional<Owner> parse(std::string_view tag) {
  std::array<std::string_view, 5> parts;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto end = i + 1 < parts.size() ? tag.find('-') : tag.size();
    if (end == std::string_view::npos) return std::nullopt;
    parts[i] = tag.substr(0, end);
    tag.remove_prefix(std::min(end + 1, tag.size()));
  }
  const auto place = whole_number(parts[2]), pid = whole_number(parts[3]),
             start = whole_number(parts[4]);
  if (!is_digest(parts[0]) || !is_digest(parts[1]) || !place || !pid || !start) return std::nullopt;
  return Owner{std::string(parts[0]), std::string(parts[1]), *place, *pid, *start};
}

/// Whether a process of this boot and this process namespace is alive.
OwnerState state_of_neighbour(const Owner& owner) {
  if (owner.pid < 1 || (::kill(static_cast<pid_t>(owner.pid), 0) != 0 && errno == ESRCH))
    return OwnerState::dead;
  // A /proc of another namespace numbers processes otherwise.
  std::error_code ignored;
  if (fs::read_symlink("/proc/self", ignored).string() != std::to_string(::getpid()))
    return OwnerState::unknown;
  const auto fields = stat_fields(std::to_string(owner.pid));
  if (fields.size() <= kStart) return OwnerState::alive;  // hidden from this user
  if (start_of(fields) != owner.start) return OwnerState::dead;
  // Killed and not yet waited for; while a thread is left it may still be inside the system.
  const bool ended = fields[kState] == "Z" || fields[kState] == "X";
  return ended && whole_number(fields[kThreads]).value_or(0) <= 1 ? OwnerState::dead
                                                                  : OwnerState::alive;
}

}  // namespace

std::string own_tag() {
  const auto owner = this_process();
  return fmt::format("{}-{}-{}-{}-{}", owner.machine, owner.boot, owner.pid_namespace, owner.pid,
                     owner.start);
}

OwnerState owner_state(std::string_view tag) {
  const auto owner = parse(tag);
  const auto self = this_process();
  if (!owner || owner->boot == kNotTold || self.boot == kNotTold) return OwnerState::unknown;
  if (owner->pid_namespace != self.pid_namespace || self.pid_namespace == 0)
    return OwnerState::unknown;
  if (owner->boot == self.boot) return state_of_neighbour(*owner);
  // Started anew since, if it is the same computer: containers may share a name and an id.
  const bool same_computer = owner->machine == self.machine && self.machine != kNotTold &&
                             self.pid_namespace == kWholeComputer;
  return same_computer ? OwnerState::dead : OwnerState::unknown;
}

std::string host_name() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) return "unnamed";
  return valid_utf8(name.data());
}

}  // namespace cytocape
