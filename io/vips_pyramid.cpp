#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>
#include <exception>
#include <mutex>
#include <thread>

#include "io/durable_file.hpp"
#include "io/errors.hpp"
#include "io/image_codec.hpp"
#include "io/slide_readers.hpp"
#include "io/vips_handles.hpp"

namespace cytocape {
namespace {

namespace fs = std::filesystem;

// libvips 8.14 crashes when saving a pyramid fails half-way (it closes its levels after the files
// they are in). So neither the renderer nor the disk ever fails in its eyes: the first error is
// kept, the rest of the slide comes out blank, and the file is thrown away.

struct Rendering {
  const RenderRegion* render = nullptr;
  std::mutex mutex;
  std::exception_ptr error;          ///< the first one of `render`
  std::atomic<bool> failed = false;  ///< of `render` or of the disk: nothing more is rendered
};

/// libvips' callback: C code above it must not see an exception.
int render_into(VipsRegion* region, void*, void* a, void*, gboolean*) {
  auto& rendering = *static_cast<Rendering*>(a);
  const VipsRect area = region->valid;
  try {
    Image piece(area.width, area.height);
    if (!rendering.failed) {
      (*rendering.render)({area.left, area.top, area.width, area.height}, piece);
    }
    for (int y = 0; y < area.height; ++y) {
      std::copy_n(piece.row(y), piece.stride(), region->data + std::ptrdiff_t{region->bpl} * y);
    }
  } catch (...) {
    const std::lock_guard lock(rendering.mutex);
    if (!rendering.error) rendering.error = std::current_exception();
    rendering.failed = true;
  }
  return 0;
}

/// The file as libvips sees it. Signal handlers, called from one thread at a time.
struct Output {
  const Descriptor* file = nullptr;
  Rendering* rendering = nullptr;
  int error = 0;  ///< the first errno
};

gint64 fail_softly(Output& output) {
  if (output.error == 0) output.error = errno;
  output.rendering->failed = true;
  return 0;
}

gint64 on_write(VipsTargetCustom*, void* data, gint64 length, void* user) {
  auto& output = *static_cast<Output*>(user);
  const auto* from = static_cast<const char*>(data);
  gint64 done = 0;
  while (done < length && output.error == 0) {
    const auto written =
        ::write(output.file->get(), from + done, static_cast<std::size_t>(length - done));
    if (written < 0 && errno == EINTR) continue;
    done += written < 0 ? fail_softly(output) : written;
  }
  if (done < length) ::lseek(output.file->get(), length - done, SEEK_CUR);
  return length;
}

/// libtiff reads directories back to link them; what a full disk did not take reads as zeros.
gint64 on_read(VipsTargetCustom*, void* data, gint64 length, void* user) {
  auto& output = *static_cast<Output*>(user);
  const auto got = ::read(output.file->get(), data, static_cast<std::size_t>(length));
  if (output.error == 0 && got >= 0) return got;
  fail_softly(output);
  std::memset(data, 0, static_cast<std::size_t>(length));
  return length;
}

gint64 on_seek(VipsTargetCustom*, gint64 offset, int whence, void* user) {
  return ::lseek(static_cast<Output*>(user)->file->get(), offset, whence);
}

using TargetPtr = std::unique_ptr<VipsTargetCustom, Unref>;

TargetPtr target_of(Output& output) {
  TargetPtr target(vips_target_custom_new());
  g_signal_connect(target.get(), "write", G_CALLBACK(on_write), &output);
  g_signal_connect(target.get(), "read", G_CALLBACK(on_read), &output);
  g_signal_connect(target.get(), "seek", G_CALLBACK(on_seek), &output);
  return target;
}

VipsPtr rendered_image(const PyramidOptions& options, Rendering& rendering) {
  forget_vips_causes();
  VipsPtr image(vips_image_new());
  constexpr double um_per_mm = 1000;
  vips_image_init_fields(image.get(), static_cast<int>(options.size.width),
                         static_cast<int>(options.size.height), 3, VIPS_FORMAT_UCHAR,
                         VIPS_CODING_NONE, VIPS_INTERPRETATION_sRGB, um_per_mm / options.mpp.x,
                         um_per_mm / options.mpp.y);
  const int threads = options.threads > 0
                          ? options.threads
                          : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  vips_image_set_int(image.get(), VIPS_META_CONCURRENCY, threads);
  if (vips_image_pipelinev(image.get(), VIPS_DEMAND_STYLE_SMALLTILE, nullptr) != 0 ||
      vips_image_generate(image.get(), nullptr, render_into, nullptr, &rendering, nullptr) != 0) {
    throw StorageError("a slide cannot be rendered: " + vips_cause());
  }
  return image;
}

void require_valid(const fs::path& path, const PyramidOptions& options) {
  const auto refuse = [&](const std::string& what) {
    throw StorageError(path.string() + ": cannot write a slide with " + what);
  };
  const auto& size = options.size;
  if (size.width < 1 || size.height < 1 || size.width > VIPS_MAX_COORD ||
      size.height > VIPS_MAX_COORD) {
    refuse(fmt::format("{} x {} pixels", size.width, size.height));
  }
  if (!(options.mpp.x > 0) || !(options.mpp.y > 0)) {
    refuse(fmt::format("a pixel size of {} x {} um", options.mpp.x, options.mpp.y));
  }
  if (options.tile < 16 || options.tile % 16 != 0) {
    refuse(fmt::format("tiles of {} pixels; give a multiple of 16", options.tile));
  }
  if (options.quality < 1 || options.quality > 100) {
    refuse(fmt::format("JPEG quality {}; give 1 to 100", options.quality));
  }
}

}  // namespace

void write_pyramid(const fs::path& path, const PyramidOptions& options,
                   const RenderRegion& render) {
  require_valid(path, options);
  start_image_libraries();
  PartialFile file(path);
  const Descriptor descriptor(file.partial(), O_RDWR | O_CREAT | O_TRUNC);
  const auto fail = [&](const std::string& cause) {
    throw StorageError(path.string() + ": cannot write: " + cause);
  };
  if (descriptor.get() < 0) fail(std::strerror(errno));
  Rendering rendering{&render, {}, {}, {}};
  Output output{&descriptor, &rendering, 0};
  const auto image = rendered_image(options, rendering);
  const auto target = target_of(output);
  const int failed = vips_tiffsave_target(
      image.get(), VIPS_TARGET(target.get()), "tile", TRUE, "pyramid", TRUE, "bigtiff", TRUE,
      "subifd", FALSE, "compression", VIPS_FOREIGN_TIFF_COMPRESSION_JPEG, "Q", options.quality,
      "tile_width", options.tile, "tile_height", options.tile, "resunit",
      VIPS_FOREIGN_TIFF_RESUNIT_CM, nullptr);
  if (rendering.error) std::rethrow_exception(rendering.error);
  if (output.error != 0) fail(std::strerror(output.error));
  if (failed != 0) fail(vips_cause());
  file.sync();
  file.commit();
}

}  // namespace cytocape
