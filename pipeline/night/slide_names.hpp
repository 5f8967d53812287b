#pragma once

/// Each slide of a run once, and with a name of its own, before anything starts: the name that it
/// had in earlier runs, wherever its files lie now, else one made from its place.

#include <filesystem>
#include <vector>

#include "pipeline/night/earlier_slides.hpp"
#include "pipeline/night/slide_list.hpp"

namespace cytocape {

/// Leaves each file once and gives every slide an `id`. One of a manifest keeps its own, and one
/// that is known from earlier runs the name that it had, unless a manifest gives that to another;
/// others are named after their file, and where they lie in a folder that was given, after their
/// place in it ("ward_3/a.svs": "ward_3_a"), so that a name does not depend on what else is there.
/// A DICOM slide goes by the first of its files (slide_path), and is named after its folder where
/// it has several files and the folder no other DICOM slide, unless the folder is watched. Where
/// two would still be called alike (letter case aside, which some file systems do not tell apart)
/// their folder comes first, then a digest of their path; names too long for a folder are cut and
/// get the digest. A slide without a case is of that which the manifest's id names, else its file
/// as it is called now, whatever its id; a digest is in a case only where two slides of the list
/// would be one by their names. Throws one ConfigError with all faults: one id for two slides of a
/// manifest, one slide with two ids.
void settle_names(SlideList& list, const EarlierNames& earlier = {});

/// Adds slides of earlier runs that have gone from the `given` folders and left a whole report in
/// `out`, so that a run says so: it can do nothing else with them (Standing::Kind::away).
void add_gone(SlideList& list, const std::vector<std::filesystem::path>& given,
              const EarlierNames& earlier, const std::filesystem::path& out);

}  // namespace cytocape
