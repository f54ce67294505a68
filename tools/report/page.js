// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
// What all pages share: numbers in words, tables that sort and search, charts that follow the theme. Counts are strings of digits, which a Number
// cannot hold: they are added, compared and shown as BigInt, and become a Number only as a coordinate of a chart.
"use strict";

const data = JSON.parse(document.getElementById("data").textContent);

/// An element with attributes (false and undefined: without) and children (null and undefined: without).
function make(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {}))
    if (value !== undefined && value !== false)
      element.setAttribute(name, value === true ? "" : value);
  element.append(...children.flat().filter(child => child !== undefined && child !== null));
  return element;
}

// ---- Numbers

const grouped = new Intl.NumberFormat("en-US");
const scales = [[1e18, "quintillion"], [1e15, "quadrillion"], [1e12, "trillion"], [1e9, "billion"], [1e6, "million"], [1e3, "thousand"]];

const sum = counts => counts.reduce((total, count) => total + BigInt(count), 0n);
const exact = count => grouped.format(BigInt(count));
const precise = (number, digits = 4) => Number(number.toPrecision(digits)).toLocaleString("en-US", {maximumSignificantDigits: digits});

/// The unit of an axis, or of a headline, that goes up to `largest`.
function scaleOf(largest) {
  const [size, name] = scales.find(([size]) => Number(largest) >= size) ?? [1, ""];
  return {size, name};
}

function inWords(count) {
  const {size, name} = scaleOf(count);
  return size < 1e6 ? exact(count) : `${precise(Number(count) / size)} ${name}`;
}

function bytesInWords(bytes) {
  const units = [[1e12, "TB"], [1e9, "GB"], [1e6, "MB"], [1e3, "kB"]];
  const [size, name] = units.find(([size]) => Number(bytes) >= size) ?? [1, "bytes"];
  return `${precise(Number(bytes) / size)} ${name}`;
}

function secondsInWords(seconds) {
  const units = [[86400, "days"], [3600, "hours"], [60, "minutes"], [1, "seconds"], [1e-3, "ms"], [1e-6, "µs"]];
  const [size, name] = units.find(([size]) => seconds >= size) ?? [1e-9, "ns"];
  return `${precise(seconds / size, 3)} ${name}`;
}

const shareOf = (part, whole) => Number(whole) === 0 ? 0 : Number(part) / Number(whole);
function percent(share) {
  return share > 0 && share < 0.0001 ? "< 0.01 %" : `${(100 * share).toFixed(2)} %`;
}
const power = number => `10${String(Math.round(Math.log10(number))).replace(/./g, c => c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])}`;
const shorten = (text, length) => text.length <= length ? text : `…${text.slice(1 - length)}`;

// ---- Sections, tiles

/// A section of the page, which the list of contents names; null where there is nothing to show.
function section(id, title, ...children) {
  const shown = children.flat().filter(child => child !== undefined && child !== null);
  return shown.length ? make("section", {id, "aria-labelledby": `${id}-title`}, make("h2", {id: `${id}-title`}, title), ...shown) : null;
}

/// Headline numbers: [name, number, exact number or remark, explanation].
function tiles(entries) {
  return make("dl", {class: "tiles"}, entries.filter(entry => entry).map(([name, number, remark, explanation]) =>
    make("div", {title: explanation}, make("dt", {}, name), make("dd", {}, make("strong", {}, number), remark ? make("span", {}, remark) : null))));
}

function contents(sections) {
  return make("nav", {"aria-label": "contents"}, sections.map(section =>
    make("a", {href: `#${section.id}`}, section.querySelector("h2").textContent)));
}

function choice(label, options, change) {
  const select = make("select", {}, options.map(([value, text]) => make("option", {value}, text)));
  select.addEventListener("change", () => change(select.value));
  return make("label", {class: "control"}, label, select);
}

// ---- Tables

function compareCells(a, b) {
  if (a === null || b === null)
    return (a === null) - (b === null);
  if (typeof a === "string" && typeof b === "string")
    return a.localeCompare(b, "en", {numeric: true});
  return a < b ? -1 : a > b ? 1 : 0; // a BigInt may meet a Number
}

/// Columns: {title, explain, value: row -> text, BigInt, Number or null; show: value -> text}, or {share: true, ...}, a bar for a Number of 0 to 1.
const textColumn = (title, value, explain) => ({title, explain, value, show: value => value});
const proseColumn = (title, value, explain) => ({...textColumn(title, value, explain), prose: true});
const countColumn = (title, value, explain) => ({title, explain, numeric: true, value: row => { const count = value(row); return count === null ? null : BigInt(count); }, show: exact});
const numberColumn = (title, value, show, explain) => ({title, explain, numeric: true, value, show});
const shareColumn = (title, value, explain) => ({title, explain, numeric: true, share: true, value, show: percent});

/// `largest` is the largest share of the column, whose bar is the whole width.
function cell(column, row, first, largest) {
  const value = column.value(row);
  const text = value === null ? "" : column.show(value, row);
  if (column.share && value !== null)
    return make("td", {class: "number share"}, make("span", {class: "bar", style: `width:${(100 * shareOf(value, largest)).toFixed(2)}%`}), make("span", {}, text));
  return make(first ? "th" : "td", {scope: first ? "row" : undefined, class: column.numeric ? "number" : column.prose ? "prose" : undefined}, text);
}

/// A table whose headers sort. Options: `sort` {column, descending} at first; `search`: a box for words of rows; `filters` [{label, value: row -> text}];
/// `limit`: so many rows until "show all" is pressed; `foot`: the cells of a last row.
function table(label, columns, rows, {sort = null, search = false, filters = [], limit = Infinity, foot = null} = {}) {
  const state = {...sort, words: [], chosen: filters.map(() => ""), all: false};
  const body = make("tbody");
  const found = make("output", {class: "found"});
  const more = make("button", {type: "button", class: "more"});
  const largest = columns.map(column => column.share ? rows.reduce((most, row) => Math.max(most, column.value(row) ?? 0), 0) : 0);
  // What a reader may type: the digits of a number, or what is shown of it.
  const texts = (column, row) => { const value = column.value(row); return value === null ? "" : `${value} ${column.numeric ? column.show(value, row) : ""}`; };
  const searchable = search ? rows.map(row => columns.map(column => texts(column, row)).join("\n").toLowerCase()) : [];

  const heads = columns.map((column, index) => {
    const button = make("button", {type: "button"}, column.title);
    const head = make("th", {scope: "col", class: column.numeric ? "number" : undefined, "aria-sort": "none", title: column.explain}, button);
    button.addEventListener("click", () => {
      // Numbers are asked for from the largest on, words from A on.
      state.descending = state.column === index ? !state.descending : Boolean(column.numeric);
      state.column = index;
      draw();
    });
    return head;
  });

  function draw() {
    let shown = rows.filter((row, index) => state.words.every(word => searchable[index].includes(word)) &&
                                            filters.every((filter, at) => !state.chosen[at] || filter.value(row) === state.chosen[at]));
    const matching = shown.length;
    if (state.column !== undefined) {
      const {value} = columns[state.column];
      const direction = state.descending ? -1 : 1;
      shown = shown.map(row => [value(row), row]).sort(([a], [b]) => (a === null || b === null ? 1 : direction) * compareCells(a, b)).map(([, row]) => row);
    }
    if (!state.all)
      shown = shown.slice(0, limit);
    heads.forEach((head, index) => head.setAttribute("aria-sort", index !== state.column ? "none" : state.descending ? "descending" : "ascending"));
    body.replaceChildren(...shown.map(row => make("tr", {}, columns.map((column, index) => cell(column, row, index === 0, largest[index])))));
    found.textContent = `${grouped.format(shown.length)} of ${grouped.format(rows.length)} rows${matching > shown.length && matching < rows.length ? `, ${grouped.format(matching)} match` : ""}`;
    more.hidden = matching <= limit;
    more.textContent = state.all ? `Show the first ${limit}` : `Show all ${grouped.format(matching)}`;
  }

  more.addEventListener("click", () => { state.all = !state.all; draw(); });
  const controls = filters.map((filter, at) => {
    const values = [...new Set(rows.map(filter.value))].sort((a, b) => compareCells(a, b));
    return choice(filter.label, [["", "all"], ...values.map(value => [value, value || "(none)"])], value => { state.chosen[at] = value; draw(); });
  });
  if (search) {
    const box = make("input", {type: "search", placeholder: "words of a row"});
    box.addEventListener("input", () => { state.words = box.value.toLowerCase().split(/\s+/).filter(word => word); draw(); });
    controls.unshift(make("label", {class: "control"}, "Search", box));
  }
  draw();
  const foots = foot ? make("tfoot", {}, make("tr", {}, foot.map((text, index) => make(index ? "td" : "th", {class: columns[index].numeric ? "number" : columns[index].prose ? "prose" : undefined}, text)))) : null;
  return make("div", {class: "table"},
              controls.length ? make("div", {class: "controls"}, controls, found) : null,
              make("div", {class: "scroll", tabindex: "0", role: "region", "aria-label": label},
                   make("table", {}, make("caption", {}, label), make("thead", {}, make("tr", {}, heads)), body, foots)),
              limit < rows.length ? more : null);
}

// ---- Charts

const drawn = new Set();

/// The colours of the moment.
function theme() {
  const style = getComputedStyle(document.documentElement);
  return name => style.getPropertyValue(`--${name}`).trim();
}

/// A chart of Chart.js: `describe(color)` returns its configuration, `height` its height in pixels (or a function of it). Redrawn with the theme.
function chart(label, height, describe) {
  const canvas = make("canvas", {role: "img", "aria-label": label});
  const frame = make("div", {class: "chart"}, canvas);
  const entry = {
    canvas,
    draw() {
      this.chart?.destroy();
      frame.style.height = `${typeof height === "function" ? height() : height}px`;
      const color = theme();
      Object.assign(Chart.defaults, {color: color("muted"), borderColor: color("line"), animation: false, maintainAspectRatio: false, responsive: true});
      Object.assign(Chart.defaults.font, {family: getComputedStyle(document.body).fontFamily, size: 12});
      Object.assign(Chart.defaults.plugins.legend.labels, {boxWidth: 12, boxHeight: 12});
      Object.assign(Chart.defaults.plugins.tooltip, {backgroundColor: color("text"), titleColor: color("page"), bodyColor: color("page")});
      this.chart = new Chart(canvas, describe(color));
    }
  };
  drawn.add(entry);
  frame.redraw = () => entry.draw();
  return frame;
}

/// Draws all charts of the document, and forgets those that have left it.
function drawCharts() {
  for (const entry of drawn) {
    if (entry.canvas.isConnected) {
      entry.draw();
    } else {
      entry.chart?.destroy();
      drawn.delete(entry);
    }
  }
}

/// An axis of counts up to `largest`, in a unit that keeps its numbers short.
function countAxis(title, largest) {
  const {size, name} = scaleOf(largest);
  return {title: {display: true, text: name ? `${title} (${name}s)` : title}, ticks: {callback: value => precise(value / size, 3), maxTicksLimit: 7, maxRotation: 0}};
}
const namedAxis = title => ({title: {display: true, text: title}});
const isPower = value => Math.abs(Math.log10(value) - Math.round(Math.log10(value))) < 1e-6;
const powerAxis = title => ({type: "logarithmic", title: {display: true, text: title},
                             grid: {color: context => isPower(context.tick.value) ? Chart.defaults.borderColor : "transparent"},
                             ticks: {callback: value => isPower(value) ? power(value) : "", maxRotation: 0}});

/// Tooltips with the exact numbers that a dataset carries beside its coordinates.
const exactTooltip = {callbacks: {label: context => `${context.dataset.label}: ${context.dataset.exact[context.dataIndex]}`}};

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawCharts);
// Paper is light.
addEventListener("beforeprint", () => { document.documentElement.classList.add("printed"); drawCharts(); });
addEventListener("afterprint", () => { document.documentElement.classList.remove("printed"); drawCharts(); });
