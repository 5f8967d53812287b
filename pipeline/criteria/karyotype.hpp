#pragma once

/// What a karyotype in ISCN's notation shows of what the criteria ask about:
///
///     46,XY,t(15;17)(q24;q21)[18]/46,XY[2]     PML::RARA, in a clone of 18 cells
///     45,XX,-7[20]                             an acquired abnormality, monosomy 7
///     47,XX,+21c[20]                           normal but for a constitutional abnormality
///
/// What each rearrangement means is in configs/criteria/karyotype.toml. Any text may be given: what
/// cannot be read is kept as it is and decides nothing. Time is linear in the text.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cytocape::criteria {

/// A fusion, or a gene rearranged with any partner, that a text points to.
struct ShownFusion {
  std::string fusion;   ///< "PML::RARA", "KMT2A"; empty where no chromosome can be read, "t(l5;l7)"
  std::string written;  ///< "t(15;17)(q24;q21)"
  bool certain = false;  ///< else it may be meant, and is to be looked for
};

/// Of a CMML's karyotype (CPSS; Such et al., Haematologica 2011): high is trisomy 8, any
/// abnormality of chromosome 7 and three abnormalities or more; low is normal, or -Y alone.
enum class CytogeneticRisk { not_known, low, intermediate, high };

struct KaryotypeFacts {
  bool is_iscn = false;    ///< it begins as ISCN does; else only its rearrangements were looked for
  bool no_result = false;  ///< "culture failure", "not done"; then nothing else is told
  bool normal = false;     ///< every clone is normal, but for what is constitutional
  /// In clones, as written, each once: acquired and without a question mark; and without -Y, inv(9)
  /// and what else is no sign of a neoplasm.
  std::vector<std::string> acquired;
  std::vector<std::string> constitutional;  ///< "+21c", and inversions that are variants
  /// Of kinds that people are born with, without "c", and in every cell: "rob(13;14)(q10;q10)".
  std::vector<std::string> maybe_inherited;
  std::vector<std::string> doubtful;  ///< with a question mark, or in too few cells
  std::vector<std::string> unread;
  /// Results of FISH and arrays, as written, that are not normal: searched for fusions alone.
  std::vector<std::string> molecular;
  std::string sex;  ///< chromosomes of the first clone: "XY", "X", "XXYc"; empty where none is read
  bool donor = false;  ///< cells of a donor stand behind "//"
  bool loss_of_y = false;
  std::size_t most_in_a_clone = 0;  ///< acquired abnormalities of the clone that has the most
  std::vector<ShownFusion> fusions;
  CytogeneticRisk risk = CytogeneticRisk::not_known;

  /// Three unrelated abnormalities or more in one clone.
  [[nodiscard]] bool is_complex() const { return most_in_a_clone >= 3; }
};

/// Thread-safe.
[[nodiscard]] KaryotypeFacts read_karyotype(std::string_view iscn);

/// Rearrangements in any text, such as "FISH t(15;17)(q24;q21) 80 %", but those that it denies ("no
/// inv(16)"), fusions ("PML::RARA", "AML1-ETO"), what has one by name ("APL"), and genes and bands
/// that a text calls rearranged, FISH's "5'KMT2A sep 3'KMT2A" among them. Each fusion once.
/// Thread-safe.
[[nodiscard]] std::vector<ShownFusion> fusions_named_in(std::string_view text);

}  // namespace cytocape::criteria
