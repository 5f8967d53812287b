#pragma once

/// Cases in one line each, as cases.csv writes them: what differs from a complete case of CMML-1.
///
///     amc=0.8 wbc=5 mutation=TET2:9.9 pb.myeloblast=24 bm=- sex=- pb.unknown=promonocyte
///
/// `=-` leaves out, `nothing` starts from an empty case, `pb.CLASS=N` calls N cells of a class (the
/// rest are segmented neutrophils), `pb.n`, `pb.status` and `pb.unknown=A+B` set a slide's cells,
/// its status, and the classes that its model does not know; `pb2.CLASS=N` is of a second slide,
/// "pb-slide-2". Numbers are in the units kept and as
/// exact as their digits; `bm_blasts=4@300` is a share of 300 cells. `was_bm_blasts=25` is a higher
/// count of an earlier day, `mpn_now=unknown` and `unknown=NPM1` rows that
/// say so.

#include <string>

#include "pipeline/criteria/findings.hpp"

namespace cytocape::criteria::testing {

[[nodiscard]] Case case_of(const std::string& facts);

/// 200 blood or 500 marrow cells of a model that knows every class.
[[nodiscard]] SlideCounts example_slide(Specimen specimen);

}  // namespace cytocape::criteria::testing
