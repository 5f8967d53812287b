// What a person sees beside the count. Grades are those of the ICSH (Palmer et al., Int J Lab Hematol 2015): 1+ few,
// 2+ moderate, 3+ many.
import { can, el, say, slideHead } from "./station.js";
import { SlideModel } from "./slide.js";

const kGrades = ["none", "1+", "2+", "3+"];
const kItems = [
  ["Red cells", ["anisocytosis", "poikilocytosis", "macrocytes", "microcytes", "hypochromia", "polychromasia", "schistocytes",
    "tear drop cells", "ovalocytes", "acanthocytes", "basophilic stippling", "Howell-Jolly bodies"], kGrades],
  ["Platelets", ["platelet estimate"], ["low", "normal", "high"]],
  ["", ["platelet clumps"], ["not seen", "seen"]],
  ["", ["giant platelets", "hypogranular platelets"], kGrades],
  ["Blasts", ["Auer rods"], ["not seen", "seen"]],
  ["Dysplasia", ["dysplastic granulocytic cells", "dysplastic erythroid cells", "dysplastic megakaryocytes"], "counted"],
  ["Words", ["red cell morphology", "white cell morphology", "conclusion of the film"], null],
];
const kLeast = { "dysplastic megakaryocytes": 30 };

// "12 of 100" as two numbers; sent once both are there, or none is.
function counted(item, now, disabled, keep) {
  const [dysplastic, of] = now.split(" of ");
  const box = (value, words) => el("input", { type: "number", min: 0, max: 100000, step: 1, value: value || null, disabled, "aria-label": words, inputmode: "numeric" });
  const first = box(dysplastic, `${item}: dysplastic`), second = box(of, `${item}: looked at`);
  const change = () => {
    if (Boolean(first.value) !== Boolean(second.value)) return;
    keep(item, first.value ? `${first.value} of ${second.value}` : "");
  };
  first.addEventListener("change", change);
  second.addEventListener("change", change);
  return el("fieldset", { class: "counted" }, el("legend", {}, `${item} (of ${kLeast[item] || 100} or more)`), first, el("span", {}, "of"), second);
}

export async function showMorphology(main, id) {
  const model = await SlideModel.load(id);
  const keep = async (item, text) => {
    const row = await model.decide({ kind: "morphology", item, text });
    if (row !== null) say(`${item} kept (row ${row})`);
  };
  const field = (item, values, free) => {
    const now = model.review.morphology[item] || "";
    if (values === "counted") return counted(item, now, !free, keep);
    const change = (event) => keep(item, event.target.value);
    return el("label", {}, item, values
      ? el("select", { disabled: !free, onchange: change, name: item }, ["", ...values].map((value) =>
        el("option", { value, selected: value === now }, value || "–")))
      : el("input", { value: now, disabled: !free, maxlength: 500, onchange: change, name: item }));
  };
  const form = el("section", { class: "morphology", "aria-label": "Morphology" });
  let shown = "";
  // Another person's entry comes in; nothing is drawn under the hands of whoever types.
  const draw = () => {
    const state = JSON.stringify([model.review.morphology, Boolean(model.review.signed)]);
    if (state === shown || form.querySelector("input:focus")) return;
    shown = state;
    const focused = document.activeElement && document.activeElement.name;
    const free = can("decide") && !model.review.signed;
    form.replaceChildren(...kItems.flatMap(([title, items, values]) =>
      [title ? el("h2", {}, title) : null, ...items.map((item) => field(item, values, free))]).filter(Boolean));
    if (focused) form.querySelector(`[name="${CSS.escape(focused)}"]`)?.focus();
  };
  model.changed = draw;
  draw();
  main.replaceChildren(slideHead(model.slide, "/morphology"), form,
    el("p", { class: "note" }, "Printed in the report by this review. Of a marrow, 10 % dysplastic cells of a lineage or more tell the criteria that it is ",
      "dysplastic, fewer that it is not; an answer of the laboratory that says otherwise is contested, and the question left open. Auer rods leave the class open."));
  document.title = `${id} · morphology · cytocape`;
  const stop = model.poll();
  form.addEventListener("focusout", () => setTimeout(draw));
  return stop;
}
