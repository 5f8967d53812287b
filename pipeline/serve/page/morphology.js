// What a person sees beside the count. Grades are those of the ICSH (Palmer et al., Int J Lab Hematol 2015): 1+ few,
// 2+ moderate, 3+ many.
import { can, el, say, slideHead } from "./station.js";
import { SlideModel } from "./slide.js";

const kGrades = ["none", "1+", "2+", "3+"];
const kItems = [
  ["Red cells", ["anisocytosis", "poikilocytosis", "macrocytes", "microcytes", "hypochromia", "polychromasia", "schistocytes",
    "tear drop cells", "ovalocytes", "acanthocytes", "basophilic stippling", "Howell-Jolly bodies"], kGrades],
  ["Platelets", ["platelet estimate"], ["low", "normal", "high"]],
  ["", ["platelet clumps", "Auer rods"], ["not seen", "seen"]],
  ["", ["giant platelets", "hypogranular platelets"], kGrades],
  ["Dysplasia", ["dysplastic neutrophils, of 100", "dysplastic erythroblasts, of 100", "dysplastic megakaryocytes, of 30"], null],
  ["Words", ["red cell morphology", "white cell morphology", "conclusion of the film"], null],
];

export async function showMorphology(main, id) {
  const model = await SlideModel.load(id);
  const free = can("decide") && !model.review.signed;
  const keep = async (item, text) => {
    const row = await model.decide({ kind: "morphology", item, text });
    if (row !== null) say(`${item} kept (row ${row})`);
  };
  const field = (item, values) => {
    const now = model.review.morphology[item] || "";
    const change = (event) => keep(item, event.target.value);
    return el("label", {}, item, values
      ? el("select", { disabled: !free, onchange: change }, ["", ...values].map((value) =>
        el("option", { value, selected: value === now }, value || "–")))
      : el("input", { value: now, disabled: !free, maxlength: 500, onchange: change }));
  };
  main.replaceChildren(slideHead(model.slide, "/morphology"), el("section", { class: "morphology", "aria-label": "Morphology" },
    kItems.map(([title, items, values]) => [title ? el("h2", {}, title) : null, items.map((item) => field(item, values))]).flat()),
  el("p", { class: "note" }, "Kept as it is entered, and printed in the report by this review. The criteria take dysplasia from the laboratory file."));
  document.title = `${id} · morphology · cytocape`;
}
