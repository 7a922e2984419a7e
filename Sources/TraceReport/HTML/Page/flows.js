// The table of flows, and the panel of one of them.

const tableColumns = [
  { title: "flow", value: (f) => f.number, number: true },
  { title: "originator > responder", value: (f) => f.originator + " " + f.responder, cell: (f) => [f.originator, el("span", {}, " > "), f.responder], class: "ends" },
  { title: "worst", value: (f) => f.worst * 1e6 + f.findings, cell: (f) => (f.findings ? [el("span", { class: "badge " + severities[3 - f.worst] }, severities[3 - f.worst]), f.findings > 1 ? el("span", { class: "dim wide" }, " +" + grouped(f.findings - 1)) : ""] : "") },
  { title: "start", value: (f) => f.start, words: timeWords, number: true, class: "wide" },
  { title: "lasts", value: (f) => f.duration, words: timeWords, number: true, class: "wide" },
  { title: "outcome", value: (f) => f.outcome },
  { title: "states", value: (f) => f.stateOriginator + ", " + f.stateResponder, class: "wide" },
  { title: "octets >", value: (f) => f.octetsOriginator, words: octetWords, number: true, class: "wide" },
  { title: "< octets", value: (f) => f.octetsResponder, words: octetWords, number: true, class: "wide" },
  { title: "handshake", value: (f) => f.handshake, words: timeWords, number: true, class: "wide" },
  { title: "again", value: (f) => f.again, words: grouped, number: true, class: "wide" },
];

function flowsSection(capture, state) {
  let order = { column: tableColumns.find((column) => column.title === "worst"), down: true };
  let words = "";
  let limit = 20;
  const flags = { found: false };
  const texts = new Map(capture.flows.map((f) => [f, [f.number, f.originator, f.responder, f.outcome, f.stateOriginator, f.stateResponder, f.history].join(" ").toLowerCase()]));
  const body = el("tbody");
  const heads = tableColumns.map((column) => el("th", { scope: "col", class: [column.class === "ends" ? "" : column.class, column.number ? "r" : ""].join(" ") },
    el("button", { type: "button", onclick: () => { order = { column, down: order.column === column ? !order.down : Boolean(column.number && column.title !== "flow" || column.title === "worst") }; update(); } }, column.title)));
  const search = el("input", { type: "search", placeholder: "Filter flows: an address, :443, an outcome, a state", "aria-label": "Filter flows", oninput: () => { words = search.value.toLowerCase(); limit = 20; update(); } });
  const found = el("button", { type: "button", "aria-pressed": "false", onclick: () => { flags.found = !flags.found; found.setAttribute("aria-pressed", String(flags.found)); update(); } }, "with findings only");
  const more = el("button", { type: "button", class: "more", onclick: () => { limit += 200; update(); } });
  const told = el("p", { class: "hint", role: "status" });
  const panel = el("div", { id: "flow" });
  const rowOf = (flow) => {
    const row = el("tr", { tabindex: "0", "data-flow": flow.number, "aria-selected": String(state.flow === flow.number) },
      tableColumns.map((column) => el("td", { class: [column.class || "", column.number ? "r" : ""].join(" ") },
        column.cell ? column.cell(flow) : column.words ? column.words(column.value(flow)) : String(column.value(flow)))));
    row.addEventListener("click", () => open(flow.number, true));
    row.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); open(flow.number, true); }
      if (event.key === "ArrowDown" && row.nextElementSibling) { event.preventDefault(); row.nextElementSibling.focus(); }
      if (event.key === "ArrowUp" && row.previousElementSibling) { event.preventDefault(); row.previousElementSibling.focus(); }
    });
    return row;
  };
  function update() {
    const sign = order.down ? -1 : 1;
    const fits = words.split(/\s+/).filter(Boolean);
    const rows = capture.flows.filter((flow) => (!flags.found || flow.findings > 0) && fits.every((word) => texts.get(flow).includes(word)));
    rows.sort((a, b) => {
      const [x, y] = [order.column.value(a), order.column.value(b)];
      // What is not known comes last, whichever way.
      if (x === null || y === null) return x === y ? a.number - b.number : x === null ? 1 : -1;
      return (x < y ? -sign : x > y ? sign : 0) || a.number - b.number;
    });
    heads.forEach((head, i) => {
      if (tableColumns[i] === order.column) head.setAttribute("aria-sort", order.down ? "descending" : "ascending");
      else head.removeAttribute("aria-sort");
    });
    body.replaceChildren(...rows.slice(0, limit).map(rowOf));
    if (rows.length === 0) body.append(el("tr", {}, el("td", { colspan: tableColumns.length, class: "dim" }, capture.flows.length ? "No flow fits." : "No TCP flow.")));
    more.hidden = rows.length <= limit;
    more.textContent = `Show ${grouped(Math.min(200, rows.length - limit))} more of ${grouped(rows.length)}`;
    const notes = [];
    if (fits.length || flags.found) notes.push(`${grouped(rows.length)} of ${grouped(capture.flows.length)} flows`);
    if (capture.flows_left > 0) notes.push(`the ${grouped(capture.flows.length)} most remarkable of ${grouped(capture.flows.length + capture.flows_left)} flows are listed; flowlint flows lists all`);
    if (capture.plots_left > 0) notes.push(`${counted(capture.plots_left, "flow")} without a graph, to keep this file small; flowlint show --graph draws any`);
    told.textContent = notes.join("; ");
    told.hidden = notes.length === 0;
  }
  function open(number, scrolls) {
    const flow = capture.byNumber.get(number);
    if (!flow) return;
    state.flow = number;
    for (const row of body.rows) row.setAttribute("aria-selected", String(row.dataset.flow === String(number)));
    panel.replaceChildren(flowPanel(capture, flow, state));
    if (state.graph) state.graph.resize();
    if (scrolls) panel.firstElementChild.scrollIntoView({ block: "start" });
  }
  function filter(text) { search.value = words = text; limit = 20; update(); }
  update();
  const element = el("section", { id: "flows", "aria-labelledby": "flows-title" }, el("h2", { id: "flows-title" }, "Flows"),
    el("div", { class: "bar" }, search, found),
    el("div", { class: "card table", role: "region", "aria-label": "Flows", tabindex: "0" }, el("table", { class: "flows" }, el("thead", {}, el("tr", {}, heads)), body)),
    more, told, panel);
  return { element, open, filter };
}

function flowPanel(capture, flow, state) {
  const fact = (term, words) => (words === null || words === undefined || words === "" ? null : el("div", {}, el("dt", {}, term), el("dd", {}, words)));
  const seen = [flow.flags & 1 ? "from mid-stream" : null, flow.flags & 2 ? "one direction only" : null, flow.flags & 4 ? "who opened it is a guess" : null].filter(Boolean).join(", ");
  const element = el("article", { class: "flow card", "aria-label": "Flow " + flow.number },
    el("h3", {}, `Flow ${flow.number}: `, el("span", { class: "mono" }, `${flow.originator} > ${flow.responder}`)),
    el("dl", { class: "facts" },
      fact("outcome", flow.outcome), fact("last states", `${flow.stateOriginator}, ${flow.stateResponder}`), fact("starts at", momentWords(flow.start) + " s"), fact("lasts", timeWords(flow.duration)),
      fact("packets", `${grouped(flow.packetsOriginator)} >, < ${grouped(flow.packetsResponder)}`), fact("octets", `${grouped(flow.octetsOriginator)} >, < ${grouped(flow.octetsResponder)}`),
      fact("handshake", flow.handshake === null ? null : timeWords(flow.handshake)),
      fact("to originator and back", flow.rttOriginator === null ? null : timeWords(flow.rttOriginator)),
      fact("to responder and back", flow.rttResponder === null ? null : timeWords(flow.rttResponder)),
      fact("captured", flow.vantage), fact("seen", seen), fact("history", el("code", {}, flow.history))));
  const plot = plotOf(capture, flow.number);
  if (plot) {
    state.graph = new Graph(plot, flow);
    element.append(state.graph.element);
  } else {
    state.graph = null;
    element.append(el("p", { class: "notice" }, `This file has no graph of flow ${flow.number}; flowlint show --graph FILE.svg CAPTURE ${flow.number} draws it.`));
  }
  const columns = el("div", { class: "columns" });
  const packed = capture.plots[flow.number];
  const findings = capture.findings.filter((finding) => finding.flow === flow.number && finding.severity !== "info");
  if (findings.length) {
    columns.append(el("div", { class: "told" }, el("h4", {}, "Findings"), el("ul", {}, findings.slice(0, 40).map((finding) =>
      el("li", {}, el("span", { class: "badge " + finding.severity }, finding.severity), " ", el("a", { href: "#finding-" + finding.id }, finding.message))),
    findings.length > 40 ? el("li", {}, `and ${findings.length - 40} more`) : null)));
  }
  if (packed && packed.sockets.length) {
    columns.append(el("div", { class: "told" }, el("h4", {}, "What the applications saw"), el("ul", {}, packed.sockets.map(([role, frame, words]) =>
      el("li", {}, `${role === 0 ? "originator" : "responder"}: ${words} `, el("span", { class: "dim" }, `frame ${frame}`))))));
  }
  element.append(columns);
  return element;
}
