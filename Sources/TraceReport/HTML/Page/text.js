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
