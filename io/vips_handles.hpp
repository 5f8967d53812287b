#pragma once

/// libvips' handles and error texts: what thumbnail.cpp, vips_codec.cpp and vips_pyramid.cpp share.
/// The only file that includes libvips; only those three include this one.

#include <vips/vips.h>

#include <memory>
#include <string>

#include "io/text.hpp"

namespace cytocape {

/// For anything that is a GObject.
struct Unref {
  void operator()(gpointer object) const { g_object_unref(object); }
};
using VipsPtr = std::unique_ptr<VipsImage, Unref>;

struct GFree {
  void operator()(void* memory) const { g_free(memory); }
};

/// libvips keeps one message buffer for the process: under concurrent failures a message may hold
/// another thread's cause as well, never a wrong file name.
inline std::string vips_cause() {
  const std::unique_ptr<char, GFree> message(vips_error_buffer_copy());
  return one_line(message && *message != 0 ? message.get() : "libvips gives no reason");
}

/// Before an operation of which vips_cause would tell: what earlier ones left unread, also where
/// they did not fail, is of other files.
inline void forget_vips_causes() {
  vips_error_clear();
}

}  // namespace cytocape
