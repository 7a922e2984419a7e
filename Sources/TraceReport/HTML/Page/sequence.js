// The time-sequence graph of one direction: octets of the stream over time, what acknowledged them, and how far the
// receiver's window let the sender go.

// What can be shown and hidden, with how it is drawn in the legend.
function layersOf(side) {
  const layers = [
    { id: "data", name: "segments", count: side.runs.reduce((sum, run) => sum + run.count, 0), color: "data", shape: "bar" },
    { id: "ack", name: "acknowledged", count: side.acks.length, color: "ack", shape: "step" },
    { id: "edge", name: "window edge", count: side.acks.length, color: "edge", shape: "step" },
    { id: "sack", name: "SACK", count: side.sacks.length, color: "sack", shape: "bar" },
  ];
  kinds.forEach((kind, i) => {
    const count = side.marks.reduce((sum, mark) => sum + (mark.kind === i ? mark.count : 0), 0);
    layers.push({ id: i, name: kind.name, count, ...kind });
  });
  return layers.filter((layer) => layer.count > 0);
}

function drawLegendMark(canvas, layer) {
  const context = prepare(canvas, 16, 14);
  const color = colors[layer.color];
  context.strokeStyle = context.fillStyle = color;
  context.lineWidth = 2;
  context.beginPath();
  if (layer.shape === "step") { context.moveTo(1, 11); context.lineTo(8, 11); context.lineTo(8, 4); context.lineTo(15, 4); context.stroke(); }
  else if (layer.shape === "bar") { context.moveTo(8, 1); context.lineTo(8, 13); context.stroke(); }
  else drawSymbol(context, layer, color, 8, 7);
}

function drawSymbol(context, kind, color, x, y) {
  context.strokeStyle = context.fillStyle = color;
  context.lineWidth = 1.8;
  context.beginPath();
  if (kind.shape === "cross") {
    context.moveTo(x - 4, y - 4); context.lineTo(x + 4, y + 4); context.moveTo(x + 4, y - 4); context.lineTo(x - 4, y + 4);
    context.stroke();
  } else if (kind.shape === "ring") {
    context.arc(x, y, 4, 0, 7);
    context.stroke();
  } else {
    context.font = "700 " + (kind.text ? 9 : 11) + "px system-ui, sans-serif";
    context.textAlign = "center";
    context.fillText(kind.letter || (kind.text && context.canvas.width < 60 ? kind.text[0] : kind.text), x, y + 0.5);
  }
}

// The octets that are in view, so that the drawing fills its height.
function sequenceRange(side, t0, t1, hidden) {
  let low = Infinity;
  let high = -Infinity;
  const take = (a, b) => { if (a < low) low = a; if (b > high) high = b; };
  const from = Math.max(0, firstIndex(side.runs, (run) => run.t >= t0) - 1);
  for (let i = from; i < side.runs.length && side.runs[i].t <= t1; i++) {
    if (side.runs[i].until >= t0) take(side.runs[i].low, side.runs[i].high);
  }
  for (let i = firstIndex(side.marks, (mark) => mark.t >= t0); i < side.marks.length && side.marks[i].t <= t1; i++) {
    if (!hidden.has(side.marks[i].kind)) take(side.marks[i].low, side.marks[i].high);
  }
  const ackFrom = Math.max(0, firstIndex(side.acks, (ack) => ack.t > t0) - 1);
  let edge = -Infinity;
  for (let i = ackFrom; i < side.acks.length && side.acks[i].t <= t1; i++) {
    take(side.acks[i].ack, side.acks[i].ack);
    edge = Math.max(edge, side.acks[i].edge);
  }
  if (low > high) return [0, 1, false];
  const size = Math.max(1, high - low);
  // A window edge far above would press the data flat: then it stays out of view.
  const isAbove = edge > high + size * 0.7;
  if (!hidden.has("edge") && edge > high && !isAbove) high = edge;
  const pad = Math.max(1, (high - low) * 0.05);
  return [low - pad, high + pad, isAbove && !hidden.has("edge")];
}

function drawSequence(canvas, side, view, hidden, width, height) {
  const context = prepare(canvas, width, height);
  const box = { left: view.left, top: 8, width: width - view.left - view.right, height: height - 12 };
  const [low, high, edgeIsAbove] = sequenceRange(side, view.t0, view.t1, hidden);
  const y = drawRows(context, box, low, high, (n) => (n < 0 ? "" : octetWords(n)), height / 55);
  const x = (t) => box.left + (t - view.t0) / (view.t1 - view.t0) * box.width;
  context.save();
  context.beginPath();
  context.rect(box.left, box.top - 4, box.width, box.height + 8);
  context.clip();
  const ackFrom = Math.max(0, firstIndex(side.acks, (ack) => ack.t > view.t0) - 1);
  const steps = (value, color, lineWidth) => {
    context.strokeStyle = colors[color];
    context.lineWidth = lineWidth;
    context.beginPath();
    let before = null;
    for (let i = ackFrom; i < side.acks.length; i++) {
      const ack = side.acks[i];
      const at = y(value(ack));
      if (before === null) context.moveTo(x(ack.t), at);
      else { context.lineTo(x(ack.t), before); context.lineTo(x(ack.t), at); }
      before = at;
      if (ack.t > view.t1) break;
    }
    if (before !== null) context.lineTo(box.left + box.width + 2, before);
    context.stroke();
  };
  if (!hidden.has("edge")) steps((ack) => ack.edge, "edge", 1.3);
  if (!hidden.has("ack")) steps((ack) => ack.ack, "ack", 1.6);
  const strokes = (points, color, lineWidth) => {
    context.strokeStyle = colors[color];
    context.lineWidth = lineWidth;
    context.beginPath();
    const from = Math.max(0, firstIndex(points, (point) => point.t >= view.t0) - 1);
    for (let i = from; i < points.length && points[i].t <= view.t1; i++) {
      const point = points[i];
      const [a, b] = [y(point.low), y(point.high)];
      const left = x(point.t);
      context.moveTo(left, Math.max(a, b + 1.5));
      context.lineTo(point.until > point.t ? x(point.until) : left, b);
    }
    context.stroke();
  };
  if (!hidden.has("data")) strokes(side.runs, "data", 1.6);
  if (!hidden.has("sack")) strokes(side.sacks, "sack", 1.6);
  context.restore();
  context.save();
  context.beginPath();
  // Symbols at the edge of time are shown whole.
  context.rect(box.left - 13, 0, box.width + 26, height);
  context.clip();
  drawMarks(context, side, view, hidden, x, y);
  context.restore();
  if (edgeIsAbove) {
    context.fillStyle = colors.dim;
    context.textAlign = "right";
    context.font = "11px system-ui, sans-serif";
    context.fillText("the window edge lies above", box.left + box.width - 4, box.top + 7);
  }
  return { x, y, box };
}

function drawMarks(context, side, view, hidden, x, y) {
  const from = firstIndex(side.marks, (mark) => mark.t >= view.t0);
  const taken = [];
  for (let i = from; i < side.marks.length && side.marks[i].t <= view.t1; i++) {
    const mark = side.marks[i];
    if (hidden.has(mark.kind)) continue;
    const kind = kinds[mark.kind];
    const color = colors[kind.color];
    const left = x(mark.t);
    const [bottom, top] = [y(mark.low), y(mark.high)];
    const isLoss = kind.shape !== undefined;
    if (!isLoss && !kind.text) {
      context.strokeStyle = color;
      context.lineWidth = 3;
      context.beginPath();
      context.moveTo(left, Math.max(bottom, top + 3));
      context.lineTo(left, top);
      context.stroke();
    }
    const at = isLoss ? (bottom + top) / 2 : top - 7;
    // Symbols that would cover each other are left out; the bars of what was sent again are not.
    if (taken.some(([a, b]) => Math.abs(a - left) < 9 && Math.abs(b - at) < 9)) continue;
    taken.push([left, at]);
    if (taken.length > 60) taken.shift();
    drawSymbol(context, kind, color, left, at);
  }
}
