#pragma once

/// Words by which a laboratory's text says that something is there, or not, in the languages that
/// such texts are written in. In small letters, without accents. Thread-safe.

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace cytocape::criteria {

/// "positive", "confirmed".
[[nodiscard]] bool affirms(const std::string& word);
/// Said of what is there, and behind "no" of what is not: "no inv(16) found".
[[nodiscard]] bool tells_of_finding(const std::string& word);
/// Of criteria, behind "not": "met", "fulfilled".
[[nodiscard]] bool tells_of_being_met(const std::string& word);
/// Behind what is not there: "negative", "absent", "excluded".
[[nodiscard]] bool denies_behind(const std::string& word);
/// "no", which denies what stands behind it.
[[nodiscard]] bool is_no(const std::string& word);
/// "not", which denies a verb.
[[nodiscard]] bool is_not(const std::string& word);
/// Whether one of the three words before the `i`-th denies, or is one of `also`.
[[nodiscard]] bool has_denial_before(const std::vector<std::string>& words, std::size_t i,
                                     std::initializer_list<std::string_view> also = {});
/// "cannot exclude", "no se puede descartar".
[[nodiscard]] bool tells_of_excluding(const std::string& word);
/// "not excluded", "cannot be ruled out", "does not exclude": what is spoken of stays possible. `i`
/// is of a word that tells of excluding.
[[nodiscard]] bool is_left_possible(const std::vector<std::string>& words, std::size_t i);
/// Of what is joined or apart: "KMT2A without split signal", "JAK2: no rearrangement".
[[nodiscard]] bool is_of_a_join(const std::string& word);
/// Of a way of testing: "fish", "panel".
[[nodiscard]] bool is_of_a_test(const std::string& word);

}  // namespace cytocape::criteria
