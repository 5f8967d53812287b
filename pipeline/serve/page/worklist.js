// The night: every slide, what is urgent first.
import { api, el, percent } from "./station.js";

// Failed slides first, then those that nobody has signed: with blasts, then with monocytes.
function urgency(a, b) {
  const done = (row) => row.review === "signed" ? 1 : 0;
  const value = (row, key) => row[key] === null ? -1 : row[key];
  return done(a) - done(b) || a.order - b.order || value(b, "blasts") - value(a, "blasts") ||
    value(b, "monocytes") - value(a, "monocytes") || a.id.localeCompare(b.id, "en", { numeric: true });
}

function line(row) {
  const open = `#/slide/${encodeURIComponent(row.id)}`;
  const flags = [...row.flags, row.review_fault].filter(Boolean);
  return el("tr", {},
    el("td", { class: "thumb" }, row.has_thumbnail
      ? el("img", { src: `/api/slide/${encodeURIComponent(row.id)}/thumbnail`, alt: "", loading: "lazy", width: 72 }) : null),
    el("th", { scope: "row" }, row.can_open ? el("a", { href: open }, row.id) : row.id,
      el("small", {}, [row.case !== row.id && row.case, row.specimen, row.accession].filter(Boolean).join(" · "))),
    el("td", { "data-name": "state" }, el("span", { class: `chip ${row.state.replace(/ /g, "-")}` }, row.state_words),
      row.reason ? el("small", {}, row.reason) : null, row.remedy && !row.can_open ? el("small", {}, row.remedy) : null),
    el("td", { class: "n", "data-name": "cells" }, row.counted === null ? "–" : String(row.counted)),
    el("td", { class: "n", "data-name": "monocytes by program, %" }, percent(row.monocytes)),
    el("td", { class: "n", "data-name": "blasts by program, %" }, percent(row.blasts)),
    el("td", { class: "n", "data-name": "unidentified" }, row.unidentified === null ? "–" : String(row.unidentified)),
    el("td", { class: "n", "data-name": "strange, %" }, row.strange === null ? "–" : row.strange.toFixed(1)),
    el("td", { "data-name": "flags" }, flags.map((flag) => el("span", { class: "flag" }, flag))),
    el("td", { "data-name": "review" }, el("span", { class: `chip ${row.review.replace(/ /g, "-")}` }, row.review),
      row.reviewers ? el("small", {}, row.reviewers) : null));
}

export async function showWorklist(main) {
  const { slides } = await api("/api/worklist");
  slides.sort(urgency);
  const body = el("tbody");
  const shown = el("span", { class: "note" });
  const filter = el("input", { type: "search", placeholder: "slide, case, state, flag", "aria-label": "Filter the worklist" });
  const draw = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const found = slides.filter((row) => {
      const text = [row.id, row.case, row.specimen, row.state_words, row.reason, row.review, row.reviewers, ...row.flags]
        .join(" ").toLowerCase();
      return words.every((word) => text.includes(word));
    });
    body.replaceChildren(...found.map(line));
    shown.textContent = `${found.length} of ${slides.length} shown`;
  };
  filter.addEventListener("input", draw);
  const heads = ["", "slide", "state", "cells", "monocytes by program, %", "blasts by program, %", "unidentified", "strange, %", "flags", "review"];
  main.replaceChildren(el("h1", {}, "Worklist"),
    el("p", { class: "tools" }, filter, shown),
    el("div", { class: "wide" }, el("table", { class: "worklist" },
      el("thead", {}, el("tr", {}, heads.map((head, i) => el(head ? "th" : "td",
        head ? { scope: "col", class: i > 2 && i < 8 ? "n" : null } : {}, head)))), body)));
  draw();
  document.title = "Worklist · cytocape";
}
