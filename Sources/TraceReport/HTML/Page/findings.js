// The findings, worst first.

function findingsSection(capture, openFlow) {
  const shown = new Set(["error", "warning", "note"]);
  if (!capture.findings.some((finding) => shown.has(finding.severity))) shown.add("info");
  let words = "";
  let limit = 30;
  const list = el("div");
  const more = el("button", { type: "button", class: "more", onclick: () => { limit += 100; update(); } });
  const search = el("input", { type: "search", placeholder: "Filter findings: a code, an address, a word", "aria-label": "Filter findings", oninput: () => { words = search.value.toLowerCase(); limit = 30; update(); } });
  const chips = severities.map((severity) => {
    const count = capture.findings.filter((finding) => finding.severity === severity).length;
    const chip = el("button", {
      type: "button", disabled: count === 0, "aria-pressed": String(shown.has(severity) && count > 0),
      onclick: () => {
        if (!shown.delete(severity)) shown.add(severity);
        chip.setAttribute("aria-pressed", String(shown.has(severity)));
        update();
      },
    }, counted(count, severity));
    return chip;
  });
  const told = el("p", { class: "hint", role: "status" });
  const texts = new Map();
  const textOf = (finding) => {
    if (!texts.has(finding)) texts.set(finding, [finding.code, finding.rule, finding.message, finding.ends, finding.why, "flow " + finding.flow].join(" ").toLowerCase());
    return texts.get(finding);
  };
  const cards = new Map();
  function update() {
    const found = capture.findings.filter((finding) => shown.has(finding.severity) && words.split(/\s+/).every((word) => textOf(finding).includes(word)));
    const rows = found.slice(0, limit).map((finding, i) => {
      if (!cards.has(finding)) cards.set(finding, findingCard(capture, finding, i < 3 && cards.size < 3, openFlow));
      return cards.get(finding);
    });
    list.replaceChildren(...rows);
    if (rows.length === 0) list.append(el("p", { class: "dim" }, capture.findings.length === 0 ? "Nothing to report." : "No finding fits."));
    more.hidden = found.length <= limit;
    more.textContent = `Show ${grouped(Math.min(100, found.length - limit))} more of ${grouped(found.length)}`;
    const notes = [];
    if (capture.findings_left > 0) notes.push(`${counted(capture.findings_left, "milder or further finding")} not in this file; flowlint --output jsonl writes all`);
    if (capture.silenced > 0) notes.push(`${grouped(capture.silenced)} known or suppressed`);
    told.textContent = notes.join("; ");
    told.hidden = notes.length === 0;
  }
  update();
  return el("section", { id: "findings", "aria-labelledby": "findings-title" }, el("h2", { id: "findings-title" }, "Findings"),
    el("div", { class: "bar" }, chips, search), list, more, told);
}

function findingCard(capture, finding, isOpen, openFlow) {
  const card = el("details", { class: "finding card", id: "finding-" + finding.id, open: isOpen });
  card.append(el("summary", {},
    el("span", { class: "badge " + finding.severity }, finding.severity), el("span", { class: "what" }, finding.message),
    el("span", { class: "code" }, `${finding.code} ${finding.rule}`),
    el("span", { class: "where" }, [finding.ends, finding.frame ? `frame ${grouped(finding.frame)}` : null, finding.times > 1 ? `${grouped(finding.times)} times` : null].filter(Boolean).join(", "))));
  const fill = () => {
    if (card.childElementCount > 1) return;
    const body = el("div", { class: "body" });
    if (finding.ladder.length > 0) body.append(ladder(finding.ladder));
    const facts = el("dl");
    const say = (term, ...words) => { if (words[0]) facts.append(el("dt", {}, term), el("dd", {}, words)); };
    say("why", finding.why);
    say("do", finding.remedy);
    say("sure", finding.confidence + (finding.alternatives.length ? ": it could also be that " + finding.alternatives.join(", or that ") : ""));
    const root = finding.from && capture.findings.find((other) => other.id === finding.from);
    if (root) say("from", el("a", { href: "#finding-" + root.id }, `${root.code} ${root.rule}`), root.frame ? ` at frame ${root.frame}` : "");
    const frames = finding.ladder.map((row) => row[0]).filter((frame) => frame > 0);
    if (frames.length) say("see", el("code", {}, `frame.number in {${[...new Set(frames)].join(",")}}`));
    if (finding.flow && capture.byNumber.has(finding.flow)) {
      say("flow", el("button", { type: "button", onclick: () => openFlow(finding.flow, true) }, `Show flow ${finding.flow}`));
    }
    body.append(facts);
    card.append(body);
  };
  if (isOpen) fill();
  card.addEventListener("toggle", () => { if (card.open) fill(); });
  card.fill = fill;
  return card;
}
