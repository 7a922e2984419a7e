// Scales, ticks and colours of the drawings.

let colors = {};
function readColors() {
  const style = getComputedStyle(document.documentElement);
  colors = {};
  for (const name of ["bg", "surface", "text", "dim", "line", "accent", "data", "ack", "edge", "sack", "again", "timeout",
    "fast", "recovery", "probe", "needless", "lost", "odd", "turn", "grid", "raised", "st-open", "st-est", "st-close",
    "st-wait", "st-tw", "st-off"]) {
    colors[name] = style.getPropertyValue("--" + name).trim();
  }
}

// Round numbers between two values, about `count` of them.
function ticks(low, high, count) {
  const rough = (high - low) / Math.max(1, count);
  if (!(rough > 0)) return { step: 1, values: [low] };
  const power = Math.pow(10, Math.floor(Math.log10(rough)));
  const step = [1, 2, 5, 10].find((n) => n * power >= rough) * power;
  const values = [];
  for (let i = Math.ceil(low / step); i * step <= high && values.length < 100; i++) values.push(i * step);
  return { step, values };
}

// A tick of a time axis, microseconds, with as many decimals as the step needs.
function timeTick(us, step, largest) {
  const inSeconds = largest >= 1e6;
  const unit = inSeconds ? 1e6 : largest >= 1e3 ? 1e3 : 1;
  const decimals = Math.max(0, Math.min(9, Math.ceil(-Math.log10(step / unit) - 1e-9)));
  const text = (us / unit).toFixed(decimals).replace(/^-(0(\.0*)?)$/, "$1");
  return text + (inSeconds ? " s" : unit === 1e3 ? " ms" : " us");
}

// Sets a canvas up for the device's pixels and clears it.
function prepare(canvas, width, height) {
  const ratio = Math.min(3, window.devicePixelRatio || 1);
  const [w, h] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== w || canvas.height !== h) { canvas.width = w; canvas.height = h; }
  canvas.style.height = height + "px";
  const context = canvas.getContext("2d");
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
  context.font = "11.5px system-ui, sans-serif";
  context.textBaseline = "middle";
  return context;
}

// Horizontal lines with their values at the left.
function drawRows(context, box, low, high, words, count) {
  const y = (value) => box.top + box.height - (value - low) / (high - low || 1) * box.height;
  context.textAlign = "right";
  for (const value of ticks(low, high, count).values) {
    const at = Math.round(y(value)) + 0.5;
    context.strokeStyle = colors.grid;
    context.lineWidth = 1;
    context.beginPath();
    context.moveTo(box.left, at);
    context.lineTo(box.left + box.width, at);
    context.stroke();
    context.fillStyle = colors.dim;
    context.fillText(words(value), box.left - 7, Math.max(box.top + 5, at));
  }
  return y;
}
