#pragma once

/// A place among the words of a source. Internal to sources_of_no.cpp.

#include <cstddef>
#include <string>
#include <vector>

#include "pipeline/criteria/source_tokens.hpp"

namespace cytocape::criteria {

/// "normal", "intact": of what is not there.
[[nodiscard]] bool says_normal(const std::string& word);
/// "nuclei", "metaphases".
[[nodiscard]] bool is_of_cells(const std::string& word);

/// Goes through a source from its first word to its last. Holds the text that its words refer to.
class SourceCursor {
 public:
  SourceCursor(std::string text, const AskedOf& asked);
  SourceCursor(const SourceCursor&) = delete;
  SourceCursor& operator=(const SourceCursor&) = delete;
  SourceCursor(SourceCursor&&) = delete;
  SourceCursor& operator=(SourceCursor&&) = delete;
  ~SourceCursor() = default;

  [[nodiscard]] bool at_end() const { return at_ == tokens_.size(); }
  void advance() { ++at_; }
  [[nodiscard]] std::size_t place() const { return at_; }
  [[nodiscard]] bool begins_clause() const {
    return at_ == 0 || token().clause != tokens_[at_ - 1].clause;
  }

  [[nodiscard]] const SourceToken& token() const { return tokens_[at_]; }
  [[nodiscard]] const std::string& word() const { return tokens_[at_].small; }
  /// None where the source ends.
  [[nodiscard]] const SourceToken* behind(std::size_t steps = 1) const {
    return at_ + steps < tokens_.size() ? &tokens_[at_ + steps] : nullptr;
  }
  [[nodiscard]] const SourceToken* before(std::size_t steps = 1) const {
    return at_ >= steps ? &tokens_[at_ - steps] : nullptr;
  }
  /// The same, and none where it is of another clause.
  [[nodiscard]] const SourceToken* next_of_clause(std::size_t steps = 1) const {
    return of_clause(behind(steps));
  }
  [[nodiscard]] const SourceToken* last_of_clause(std::size_t steps = 1) const {
    return of_clause(before(steps));
  }

  [[nodiscard]] const std::string& text() const { return text_; }
  [[nodiscard]] std::string clause_text(std::size_t clause) const;
  [[nodiscard]] const std::vector<SourceToken>& tokens() const { return tokens_; }
  [[nodiscard]] const std::vector<std::string>& words() const { return words_; }

  template <class Wanted>
  [[nodiscard]] bool any_in_clause(Wanted wanted) const {
    auto begin = at_;
    while (begin > 0 && tokens_[begin - 1].clause == token().clause) --begin;
    for (auto i = begin; i < tokens_.size() && tokens_[i].clause == token().clause; ++i)
      if (wanted(tokens_[i])) return true;
    return false;
  }
  [[nodiscard]] bool names_own_in_clause() const {
    return any_in_clause([](const SourceToken& one) { return one.own; });
  }
  /// Whether one of so many words before denies, in the clause.
  [[nodiscard]] bool is_denied_within(std::size_t words) const;
  /// Whether a word of the clause denies, or says that something is normal.
  [[nodiscard]] bool denies_in_clause() const;
  /// Whether a word of the source does.
  [[nodiscard]] bool denies_anywhere() const;
  /// Whether what is said in the clause is said of other genes.
  [[nodiscard]] bool is_of_another() const;
  /// Whether a method, a sample, a place, a person or a report is told anywhere.
  [[nodiscard]] bool says_how() const;
  /// Whether the answer is given to genes that are joined.
  [[nodiscard]] bool asks_for_fusion() const { return of_fusion_; }
  /// Whether there is nothing but names of genes.
  [[nodiscard]] bool names_genes_alone() const { return genes_alone_; }

 private:
  [[nodiscard]] const SourceToken* of_clause(const SourceToken* one) const {
    return one != nullptr && one->clause == token().clause ? one : nullptr;
  }

  std::string text_;
  bool of_kinases_ = false;
  bool of_mutation_ = false;
  bool of_fusion_ = false;
  std::vector<SourceToken> tokens_;
  std::vector<std::string> words_;
  std::size_t at_ = 0;
  bool point_mutation_ = false;
  bool genes_alone_ = false;
};

}  // namespace cytocape::criteria
