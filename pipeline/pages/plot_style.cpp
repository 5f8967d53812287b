#include "pipeline/pages/plot.hpp"

namespace cytocape {

// Six colours that keep 3:1 contrast on the page, light and dark, and that people with any common
// colour blindness tell apart together with their dashes.
std::string plot_style() {
  return R"css(
:root { --plot-0: #6b3fa0; --plot-1: #b35900; --plot-2: #0b7a75; --plot-3: #a4222c;
  --plot-4: #2f6db5; --plot-5: #6a6a12; --plot-bar: #8f6cc0; --heat: 107, 63, 160; }
@media (prefers-color-scheme: dark) {
  :root { --plot-0: #b794e6; --plot-1: #f0a35c; --plot-2: #5cc9c0; --plot-3: #f08a90;
    --plot-4: #86b7f0; --plot-5: #cfcb6a; --plot-bar: #9170bf; --heat: 132, 88, 190; }
}
@media print {
  :root { --plot-0: #6b3fa0; --plot-1: #b35900; --plot-2: #0b7a75; --plot-3: #a4222c;
    --plot-4: #2f6db5; --plot-5: #6a6a12; --plot-bar: #8f6cc0; --heat: 107, 63, 160; }
}
svg.plot { display: block; overflow: visible; width: 100%; max-width: 40rem; height: auto; break-inside: avoid; }
svg.plot text { font: 13px system-ui, "Segoe UI", "DejaVu Sans", sans-serif;
  font-variant-numeric: tabular-nums; fill: var(--ink, #1f1b24); }
svg.plot path { fill: none; }
svg.plot .grid { stroke: var(--line, #e2dde8); stroke-width: 1; }
svg.plot .axis { stroke: var(--soft, #665f70); stroke-width: 1.2; }
svg.plot .diagonal { stroke: var(--soft, #665f70); stroke-width: 1; stroke-dasharray: 2 4; }
svg.plot .s { stroke-width: 2.2; stroke-linejoin: round; }
svg.plot .whisker { stroke-width: 1.4; stroke: var(--ink, #1f1b24); }
svg.plot g .whisker { stroke: currentColor; opacity: .6; }
svg.plot circle { fill: currentColor; }
svg.plot .track { fill: var(--track, #efeaf4); }
svg.plot .bar { fill: var(--plot-bar); }
.s0 { color: var(--plot-0); } .s1 { color: var(--plot-1); } .s2 { color: var(--plot-2); }
.s3 { color: var(--plot-3); } .s4 { color: var(--plot-4); } .s5 { color: var(--plot-5); }
svg.plot .s { stroke: currentColor; }
svg.plot .s.s1 { stroke-dasharray: 7 3; } svg.plot .s.s2 { stroke-dasharray: 2 3; }
svg.plot .s.s3 { stroke-dasharray: 9 3 2 3; } svg.plot .s.s4 { stroke-dasharray: 12 4; }
svg.plot .s.s5 { stroke-dasharray: 4 4; }
.heat { overflow-x: auto; }
.heat table { width: auto; border-collapse: collapse; font-variant-numeric: tabular-nums; }
.heat caption { text-align: left; color: var(--soft, #665f70); font-size: .9rem;
  padding-bottom: .4rem; }
.heat th, .heat td { padding: .25rem .4rem; border: 1px solid var(--line, #e2dde8); }
.heat thead th { vertical-align: bottom; font-size: .82rem; font-weight: 500; }
.heat thead th span { writing-mode: vertical-rl; transform: rotate(180deg); white-space: nowrap; }
.heat tbody th { text-align: left; font-size: .88rem; font-weight: 500; white-space: nowrap; }
.heat td { min-width: 2rem; text-align: right; background: rgba(var(--heat), var(--share)); }
.heat td.none { color: var(--soft, #665f70); }
.heat td.dark { color: #fff; }
)css";
}

}  // namespace cytocape
