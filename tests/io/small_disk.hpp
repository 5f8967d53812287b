#pragma once

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string>

namespace cytocape::testing {

/// What `on_small_disk` returns where this system does not let a process mount anything.
inline constexpr int kNotPermitted = 77;

inline constexpr int kUnexpected = 99;

/// Runs `body` in a child process and returns its exit code, or 128 + the signal that ended it. The
/// child ends by exit(), so that libraries' own cleaning up is under test as well. Nothing in the
/// parent may have started threads: a fork would leave them behind.
template <class Body>
int in_child(const Body& body) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(60);
    // An exception must not reach the test's runner, which would go on with the other tests here.
    int code = kUnexpected;
    try {
      code = body();
    } catch (const std::exception& error) {
      std::fprintf(stderr, "in the child: %s\n", error.what());
    }
    std::exit(code);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/// `body` finds a disk of `bytes` mounted on `folder`.
template <class Body>
int on_small_disk(const std::filesystem::path& folder, std::size_t bytes, const Body& body) {
  return in_child([&] {
    if (::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
      return kNotPermitted;
    }
    ::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr);
    const auto size = "size=" + std::to_string(bytes);
    if (::mount("none", folder.c_str(), "tmpfs", 0, size.c_str()) != 0) return kNotPermitted;
    return body();
  });
}

/// `body` finds that no file can grow beyond `bytes`, wherever it lies.
template <class Body>
int with_small_files(rlim_t bytes, const Body& body) {
  return in_child([&] {
    std::signal(SIGXFSZ, SIG_IGN);
    rlimit limit{};
    ::getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = bytes;
    ::setrlimit(RLIMIT_FSIZE, &limit);
    return body();
  });
}

inline void lift_file_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_FSIZE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_FSIZE, &limit);
}

}  // namespace cytocape::testing
