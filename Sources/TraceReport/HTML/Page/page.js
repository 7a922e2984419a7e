// Puts the page together, and remembers what is open.

function summarySection(capture, filterFlows) {
  const { record } = capture;
  const figure = (term, words, tone) => el("div", { class: tone }, el("dt", {}, term), el("dd", {}, words));
  const count = (severity) => figure(severity + "s", grouped(capture.counts[severity]), capture.counts[severity] ? severity : "none");
  const kind = [record.format, ...record.link_types].filter(Boolean).join(", ");
  const most = Math.max(1, ...capture.outcomes.map((outcome) => outcome[2]));
  return el("section", { id: "summary", "aria-label": "Summary" },
    el("h1", {}, record.file),
    el("p", { class: "sub" }, [kind, dateWords(capture.start_us)].filter(Boolean).join("; ")),
    el("dl", { class: "figures" }, figure("packets", grouped(record.packets)), figure("flows", grouped(record.flows)), figure("lasts", timeWords(capture.duration_us)), count("error"), count("warning"), count("note")),
    el("div", { class: "halves" },
      el("div", { class: "card" }, el("h3", {}, "Quality of the capture"),
        capture.quality.length ? el("ul", {}, capture.quality.map((words) => el("li", {}, words))) : el("p", { class: "good", style: "margin:0" }, "no defect seen"),
        record.not_judged.length ? el("p", { class: "hint" }, "not judged: " + record.not_judged.join(", ")) : null),
      el("div", { class: "card" }, el("h3", {}, "Flows by outcome"),
        el("ul", { class: "outcomes" }, capture.outcomes.map(([name, meaning, n]) => el("li", {},
          el("button", { type: "button", title: "Show these flows", onclick: () => filterFlows(name) }, el("span", {}, name + " ", el("span", { class: "dim" }, meaning)), el("span", { class: "num" }, grouped(n)),
            el("i", { style: `width:${(n / most * 100).toFixed(1)}%` }))))))));
}

const page = { capture: 0, flow: null, graph: null };

// The flow that shows most.
function firstFlow(capture) {
  let best = null;
  for (const flow of capture.flows) {
    if (!capture.plots[flow.number]) continue;
    const worth = [flow.worst, flow.again + flow.zeroWindows, flow.packetsOriginator + flow.packetsResponder];
    const i = best ? worth.findIndex((n, k) => n !== best.worth[k]) : 0;
    if (!best || (i >= 0 && worth[i] > best.worth[i])) best = { flow, worth };
  }
  return best && best.flow.number;
}

function render() {
  readColors();
  const main = document.getElementById("main");
  const capture = data.captures[page.capture];
  const failures = data.failures.map((failure) => el("p", { class: "notice", role: "alert" }, `${failure.file}: ${failure.reason}`));
  if (!capture) { main.replaceChildren(...failures, el("p", {}, "No capture could be read.")); return; }
  page.flow = page.graph = null;
  const flows = flowsSection(capture, page);
  page.open = flows.open;
  const filterFlows = (words) => { flows.filter(words); document.getElementById("flows").scrollIntoView(); };
  main.replaceChildren(...failures, summarySection(capture, filterFlows), findingsSection(capture, flows.open), flows.element, statesSection(capture));
  const first = firstFlow(capture);
  if (first !== null) flows.open(first, false);
}

function follow() {
  const match = /^#(flow|finding)-(\d+)$/.exec(location.hash);
  if (!match) return;
  if (match[1] === "flow") page.open(Number(match[2]), true);
  const card = document.getElementById(match[0].slice(1));
  if (match[1] === "finding" && card) { card.open = true; card.fill(); card.scrollIntoView(); card.querySelector("summary").focus({ preventScroll: true }); }
}

function redraw() { readColors(); if (page.graph) page.graph.update(); }

function start() {
  const select = document.getElementById("capture");
  if (data.captures.length > 1) {
    select.hidden = false;
    select.append(...data.captures.map((capture, i) => el("option", { value: i }, capture.record.file.length > 34 ? "\u2026" + capture.record.file.slice(-33) : capture.record.file)));
    select.addEventListener("change", () => { page.capture = Number(select.value); render(); });
  }
  const root = document.documentElement;
  const theme = document.getElementById("theme");
  const themes = ["auto", "light", "dark"];
  const setTheme = (name) => {
    if (name === "auto") delete root.dataset.theme; else root.dataset.theme = name;
    theme.textContent = "\u25d0 " + name;
    theme.setAttribute("aria-label", "Theme: " + name);
    theme.dataset.now = name;
    redraw();
  };
  theme.addEventListener("click", () => setTheme(themes[(themes.indexOf(theme.dataset.now) + 1) % 3]));
  setTheme("auto");
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  const { summary } = data;
  document.getElementById("foot").textContent =
    `${data.application}; ${counted(summary.captures, "capture")}, ${counted(summary.flows, "flow")}, ${counted(summary.packets, "packet")}. ` +
    "Everything here was inferred from the capture, from where it was taken; flowlint rules CODE tells what a rule looks for.";
  render();
  // On paper everything is open, and light.
  let closed = [];
  let shade = "auto";
  addEventListener("beforeprint", () => {
    shade = theme.dataset.now;
    setTheme("light");
    closed = [...document.querySelectorAll("details:not([open])")];
    for (const card of closed) { card.fill(); card.open = true; }
  });
  addEventListener("afterprint", () => { for (const card of closed) card.open = false; setTheme(shade); });
  addEventListener("hashchange", follow);
  follow();
}

start();
