// Who did what, when; and who may.
import { api, el, say, slideHead } from "./station.js";

export async function showAudit(main, id) {
  const path = `/api/slide/${encodeURIComponent(id)}`;
  const [slide, { rows }] = await Promise.all([api(path), api(`${path}/audit`)]);
  const words = (body) => [...new Set(body.from || [])].join(", ");
  const to = (body) => body.to || (body.readers ? body.readers.join(", ") : "") || (body.of ? `row ${body.of}` : (body.parts || []).map((part) => part.to).join(", "));
  const cells = (body) => (body.cells || []).length > 4 ? `${body.cells.length} cells` : (body.cells || []).join(" ");
  main.replaceChildren(slideHead(slide, "/audit"),
    el("p", {}, el("a", { href: `${path}/audit.csv`, download: `${id}-audit.csv` }, "Save as CSV")),
    el("div", { class: "wide" }, el("table", { class: "audit stack" }, el("thead", {}, el("tr", {},
      ["row", "time (UTC)", "by", "decision", "cells", "from", "to", "text", "hash"].map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, rows.map((row) => el("tr", {}, el("td", { class: "n" }, String(row.seq)), el("td", { class: "date" }, row.at),
      [["by", row.by], ["decision", row.kind], ["cells", cells(row.body)], ["from", words(row.body)], ["to", to(row.body)],
        ["text", [row.body.item, row.body.text].filter(Boolean).join(": ")]].map(([name, text]) => el("td", { "data-name": name }, text)),
      el("td", { "data-name": "hash" }, el("code", {}, row.hash.slice(0, 12)))))))),
    ...(rows.length ? [] : [el("p", { class: "note" }, "Nothing was decided yet.")]));
  document.title = `${id} · audit · cytocape`;
}

export async function showAccounts(main) {
  const draw = ({ accounts, roles, notes }) => {
    const form = el("form", { class: "login" }, el("h2", {}, "Add or change an account"),
      el("label", {}, "Name", el("input", { name: "name", required: true, maxlength: 64, autocomplete: "off" })),
      el("label", {}, "Role", el("select", { name: "role" }, roles.map((role) => el("option", {}, role)))),
      el("label", {}, "Password, 10 characters or more", el("input", { name: "password", type: "password", autocomplete: "new-password" })),
      el("label", { class: "check" }, el("input", { name: "closed", type: "checkbox" }), "closed: may not log in"),
      el("button", {}, "Keep"));
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      const given = Object.fromEntries(new FormData(form));
      try {
        draw(await api("/api/accounts", { ...given, closed: given.closed === "on" }));
        say("kept");
      } catch (error) {
        say(error.message, true);
      }
    });
    main.replaceChildren(el("h1", {}, "Accounts"),
      ...notes.map((text) => el("p", { class: "note", role: "status" }, text)), el("table", {}, el("thead", {}, el("tr", {},
      ["name", "role", "state"].map((head) => el("th", { scope: "col" }, head)))),
    el("tbody", {}, accounts.map((one) => el("tr", {}, el("th", { scope: "row" }, one.name), el("td", {}, one.role),
      el("td", {}, one.closed ? "closed" : "open"))))), form);
  };
  draw(await api("/api/accounts"));
  document.title = "Accounts · cytocape";
}
