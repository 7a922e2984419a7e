// What changes over time beside the sequence: rate, octets in flight, round trips, and both endpoints' states.

const stateColor = {
  "SYN-SENT": "st-open", "SYN-RECEIVED": "st-open", "ESTABLISHED": "st-est", "FIN-WAIT-1": "st-close", "FIN-WAIT-2": "st-close",
  "CLOSING": "st-close", "LAST-ACK": "st-close", "CLOSE-WAIT": "st-wait", "TIME-WAIT": "st-tw", "LISTEN": "st-off", "CLOSED": "st-off",
};

function drawBands(canvas, bands, view, width) {
  const height = 50;
  const context = prepare(canvas, width, height);
  const box = { left: view.left, width: width - view.left - view.right };
  const x = (t) => box.left + (t - view.t0) / (view.t1 - view.t0) * box.width;
  bands.forEach((band, row) => {
    const top = 2 + row * 24;
    context.fillStyle = colors.dim;
    context.textAlign = "right";
    context.fillText(row === 0 ? "originator" : "responder", box.left - 7, top + 10);
    band.forEach((stay, i) => {
      const end = i + 1 < band.length ? band[i + 1].t : Infinity;
      const from = Math.max(box.left, x(Math.max(view.t0, stay.t)));
      const to = Math.min(box.left + box.width, x(Math.min(view.t1, end)));
      if (to <= from) return;
      context.fillStyle = colors[stateColor[stay.state] || "st-off"];
      context.fillRect(from, top, Math.max(1, to - from - (to - from > 3 ? 1 : 0)), 20);
      const words = context.measureText(stay.state).width + 10 < to - from ? stay.state : "";
      context.fillStyle = colors.text;
      context.textAlign = "left";
      if (words) context.fillText(words, from + 5, top + 10.5);
    });
  });
}

// The columns in view, joined until each is a few pixels wide, and how long they are then.
function visible(side, view, width) {
  let joined = 1;
  while (side.width * joined / (view.t1 - view.t0) * width < 5) joined *= 2;
  const lasts = side.width * joined;
  const from = firstIndex(side.columns, (column) => column.until > view.t0 - lasts);
  const until = firstIndex(side.columns, (column) => column.t > view.t1);
  const columns = [];
  for (const column of side.columns.slice(from, until)) {
    const i = Math.floor(column.i / joined);
    let last = columns[columns.length - 1];
    if (!last || last.i !== i) {
      columns.push({ ...column, i, t: i * lasts, until: (i + 1) * lasts });
      continue;
    }
    last.octets += column.octets;
    last.fresh += column.fresh;
    last.flight = Math.max(last.flight, column.flight);
    if (column.samples === 0) continue;
    const samples = last.samples + column.samples;
    last.rtt = (last.rtt * last.samples + column.rtt * column.samples) / samples;
    last.rttMin = last.samples ? Math.min(last.rttMin, column.rttMin) : column.rttMin;
    last.rttMax = Math.max(last.rttMax, column.rttMax);
    last.samples = samples;
  }
  return { columns, lasts };
}

// One small chart: its title, its greatest value in view, and how a column of it is drawn.
function drawSeries(canvas, title, side, view, width, value, words, draw, more) {
  const height = 92;
  const context = prepare(canvas, width, height);
  const box = { left: view.left, top: 20, width: width - view.left - view.right, height: height - 26 };
  const { columns, lasts } = visible(side, view, box.width);
  const shown = columns.filter((column) => value(column) > 0);
  let high = 0;
  for (const column of shown) high = Math.max(high, value(column));
  if (more) high = Math.max(high, more.high(high));
  const top = high > 0 ? high * 1.08 : 1;
  const y = drawRows(context, box, 0, top, (n) => (n === 0 ? "" : words(n)), 2.5);
  const x = (t) => box.left + (t - view.t0) / (view.t1 - view.t0) * box.width;
  context.fillStyle = colors.text;
  context.textAlign = "left";
  context.fillText(title(lasts), box.left, 9);
  context.save();
  context.beginPath();
  context.rect(box.left, box.top - 2, box.width, box.height + 4);
  context.clip();
  for (const column of shown) draw(context, column, x, y);
  if (more) more.draw(context, x, y);
  context.restore();
  if (shown.length === 0) {
    context.fillStyle = colors.dim;
    context.fillText("nothing in view", box.left + 6, box.top + box.height / 2);
  }
}

function drawThroughput(canvas, side, view, width) {
  const rate = (octets, column) => octets * 8e6 / (column.until - column.t);
  drawSeries(
    canvas, (lasts) => "Throughput, per " + timeWords(lasts) + (side.columns.some((c) => c.octets > c.fresh) ? "; repeats on top" : ""),
    side, view, width, (column) => rate(column.octets, column), rateWords,
    (context, column, x, y) => {
      const left = x(column.t);
      const wide = Math.max(1, x(column.until) - left - 0.5);
      const [base, fresh, all] = [y(0), y(rate(column.fresh, column)), y(rate(column.octets, column))];
      context.fillStyle = colors.accent;
      context.globalAlpha = 0.75;
      context.fillRect(left, fresh, wide, base - fresh);
      context.globalAlpha = 1;
      context.fillStyle = colors.timeout;
      context.fillRect(left, all, wide, fresh - all);
    });
}

function drawFlight(canvas, side, view, width) {
  const window = {
    // Where the window is close enough to matter it is drawn.
    high: (most) => {
      let least = Infinity;
      for (const ack of side.acks) if (ack.t >= view.t0 && ack.t <= view.t1) least = Math.min(least, ack.edge - ack.ack);
      return least <= most * 1.6 ? Math.min(least, most * 1.6) : 0;
    },
    draw: (context, x, y) => {
      context.strokeStyle = colors.edge;
      context.lineWidth = 1.3;
      context.beginPath();
      let before = null;
      for (let i = Math.max(0, firstIndex(side.acks, (a) => a.t > view.t0) - 1); i < side.acks.length; i++) {
        const ack = side.acks[i];
        const at = y(Math.max(0, ack.edge - ack.ack));
        if (before !== null) context.lineTo(x(ack.t), before); else context.moveTo(x(ack.t), at);
        context.lineTo(x(ack.t), at);
        before = at;
        if (ack.t > view.t1) break;
      }
      if (before !== null) context.lineTo(x(view.t1), before);
      context.stroke();
    },
  };
  drawSeries(
    canvas, () => "Octets in flight (bars), receiver's window (line)", side, view, width, (column) => column.flight, octetWords,
    (context, column, x, y) => {
      context.fillStyle = colors.ack;
      context.globalAlpha = 0.6;
      context.fillRect(x(column.t), y(column.flight), Math.max(1, x(column.until) - x(column.t) - 0.5), y(0) - y(column.flight));
      context.globalAlpha = 1;
    }, window);
}

function drawRoundTrips(canvas, side, view, width) {
  drawSeries(
    canvas, () => (width < 560 ? "Round trip to the receiver" : "Round trip between capture point and receiver: least to most, mean"), side, view, width,
    (column) => (column.samples ? Math.max(1, column.rttMax) : 0), timeWords,
    (context, column, x, y) => {
      const at = (x(column.t) + x(column.until)) / 2;
      context.strokeStyle = context.fillStyle = colors.sack;
      context.lineWidth = 1.4;
      context.globalAlpha = 0.5;
      context.beginPath();
      context.moveTo(at, y(column.rttMin));
      context.lineTo(at, y(column.rttMax));
      context.stroke();
      context.globalAlpha = 1;
      context.fillRect(at - 1.7, y(column.rtt) - 1.7, 3.4, 3.4);
    });
}

function drawTimes(canvas, view, width) {
  const height = 22;
  const context = prepare(canvas, width, height);
  const box = { left: view.left, width: width - view.left - view.right };
  const { step, values } = ticks(view.t0, view.t1, box.width / 105);
  const largest = Math.max(Math.abs(view.t0), Math.abs(view.t1));
  context.fillStyle = colors.dim;
  context.strokeStyle = colors.line;
  context.textAlign = "center";
  context.beginPath();
  context.moveTo(box.left, 0.5);
  context.lineTo(box.left + box.width, 0.5);
  for (const value of values) {
    const at = box.left + (value - view.t0) / (view.t1 - view.t0) * box.width;
    context.moveTo(at, 0); context.lineTo(at, 4);
    const half = context.measureText(timeTick(value, step, largest)).width / 2;
    context.fillText(timeTick(value, step, largest), Math.min(width - half, Math.max(half, at)), 13);
  }
  context.stroke();
}
