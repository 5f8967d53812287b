// Whether the model still fits the laboratory: how often people left cells in the class that it called, by month.
import { api, el, percent } from "./station.js";

const kHeight = 260, kLeft = 46, kBottom = 34, kTop = 12, kRight = 12;

function svg(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

// Points of { month, share, low, high, words }; as wide as it is shown, so that its letters are as large as the page's.
function plot(points, title, kWidth) {
  const months = points.map((one) => one.month);
  const x = (i) => kLeft + (i + 0.5) * (kWidth - kLeft - kRight) / Math.max(1, months.length);
  const y = (share) => kTop + (1 - share) * (kHeight - kTop - kBottom);
  const chart = svg("svg", { viewBox: `0 0 ${kWidth} ${kHeight}`, role: "img", "aria-label": title, class: "agreement-plot" });
  for (const tick of [0, 0.25, 0.5, 0.75, 1]) {
    chart.append(svg("line", { x1: kLeft, x2: kWidth - kRight, y1: y(tick), y2: y(tick), class: "grid" }),
      svg("text", { x: kLeft - 6, y: y(tick) + 4, "text-anchor": "end" }, `${100 * tick} %`));
  }
  const every = Math.ceil(months.length * 64 / (kWidth - kLeft - kRight));
  points.forEach((one, i) => {
    if (i % every === 0) chart.append(svg("text", { x: x(i), y: kHeight - 12, "text-anchor": "middle" }, one.month));
    chart.append(svg("line", { x1: x(i), x2: x(i), y1: y(one.low), y2: y(one.high), class: "whisker" }),
      svg("circle", { cx: x(i), cy: y(one.share), r: 4, class: "dot" }, svg("title", {}, one.words)));
  });
  chart.append(svg("polyline", { points: points.map((one, i) => `${x(i)},${y(one.share)}`).join(" "), class: "line" }));
  return chart;
}

// Wilson's interval at 95 %.
function wilson(kept, seen) {
  const z = 1.959964, p = kept / seen, half = z * Math.sqrt(p * (1 - p) / seen + z * z / (4 * seen * seen)), whole = 1 + z * z / seen;
  const middle = p + z * z / (2 * seen);
  return [Math.max(0, (middle - half) / whole), Math.min(1, (middle + half) / whole)];
}

function byMonth(rows) {
  const sums = new Map();
  for (const row of rows) {
    const sum = sums.get(row.month) || { seen: 0, kept: 0 };
    sum.seen += row.seen;
    sum.kept += row.kept;
    sums.set(row.month, sum);
  }
  return [...sums].sort(([a], [b]) => a.localeCompare(b)).map(([month, { seen, kept }]) => {
    const [low, high] = wilson(kept, seen);
    return { month, share: kept / seen, low, high, words: `${month}: ${kept} of ${seen}` };
  });
}

export async function showAgreement(main) {
  const { rows } = await api("/api/agreement");
  document.title = "Agreement · cytocape";
  if (!rows.length) {
    main.replaceChildren(el("h1", {}, "Agreement"), el("p", { class: "note" }, "No cell was verified yet."));
    return;
  }
  const models = [...new Set(rows.map((row) => row.model))];
  const labels = new Map(rows.map((row) => [row.code, row.label]));
  const choice = (words, values, label) => el("select", { "aria-label": words, onchange: () => draw() },
    values.map((value) => el("option", { value }, label(value))));
  const model = choice("Model", models, (value) => value || "model without a name");
  const kind = choice("Class", ["", ...labels.keys()], (value) => labels.get(value) || "all classes");
  const holder = el("div", { class: "agreement-holder" }), body = el("tbody");
  const draw = () => {
    const chosen = rows.filter((row) => row.model === model.value);
    const points = byMonth(chosen.filter((row) => !kind.value || row.code === kind.value));
    const title = `Cells called ${labels.get(kind.value) || "any class"} that people left there, by month: ` + points.map((one) => one.words).join("; ");
    holder.replaceChildren(points.length ? plot(points, title, Math.max(280, Math.min(760, holder.clientWidth))) : el("p", { class: "note" }, "No cell of this class was verified."));
    body.replaceChildren(...chosen.filter((row) => !kind.value || row.code === kind.value).map((row) => el("tr", {}, el("td", { "data-name": "month" }, row.month),
      el("th", { scope: "row" }, row.label), el("td", { class: "n", "data-name": "seen" }, String(row.seen)),
      el("td", { class: "n", "data-name": "left there" }, String(row.kept)), el("td", { class: "n", "data-name": "%" }, percent(row.kept / row.seen)),
      el("td", { class: "n", "data-name": "95 %" }, `${percent(row.wilson95[0])}–${percent(row.wilson95[1])}`))));
  };
  main.replaceChildren(el("h1", {}, "Agreement of the model and its reviewers"), el("p", { class: "tools" }, model, kind), holder,
    el("div", { class: "wide" }, el("table", { class: "agreement stack" }, el("thead", {}, el("tr", {},
      ["month", "class called by the model", "seen", "left there", "%", "95 %"].map((head, i) => el("th", { scope: "col", class: i > 1 ? "n" : null }, head)))), body)),
    el("p", { class: "note" }, "Of cells that a person named or confirmed. People look at doubtful cells first, so that a share is that of what was ",
      "looked at, not of all cells. A fall while people look as before tells of a stain, a scanner or patients that the model does not know."));
  draw();
  window.addEventListener("resize", draw);
  return () => window.removeEventListener("resize", draw);
}
