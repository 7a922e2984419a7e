// A flow's drawings under one time axis: zoom by dragging, wheel with Ctrl or keys; pan by Shift and drag, or keys.

class Graph {
  constructor(plot, flow) {
    this.plot = plot;
    this.hidden = new Set();
    const [a, b] = plot.sides;
    this.which = b.octets > a.octets || (a.runs.length + a.marks.length === 0 && b.runs.length + b.marks.length > 0) ? 1 : 0;
    this.flow = flow;
    const end = Math.max(flow.duration, ...plot.sides.map((side) => (side.runs.length ? side.runs[side.runs.length - 1].until : 0)), 10);
    this.full = [-end * 0.015, end * 1.02];
    [this.t0, this.t1] = this.full;
    this.build();
  }

  get side() { return this.plot.sides[this.which]; }
  get view() { return { t0: this.t0, t1: this.t1, left: 76, right: this.width < 560 ? 4 : 12 }; }

  build() {
    const button = (text, label, act) => el("button", { type: "button", "aria-label": label, title: label, onclick: act }, text);
    this.ends = [`${this.flow.originator} > ${this.flow.responder}`, `${this.flow.responder} > ${this.flow.originator}`];
    this.directions = this.ends.map((words, i) => el("button", {
      type: "button", class: "which", onclick: () => { this.which = i; this.hidden.clear(); this.update(); },
    }, (i === 0 ? "originator's data" : "responder's data") + ", " + octetWords(this.plot.sides[i].octets) + " octets"));
    this.legend = el("div", { class: "legend", role: "group", "aria-label": "What is drawn" });
    this.canvases = {};
    for (const name of ["bands", "sequence", "times", "throughput", "flight", "rtt"]) this.canvases[name] = el("canvas", { "aria-hidden": "true" });
    this.line = el("div", { class: "line", hidden: true });
    this.area = el("div", { class: "area", hidden: true });
    this.tip = el("div", { class: "tip", hidden: true });
    this.frame = el("div", { class: "graph", tabindex: "0", role: "application", "aria-roledescription": "time-sequence graph" },
      Object.values(this.canvases), this.line, this.area, this.tip);
    this.status = el("p", { class: "hint", role: "status" });
    this.element = el("div", {},
      el("div", { class: "controls" },
        el("span", { class: "group", role: "group", "aria-label": "Direction" }, this.directions),
        el("span", { class: "group", role: "group", "aria-label": "Zoom and pan" },
          button("−", "Zoom out (-)", () => this.zoom(2)), button("+", "Zoom in (+)", () => this.zoom(0.5)),
          button("←", "Earlier (left arrow)", () => this.pan(-0.25)), button("→", "Later (right arrow)", () => this.pan(0.25)),
          button("all", "All of it (0)", () => this.show(...this.full)))),
      this.legend, this.frame, this.status,
      el("p", { class: "hint keys" }, "Drag across the graph to zoom in, double-click for all of it; Shift and drag moves it, as do the arrow keys; + and - zoom, 0 shows all. Letters name causes as in the legend, which hides and shows; where they would cover each other, zoom in for all."));
    this.listen();
    new ResizeObserver(() => requestAnimationFrame(() => this.resize())).observe(this.frame);
  }

  resize() {
    const width = this.frame.clientWidth;
    if (width > 0 && width !== this.width) { this.width = width; this.update(); }
  }

  // Shows a stretch of time, within what there is.
  show(t0, t1) {
    const [first, last] = this.full;
    const span = Math.min(last - first, Math.max(4, t1 - t0));
    t0 = Math.min(Math.max(first, t0), last - span);
    [this.t0, this.t1] = [t0, t0 + span];
    this.draw();
  }

  zoom(factor, around = (this.t0 + this.t1) / 2) {
    this.show(around - (around - this.t0) * factor, around + (this.t1 - around) * factor);
  }

  pan(share) { const by = (this.t1 - this.t0) * share; this.show(this.t0 + by, this.t1 + by); }

  // After a change of direction, layers, width or theme.
  update() {
    this.directions.forEach((button, i) => button.setAttribute("aria-pressed", String(i === this.which)));
    this.legend.replaceChildren(...layersOf(this.side).map((layer) => {
      const sign = el("canvas", { "aria-hidden": "true" });
      const isCounted = typeof layer.id === "number";
      const button = el("button", {
        type: "button", "aria-pressed": String(!this.hidden.has(layer.id)),
        onclick: () => {
          if (!this.hidden.delete(layer.id)) this.hidden.add(layer.id);
          button.setAttribute("aria-pressed", String(!this.hidden.has(layer.id)));
          this.draw();
        },
      }, sign, layer.name + (isCounted ? " " + grouped(layer.count) : ""));
      drawLegendMark(sign, layer);
      return button;
    }));
    this.draw();
  }

  draw() {
    if (!this.width) return;
    const { canvases, side, view, width } = this;
    drawBands(canvases.bands, this.plot.bands, view, width);
    this.scales = drawSequence(canvases.sequence, side, view, this.hidden, width, width < 560 ? 260 : 360);
    drawTimes(canvases.times, view, width);
    drawThroughput(canvases.throughput, side, view, width);
    drawFlight(canvases.flight, side, view, width);
    drawRoundTrips(canvases.rtt, side, view, width);
    this.tip.hidden = this.line.hidden = true;
    this.frame.setAttribute("aria-label",
      `Octets over time, ${this.ends[this.which]}, from ${momentWords(this.t0)} to ${momentWords(this.t1)} seconds: ` +
      layersOf(side).filter((layer) => typeof layer.id === "number").map((layer) => `${layer.name} ${layer.count}`).join(", "));
    const told = [`${momentWords(Math.max(0, this.t0))} to ${momentWords(this.t1)} s of the flow`, `${grouped(this.plot.segments)} segments`];
    if (side.stretch > 0) told.push(`too many to draw one by one: those of ${timeWords(side.stretch)} are one stroke, from the first to the last`);
    if (side.unplaced > 0) told.push(`${counted(side.unplaced, "verdict")} could not be placed`);
    this.status.textContent = told.join("; ");
  }

  // What is nearest to a point of the frame, for the tip.
  nearest(px, py) {
    const { x, y } = this.scales;
    const top = this.canvases.sequence.offsetTop;
    let best = null;
    const take = (point, words, a, b) => {
      const [low, high] = [Math.min(a, b) + top, Math.max(a, b) + top];
      const dx = Math.max(0, x(point.t) - px, px - x(point.until ?? point.t));
      const dy = py < low ? low - py : py > high ? py - high : 0;
      const far = Math.hypot(dx, dy);
      if (far < 14 && (best === null || far < best.far)) best = { far, words };
    };
    const t = this.timeAt(px);
    const reach = (this.t1 - this.t0) / Math.max(1, this.width) * 16;
    const octets = (point) => `${grouped(point.low)} to ${grouped(point.high)} (${grouped(point.high - point.low)})`;
    const { side } = this;
    for (let i = firstIndex(side.marks, (m) => m.t >= t - reach); i < side.marks.length && side.marks[i].t <= t + reach; i++) {
      const mark = side.marks[i];
      if (this.hidden.has(mark.kind)) continue;
      take(mark, [`${kinds[mark.kind].name}${mark.count > 1 ? `, ${mark.count} of them` : ""}`, `frame ${mark.frame}`, octets(mark)], y(mark.low) + 4, y(mark.high) - 12);
    }
    if (best) return best.words;
    if (!this.hidden.has("data")) {
      for (let i = Math.max(0, firstIndex(side.runs, (r) => r.t >= t - reach) - 2); i < side.runs.length && side.runs[i].t <= t + reach; i++) {
        const run = side.runs[i];
        take(run, [run.count > 1 ? `${grouped(run.count)} segments from frame ${run.frame} on` : `frame ${run.frame}`, octets(run)], y(run.low), y(run.high));
      }
    }
    if (!best && !this.hidden.has("ack")) {
      for (let i = firstIndex(side.acks, (a) => a.t >= t - reach); i < side.acks.length && side.acks[i].t <= t + reach; i++) {
        const ack = side.acks[i];
        take(ack, [`ack ${grouped(ack.ack)}`, `frame ${ack.frame}`, `window ${grouped(ack.edge - ack.ack)}`], y(ack.ack), y(ack.ack));
      }
    }
    return best && best.words;
  }

  timeAt(px) {
    const { left, right } = this.view;
    return this.t0 + (px - left) / (this.width - left - right) * (this.t1 - this.t0);
  }

  point(px, py) {
    const { left, right } = this.view;
    const isInside = px >= left && px <= this.width - right;
    this.line.hidden = !isInside;
    if (!isInside) { this.tip.hidden = true; return; }
    this.line.style.left = px + "px";
    const words = this.nearest(px, py);
    this.tip.replaceChildren(...[momentWords(this.timeAt(px)) + " s", ...(words || [])].map((line, i) => el("div", {}, i === 1 ? el("b", {}, line) : line)));
    this.tip.hidden = false;
    const right2 = px + 14 + this.tip.offsetWidth > this.width;
    this.tip.style.left = (right2 ? Math.max(0, px - 14 - this.tip.offsetWidth) : px + 14) + "px";
    this.tip.style.top = Math.max(0, Math.min(this.frame.clientHeight - this.tip.offsetHeight, py + 14)) + "px";
  }

  listen() {
    const { frame } = this;
    const place = (event) => { const box = frame.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
    let drag = null;
    const fingers = new Map();
    frame.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      const [px] = place(event);
      fingers.set(event.pointerId, px);
      frame.setPointerCapture(event.pointerId);
      // A finger moves the graph; a mouse marks what to zoom to.
      const pans = event.shiftKey || event.pointerType === "touch";
      drag = { from: px, pans, t0: this.t0, t1: this.t1, spread: null };
      frame.classList.toggle("panning", pans);
    });
    frame.addEventListener("pointermove", (event) => {
      const [px, py] = place(event);
      if (!drag) return this.point(px, py);
      fingers.set(event.pointerId, px);
      const scale = (drag.t1 - drag.t0) / (this.width - this.view.left - this.view.right);
      if (fingers.size === 2) {
        const [a, b] = [...fingers.values()];
        const spread = Math.max(12, Math.abs(a - b));
        if (drag.spread) this.zoom(drag.spread / spread, this.timeAt((a + b) / 2));
        drag.spread = spread;
      } else if (drag.pans) {
        if (!drag.spread) this.show(drag.t0 - (px - drag.from) * scale, drag.t1 - (px - drag.from) * scale);
      } else {
        this.area.hidden = Math.abs(px - drag.from) < 4;
        this.area.style.left = Math.min(px, drag.from) + "px";
        this.area.style.width = Math.abs(px - drag.from) + "px";
        this.tip.hidden = true;
      }
    });
    const end = (event) => {
      fingers.delete(event.pointerId);
      if (!drag || fingers.size > 0) return;
      const [px] = place(event);
      if (event.type === "pointerup" && !drag.pans && Math.abs(px - drag.from) >= 4) {
        this.show(this.timeAt(Math.min(px, drag.from)), this.timeAt(Math.max(px, drag.from)));
      }
      this.area.hidden = true;
      frame.classList.remove("panning");
      drag = null;
    };
    frame.addEventListener("pointerup", end);
    frame.addEventListener("pointercancel", end);
    frame.addEventListener("pointerleave", () => { if (!drag) this.tip.hidden = this.line.hidden = true; });
    frame.addEventListener("dblclick", () => this.show(...this.full));
    frame.addEventListener("wheel", (event) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        this.zoom(Math.pow(1.002, Math.max(-400, Math.min(400, event.deltaY))), this.timeAt(place(event)[0]));
      } else if (Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey) {
        event.preventDefault();
        this.pan((event.deltaX || event.deltaY) / this.width);
      }
    }, { passive: false });
    frame.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const acts = {
        ArrowLeft: () => this.pan(-0.2), ArrowRight: () => this.pan(0.2), "+": () => this.zoom(0.5), "=": () => this.zoom(0.5),
        "-": () => this.zoom(2), 0: () => this.show(...this.full), Home: () => this.show(this.full[0], this.full[0] + this.t1 - this.t0),
        End: () => this.show(this.full[1] - this.t1 + this.t0, this.full[1]),
      };
      if (acts[event.key]) { event.preventDefault(); acts[event.key](); }
    });
  }
}
