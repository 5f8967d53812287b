// A list of pictures that may be ten thousand long: those in sight alone are elements. Arrow keys move, space
// selects, with shift all on the way.
import { el } from "./station.js";

const kTile = 104, kGap = 6, kAhead = 2;

export class Gallery {
  // `draw(id, node)` fills a tile; `onSelect()` is told of every change.
  constructor(draw, onSelect) {
    this.draw = draw;
    this.onSelect = onSelect;
    this.ids = [];
    this.active = 0;
    this.anchor = 0;
    this.selected = new Set();
    this.tiles = new Map();
    this.space = el("div", { class: "space" });
    this.node = el("div", { class: "gallery", role: "listbox", tabindex: 0, "aria-multiselectable": "true",
      "aria-label": "Cells of the class" }, this.space);
    this.node.addEventListener("scroll", () => this.render(), { passive: true });
    this.node.addEventListener("keydown", (event) => this.key(event));
    this.node.addEventListener("click", (event) => this.click(event));
    this.node.addEventListener("dragstart", (event) => this.drag(event));
    this.watch = new ResizeObserver(() => this.render());
    this.watch.observe(this.node);
  }
  close() { this.watch.disconnect(); }

  show(ids) {
    this.ids = ids;
    const there = new Set(ids);
    for (const id of [...this.selected]) if (!there.has(id)) this.selected.delete(id);
    this.active = Math.max(0, Math.min(this.active, ids.length - 1));
    this.anchor = this.active;
    this.tiles.forEach((tile) => tile.remove());
    this.tiles.clear();
    this.render();
    this.onSelect();
  }
  // What a key acts on: the selected cells, or the active one.
  chosen() {
    if (this.selected.size) return this.ids.filter((id) => this.selected.has(id));
    return this.ids.length ? [this.ids[this.active]] : [];
  }
  columns() { return Math.max(1, Math.floor((this.node.clientWidth - kGap) / (kTile + kGap))); }

  render() {
    const columns = this.columns(), step = kTile + kGap;
    this.space.style.height = `${Math.ceil(this.ids.length / columns) * step + kGap}px`;
    const first = Math.max(0, Math.floor(this.node.scrollTop / step) - kAhead) * columns;
    const last = Math.min(this.ids.length, (Math.ceil((this.node.scrollTop + this.node.clientHeight) / step) + kAhead) * columns);
    const wanted = new Set(this.ids.slice(first, last));
    for (const [id, tile] of this.tiles) if (!wanted.has(id)) { tile.remove(); this.tiles.delete(id); }
    for (let i = first; i < last; i += 1) {
      const id = this.ids[i];
      let tile = this.tiles.get(id);
      if (!tile) {
        tile = el("div", { class: "tile", role: "option", id: `cell-${id}`, draggable: "true" });
        tile.dataset.id = id;
        this.draw(id, tile);
        this.tiles.set(id, tile);
        this.space.append(tile);
      }
      tile.style.transform = `translate(${kGap + (i % columns) * step}px, ${kGap + Math.floor(i / columns) * step}px)`;
      tile.setAttribute("aria-selected", this.selected.has(id) ? "true" : "false");
      tile.setAttribute("aria-posinset", i + 1);
      tile.setAttribute("aria-setsize", this.ids.length);
      tile.classList.toggle("active", i === this.active);
    }
    if (this.ids.length) this.node.setAttribute("aria-activedescendant", `cell-${this.ids[this.active]}`);
    else this.node.removeAttribute("aria-activedescendant");
  }
  redraw() { this.tiles.forEach((tile, id) => { tile.replaceChildren(); this.draw(id, tile); }); this.render(); }

  move(to, extend) {
    if (!this.ids.length) return;
    this.active = Math.max(0, Math.min(this.ids.length - 1, to));
    if (extend) {
      this.selected.clear();
      const [low, high] = [Math.min(this.anchor, this.active), Math.max(this.anchor, this.active)];
      for (let i = low; i <= high; i += 1) this.selected.add(this.ids[i]);
    } else {
      this.anchor = this.active;
    }
    const step = kTile + kGap, top = Math.floor(this.active / this.columns()) * step;
    if (top < this.node.scrollTop) this.node.scrollTop = top;
    else if (top + step + kGap > this.node.scrollTop + this.node.clientHeight)
      this.node.scrollTop = top + step + kGap - this.node.clientHeight;
    this.render();
    this.onSelect();
  }
  toggle(index) {
    const id = this.ids[index];
    if (this.selected.has(id)) this.selected.delete(id); else this.selected.add(id);
    this.active = this.anchor = index;
    this.render();
    this.onSelect();
  }
  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) {
      if (event.key === "a") {
        this.ids.forEach((id) => this.selected.add(id));
        event.preventDefault();
        this.render();
        this.onSelect();
      }
      return;
    }
    const columns = this.columns(), page = columns * Math.max(1, Math.floor(this.node.clientHeight / (kTile + kGap)));
    const moves = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, PageDown: page, PageUp: -page,
      Home: -this.ids.length, End: this.ids.length };
    if (event.key in moves) this.move(this.active + moves[event.key], event.shiftKey);
    else if (event.key === " " && this.ids.length) this.toggle(this.active);
    else if (event.key === "Escape") { this.selected.clear(); this.render(); this.onSelect(); }
    else return;
    event.preventDefault();
  }
  click(event) {
    const tile = event.target.closest(".tile");
    if (!tile) return;
    const index = this.ids.indexOf(Number(tile.dataset.id));
    if (event.shiftKey) this.move(index, true); else this.toggle(index);
    this.node.focus();
  }
  drag(event) {
    const tile = event.target.closest(".tile");
    if (!tile) return;
    const id = Number(tile.dataset.id);
    const ids = this.selected.has(id) ? this.chosen() : [id];
    event.dataTransfer.setData("application/x-cells", JSON.stringify(ids));
    event.dataTransfer.effectAllowed = "move";
  }
}
