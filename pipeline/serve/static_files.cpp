#include <array>
#include <filesystem>
#include <string_view>

#include "embedded/station_agreement_js.hpp"
#include "embedded/station_audit_js.hpp"
#include "embedded/station_blind_js.hpp"
#include "embedded/station_css.hpp"
#include "embedded/station_gallery_js.hpp"
#include "embedded/station_html.hpp"
#include "embedded/station_map_js.hpp"
#include "embedded/station_morphology_js.hpp"
#include "embedded/station_sign_js.hpp"
#include "embedded/station_slide_js.hpp"
#include "embedded/station_station_js.hpp"
#include "embedded/station_worklist_js.hpp"
#include "io/text_file.hpp"
#include "pipeline/pages/page_frame.hpp"
#include "pipeline/pages/page_style.hpp"
#include "pipeline/serve/call.hpp"

namespace cytocape {
namespace {

constexpr const char* kScript = "text/javascript; charset=utf-8";
constexpr const char* kStyle = "text/css; charset=utf-8";

struct StaticFile {
  const char* path;
  const char* type;
  std::string_view text;
};
constexpr std::array kFiles{
    StaticFile{"/static/station.css", kStyle, text::station_css},
    StaticFile{"/static/station.js", kScript, text::station_station_js},
    StaticFile{"/static/worklist.js", kScript, text::station_worklist_js},
    StaticFile{"/static/slide.js", kScript, text::station_slide_js},
    StaticFile{"/static/gallery.js", kScript, text::station_gallery_js},
    StaticFile{"/static/map.js", kScript, text::station_map_js},
    StaticFile{"/static/morphology.js", kScript, text::station_morphology_js},
    StaticFile{"/static/sign.js", kScript, text::station_sign_js},
    StaticFile{"/static/audit.js", kScript, text::station_audit_js},
    StaticFile{"/static/blind.js", kScript, text::station_blind_js},
    StaticFile{"/static/agreement.js", kScript, text::station_agreement_js},
};

/// Debian's libjs-leaflet, where it is installed: the station goes without its map otherwise.
struct LeafletFile {
  const char* path;
  const char* type;
  const char* name;
};
constexpr std::array kLeaflet{
    LeafletFile{"/static/leaflet.js", kScript, "leaflet.js"},
    LeafletFile{"/static/leaflet.css", kStyle, "leaflet.css"},
};
constexpr const char* kLeafletFolder = "/usr/share/javascript/leaflet";

std::string station_page() {
  kainjow::mustache::mustache page{std::string(text::station_html)};
  kainjow::mustache::data values;
  set_frame(values);
  return page.render(values);
}

HttpResponse file_answer(const char* type, std::string body) {
  HttpResponse response{.content_type = type, .body = std::move(body)};
  response.headers.emplace_back("Cache-Control", "no-cache");
  return response;
}

}  // namespace

std::optional<HttpResponse> static_file(const std::string& path) {
  for (const auto& file : kFiles)
    if (path == file.path) return file_answer(file.type, std::string(file.text));
  if (path == "/") return file_answer("text/html; charset=utf-8", station_page());
  if (path == "/static/page.css") return file_answer(kStyle, page_style());
  for (const auto& file : kLeaflet) {
    if (path != file.path) continue;
    constexpr std::uint64_t kMost = std::uint64_t{4} << 20;
    try {
      return file_answer(file.type,
                         read_text_file(std::filesystem::path(kLeafletFolder) / file.name, kMost));
    } catch (const ConfigError&) {
      return refusal(404, "Leaflet is not installed; install libjs-leaflet for the map");
    }
  }
  return std::nullopt;
}

}  // namespace cytocape
