// The only file that includes libtiff: its messages, which it prints to stderr unless told not to.

#include <tiffio.h>

#include "io/slide_readers.hpp"

namespace cytocape {

void silence_libtiff() {
  // OpenSlide and libvips both read through libtiff; what fails there comes back as their error.
  TIFFSetWarningHandler(nullptr);
  TIFFSetErrorHandler(nullptr);
}

}  // namespace cytocape
