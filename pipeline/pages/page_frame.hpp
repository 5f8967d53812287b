#pragma once

/// What every page's template begins and is framed with.

#include <kainjow/mustache.hpp>

namespace cytocape {

/// Sets `{{>head}}` (pipeline/pages/head.html: all lines before a page's title), `page_style`
/// (page_style.hpp) and `research_use` of a page's template. Pure; thread-safe.
void set_frame(kainjow::mustache::data& page);

}  // namespace cytocape
