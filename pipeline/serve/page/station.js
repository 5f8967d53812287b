// The frame of the station: who is logged in, which page is shown, and how the server is asked.
import { showWorklist } from "./worklist.js";
import { showSlide } from "./slide.js";
import { showMap } from "./map.js";
import { showMorphology } from "./morphology.js";
import { showSign } from "./sign.js";
import { showAudit, showAccounts } from "./audit.js";
import { showBlind } from "./blind.js";
import { showAgreement } from "./agreement.js";

const main = document.getElementById("main");
const status = document.getElementById("status");
export const station = { me: null };
let leave = () => {};

// An element with its attributes and children. Texts become text, never markup.
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key === "class") node.className = value;
    else if (value === true) node.setAttribute(key, "");
    else node.setAttribute(key, value);
  }
  for (const child of children.flat(Infinity)) if (child !== null && child !== undefined) node.append(child);
  return node;
}

export function say(text, bad = false) {
  status.textContent = text;
  status.className = bad ? "bad" : "";
}

// Asks the server; with a body it is a change. Throws an Error with the server's sentence.
export async function api(path, body, signal) {
  const options = body === undefined ? { signal } : {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": station.me ? station.me.csrf : "" },
    body: JSON.stringify(body),
  };
  let response;
  try {
    response = await fetch(path, options);
  } catch {
    throw new Error("The station does not answer. What was acknowledged is kept; try again.");
  }
  const answer = await response.json().catch(() => ({ error: "The station's answer cannot be read." }));
  if (response.ok) return answer;
  const error = new Error(answer.error);
  error.status = response.status;
  if (response.status === 401 && path !== "/api/login" && !path.endsWith("/sign")) {
    station.me = null;
    showLogin();
  }
  throw error;
}

export const can = (right) => Boolean(station.me && station.me.rights.includes(right));
export const percent = (share) => share === null || share === undefined ? "–"
  : share > 0 && share < 0.0005 ? "<0.1" : (100 * share).toFixed(1);

// Head of a slide's pages.
export function slideHead(slide, part) {
  const link = (name, words) => el("a", {
    href: `#/slide/${encodeURIComponent(slide.id)}${name}`, "aria-current": part === name ? "page" : null,
  }, words);
  return el("div", { class: "slide-head" },
    el("h1", {}, slide.id),
    el("p", { class: "facts" }, [slide.case && `case ${slide.case}`, slide.specimen, slide.stain, `model ${slide.model}`,
      slide.status].filter(Boolean).join(" · ")),
    slide.withheld ? el("p", { class: "warning" }, `Counts by class are withheld: ${slide.withheld}`) : null,
    slide.has_pixels ? null : el("p", { class: "warning" }, `No pictures: ${slide.why_no_pixels}`),
    el("nav", { "aria-label": "Slide", class: "tabs" }, link("", "Cells"), link("/map", "Slide"),
      link("/morphology", "Morphology"), link("/blind", "Two readers"), link("/sign", "Sign"), link("/audit", "Audit")));
}

export function dialog(title, fields, confirm) {
  return new Promise((resolve) => {
    const box = el("dialog", { "aria-label": title });
    const form = el("form", { method: "dialog" }, el("h2", {}, title), fields,
      el("p", { class: "buttons" }, el("button", { value: "ok" }, confirm),
        el("button", { value: "", formnovalidate: true }, "Cancel")));
    // The policy lets no form be sent; what was filled in is taken here.
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      box.close(event.submitter ? event.submitter.value : "ok");
    });
    box.append(form);
    box.addEventListener("close", () => {
      resolve(box.returnValue === "ok" ? Object.fromEntries(new FormData(form)) : null);
      box.remove();
    });
    document.body.append(box);
    box.showModal();
  });
}

function showLogin() {
  leave();
  leave = () => {};
  frame();
  const form = el("form", { class: "login" },
    el("h1", {}, "Log in"),
    el("label", {}, "Name", el("input", { name: "name", autocomplete: "username", required: true, maxlength: 64 })),
    el("label", {}, "Password", el("input", { name: "password", type: "password", autocomplete: "current-password", required: true })),
    el("button", {}, "Log in"));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    try {
      station.me = await api("/api/login", Object.fromEntries(new FormData(form)));
      say("");
      show();
    } catch (error) {
      say(error.message, true);
    }
  });
  main.replaceChildren(form);
  form.elements.name.focus();
}

function frame() {
  const nav = document.getElementById("nav"), who = document.getElementById("who");
  nav.replaceChildren();
  who.replaceChildren();
  if (!station.me) return;
  nav.append(el("a", { href: "#/" }, "Worklist"), el("a", { href: "#/agreement" }, "Agreement"));
  if (can("administer")) nav.append(el("a", { href: "#/accounts" }, "Accounts"));
  who.append(`${station.me.name}, ${station.me.role} `, el("button", {
    onclick: async () => {
      await api("/api/logout", {}).catch(() => {});
      station.me = null;
      showLogin();
    },
  }, "Log out"));
}

const pages = [
  [/^#\/slide\/([^/]+)$/, showSlide],
  [/^#\/slide\/([^/]+)\/map$/, showMap],
  [/^#\/slide\/([^/]+)\/morphology$/, showMorphology],
  [/^#\/slide\/([^/]+)\/blind$/, showBlind],
  [/^#\/slide\/([^/]+)\/sign$/, showSign],
  [/^#\/slide\/([^/]+)\/audit$/, showAudit],
  [/^#\/accounts$/, showAccounts],
  [/^#\/agreement$/, showAgreement],
];

async function show() {
  if (location.hash === "#main") return;
  leave();
  leave = () => {};
  if (!station.me) return showLogin();
  frame();
  say("");
  const page = pages.find(([pattern]) => pattern.test(location.hash));
  try {
    const left = page ? await page[1](main, decodeURIComponent(page[0].exec(location.hash)[1] || ""))
      : await showWorklist(main);
    leave = left || (() => {});
    main.dataset.ready = location.hash || "#/";
  } catch (error) {
    if (station.me) {
      main.replaceChildren(el("h1", {}, "Not shown"), el("p", {}, error.message));
      say(error.message, true);
    }
  }
}

window.addEventListener("hashchange", show);
try {
  station.me = await api("/api/me");
  show();
} catch {
  showLogin();
}
