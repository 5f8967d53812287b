#pragma once

/// What the program says: results on stdout, messages and progress on stderr. No failure of either
/// ends or changes the work that is told of. Nothing else writes to them (script/lint checks). Each
/// call is written at once and is thread-safe; formatting alone may throw (std::bad_alloc).

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace cytocape {

/// Call once in main before any file is opened. A pipe without a reader and a file at its limit
/// become errors of write instead of signals that end the process. A standard descriptor that the
/// caller closed (`>&-`) becomes /dev/null, else the first file opened would have its number, and
/// what is said would stand in that file.
void prepare_output() noexcept;

/// On stdout. The first failure is kept for `result_error`; nothing is written after it, so that
/// what arrives has no holes.
void write_result(std::string_view text) noexcept;

/// From here on results and progress are left out; documents and messages are not.
void set_quiet() noexcept;
[[nodiscard]] bool is_quiet() noexcept;

/// A result that was asked for by name (--json): as write_result, quiet or not.
void write_document(std::string_view text) noexcept;

/// errno of what kept results from stdout, 0 when all of them arrived; EPIPE when the reader went
/// away, be it of a pipe or a terminal. Call it last: some network file systems tell of a full disk
/// only here.
[[nodiscard]] int result_error() noexcept;

/// On stderr, as far as it takes it: a closed terminal or a full disk loses the message.
void write_message(std::string_view text) noexcept;

/// As a message, but left out while stderr takes nothing (a terminal held by Ctrl-S, a pipe that
/// nobody reads): progress does not wait.
void write_progress(std::string_view text) noexcept;

template <class... Args>
void print_result(fmt::format_string<Args...> format, Args&&... args) {
  write_result(fmt::format(format, std::forward<Args>(args)...));
}

template <class... Args>
void print_message(fmt::format_string<Args...> format, Args&&... args) {
  write_message(fmt::format(format, std::forward<Args>(args)...));
}

template <class... Args>
void print_progress(fmt::format_string<Args...> format, Args&&... args) {
  write_progress(fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace cytocape
