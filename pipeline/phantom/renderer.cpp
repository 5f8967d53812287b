#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>
#include <utility>

#include "pipeline/phantom/layout.hpp"
#include "pipeline/phantom/light.hpp"
#include "pipeline/phantom/phantom.hpp"

namespace cytocape {

using namespace phantom;  // NOLINT: this file is the public face of that namespace

namespace {

/// Rendered at once: its transmitted light fits a core's cache.
constexpr std::int64_t kPiece = 256;

/// Stamps sorted by the bin of their top-left corner; their order within the index is the order of
/// stamping everywhere, which the rounding of products depends on.
class StampIndex {
 public:
  StampIndex(std::vector<Stamp> stamps, const std::vector<Sprite>& sprites)
      : stamps_(std::move(stamps)) {
    if (stamps_.empty()) return;
    for (const auto& stamp : stamps_) {
      const auto& sprite = sprites[stamp.sprite];
      reach_ = std::max<std::int64_t>({reach_, sprite.width, sprite.height});
      left_ = std::min<std::int64_t>(left_, stamp.left);
      top_ = std::min<std::int64_t>(top_, stamp.top);
      right_ = std::max<std::int64_t>(right_, stamp.left);
      bottom_ = std::max<std::int64_t>(bottom_, stamp.top);
    }
    columns_ = (right_ - left_) / kBin + 1;
    const auto rows = (bottom_ - top_) / kBin + 1;
    std::stable_sort(stamps_.begin(), stamps_.end(),
                     [this](const Stamp& a, const Stamp& b) { return bin(a) < bin(b); });
    first_.assign(static_cast<std::size_t>(columns_ * rows + 1), 0);
    for (const auto& stamp : stamps_) ++first_[bin(stamp) + 1];
    for (std::size_t i = 1; i < first_.size(); ++i) first_[i] += first_[i - 1];
  }

  /// Calls `use` for each stamp that may reach into `rect`.
  template <class Use>
  void visit(const Level0Rect& rect, Use&& use) const {
    if (stamps_.empty()) return;
    const auto from_x = std::max(left_, rect.x - reach_), to_x = std::min(right_, rect.right());
    const auto from_y = std::max(top_, rect.y - reach_), to_y = std::min(bottom_, rect.bottom());
    if (from_x > to_x || from_y > to_y) return;
    for (auto row = (from_y - top_) / kBin; row <= (to_y - top_) / kBin; ++row) {
      const auto begin = row * columns_ + (from_x - left_) / kBin;
      const auto end = row * columns_ + (to_x - left_) / kBin + 1;
      for (auto i = first_[static_cast<std::size_t>(begin)];
           i < first_[static_cast<std::size_t>(end)]; ++i) {
        use(stamps_[i]);
      }
    }
  }

 private:
  static constexpr std::int64_t kBin = 128;
  [[nodiscard]] std::size_t bin(const Stamp& stamp) const {
    return static_cast<std::size_t>((stamp.top - top_) / kBin * columns_ +
                                    (stamp.left - left_) / kBin);
  }
  std::vector<Stamp> stamps_;
  std::vector<std::uint32_t> first_;
  std::int64_t left_ = 0, top_ = 0, right_ = 0, bottom_ = 0, columns_ = 1, reach_ = 0;
};

using Plane = std::vector<std::uint16_t>;

/// Multiplies `light` by a row of a sprite. 257 stretches a byte to 16 bits.
void multiply_row(std::uint16_t* light, const std::uint8_t* sprite, std::int64_t count) {
  for (std::int64_t i = 0; i < count; ++i) {
    const auto wide = static_cast<std::uint16_t>(sprite[i] * 257U);
    light[i] = static_cast<std::uint16_t>((static_cast<std::uint32_t>(light[i]) * wide) >> 16U);
  }
}

void stamp_onto(Plane& light, const Level0Rect& rect, const Stamp& stamp, const Sprite& sprite) {
  const auto turn = static_cast<Turn>(stamp.turn);
  const auto size = turned_size(sprite, turn);
  const auto area = Level0Rect{stamp.left, stamp.top, size.width, size.height}.intersected(rect);
  if (area.empty()) return;
  for (auto y = area.y; y < area.bottom(); ++y) {
    auto* to = light.data() + ((y - rect.y) * rect.width + area.x - rect.x) * 3;
    if (turn == 0) {
      multiply_row(to,
                   turned_pixel(sprite, 0, static_cast<int>(area.x - stamp.left),
                                static_cast<int>(y - stamp.top)),
                   area.width * 3);
      continue;
    }
    for (auto x = area.x; x < area.right(); ++x, to += 3) {
      multiply_row(to,
                   turned_pixel(sprite, turn, static_cast<int>(x - stamp.left),
                                static_cast<int>(y - stamp.top)),
                   3);
    }
  }
}

double patch_weight(const BlurPatch& patch, double x, double y) {
  const double inside = (1 - std::hypot(x - patch.x, y - patch.y) / patch.radius) / 0.25;
  const double t = std::clamp(inside, 0.0, 1.0);
  return t * t * (3 - 2 * t);
}

Level0Rect patch_box(const BlurPatch& patch) {
  const auto radius = static_cast<std::int64_t>(std::ceil(patch.radius)) + 1;
  return {static_cast<std::int64_t>(patch.x) - radius, static_cast<std::int64_t>(patch.y) - radius,
          2 * radius, 2 * radius};
}

}  // namespace

struct PhantomRenderer::State {
  explicit State(const PhantomOptions& options) : State(options, make_bank(options)) {}

  /// The slide in focus and without noise.
  void sharp(const Level0Rect& rect, Image& out) const {
    Plane transmitted(static_cast<std::size_t>(rect.width * rect.height * 3), 65535);
    stamps.visit(rect, [&](const Stamp& stamp) {
      stamp_onto(transmitted, rect, stamp, bank.sprites[stamp.sprite]);
    });
    const auto row_values = static_cast<std::size_t>(rect.width * 3);
    for (int y = 0; y < out.height(); ++y) {
      const std::span row(transmitted.data() + row_values * static_cast<std::size_t>(y),
                          row_values);
      light.expose(row, rect.x, rect.y + y, out.row(y));
    }
  }

  void blur_patch(const BlurPatch& patch, const Level0Rect& rect, Image& out) const {
    const auto area = rect.intersected(patch_box(patch));
    if (area.empty()) return;
    const auto reach = static_cast<int>(std::ceil(3 * patch.sigma));
    const auto wide = area.grown(reach, reach);
    Image source(static_cast<int>(wide.width), static_cast<int>(wide.height));
    sharp(wide, source);
    cv::Mat pixels(source.height(), source.width(), CV_8UC3, source.row(0));
    cv::GaussianBlur(pixels, pixels, {2 * reach + 1, 2 * reach + 1}, patch.sigma);
    for (auto y = area.y; y < area.bottom(); ++y) {
      auto* to = out.row(static_cast<int>(y - rect.y)) + (area.x - rect.x) * 3;
      const auto* from = source.row(static_cast<int>(y - wide.y)) + (area.x - wide.x) * 3;
      for (auto x = area.x; x < area.right(); ++x, to += 3, from += 3) {
        const double weight =
            patch_weight(patch, static_cast<double>(x) + 0.5, static_cast<double>(y) + 0.5);
        const auto share = static_cast<int>(std::lround(weight * 256));
        for (int c = 0; c < 3; ++c) {
          to[c] = static_cast<std::uint8_t>((to[c] * (256 - share) + from[c] * share + 128) >> 8);
        }
      }
    }
  }

  void render_piece(const Level0Rect& rect, Image& out) const {
    sharp(rect, out);
    for (const auto& patch : patches) blur_patch(patch, rect, out);
    for (int y = 0; y < out.height(); ++y) {
      light.add_noise({out.row(y), out.stride()}, rect.x, rect.y + y);
    }
  }

  Bank bank;
  std::vector<PhantomCell> cells;
  std::vector<BlurPatch> patches;
  StampIndex stamps;
  Light light;

 private:
  State(const PhantomOptions& options, Bank made) : State(options, std::move(made), Layout{}) {}
  State(const PhantomOptions& options, Bank made, Layout layout)
      : bank(std::move(made)),
        cells((layout = lay_out(options, bank), std::move(layout.cells))),
        patches(std::move(layout.patches)),
        stamps(std::move(layout.stamps), bank.sprites),
        light(options, bank.glass) {}
};

PhantomRenderer PhantomRenderer::create(const PhantomOptions& options) {
  check_options(options);
  return PhantomRenderer(std::make_unique<const State>(options));
}

PhantomRenderer::PhantomRenderer(std::unique_ptr<const State> state) : state_(std::move(state)) {}
PhantomRenderer::PhantomRenderer(PhantomRenderer&&) noexcept = default;
PhantomRenderer& PhantomRenderer::operator=(PhantomRenderer&&) noexcept = default;
PhantomRenderer::~PhantomRenderer() = default;

const std::vector<PhantomCell>& PhantomRenderer::cells() const {
  return state_->cells;
}

void PhantomRenderer::render(const Level0Rect& rect, Image& out) const {
  for (auto y = rect.y; y < rect.bottom(); y += kPiece) {
    for (auto x = rect.x; x < rect.right(); x += kPiece) {
      const auto piece = Level0Rect{x, y, kPiece, kPiece}.intersected(rect);
      Image part(static_cast<int>(piece.width), static_cast<int>(piece.height));
      state_->render_piece(piece, part);
      for (int row = 0; row < part.height(); ++row) {
        std::copy_n(part.row(row), part.stride(),
                    out.row(static_cast<int>(piece.y - rect.y) + row) + (piece.x - rect.x) * 3);
      }
    }
  }
}

std::vector<PhantomCell> place_cells(const PhantomOptions& options) {
  check_options(options);
  return lay_out(options, make_bank(options)).cells;
}

}  // namespace cytocape
