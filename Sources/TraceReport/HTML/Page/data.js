// The data as HTMLRecord and HTMLPlot write them, unpacked where they are needed.

const data = JSON.parse(document.getElementById("data").textContent);
const severities = ["error", "warning", "note", "info"];

const flowColumns = [
  "number", "originator", "responder", "start", "duration", "outcome", "stateOriginator", "stateResponder",
  "packetsOriginator", "packetsResponder", "octetsOriginator", "octetsResponder", "rttOriginator",
  "rttResponder", "handshake", "again", "zeroWindows", "worst", "findings", "history", "vantage", "flags",
];

for (const capture of data.captures) {
  capture.flows = capture.flows.map((row) => Object.fromEntries(flowColumns.map((name, i) => [name, row[i]])));
  capture.byNumber = new Map(capture.flows.map((flow) => [flow.number, flow]));
  for (const finding of capture.findings) finding.remedy = capture.remedies[finding.remedy];
}

// Kinds of marks, in the order of PlotMark.Kind.
const kinds = [
  { name: "sent again", color: "again", letter: "A" }, { name: "time-out", color: "timeout", letter: "T" },
  { name: "fast retransmission", color: "fast", letter: "F" },
  { name: "after the time-out", color: "recovery", letter: "R" },
  { name: "tail loss probe", color: "probe", letter: "P" },
  { name: "smaller path MTU", color: "again", letter: "M" },
  { name: "sent again needlessly", color: "needless", letter: "N" },
  { name: "out of order", color: "odd", letter: "O" }, { name: "duplicate", color: "odd", letter: "D" },
  { name: "keep-alive", color: "turn", letter: "K" }, { name: "window probe", color: "probe", letter: "W" },
  { name: "lost", color: "lost", shape: "cross" },
  { name: "lost before the capture point", color: "lost", shape: "ring" },
  { name: "zero window", color: "edge", letter: "Z" },
  { name: "SYN", color: "turn", text: "SYN" }, { name: "FIN", color: "turn", text: "FIN" },
  { name: "RST", color: "lost", text: "RST" },
];

// Flat numbers to points; of the fields named in `growing` the file holds differences.
function unpack(numbers, fields, growing) {
  const points = [];
  const last = {};
  for (let i = 0; i < numbers.length; i += fields.length) {
    const point = {};
    for (let k = 0; k < fields.length; k++) {
      const name = fields[k];
      let value = numbers[i + k];
      if (growing.includes(name)) value = last[name] = (last[name] || 0) + value;
      point[name] = value;
    }
    points.push(point);
  }
  return points;
}

function unpackSide(side) {
  const runs = unpack(side.runs, ["t", "lasts", "low", "size", "frame", "count"], ["t", "low", "frame"]);
  for (const run of runs) { run.until = run.t + run.lasts; run.high = run.low + run.size; }
  const acks = unpack(side.acks, ["t", "ack", "edge", "drop", "frame"], ["t", "ack", "edge", "frame"]);
  const sacks = unpack(side.sacks, ["t", "low", "size"], ["t", "low"]);
  for (const sack of sacks) sack.high = sack.low + sack.size;
  const marks = unpack(side.marks, ["kind", "t", "low", "size", "frame", "count"], ["t", "low", "frame"]);
  for (const mark of marks) mark.high = mark.low + mark.size;
  const columns = unpack(
    side.columns, ["i", "octets", "fresh", "flight", "samples", "rttMin", "rttMax", "rtt"], ["i"]);
  const width = Math.max(1, side.column_us);
  for (const column of columns) { column.t = column.i * width; column.until = column.t + width; }
  return {
    runs, acks, sacks, marks, columns, width, stretch: side.stretch, unplaced: side.unplaced,
    octets: columns.reduce((sum, column) => sum + column.fresh, 0),
  };
}

function plotOf(capture, number) {
  const packed = capture.plots[number];
  if (!packed) return null;
  if (!packed.unpacked) {
    const bands = packed.states.map((list) => {
      const band = [{ t: -Infinity, state: list[0] }];
      for (let i = 1; i < list.length; i += 2) band.push({ t: list[i], state: list[i + 1] });
      return band;
    });
    packed.unpacked = { bands, sides: packed.sides.map(unpackSide), segments: packed.segments };
  }
  return packed.unpacked;
}

// The first index at which `isAfter` holds, where it holds for all behind it.
function firstIndex(points, isAfter) {
  let low = 0;
  let high = points.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isAfter(points[middle])) high = middle; else low = middle + 1;
  }
  return low;
}
