// How many endpoints were in which state, over time.

function spark(counts, peak, color) {
  const [width, height] = [300, 22];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  const step = width / Math.max(1, counts.length);
  let shape = `M0 ${height}`;
  counts.forEach((count, i) => {
    const y = (height - count / Math.max(1, peak) * (height - 2)).toFixed(1);
    shape += `L${(i * step).toFixed(2)} ${y}L${((i + 1) * step).toFixed(2)} ${y}`;
  });
  path.setAttribute("d", shape + `L${width} ${height}Z`);
  path.style.fill = `var(--${color})`;
  path.style.stroke = `color-mix(in srgb, var(--${color}) 60%, var(--text))`;
  path.style.strokeWidth = "1";
  path.setAttribute("vector-effect", "non-scaling-stroke");
  svg.append(path);
  return svg;
}

function statesSection(capture) {
  const { census } = capture;
  const cards = census.groups.map((group) => {
    const lasts = group.states.reduce((most, state) => Math.max(most, state[3].length), 0) * group.step;
    return el("div", { class: "card" },
      el("h3", {}, group.name), el("div", { class: "dim" }, `${group.side === 0 ? "the host that connects" : "the service"}, ${counted(group.flows, "connection")}`),
      el("table", {},
        el("thead", {}, el("tr", {}, el("th", {}, "state"), el("td", { class: "r" }, "peak"), el("td", { class: "w" }, "at"), el("td", {}, "over " + timeWords(lasts)))),
        el("tbody", {}, group.states.map(([state, peak, at, counts]) => el("tr", {},
          el("th", { scope: "row" }, state), el("td", { class: "r" }, peak ? grouped(peak) : "-"), el("td", { class: "w" }, peak ? timeWords(at) : ""),
          el("td", {}, peak ? spark(counts, peak, stateColor[state] || "st-off") : el("span", { class: "dim" }, "briefer than a sample")))))));
  });
  return el("section", { id: "states", "aria-labelledby": "states-title" }, el("h2", { id: "states-title" }, "States"),
    cards.length ? el("div", { class: "census" }, cards) : el("p", { class: "dim" }, "No connection to count."),
    el("p", { class: "hint" }, `Endpoints by state as the capture shows them; each step is the greatest count of its time. TIME-WAIT is taken to last ${timeWords(census.time_wait_us)}.` +
      (census.groups_left ? ` ${counted(census.groups_left, "further host or service", "further hosts and services")} not shown; flowlint states counts all.` : "")));
}
