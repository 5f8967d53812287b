#pragma once

/// A text for people in its two spellings. Records, JSON and the terminal write units and signs in
/// plain letters ("0.5 x 10^9/L"), a page sets them ("0.5 × 10⁹/L"). Whoever makes a text knows
/// where they stand; nobody looks for them in it afterwards. Made by pipeline/wording. Plain data.

#include <ostream>
#include <string>
#include <utility>
#include <vector>

namespace cytocape {

class Phrase {
 public:
  Phrase() = default;
  // Any text without units is a phrase; not explicit, so that it reads like one.
  Phrase(std::string both) : plain_(both), typeset_(std::move(both)) {}  // NOLINT
  Phrase(const char* both) : Phrase(std::string(both)) {}                // NOLINT
  Phrase(std::string plain, std::string typeset)
      : plain_(std::move(plain)), typeset_(std::move(typeset)) {}

  [[nodiscard]] const std::string& plain() const { return plain_; }
  [[nodiscard]] const std::string& typeset() const { return typeset_; }
  [[nodiscard]] bool empty() const { return plain_.empty(); }
  /// Where a text is written, it is written plainly.
  operator const std::string&() const { return plain_; }  // NOLINT

  void clear() { *this = Phrase(); }
  Phrase& operator+=(const Phrase& behind) {
    plain_ += behind.plain_;
    typeset_ += behind.typeset_;
    return *this;
  }
  friend Phrase operator+(Phrase text, const Phrase& behind) { return text += behind; }
  friend bool operator==(const Phrase& a, const Phrase& b) { return a.plain_ == b.plain_; }
  friend bool operator==(const Phrase& a, const std::string& plain) { return a.plain_ == plain; }
  friend bool operator==(const Phrase& a, const char* plain) { return a.plain_ == plain; }
  friend bool operator<(const Phrase& a, const Phrase& b) { return a.plain_ < b.plain_; }
  friend std::ostream& operator<<(std::ostream& out, const Phrase& text) {
    return out << text.plain_;
  }

 private:
  std::string plain_;
  std::string typeset_;
};

[[nodiscard]] inline std::vector<std::string> plain(const std::vector<Phrase>& texts) {
  return {texts.begin(), texts.end()};
}

}  // namespace cytocape
