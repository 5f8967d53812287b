#pragma once

/// How the network's opinion changes while a crop's pixels are taken away or put in, in the order
/// of a map: figures that, unlike those of explanation_figures.hpp, depend on the order of a map's
/// values alone and not on their size.
///
/// Pixels are ordered by the bilinearly enlarged map of the called class; equal ones in an order
/// that is drawn once. With p the called class's probability by the head behind the map:
///
///     deletion: area under p while the most important pixels become the card's mean colour, from
///         none to all in kCurveSteps equal steps (trapezoids)                 lower is better
///     insertion: area under p while they appear on the blurred crop           higher is better
///         (Petsiuk, Das, Saenko, "RISE", BMVC 2018; blur of deviation px * 5 / 224)
///     ROAD: mean over 20, 40, 60 and 80 % of the pixels of (p without the least important - p
///         without the most important) / 2, the pixels imputed                 higher is better
///         (Rong et al., "A Consistent and Efficient Evaluation Strategy for Attribution Methods",
///         ICML 2022, noisy linear imputation; the combination is that of pytorch-grad-cam's
///         ROADCombined, but of probabilities)

namespace cytocape {

inline constexpr int kCurveSteps = 16;

struct MapCurves {
  double deletion = 0;
  double insertion = 0;
  double road = 0;
};

}  // namespace cytocape
