#pragma once

/// What C libraries say of a picture's data while they decode it: not an error in their eyes, and
/// to a count of cells the difference between a picture and grey paint. Internal to io/.

#include <set>
#include <string>
#include <string_view>

namespace cytocape {

/// Listens to the decoders that run in this thread for as long as it lives. One at a time a thread.
class DecoderMessages {
 public:
  DecoderMessages();
  ~DecoderMessages();
  DecoderMessages(const DecoderMessages&) = delete;
  DecoderMessages& operator=(const DecoderMessages&) = delete;

  /// Each once, on one line.
  [[nodiscard]] const std::set<std::string>& all() const { return all_; }

  /// Called by the libraries' handlers, which are C: without memory for the message the program
  /// ends. Lost where nobody listens in the calling thread.
  static void say(std::string_view message) noexcept;

 private:
  std::set<std::string> all_;
};

}  // namespace cytocape
