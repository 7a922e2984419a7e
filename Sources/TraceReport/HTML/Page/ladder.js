// A finding's segments as a ladder, the originator on the left.

function ladder(rows) {
  const line = ([frame, time, sender, words, note, isOffence]) => el("tr", { class: isOffence ? "here" : null },
    el("td", { class: "r" }, frame > 0 ? String(frame) : ""), el("td", { class: "r t" }, momentWords(time)),
    el("td", {}, sender === 0 ? words : ""),
    el("td", { class: "a" }, el("span", { class: sender === 0 ? "arrow to" : "arrow fro", role: "img", "aria-label": sender === 0 ? "to the responder" : "to the originator" })),
    el("td", {}, sender === 1 ? words : ""), el("td", { class: "n" }, note));
  return el("div", { class: "ladder", tabindex: "0", role: "region", "aria-label": "Segments" },
    el("table", {},
      el("thead", {}, el("tr", {}, el("th", { class: "r" }, "frame"), el("th", { class: "r" }, "time"), el("th", {}, "originator"), el("th"), el("th", {}, "responder"), el("th"))),
      el("tbody", {}, rows.map(line))));
}
