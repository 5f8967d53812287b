// One slide's cells by class, and its differential before and after.
import { api, can, dialog, el, percent, say, slideHead } from "./station.js";
import { Gallery } from "./gallery.js";

// Keys of classes, in the order of the differential; u, c, x, Enter and the brackets do other work.
const kKeys = "123456789qwertyiop";
const kPollMs = 5000;

// What is known of a slide in the browser, and how a decision is sent.
export class SlideModel {
  static async load(id) {
    const path = `/api/slide/${encodeURIComponent(id)}`;
    const [slide, cells, review] = await Promise.all([api(path), api(`${path}/cells`), api(`${path}/review`)]);
    return new SlideModel(path, slide, cells, review);
  }
  constructor(path, slide, cells, review) {
    this.path = path;
    this.slide = slide;
    this.review = review;
    this.cells = cells;
    this.index = new Map(cells.id.map((id, i) => [id, i]));
    this.labels = new Map(slide.classes.map((one) => [one.code, one.label]));
    this.byIndex = new Map(slide.classes.filter((one) => one.index >= 0).map((one) => [one.index, one.code]));
    // Those of the model first: they have the keys.
    this.classes = [...slide.classes.filter((one) => one.index >= 0), ...slide.classes.filter((one) => one.index < 0)];
    this.changed = () => {};
    this.queue = Promise.resolve();
  }
  label(name) { return this.labels.get(name) || name; }
  key(code) {
    const at = this.classes.findIndex((one) => one.code === code && one.index >= 0);
    return at >= 0 && at < kKeys.length ? kKeys[at] : "";
  }
  ofKey(key) {
    const one = this.classes[kKeys.indexOf(key)];
    return kKeys.includes(key) && one && one.index >= 0 ? one.code : null;
  }
  called(id) {
    const i = this.index.get(id);
    if (i === undefined) return null;
    return this.cells.class[i] >= 0 ? this.byIndex.get(this.cells.class[i]) : this.cells.fate[i];
  }
  name(id) {
    const said = this.review.cells[id];
    return said ? said.name || "no cell" : this.called(id);
  }
  ids() { return [...this.cells.id, ...Object.keys(this.review.placed).map(Number).filter((id) => this.review.cells[id])]; }
  value(id, column) {
    const i = this.index.get(id);
    return i === undefined ? null : this.cells[column][i];
  }
  place(id) {
    const i = this.index.get(id);
    return i === undefined ? this.review.placed[id] : [this.cells.x[i], this.cells.y[i]];
  }
  crop(id) { return `${this.path}/crop/${id}`; }

  // One after the other, each with what this page has seen, so that none is lost and none overrides another's.
  // `seen`: what the person had before the eyes when the decision began.
  decide(decision, seen = this.review.seq) {
    this.queue = this.queue.then(async () => {
      try {
        const answer = await api(`${this.path}/decisions`, { ...decision, seen, record: this.slide.record_sha256 });
        if (answer.review) this.review = answer.review;
        else {
          Object.assign(this.review.cells, answer.cells);
          this.review.live = answer.live;
          this.review.verified = null;
        }
        this.review.seq = answer.seq;
        this.last = answer.row;
        this.changed();
        return answer.row;
      } catch (error) {
        say(error.message, true);
        if (error.status === 409) await this.refresh(true);
        return null;
      }
    });
    return this.queue;
  }
  // Whether there was something new.
  async refresh(anyway = false, signal = undefined) {
    const fresh = await api(`${this.path}/review${anyway ? "" : `?after=${this.review.seq}&wait=1`}`, undefined, signal);
    // Ids of cells mean other cells in another record.
    if (fresh.record !== this.slide.record_sha256) {
      location.reload();
      return false;
    }
    if (fresh.same) return false;
    if (anyway || fresh.seq > this.review.seq) {
      // A reader is told of the cells of a reading once it is over.
      const reading = (review) => review.reading ? `${review.reading.row} ${review.reading.over}` : "";
      if (reading(fresh) !== reading(this.review)) this.cells = await api(`${this.path}/cells`, undefined, signal);
      this.review = fresh;
      this.changed();
    }
    return true;
  }
  // The server answers once there is something new; a busy one at once, and is asked now and then.
  poll() {
    const stop = new AbortController();
    const pause = () => new Promise((resolve) => { setTimeout(resolve, kPollMs); });
    const ask = async () => {
      while (!stop.signal.aborted) {
        const begin = Date.now();
        const told = document.hidden ? false : await this.refresh(false, stop.signal).catch(() => false);
        if (!told && Date.now() - begin < 1000 && !stop.signal.aborted) await pause();
      }
    };
    ask();
    return () => stop.abort();
  }
}

const kSorts = {
  confidence: ["least certain first", (m, a, b) => (m.value(a, "certainty") ?? -1) - (m.value(b, "certainty") ?? -1)],
  size: ["largest nucleus first", (m, a, b) => (m.value(b, "nucleus_um2") ?? -1) - (m.value(a, "nucleus_um2") ?? -1)],
  strangeness: ["strangest first", (m, a, b) => (m.value(b, "strangeness") ?? -1) - (m.value(a, "strangeness") ?? -1)],
  place: ["by place", (m, a, b) => m.place(a)[1] - m.place(b)[1] || m.place(a)[0] - m.place(b)[0]],
};

class SlidePage {
  constructor(model) {
    this.model = model;
    this.sort = "confidence";
    this.undoable = [];
    this.gallery = new Gallery((id, tile) => this.tile(id, tile), () => this.tools());
    this.table = el("tbody");
    this.site = [];
    this.map = false;
    this.aside = el("div", { class: "beside", "aria-label": "The active cell", role: "group" });
    this.title = el("h2", { id: "class-title" });
    this.count = el("span", { class: "note" });
    this.gallery.node.setAttribute("aria-labelledby", "class-title");
    this.model.changed = () => this.update();
    const rows = this.rows();
    const first = rows.find((row) => row.code === "excluded: unidentified" && row.count > 0) ||
      rows.find((row) => row.count > 0) || rows[0];
    this.current = first.code;
  }
  // Classes of the differential, then cells without one.
  rows() {
    const live = this.model.review.live, counts = new Map();
    for (const id of this.model.ids()) {
      const name = this.model.name(id);
      counts.set(name, (counts.get(name) || 0) + 1);
    }
    const rows = live.rows.map((row) => ({ ...row, here: counts.get(row.code) || 0 }));
    const known = new Set(rows.map((row) => row.code));
    const rest = [...counts].filter(([name]) => !known.has(name)).sort()
      .map(([name, here]) => ({ code: name, label: this.model.label(name), here, outside: true }));
    return [...rows, ...rest].map((row) => ({ ...row, count: row.count === null ? null : row.here }));
  }
  tile(id, tile) {
    const said = this.model.review.cells[id], certainty = this.model.value(id, "certainty");
    const state = said ? said.renamed ? "renamed" : "confirmed" : "";
    const words = `${this.model.label(this.model.name(id))}${certainty === null ? "" : `, ${Math.round(100 * certainty)} %`}` +
      `${state ? `, ${state} by ${said.by}` : ""}`;
    tile.title = words;
    tile.className = `tile ${state}`;
    tile.append(this.model.slide.has_pixels ? el("img", { src: this.model.crop(id), alt: words, draggable: "false", loading: "eager" })
      : el("span", { class: "no-picture" }, words));
    tile.append(el("span", { class: "mark", "aria-hidden": "true" },
      this.model.review.references.includes(id) ? "★" : state === "renamed" ? "→" : state === "confirmed" ? "✓" : "",
      certainty === null || state ? "" : `${Math.round(100 * certainty)}`));
  }
  update() {
    const rows = this.rows();
    this.table.replaceChildren(...rows.map((row) => this.row(row)));
    const ids = this.model.ids().filter((id) => this.model.name(id) === this.current);
    const sorted = ids.sort((a, b) => kSorts[this.sort][1](this.model, a, b) || a - b);
    this.gallery.show(sorted);
    this.gallery.redraw();
    const verified = sorted.filter((id) => this.model.review.cells[id]).length;
    this.title.textContent = this.model.label(this.current);
    this.count.textContent = `${sorted.length} cells, ${verified} verified`;
    const live = this.model.review.live;
    this.total.textContent = `${live.denominator} cells counted · ${live.verified} of ${live.cells} verified · ` +
      `${live.renamed} renamed · ${live.added} added · ${live.removed} removed`;
    this.tools();
  }
  row(row) {
    const key = this.model.key(row.code);
    const node = el("tr", { class: row.code === this.current ? "current" : row.counted === false || row.outside ? "outside" : null },
      el("th", { scope: "row" }, el("button", { class: "class", "data-class": row.code,
        "aria-pressed": row.code === this.current ? "true" : "false",
        onclick: () => this.open(row.code, true) }, row.label), key ? el("kbd", {}, key) : null),
      el("td", { class: "n" }, row.outside ? String(row.here) : row.count === null ? "–" : String(row.here)),
      el("td", { class: "n before" }, row.outside || !row.counted ? "" : percent(row.before)),
      el("td", { class: "n after" }, row.outside || !row.counted ? "" : el("b", {}, percent(row.after))),
      el("td", { class: "n range" }, row.wilson95 ? `${percent(row.wilson95[0])}–${percent(row.wilson95[1])}` : ""),
      el("td", { class: "n" }, row.outside ? "" : String(row.verified)));
    if (this.model.labels.has(row.code)) {
      node.addEventListener("dragover", (event) => { event.preventDefault(); node.classList.add("target"); });
      node.addEventListener("dragleave", () => node.classList.remove("target"));
      node.addEventListener("drop", (event) => {
        event.preventDefault();
        const ids = event.dataTransfer.getData("application/x-cells");
        if (ids) this.reclassify(JSON.parse(ids), row.code);
      });
    }
    return node;
  }
  open(code, focus) {
    this.current = code;
    this.gallery.selected.clear();
    this.gallery.active = 0;
    this.gallery.node.scrollTop = 0;
    this.update();
    if (focus) this.gallery.node.focus();
    const row = this.model.review.live.rows.find((one) => one.code === code);
    if (row && !row.opened && can("decide") && !this.model.review.signed) this.model.decide({ kind: "open", to: code });
  }
  next(step) {
    const rows = this.rows().filter((row) => row.here > 0);
    const at = rows.findIndex((row) => row.code === this.current);
    if (rows.length) this.open(rows[(at + step + rows.length) % rows.length].code, true);
  }
  // Cells that people kept as examples of their class: of other slides as they were when the page was loaded, of this one now.
  async loadSite() {
    const { cells } = await api("/api/references").catch(() => ({ cells: [] }));
    this.site = cells.filter((one) => one.slide !== this.model.slide.id);
    this.beside();
  }
  candidate(code, share) {
    const own = this.model.review.references.map((cell) => ({ slide: this.model.slide.id, cell, code: this.model.name(cell) }));
    const examples = [...own, ...this.site].filter((one) => one.code === code).slice(0, 4);
    const words = `${this.model.label(code)}${share === null ? "" : `, ${Math.round(100 * share)} %`}`;
    return el("figure", { class: "candidate" }, el("figcaption", {}, words), examples.length
      ? examples.map((one) => el("img", { src: `/api/slide/${encodeURIComponent(one.slide)}/crop/${one.cell}`, width: 56, height: 56,
        alt: `reference cell of slide ${one.slide}` })) : el("span", { class: "note" }, "no reference cell yet"));
  }
  // The active cell, large, between the examples of the two classes that the model thought of.
  beside() {
    const id = this.gallery.ids[this.gallery.active];
    if (id === undefined) return this.aside.replaceChildren();
    const share = (column) => this.model.value(id, column);
    const classes = [["first", "certainty"], ["second", "second_certainty"]]
      .map(([index, column]) => [this.model.byIndex.get(share(index)), share(column)]).filter(([code]) => code);
    const picture = (src, words) => el("figure", {}, el("img", { src, alt: words, width: 112, height: 112 }), el("figcaption", {}, words));
    return this.aside.replaceChildren(...[
      this.model.slide.has_pixels ? picture(this.model.crop(id), `cell ${id}`) : null,
      this.map && share("class") >= 0 ? picture(`${this.model.path}/evidence/${id}`, "where the model saw its class") : null,
      ...classes.map(([code, part]) => this.candidate(code, part))].filter(Boolean));
  }
  tools() {
    const n = this.gallery.selected.size;
    this.chosen.textContent = n ? `${n} selected` : "";
    this.beside();
    this.undoButton.disabled = !this.undoable.length;
  }
  async send(decision, words, seen = this.model.review.seq) {
    const row = await this.model.decide(decision, seen);
    if (row === null) return null;
    if (decision.kind !== "undo") this.undoable.push(row);
    say(`${words} (row ${row})`);
    this.tools();
    return row;
  }
  reclassify(cells, to) {
    const moved = cells.filter((id) => this.model.name(id) !== to);
    if (!moved.length) return this.confirm(cells);
    this.gallery.selected.clear();
    return this.send({ kind: "reclassify", cells: moved, to }, `${moved.length} moved to ${this.model.label(to)}`);
  }
  confirm(cells, seen = this.model.review.seq) {
    if (!cells.length) return null;
    this.gallery.selected.clear();
    return this.send({ kind: "confirm", cells }, `${cells.length} confirmed`, seen);
  }
  // A whole class at once is asked about: nobody should do so by a slip of the hand.
  async confirmAll() {
    const cells = this.gallery.ids.filter((id) => this.model.labels.has(this.model.name(id))).slice(0, 5000);
    const seen = this.model.review.seq;
    const words = `Confirm ${cells.length} cells as ${this.model.label(this.current)}?`;
    if (cells.length && await dialog(words, el("p", {}, "Each counts as verified by you, seen or not."), "Confirm")) this.confirm(cells, seen);
    this.gallery.node.focus();
  }
  remove(cells) {
    this.gallery.selected.clear();
    return this.send({ kind: "remove", cells }, `${cells.length} removed as no cells`);
  }
  keepReference(cells) { return this.send({ kind: "reference", cells }, "kept as a reference cell"); }
  async undo() {
    const of = this.undoable.pop();
    if (of) await this.send({ kind: "undo", of }, `row ${of} taken back`);
  }
  async comment() {
    const cells = this.gallery.selected.size ? this.gallery.chosen() : [];
    const given = await dialog(cells.length ? `Comment on ${cells.length} cells` : "Comment on the slide",
      el("label", {}, "Text", el("textarea", { name: "text", required: true, maxlength: 2000, rows: 4 })), "Keep");
    if (given) this.send({ kind: "comment", cells, text: given.text }, "comment kept");
    this.gallery.node.focus();
  }
  key(event) {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.target.closest("dialog");
    if (typing) return;
    if ((event.ctrlKey || event.metaKey) && event.key === "z" && can("decide")) { event.preventDefault(); this.undo(); return; }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "m") { this.map = !this.map; this.mapButton.setAttribute("aria-pressed", String(this.map)); this.beside(); return; }
    if (event.key === "]" || event.key === "[") return void this.next(event.key === "]" ? 1 : -1);
    if (!can("decide") || event.repeat) return;
    const cells = this.gallery.chosen(), to = this.model.ofKey(event.key);
    const onButton = event.target.tagName === "BUTTON" || event.target.tagName === "A";
    if (to && cells.length) this.reclassify(cells, to);
    else if (event.key === "Enter" && !onButton) this.confirm(cells);
    else if ((event.key === "x" || event.key === "Delete") && cells.length) this.remove(cells);
    else if (event.key === "u") this.undo();
    else if (event.key === "c") this.comment();
    else if (event.key === "f" && cells.length === 1) this.keepReference(cells);
    else return;
    event.preventDefault();
  }
  build(main) {
    const button = (words, act, right = "decide") => el("button", { onclick: act, disabled: !can(right) }, words);
    const sort = el("select", { "aria-label": "Order of the cells", onchange: (event) => { this.sort = event.target.value; this.update(); } },
      Object.entries(kSorts).map(([key, [words]]) => el("option", { value: key }, words)));
    const move = el("select", { "aria-label": "Move to class", disabled: !can("decide"), onchange: (event) => {
      if (event.target.value) this.reclassify(this.gallery.chosen(), event.target.value);
      event.target.value = "";
      this.gallery.node.focus();
    } }, el("option", { value: "" }, "Move to .."), this.model.classes.map((one) => el("option", { value: one.code }, one.label)));
    this.chosen = el("span", { class: "note", id: "chosen" });
    this.undoButton = button("Undo", () => this.undo());
    this.undoButton.append(el("kbd", {}, "u"));
    this.total = el("p", { class: "note" });
    this.mapButton = el("button", { "aria-pressed": "false", onclick: () => this.key({ key: "m", target: document.body }) }, "Evidence", el("kbd", {}, "m"));
    const heads = [["class", ""], ["cells", "n"], ["before, %", "n"], ["now, %", "n"], ["95 %", "n"], ["seen", "n"]];
    main.replaceChildren(slideHead(this.model.slide, ""),
      el("div", { class: "review-grid" },
        el("section", { "aria-label": "Differential" },
          el("h2", {}, "Differential"), this.total,
          el("div", { class: "wide" }, el("table", { class: "live" }, el("thead", {}, el("tr", {},
            heads.map(([words, kind]) => el("th", { scope: "col", class: kind }, words)))), this.table))),
        el("section", { class: "cells", "aria-label": "Cells" },
          el("div", { class: "tools" }, this.title, this.count, sort, this.chosen),
          el("div", { class: "tools" }, move,
            button("Confirm", () => this.confirm(this.gallery.chosen())),
            button("Confirm all", () => this.confirmAll()),
            button("Not a cell", () => this.remove(this.gallery.chosen())),
            button("Reference", () => { if (this.gallery.chosen().length === 1) this.keepReference(this.gallery.chosen()); }),
            button("Comment", () => this.comment()), this.mapButton, this.undoButton),
          this.aside, this.gallery.node,
          el("p", { class: "note" }, "Arrows move, space selects (shift: all on the way), the key of a class moves, Enter confirms, ",
            "x: not a cell, u: undo, c: comment, f: reference cell, m: where the model saw it, [ and ]: previous and next class. ",
            "Or drag onto a class."))));
    this.update();
    this.loadSite();
  }
}

export async function showSlide(main, id) {
  const model = await SlideModel.load(id);
  const page = new SlidePage(model);
  page.build(main);
  page.open(page.current, false);
  page.gallery.node.focus({ preventScroll: true });
  const key = (event) => page.key(event);
  document.addEventListener("keydown", key);
  const stop = model.poll();
  document.title = `${id} · cytocape`;
  return () => {
    document.removeEventListener("keydown", key);
    page.gallery.close();
    stop();
  };
}
