// The only file that includes libtiff: its messages, which it prints to stderr unless told not to.
// While libvips reads a TIFF file it takes them itself and gives them to GLib.

#include <tiffio.h>

#include <array>
#include <cstdarg>
#include <cstdio>

#include "io/decoder_messages.hpp"
#include "io/slide_readers.hpp"

namespace cytocape {
namespace {

void pass_on(const char*, const char* format, std::va_list arguments) {
  std::array<char, 512> text{};
  std::vsnprintf(text.data(), text.size(), format, arguments);
  DecoderMessages::say(text.data());
}

}  // namespace

void listen_to_libtiff() {
  TIFFSetWarningHandler(pass_on);
  TIFFSetErrorHandler(pass_on);
}

}  // namespace cytocape
