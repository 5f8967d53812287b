#pragma once

/// Expressions of ISCN for rearrangements, "t(15;17)(q24;q21)", and the fusions that they mean
/// (configs/criteria/karyotype.toml).

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "pipeline/criteria/karyotype.hpp"

namespace cytocape::criteria {

/// Where a chromosome broke. Bands are without points: "q241".
struct Break {
  std::string chromosome;  ///< "15"; "?" where it is not known
  std::string band;        ///< "q24"; "q" where the arm alone is known; empty where nothing is
  std::string span_begin;  ///< of "q31~33", whose `band` is q33; else empty
  std::vector<std::string> or_in;  ///< other bands: "q24" of "q11.2or24"
};

struct Rearrangement {
  std::string kind;  ///< "t", "inv", "del", in small letters
  std::vector<Break> breaks;
  std::size_t begin = 0;  ///< in the text
  std::size_t end = 0;
  bool doubtful = false;  ///< has a question mark or alternatives, or is written loosely
};

/// Every expression of the form kind(chromosomes)(bands), in order; the bands may be absent. Read
/// too are other signs between chromosomes ("t(15,17)"), capital letters, blanks, bands beside
/// their chromosome ("t(9p21;11q23)") and, as doubtful, "t15;17" and "inv16". Linear.
[[nodiscard]] std::vector<Rearrangement> rearrangements_in(std::string_view text);

/// Those that a text tells in words: "15;17 translocation", "inversion of chromosome 16". Linear.
[[nodiscard]] std::vector<Rearrangement> worded_rearrangements(std::string_view text);

/// A locus that is lost where two genes were joined: "nuc ish(CHIC2x1)", "deletion 4q12".
struct LostLocus {
  std::string fusion;     ///< that the loss may mean
  std::size_t begin = 0;  ///< in the text
  std::size_t end = 0;
};
[[nodiscard]] std::vector<LostLocus> lost_loci(std::string_view text);
/// By locus in small letters.
[[nodiscard]] const std::map<std::string, std::string>& loci_of_fusions();

/// What one means; empty where nothing is known of it. `written` is left empty. Every fusion whose
/// breaks are those of the text is certain as its entry of the table says. Where no such fusion is
/// certain, those that may be meant as well follow: by a band that is wider or not written, by
/// another kind of rearrangement, or by one break alone.
[[nodiscard]] std::vector<ShownFusion> fusions_of(const Rearrangement& rearrangement);

/// Whether it is an inversion that many healthy people have (configs/criteria/karyotype.toml).
[[nodiscard]] bool is_inherited_inversion(const Rearrangement& rearrangement);

/// A name that a text gives to what has a fusion: "APL".
struct FusionName {
  std::string name;
  std::string fusion;
  bool as_written = false;  ///< it has capital letters; else any letter case will do
};
[[nodiscard]] const std::vector<FusionName>& fusion_names();

/// Fusions of a gene that the table knows: "NUP98::NSD1" of "NUP98"; empty where there is none.
[[nodiscard]] std::string example_of_fusion(const std::string& gene);

/// Whether the table knows the fusion of two genes, in either order.
[[nodiscard]] bool is_known_fusion(const std::string& one, const std::string& other);

}  // namespace cytocape::criteria
