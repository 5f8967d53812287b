#pragma once

/// What a review comes to, and what stands in the way of its signature.

#include <string>
#include <vector>

#include "io/report.hpp"
#include "pipeline/review/revise.hpp"
#include "pipeline/serve/slide_room.hpp"

namespace cytocape {

/// The slide's report by its review, with the criteria by the laboratory values that its record
/// holds and by diseases that reviews of the case's other slides name. `counted` is the room's
/// report or the same with pictures. Takes a part of a second: the intervals are drawn anew. Throws
/// StorageError where the record's card or values cannot be read.
[[nodiscard]] SlideReport reviewed_report(const SlideReport& counted, const Review& review,
                                          const SlideRoom& room);

/// What is open, a sentence each, with what to do; empty: it may be verified. `reviewed` is the
/// report by the review.
[[nodiscard]] std::vector<std::string> open_points(const SlideReport& reviewed,
                                                   const Review& review,
                                                   const ReviewedCounts& counts);

}  // namespace cytocape
