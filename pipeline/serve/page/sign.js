// What is open, what follows, and who answers for it.
import { api, can, el, percent, say, slideHead } from "./station.js";

export async function showSign(main, id) {
  const path = `/api/slide/${encodeURIComponent(id)}`;
  const [slide, review, result] = await Promise.all([api(path), api(`${path}/review`), api(`${path}/conclusions`)]);
  const step = (words, done) => el("p", {}, el("b", {}, `${words}: `), done ? `${done.by}, ${done.at}` : "–");
  const reason = el("textarea", { name: "text", rows: 2, maxlength: 2000, "aria-label": "Reason of the amendment" });
  const password = el("input", { type: "password", autocomplete: "current-password", "aria-label": "Your password" });
  const sent = (outbox) => !outbox ? "" : outbox.fault ? ` (not written for other systems: ${outbox.fault})` : ` (written: ${outbox.files.join(", ")})`;
  const again = async () => {
    try {
      const { outbox } = await api(`${path}/outbox`, { record: slide.record_sha256 });
      say(`result${sent(outbox)}`, Boolean(outbox.fault));
    } catch (error) {
      say(error.message, true);
    }
  };
  const send = async (kind) => {
    try {
      const answer = await api(`${path}/sign`, { kind, password: password.value, text: kind === "amend" ? reason.value : "", seen: review.seq, record: slide.record_sha256 });
      await showSign(main, id);
      say({ verify: "verified", sign: "signed", amend: "open again" }[kind] + sent(answer.outbox), Boolean(answer.outbox && answer.outbox.fault));
    } catch (error) {
      say(error.message, true);
    }
  };
  const button = (kind, words, allowed) => el("button", { "data-kind": kind, disabled: !allowed, onclick: () => send(kind) }, words);
  const open = result.open.length > 0;
  const signed = Boolean(review.signed);
  main.replaceChildren(slideHead(slide, "/sign"),
    el("section", { "aria-label": "Open points" }, el("h2", {}, open ? "Open" : "Nothing is open"),
      el("ul", { class: "open" }, result.open.map((point) => el("li", {}, point)))),
    el("section", { "aria-label": "Result" }, el("h2", {}, "By this review"),
      result.alerts.map((alert) => el("p", { class: "warning" }, alert)),
      el("div", { class: "wide" }, el("table", { class: "stack" }, el("thead", {}, el("tr", {}, ["sum", "cells", "%", "95 % sampling", "corrected, %", "95 % both errors"]
        .map((head, i) => el("th", { scope: "col", class: i ? "n" : null }, head)))),
      el("tbody", {}, result.groups.map((group) => el("tr", {}, el("th", { scope: "row" }, group.label),
        el("td", { class: "n", "data-name": "cells" }, `${group.count} of ${group.total}`), el("td", { class: "n", "data-name": "%" }, percent(group.fraction)),
        el("td", { class: "n", "data-name": "95 % sampling" }, group.wilson95 ? `${percent(group.wilson95[0])}–${percent(group.wilson95[1])}` : "–"),
        el("td", { class: "n", "data-name": "corrected, %" }, percent(group.corrected)),
        el("td", { class: "n", "data-name": "95 % both errors" }, group.both95 ? `${percent(group.both95[0])}–${percent(group.both95[1])}` : "–")))))),
      result.editions.map((edition) => el("p", {}, el("b", {}, `${edition.edition}: `), edition.sentence)),
      el("p", { class: "note" }, "A haematopathologist decides. "),
      el("p", {}, el("a", { href: `${path}/report.html`, target: "_blank", rel: "noopener" }, "The report by this review"))),
    el("section", { "aria-label": "Signature" }, el("h2", {}, `Version ${review.version}`),
      step("Verified by", review.verified), step("Signed by", review.signed),
      el("label", {}, "Your password", password),
      el("p", { class: "buttons" }, button("verify", "Verify the count", can("verify") && !signed && !open),
        button("sign", "Sign the report", can("sign") && !signed && !open && Boolean(review.verified))),
      signed ? el("label", {}, "Reason of an amendment", reason) : null,
      signed ? button("amend", "Amend", can("sign")) : null,
      signed && result.has_outbox ? el("button", { disabled: !can("sign"), onclick: again }, "Write the result for other systems again") : null));
  document.title = `${id} · sign · cytocape`;
}
