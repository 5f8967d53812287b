// Two people name the same cells, neither seeing what the other or the model says; then how well they agree, and a
// third settles what is left.
import { api, can, el, say, slideHead, station } from "./station.js";
import { SlideModel } from "./slide.js";

const kKeys = "123456789qwertyiop";

class BlindPage {
  constructor(model, body) {
    this.model = model;
    this.body = body;
    this.at = 0;
  }
  label(name) { return name ? this.model.label(name) : "no cell"; }
  async load() {
    const answer = await api(`${this.model.path}/blind`);
    this.people = answer.people;
    this.absent = answer.absent;
    this.blind = answer.blind;
    this.seq = answer.seq;
    this.draw();
  }
  draw() {
    const blind = this.blind;
    if (!blind) this.body.replaceChildren(...this.begin());
    else if (blind.over) this.body.replaceChildren(...this.results(), ...this.begin());
    else if (blind.ids && !blind.finished[blind.readers.indexOf(station.me.name)]) this.reading();
    else this.body.replaceChildren(...this.waiting(), ...this.results());
  }
  async set(body, words) {
    try {
      const answer = await api(`${this.model.path}/blind`, { ...body, seen: this.seq, record: this.model.slide.record_sha256 });
      this.blind = answer.blind;
      this.seq = answer.seq;
      await this.model.refresh(true);
      this.draw();
      say(words);
    } catch (error) {
      say(error.message, true);
    }
  }
  begin() {
    if (!can("sign")) return this.blind ? [] : [el("h2", {}, "Two readers"), el("p", { class: "note" }, "A signer asks two people to name the same cells.")];
    if (this.model.review.signed) return [];
    const people = (name) => el("select", { name, required: true }, this.people.map((one) => el("option", {}, one)));
    const form = el("form", { class: "login" }, el("h2", {}, this.blind ? "Read other cells" : "Two readers"),
      el("label", {}, "First reader", people("first")), el("label", {}, "Second reader", people("second")),
      el("label", {}, "Cells", el("input", { name: "cells", type: "number", min: 10, max: 1000, value: 200, required: true })),
      el("button", {}, "Start"));
    if (this.people.length > 1) form.elements.second.selectedIndex = 1;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const given = Object.fromEntries(new FormData(form));
      this.set({ action: "start", readers: [given.first, given.second], cells: Number(given.cells) }, "the reading has begun");
    });
    return [form, el("p", { class: "note" }, "Neither sees what the other or the model says. Cells on which both agree count as they named them; somebody else names the rest.")];
  }
  waiting() {
    const blind = this.blind;
    return [el("h2", {}, "A blind reading goes on"),
      ...this.absent.map((name) => el("p", { class: "note", role: "status" },
        `${name} may not read any more: an administrator gives the role back, or a signer ends the reading.`)),
      el("p", {}, `${blind.readers.join(" and ")} name ${blind.cells} cells. `,
        blind.readers.filter((_, i) => blind.finished[i]).map((name) => `${name} has finished. `).join("")),
      can("sign") ? el("button", { onclick: () => this.set({ action: "end" }, "the reading was ended") }, "End it without a result") : null].filter(Boolean);
  }
  // One cell at a time.
  reading() {
    const { ids, mine } = this.blind, id = ids[this.at], named = Object.keys(mine).length;
    const classes = this.model.classes;
    const button = (code, words, key) => el("button", { class: "class-choice", "aria-pressed": String(id in mine && mine[id] === code),
      onclick: () => this.name(code) }, words, key ? el("kbd", {}, key) : null);
    const step = (by, words) => el("button", { onclick: () => this.step(by) }, words);
    this.body.replaceChildren(el("h2", {}, `Cell ${this.at + 1} of ${ids.length}`),
      el("p", { class: "note" }, `${named} named. The key of a class names the cell, x: not a cell, arrows go back and on.`),
      el("div", { class: "reading" }, el("img", { src: this.model.crop(id), alt: `cell ${this.at + 1} of the reading`, width: 240, height: 240 }),
        el("div", { class: "choices" }, classes.map((one, i) => button(one.code, one.label, kKeys[i])), button("", "Not a cell", "x"))),
      el("p", { class: "buttons" }, step(-1, "Back"), step(1, "On"),
        el("button", { disabled: named < ids.length, onclick: () => this.finish() }, "Finish")));
  }
  step(by) {
    this.at = Math.max(0, Math.min(this.blind.ids.length - 1, this.at + by));
    this.draw();
  }
  async name(code) {
    const id = this.blind.ids[this.at];
    const row = await this.model.decide(code ? { kind: "read", cells: [id], to: code } : { kind: "read", cells: [id] });
    if (row === null) return;
    this.blind.mine[id] = code;
    say(`cell ${this.at + 1}: ${this.label(code)}`);
    this.step(1);
  }
  async finish() {
    if (await this.model.decide({ kind: "finish" }) === null) return;
    await this.load();
    say("finished");
  }
  settle(one, readers) {
    const mayDo = can("decide") && !readers.includes(station.me.name) && !this.model.review.signed;
    const choose = async (event) => {
      const to = event.target.value;
      if (!to) return;
      const cells = [one.cell];
      const row = await this.model.decide(to === "no cell" ? { kind: "remove", cells } : { kind: "reclassify", cells, to });
      if (row !== null) say(`cell ${one.cell} settled (row ${row})`);
      await this.load();
    };
    const settled = one.settled === null ? "" : one.settled || "no cell";
    return el("select", { disabled: !mayDo, "aria-label": `Cell ${one.cell} is`, onchange: choose },
      el("option", { value: "" }, "to be settled"), this.model.classes.map((cls) =>
        el("option", { value: cls.code, selected: cls.code === settled }, cls.label)),
      el("option", { value: "no cell", selected: settled === "no cell" }, "no cell"));
  }
  results() { return this.blind.results.flatMap((one) => this.result(one)); }
  result(blind) {
    const head = (words) => el("thead", {}, el("tr", {}, words.map((one, i) => el("th", { scope: "col", class: i ? "n" : null }, one))));
    return [el("h2", {}, "Result"), el("p", {}, blind.words),
      el("div", { class: "wide" }, el("table", { class: "counts" }, head(["class", ...blind.readers]), el("tbody", {}, blind.counts.map((one) =>
        el("tr", {}, el("th", { scope: "row" }, this.label(one.code)), one.counts.map((n) => el("td", { class: "n" }, String(n)))))))),
      ...(blind.differences.length ? [el("h2", {}, blind.differences.length === 1 ? "1 difference" : `${blind.differences.length} differences`),
        el("div", { class: "wide" }, el("table", { class: "differences stack" },
          el("thead", {}, el("tr", {}, ["cell", ...blind.readers, "settled"].map((one) => el("th", { scope: "col" }, one)))),
          el("tbody", {}, blind.differences.map((one) => el("tr", {},
            el("td", {}, el("img", { src: this.model.crop(one.cell), alt: `cell ${one.cell}`, width: 72, height: 72, loading: "lazy" })),
            one.named.map((name, i) => el("td", { "data-name": blind.readers[i] }, this.label(name))), el("td", { class: "whole" }, this.settle(one, blind.readers)))))))] : [])];
  }
  key(event) {
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
    if (!this.blind || this.blind.over || !this.blind.ids || this.blind.finished[this.blind.readers.indexOf(station.me.name)]) return;
    const one = kKeys.includes(event.key) ? this.model.classes[kKeys.indexOf(event.key)] : null;
    if (one) this.name(one.code);
    else if (event.key === "x") this.name("");
    else if (event.key === "ArrowRight") this.step(1);
    else if (event.key === "ArrowLeft") this.step(-1);
    else return;
    event.preventDefault();
  }
}

export async function showBlind(main, id) {
  const model = await SlideModel.load(id);
  const body = el("section", { "aria-label": "Two readers" });
  const page = new BlindPage(model, body);
  main.replaceChildren(slideHead(model.slide, "/blind"), body);
  await page.load();
  // Begun, finished or ended by somebody else.
  const state = (reading) => reading ? `${reading.row} ${reading.over} ${reading.finished} ${reading.left}` : "";
  model.changed = () => { if (state(model.review.reading) !== state(page.blind)) page.load().catch(() => {}); };
  const key = (event) => page.key(event);
  document.addEventListener("keydown", key);
  const stop = model.poll();
  document.title = `${id} · two readers · cytocape`;
  return () => {
    document.removeEventListener("keydown", key);
    stop();
  };
}
