// Generated from Page/ by scripts/page: change the files there, and run it.
// swift-format-ignore-file

/// The page's style, body and program.
enum HTMLPage {
  static let style: StaticString = ###"""
:root {
  color-scheme: light;
  --bg: #f7f7f5; --surface: #ffffff; --raised: #f1f2f3; --text: #1b1f24; --dim: #5c6370; --line: #dfe2e6;
  --accent: #1f5fbf; --accent-soft: #e3edfb; --focus: #1f5fbf;
  --error: #c02626; --error-soft: #fdeaea; --warning: #9a5b00; --warning-soft: #fdf1dc;
  --note: #1f5fbf; --note-soft: #e6effb; --info: #5c6370; --info-soft: #eef0f2; --good: #1c7c43;
  --data: #39424e; --ack: #1c8a4d; --edge: #b98a1b; --sack: #8a4fc4;
  --again: #b8480e; --timeout: #d1202f; --fast: #e07400; --recovery: #b3246e; --probe: #0f8a9d;
  --needless: #7a5af0; --lost: #d1202f; --odd: #0b6fb8; --turn: #6b7280; --grid: #e9ebee;
  --st-open: #f3d9a4; --st-est: #bfe3cb; --st-close: #d8ccf1; --st-wait: #f6c5b4; --st-tw: #c8d9ee; --st-off: #eceef0;
  --shadow: 0 1px 2px rgb(20 25 35 / 5%), 0 2px 10px rgb(20 25 35 / 4%);
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", "Segoe UI Mono", "DejaVu Sans Mono", Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) { :root:not([data-theme="light"]) {
  color-scheme: dark;
  --bg: #101214; --surface: #181b1f; --raised: #20242a; --text: #e6e9ed; --dim: #9aa3af; --line: #2d333b;
  --accent: #82b1ff; --accent-soft: #1c2b44; --focus: #82b1ff;
  --error: #ff7b7b; --error-soft: #3a1d20; --warning: #f0b455; --warning-soft: #38290f;
  --note: #82b1ff; --note-soft: #1b2a42; --info: #9aa3af; --info-soft: #252a31; --good: #6fcf97;
  --data: #c3cad4; --ack: #4fc983; --edge: #d9b04c; --sack: #c194f5;
  --again: #ff9a5c; --timeout: #ff6b6b; --fast: #ffad4d; --recovery: #ff7ab8; --probe: #4fd0e0;
  --needless: #a899ff; --lost: #ff6b6b; --odd: #6ab7ff; --turn: #9aa3af; --grid: #262b32;
  --st-open: #5a4620; --st-est: #1f4a31; --st-close: #41325f; --st-wait: #65301f; --st-tw: #27405e; --st-off: #23272d;
  --shadow: none;
} }
:root[data-theme="dark"] {
  color-scheme: dark;
  --bg: #101214; --surface: #181b1f; --raised: #20242a; --text: #e6e9ed; --dim: #9aa3af; --line: #2d333b;
  --accent: #82b1ff; --accent-soft: #1c2b44; --focus: #82b1ff;
  --error: #ff7b7b; --error-soft: #3a1d20; --warning: #f0b455; --warning-soft: #38290f;
  --note: #82b1ff; --note-soft: #1b2a42; --info: #9aa3af; --info-soft: #252a31; --good: #6fcf97;
  --data: #c3cad4; --ack: #4fc983; --edge: #d9b04c; --sack: #c194f5;
  --again: #ff9a5c; --timeout: #ff6b6b; --fast: #ffad4d; --recovery: #ff7ab8; --probe: #4fd0e0;
  --needless: #a899ff; --lost: #ff6b6b; --odd: #6ab7ff; --turn: #9aa3af; --grid: #262b32;
  --st-open: #5a4620; --st-est: #1f4a31; --st-close: #41325f; --st-wait: #65301f; --st-tw: #27405e; --st-off: #23272d;
  --shadow: none;
}
* { box-sizing: border-box; }
html { scroll-padding-top: 64px; -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--bg); color: var(--text); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; }
[hidden] { display: none !important; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 4px; }
main:focus { outline: none; }
a { color: var(--accent); }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 12px; top: 8px; z-index: 20; background: var(--surface); padding: 6px 10px; }
button, select, input { font: inherit; color: inherit; }
button, select { background: var(--surface); border: 1px solid var(--line); border-radius: 7px; padding: 4px 11px; cursor: pointer; }
button:hover, select:hover { border-color: var(--dim); }
button[aria-pressed="true"] { background: var(--accent-soft); border-color: var(--accent); color: var(--accent); }
button.quiet { background: transparent; }
button:disabled { opacity: .45; cursor: default; }
input[type="search"] { background: var(--surface); border: 1px solid var(--line); border-radius: 7px; padding: 5px 11px; min-width: 0; }
.top { position: sticky; top: 0; z-index: 10; display: flex; align-items: center; gap: 20px; padding: 9px 28px; background: color-mix(in srgb, var(--surface) 94%, transparent); border-bottom: 1px solid var(--line); backdrop-filter: blur(8px); }
.brand { font-weight: 500; letter-spacing: -.01em; font-size: 17px; }
.brand b { color: var(--accent); font-weight: 700; }
.top nav { display: flex; gap: 4px; flex: 1; overflow-x: auto; }
.top nav a { text-decoration: none; color: var(--dim); padding: 4px 10px; border-radius: 7px; }
.top nav a:hover { color: var(--text); background: var(--raised); }
.tools { display: flex; gap: 8px; align-items: center; }
.tools select { max-width: 260px; }
main { max-width: 1240px; margin: 0 auto; padding: 26px 28px 40px; }
section { margin: 0 0 40px; }
h1 { font-size: 25px; line-height: 1.25; margin: 0 0 4px; letter-spacing: -.015em; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 0 0 12px; letter-spacing: -.01em; }
h3 { font-size: 16px; margin: 0; }
.dim, .sub { color: var(--dim); }
.sub { margin: 0 0 18px; }
.num { font-variant-numeric: tabular-nums; }
code, .mono { font-family: var(--mono); font-size: .92em; }
.notice { background: var(--warning-soft); color: var(--text); border: 1px solid color-mix(in srgb, var(--warning) 35%, transparent); border-radius: 9px; padding: 9px 13px; margin: 0 0 14px; }
.hint { color: var(--dim); font-size: 13px; margin: 8px 0 0; }
.card { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; box-shadow: var(--shadow); }
/* Summary */
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: 12px; margin: 0 0 14px; padding: 0; }
.figures div { background: var(--surface); border: 1px solid var(--line); border-radius: 12px; padding: 11px 15px 10px; box-shadow: var(--shadow); }
.figures dt { color: var(--dim); font-size: 13px; }
.figures dd { margin: 1px 0 0; font-size: 23px; line-height: 1.2; font-weight: 600; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.figures .error dd { color: var(--error); } .figures .warning dd { color: var(--warning); } .figures .note dd { color: var(--note); }
.figures .none dd { color: var(--dim); font-weight: 500; }
.halves { display: grid; grid-template-columns: 1fr 1fr; gap: 14px; }
.halves > .card { padding: 15px 18px; min-width: 0; }
.halves h3 { margin: 0 0 9px; }
.halves ul { margin: 0; padding: 0 0 0 18px; }
.halves li { margin: 3px 0; }
.good { color: var(--good); }
.outcomes { list-style: none; margin: 0 !important; padding: 0 !important; }
.outcomes button { display: grid; grid-template-columns: 1fr auto; gap: 2px 10px; width: 100%; text-align: left; border: 0; background: none; padding: 4px 6px; margin: 0 -6px; border-radius: 6px; width: calc(100% + 12px); }
.outcomes button:hover { background: var(--raised); }
.outcomes i { grid-column: 1 / 3; height: 5px; border-radius: 3px; background: var(--accent); min-width: 3px; opacity: .75; }
/* Findings */
.bar { display: flex; flex-wrap: wrap; gap: 8px; align-items: center; margin: 0 0 12px; }
.bar input[type="search"] { flex: 1 1 210px; max-width: 420px; }
.bar .grow { flex: 1; }
.badge { display: inline-block; font-size: 12px; line-height: 1; font-weight: 650; padding: 4px 7px; border-radius: 5px; text-transform: lowercase; }
.badge.error { color: var(--error); background: var(--error-soft); } .badge.warning { color: var(--warning); background: var(--warning-soft); }
.badge.note { color: var(--note); background: var(--note-soft); } .badge.info { color: var(--info); background: var(--info-soft); }
.finding { margin: 0 0 9px; overflow: hidden; }
.finding > summary { list-style: none; cursor: pointer; padding: 11px 16px; display: grid; grid-template-columns: 66px minmax(0, 1fr) auto; gap: 1px 12px; align-items: baseline; }
.finding > summary::-webkit-details-marker { display: none; }
.finding > summary:hover { background: var(--raised); }
.finding > summary:focus-visible { outline-offset: -3px; border-radius: 12px; }
.finding .badge { justify-self: start; }
.finding .what { font-weight: 550; overflow-wrap: anywhere; }
.finding .where { grid-column: 2 / 4; color: var(--dim); font-size: 13.5px; overflow-wrap: anywhere; }
.finding .code { color: var(--dim); font-size: 13px; white-space: nowrap; }
.finding .body { padding: 2px 16px 15px 94px; }
.finding dl { display: grid; grid-template-columns: 52px minmax(0, 1fr); gap: 5px 12px; margin: 12px 0 0; }
.finding dt { color: var(--dim); } .finding dd { margin: 0; max-width: 78ch; overflow-wrap: anywhere; }
.more { margin: 4px 0 0; }
/* Ladder */
.ladder { border: 1px solid var(--line); border-radius: 9px; padding: 8px 12px; margin: 6px 0 0; font-family: var(--mono); font-size: 12.5px; line-height: 1.45; overflow-x: auto; }
.ladder table { border-collapse: collapse; min-width: 100%; }
.ladder th { font-weight: 400; color: var(--dim); text-align: left; padding: 0 14px 4px 0; white-space: nowrap; }
.ladder td { padding: 2.5px 14px 2.5px 0; white-space: nowrap; vertical-align: middle; }
.ladder th.r, .ladder td.r { text-align: right; font-variant-numeric: tabular-nums; }
.ladder td.t { color: var(--dim); }
.ladder td.a { padding: 0 20px 0 6px; min-width: 110px; }
.ladder .arrow { display: block; position: relative; height: 1px; background: currentColor; min-width: 72px; }
.ladder .arrow::after { content: ""; position: absolute; top: -3.5px; border: 4px solid transparent; }
.ladder .arrow.to::after { right: -2px; border-left-color: currentColor; border-right: 0; }
.ladder .arrow.fro::after { left: -2px; border-right-color: currentColor; border-left: 0; }
.ladder .n { color: var(--dim); white-space: normal; min-width: 12ch; width: 100%; }
.ladder tr.here td { background: var(--warning-soft); }
.ladder tr.here td:first-child { border-radius: 5px 0 0 5px; box-shadow: inset 3px 0 var(--warning); padding-left: 8px; }
.ladder tr.here td:last-child { border-radius: 0 5px 5px 0; }
.ladder th:first-child, .ladder td:first-child { padding-left: 8px; }
.ladder tr.here .n { color: var(--text); }
/* Flows */
.table { overflow-x: auto; }
.flows { border-collapse: collapse; width: 100%; font-size: 14px; }
.flows th { position: relative; text-align: left; font-weight: 500; color: var(--dim); padding: 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
.flows th button { border: 0; background: none; padding: 9px 10px; width: 100%; text-align: inherit; border-radius: 6px; color: inherit; }
.flows th button:hover { color: var(--text); }
.flows th[aria-sort] button { color: var(--text); font-weight: 600; }
.flows th[aria-sort="ascending"] button::after { content: " \2191"; } .flows th[aria-sort="descending"] button::after { content: " \2193"; }
.flows td { padding: 7px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; }
.flows tr:last-child td { border-bottom: 0; }
.flows .r { text-align: right; font-variant-numeric: tabular-nums; }
.flows tbody tr { cursor: pointer; }
.flows tbody tr:hover td { background: var(--raised); }
.flows tbody tr[aria-selected="true"] td { background: var(--accent-soft); }
.flows tbody tr:focus-visible { outline-offset: -2px; }
.flows td.ends { font-family: var(--mono); font-size: 13px; white-space: normal; overflow-wrap: anywhere; min-width: 190px; max-width: 420px; }
.flows td.ends span { color: var(--dim); }
/* One flow */
.flow { margin: 18px 0 0; padding: 18px 20px; scroll-margin-top: 64px; }
.flow h3 { font-size: 17px; overflow-wrap: anywhere; }
.flow .facts { display: flex; flex-wrap: wrap; gap: 5px 26px; margin: 9px 0 14px; }
.flow .facts div { min-width: 0; }
.flow .facts dt { color: var(--dim); font-size: 12.5px; } .flow .facts dd { margin: 0; font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.controls { display: flex; flex-wrap: wrap; gap: 7px; align-items: center; margin: 0 0 9px; }
.controls .group { display: inline-flex; }
.controls .group button { border-radius: 0; margin-left: -1px; min-width: 36px; }
.controls .group button:first-child { border-radius: 7px 0 0 7px; margin-left: 0; } .controls .group button:last-child { border-radius: 0 7px 7px 0; }
.controls .group button:focus-visible { z-index: 1; }
.controls .which { font-size: 13.5px; }
.legend { display: flex; flex-wrap: wrap; gap: 3px 4px; margin: 0 0 6px; }
.legend button { border: 1px solid transparent; background: none; padding: 2px 8px; font-size: 13px; border-radius: 6px; display: inline-flex; align-items: center; gap: 6px; }
.legend button[aria-pressed="true"] { background: none; color: var(--text); border-color: transparent; }
.legend button[aria-pressed="false"] { color: var(--dim); text-decoration: line-through; }
.legend button:hover { border-color: var(--line); }
.legend canvas { width: 16px; height: 14px; flex: none; }
.legend button[aria-pressed="false"] canvas { opacity: .3; }
.graph { position: relative; user-select: none; touch-action: pan-y; border-radius: 8px; cursor: crosshair; }
.graph.panning { cursor: grabbing; }
.graph canvas { display: block; width: 100%; }
.graph .line { position: absolute; top: 0; bottom: 0; width: 1px; background: var(--dim); opacity: .55; pointer-events: none; }
.graph .area { position: absolute; top: 0; bottom: 0; background: var(--accent); opacity: .13; pointer-events: none; }
.graph .tip { position: absolute; z-index: 2; pointer-events: none; background: var(--surface); border: 1px solid var(--line); border-radius: 8px; padding: 6px 10px; font-size: 12.5px; line-height: 1.4; box-shadow: 0 4px 18px rgb(0 0 0 / 16%); max-width: 290px; font-variant-numeric: tabular-nums; }
.graph .tip b { font-weight: 600; }
.told { margin: 14px 0 0; }
.told h4 { font-size: 14px; margin: 0 0 5px; }
.told ul { margin: 0; padding: 0 0 0 18px; } .told li { margin: 2px 0; overflow-wrap: anywhere; }
.columns { display: grid; grid-template-columns: 1fr 1fr; gap: 6px 30px; }
/* States */
.census { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 500px), 1fr)); gap: 14px; }
.census .card { padding: 13px 16px 11px; min-width: 0; }
.census h3 { font-size: 14.5px; font-family: var(--mono); font-weight: 600; overflow-wrap: anywhere; }
.census table { border-collapse: collapse; width: 100%; margin: 8px 0 0; font-size: 13.5px; table-layout: fixed; }
.census th { text-align: left; font-weight: 400; padding: 2px 8px 2px 0; width: 118px; white-space: nowrap; }
.census td { padding: 2px 8px 2px 0; }
.census td.r { text-align: right; width: 62px; font-variant-numeric: tabular-nums; }
.census td.w { width: 82px; color: var(--dim); text-align: right; font-variant-numeric: tabular-nums; }
.census thead th, .census thead td { color: var(--dim); font-size: 12.5px; }
.census svg { display: block; width: 100%; height: 22px; overflow: visible; }
footer { max-width: 1240px; margin: 0 auto; padding: 0 28px 40px; color: var(--dim); font-size: 13px; }
@media (max-width: 760px) {
  body { font-size: 14.5px; }
  .top { padding: 8px 14px; gap: 8px; flex-wrap: wrap; }
  .top nav { order: 3; flex: 1 0 100%; margin: 0 -8px; }
  .tools { margin-left: auto; min-width: 0; } .tools select { max-width: 38vw; }
  html { scroll-padding-top: 92px; }
  main { padding: 18px 14px 30px; } footer { padding: 0 14px 30px; }
  h1 { font-size: 21px; }
  .figures { grid-template-columns: repeat(3, 1fr); gap: 8px; }
  .figures div { padding: 8px 10px; } .figures dd { font-size: 18px; }
  .halves, .columns { grid-template-columns: minmax(0, 1fr); }
  .finding > summary { grid-template-columns: minmax(0, 1fr) auto; padding: 10px 12px; gap: 4px 10px; }
  .finding > summary .badge { justify-self: start; }
  .finding > summary .code { grid-row: 1; grid-column: 2; }
  .finding .what, .finding .where { grid-column: 1 / 3; }
  .finding .body { padding: 0 12px 13px; }
  .ladder { margin: 6px -2px 0; padding: 6px 8px; font-size: 11.5px; }
  .ladder td, .ladder th { padding-right: 9px; }
  .ladder td.a { min-width: 46px; padding-right: 9px; } .ladder .arrow { min-width: 36px; }
  .flow { padding: 14px 12px; }
  .flows .wide { display: none; }
  .flows th button { padding: 8px 6px; } .flows td { padding: 7px 6px; }
  .flows td.ends { font-size: 12px; line-height: 1.35; min-width: 120px; }
  .census th { width: 104px; } .census td.w { display: none; }
}
@media print {
  .top, .bar, .controls, .more, .skip, .hint.keys { display: none !important; }
  body { background: #fff; font-size: 10.5pt; } main { padding: 0; max-width: none; }
  .card, .figures div { box-shadow: none; }
  .finding, .ladder, .census .card, .graph, .flow { break-inside: avoid; }
  .finding .body { padding-left: 16px; }
  section { margin-bottom: 22px; }
}
"""###
  static let body: StaticString = ###"""
<a class="skip" href="#main">To the report</a>
<header class="top">
  <div class="brand" aria-hidden="true">flow<b>lint</b></div>
  <nav aria-label="Sections"><a href="#summary">Summary</a><a href="#findings">Findings</a><a href="#flows">Flows</a><a href="#states">States</a></nav>
  <div class="tools">
    <select id="capture" aria-label="Capture" hidden></select>
    <button id="theme" type="button" class="quiet"></button>
  </div>
</header>
<main id="main" tabindex="-1">
  <noscript><p class="notice">This report draws itself: it needs JavaScript, and nothing from the network.</p></noscript>
</main>
<footer id="foot"></footer>
"""###
  static let script: StaticString = ###"""
"use strict";
// Words and numbers as the rest of flowlint prints them, and elements to put them in.

function el(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  // Text only ever goes in as text: what a capture holds is never markup.
  for (const child of children.flat()) {
    if (child !== null && child !== undefined && child !== false) element.append(child);
  }
  return element;
}

const grouped = (n) => String(Math.round(n)).replace(/\B(?=(\d{3})+$)/g, ",");
const counted = (n, noun, plural) => grouped(n) + " " + (n === 1 ? noun : plural || noun + "s");

function short(n) {
  if (n >= 100) return n.toFixed(0);
  if (n >= 10) return n.toFixed(1).replace(/\.0$/, "");
  return n.toFixed(2).replace(/\.?0+$/, "");
}

// A duration in microseconds.
function timeWords(us) {
  if (us === null || us === undefined) return "-";
  const size = Math.abs(us);
  if (size < 1000) return Math.round(us) + " us";
  if (size < 1e6) return short(us / 1e3) + " ms";
  if (size < 120e6) return short(us / 1e6) + " s";
  const minutes = Math.floor(size / 60e6);
  if (minutes < 120) return minutes + " min " + Math.round((size - minutes * 60e6) / 1e6) + " s";
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? hours + " h " + (minutes % 60) + " min" : Math.floor(hours / 24) + " d " + (hours % 24) + " h";
}

// A moment since the capture began: seconds with the microseconds apart.
function momentWords(us) {
  if (us === null || us === undefined) return "";
  const sign = us < 0 ? "-" : "";
  const size = Math.abs(Math.round(us));
  const micros = String(size % 1e6).padStart(6, "0");
  return sign + Math.floor(size / 1e6) + "." + micros.slice(0, 3) + " " + micros.slice(3);
}

function octetWords(n) {
  if (n < 1000) return grouped(n);
  for (const [unit, name] of [[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"]]) {
    if (n >= unit) return short(n / unit) + " " + name;
  }
}

function rateWords(bits) {
  for (const [unit, name] of [[1e9, "Gbit/s"], [1e6, "Mbit/s"], [1e3, "kbit/s"]]) {
    if (bits >= unit) return short(bits / unit) + " " + name;
  }
  return Math.round(bits) + " bit/s";
}

function dateWords(us) {
  if (!us) return null;
  const date = new Date(us / 1000);
  return isNaN(date) ? null : date.toISOString().replace("T", " ").replace(/\.\d+Z/, " UTC");
}
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
"""###
}
