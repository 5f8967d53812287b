// The slide itself, with every cell marked: deep zoom by Leaflet.
import { api, can, el, say, slideHead } from "./station.js";
import { SlideModel } from "./slide.js";

const kColours = ["#d1495b", "#2e86ab", "#3a9a5b", "#b8860b", "#7d4fb0", "#e07a1f", "#17888a", "#c2559a", "#6b7a1e", "#5667c9", "#9c4a2f", "#4b6a77"];

class MapPage {
  constructor(model) {
    this.model = model;
    this.marks = new Map();
    this.parts = [];
    this.chosen = null;
    this.scale = 2 ** model.slide.largest_zoom;
    this.model.changed = () => this.draw();
  }
  at([x, y]) { return L.latLng(-y / this.scale, x / this.scale); }
  place(latlng) { return { x: latlng.lng * this.scale, y: -latlng.lat * this.scale }; }
  colour(name) {
    const at = this.model.classes.findIndex((one) => one.code === name);
    return at < 0 ? "#777777" : kColours[at % kColours.length];
  }
  build(main) {
    const slide = this.model.slide;
    this.holder = el("div", { class: "map", id: "map", "aria-label": "Slide; arrows move, plus and minus zoom" });
    this.side = el("section", { class: "map-side", "aria-label": "Cell" });
    this.kind = el("select", { "aria-label": "Class of the cell that is added" },
      this.model.classes.map((one) => el("option", { value: one.code }, one.label)));
    main.replaceChildren(slideHead(slide, "/map"), el("div", { class: "map-grid" },
      el("div", { class: "map-frame" }, this.holder, el("span", { class: "cross", "aria-hidden": "true" })), this.side));
    if (!window.L) {
      this.holder.textContent = "The map needs Leaflet: install libjs-leaflet on the station's computer.";
      return;
    }
    const bounds = L.latLngBounds(this.at([0, 0]), this.at([slide.width, slide.height]));
    this.map = L.map(this.holder, { crs: L.CRS.Simple, minZoom: 0, maxZoom: slide.largest_zoom + 2, preferCanvas: true,
      attributionControl: false, maxBounds: bounds.pad(0.5), zoomSnap: 0.5 });
    // Beneath the squares, where there are none.
    this.map.createPane("overview").style.zIndex = 100;
    L.imageOverlay(`${this.model.path}/overview`, bounds, { pane: "overview" }).addTo(this.map);
    const layer = L.tileLayer("", { tileSize: 256, maxNativeZoom: slide.largest_zoom, minNativeZoom: 0, bounds, noWrap: true });
    layer.getTileUrl = (coords) => `${this.model.path}/tile/${coords.z}/${coords.x}/${coords.y}`;
    layer.addTo(this.map);
    this.map.fitBounds(bounds);
    this.layer = L.layerGroup().addTo(this.map);
    this.draw();
  }
  draw() {
    if (!this.map) return;
    this.layer.clearLayers();
    this.marks.clear();
    for (const id of this.model.ids()) {
      const name = this.model.name(id);
      if (name === "no cell") continue;
      const mark = L.circleMarker(this.at(this.model.place(id)), { radius: id === this.chosen ? 12 : 7, weight: id === this.chosen ? 4 : 2,
        color: this.colour(name), fillOpacity: this.model.review.cells[id] ? 0.35 : 0.05 });
      mark.on("click", (event) => { L.DomEvent.stop(event); this.choose(id); });
      mark.bindTooltip(this.model.label(name));
      mark.addTo(this.layer);
      this.marks.set(id, mark);
    }
    for (const part of this.parts) L.circleMarker(this.at([part.x, part.y]), { radius: 5, color: "#111111", fillOpacity: 1 }).addTo(this.layer);
    this.drawSide();
  }
  choose(id) {
    this.chosen = id;
    this.parts = [];
    this.draw();
  }
  step(by) {
    const ids = this.model.ids().filter((id) => this.model.name(id) !== "no cell");
    const next = ids[(ids.indexOf(this.chosen) + by + ids.length) % ids.length];
    if (next === undefined) return;
    this.choose(next);
    this.map.setView(this.at(this.model.place(next)), this.model.slide.largest_zoom, { animate: false });
  }
  async send(decision, words) {
    const row = await this.model.decide(decision);
    if (row !== null) say(`${words} (row ${row})`);
    return row;
  }
  drawSide() {
    const id = this.chosen, free = can("decide");
    const centre = () => this.place(this.map.getCenter());
    const to = () => this.kind.value;
    const cell = id === null ? [el("p", { class: "note" }, "Click a cell, or use Next cell.")] : [
      el("img", { src: this.model.crop(id), alt: "", width: 160, height: 160 }),
      el("p", {}, el("b", {}, this.model.label(this.model.name(id))),
        this.model.review.cells[id] ? ` by ${this.model.review.cells[id].by}` : ` called by the model`),
      el("p", { class: "buttons" },
        el("button", { disabled: !free, onclick: () => this.send({ kind: "reclassify", cells: [id], to: to() }, "moved") }, "Name it as chosen below"),
        el("button", { disabled: !free, onclick: () => this.send({ kind: "remove", cells: [id] }, "removed") }, "Not a cell")),
      el("p", { class: "buttons" },
        el("button", { disabled: !free, onclick: () => { this.parts.push({ ...centre(), to: to() }); this.draw(); } }, "Mark a part at the centre"),
        el("button", { disabled: !free || this.parts.length < 2, onclick: async () => {
          const parts = this.parts;
          this.parts = [];
          this.chosen = null;
          await this.send({ kind: "split", cells: [id], parts }, `split into ${parts.length}`);
        } }, `Split into ${this.parts.length}`))];
    this.side.replaceChildren(
      el("p", { class: "buttons" }, el("button", { onclick: () => this.step(-1) }, "Previous cell"),
        el("button", { onclick: () => this.step(1) }, "Next cell")),
      ...cell, el("label", {}, "Class", this.kind),
      el("p", { class: "buttons" }, el("button", { disabled: !free, onclick: () =>
        this.send({ kind: "add", parts: [{ ...centre(), to: to() }] }, "added") }, "Add a cell at the centre"),
      el("button", { disabled: !free || !this.model.last, onclick: async () => {
        const of = this.model.last;
        if (await this.send({ kind: "undo", of }, `row ${of} taken back`) !== null) this.model.last = null;
        this.drawSide();
      } }, "Undo")),
      el("p", { class: "note" }, "Filled marks are verified. The cross is the centre of the map: what is added or split lies there."));
  }
}

export async function showMap(main, id) {
  const model = await SlideModel.load(id);
  const page = new MapPage(model);
  page.build(main);
  const stop = model.poll();
  document.title = `${id} · slide · cytocape`;
  return () => {
    stop();
    if (page.map) page.map.remove();
  };
}
