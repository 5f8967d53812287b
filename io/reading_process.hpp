#pragma once

/// A process of its own in which a library reads a file that may be damaged or hostile, so that a
/// fault of the library ends that process alone (docs/decisions/0018-foreign-records.md). Internal
/// to io/.

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace cytocape {

/// What the process may take. An answer that is past a limit ends it.
struct ReadingLimits {
  std::uint64_t memory_bytes = std::uint64_t{512} << 20;  ///< beyond what it starts with
  std::uint64_t answer_bytes = std::uint64_t{128} << 20;  ///< of one answer
  unsigned answer_cpu_s = 2;                              ///< computing for one answer
  unsigned total_cpu_s = 60;                              ///< computing for all answers
  unsigned answer_wall_s = 60;                            ///< waiting for one answer
};

struct ReadingAnswer {
  enum class Kind : std::uint8_t {
    answered,  ///< `bytes` is the answer
    refused,   ///< the answering function threw; `bytes` is its message
    damaged,   ///< answering ended the process or went past a limit; `bytes` says how
    lost,      ///< it was ended from outside or waited in vain; `bytes` says how
  };
  Kind kind = Kind::lost;
  std::string bytes;
};

/// Forks on construction; the process answers questions until this object is destroyed, which ends
/// it. It has no core dump, no terminal, no descriptor but `kFile`, ignores Ctrl-C and SIGTERM,
/// which are for the parent, and dies with the thread that made it. Not thread-safe, not movable.
///
/// `answer` runs in the child, where only the calling thread lives on: it must take no lock that
/// another thread may have held, and the caller must hold those of the libraries that it uses.
class ReadingProcess {
 public:
  using Answer = std::function<std::string(std::string_view question)>;
  /// `file`, any open descriptor, becomes kFile in the process.
  static constexpr int kFile = 4;

  /// Throws StorageError where no process can be had.
  ReadingProcess(int file, const Answer& answer, const ReadingLimits& limits = {});
  ~ReadingProcess();
  ReadingProcess(const ReadingProcess&) = delete;
  ReadingProcess& operator=(const ReadingProcess&) = delete;

  /// Once the process has ended, every question gets the same answer.
  [[nodiscard]] ReadingAnswer ask(std::string_view question);

 private:
  [[nodiscard]] ReadingAnswer receive();
  [[nodiscard]] bool send(std::string_view question) const;
  ReadingAnswer end(bool in_vain);

  ReadingLimits limits_;
  int socket_ = -1;
  pid_t child_ = -1;
  ReadingAnswer ended_;
};

}  // namespace cytocape
