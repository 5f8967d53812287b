#pragma once

/// What stainers, lamps, cameras and lenses do to a crop, drawn at random for training: a network
/// that has seen one laboratory's rendering alone knows the cells of that laboratory alone.
/// Colours are varied as optical density above the crop's own glass, where dyes mix linearly
/// (Beer and Lambert), and sharpness by blur, unsharp masking and noise. Pure; thread-safe.

#include <cstdint>

namespace cytocape {

/// The defaults are what helped most on laboratories that the network had not seen
/// (docs/decisions/0030-appearance-in-training.md).
struct AppearanceOptions {
  bool on = true;
  double stain_mixing = 0.13;   ///< deviation of what each channel takes of the others' density
  double stain_gain = 0.25;     ///< deviation of the logarithm of all channels' common gain
  double channel_gain = 0.12;   ///< likewise of each channel's own
  double glass = 0.14;          ///< the most density of the glass drawn, common to all channels
  double glass_channel = 0.05;  ///< deviation of each channel's own
  double blur_share = 0.6;      ///< of the crops that are blurred
  double blur_min_um = 0.08;    ///< deviation of the Gaussian
  double blur_max_um = 0.30;
  double unsharp_share = 0.1;  ///< of the crops that are sharpened; none is both
  double noise_share = 0.3;
  double noise = 4;  ///< the most deviation of a channel's value, of 255
};

/// Varies `edge` x `edge` pixels of `mpp` um, RGB interleaved, in place; alike for equal `seed`.
void vary_appearance(std::uint8_t* crop, int edge, double mpp, const AppearanceOptions& options,
                     std::uint64_t seed);

}  // namespace cytocape
