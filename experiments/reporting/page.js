const dark = window.matchMedia("(prefers-color-scheme: dark)");
const config = {
  responsive: true,
  displayModeBar: window.matchMedia("(hover: hover)").matches ? "hover" : false,
  displaylogo: false,
  modeBarButtons: [["zoomIn2d", "zoomOut2d", "resetScale2d"]],
};

async function plotFigure(key) {
  const box = document.getElementById("figure-" + key);
  const plot = fitted(figures[key], box.clientWidth);
  const layout = {...plot.layout, template: template(dark.matches)};
  await Plotly.newPlot(box, plot.data, layout, config);
  box.on("plotly_click", event => showClicked(box, event.points[0].customdata));
}

/* What a point stands for, such as the YAML of a policy, is shown below the figure. */
function showClicked(box, text) {
  if (typeof text !== "string") return;
  const shown = box.parentElement.querySelector("pre.clicked") ?? document.createElement("pre");
  Object.assign(shown, {className: "clicked", tabIndex: 0, textContent: text});
  shown.setAttribute("aria-live", "polite");
  box.after(shown);
}

function setColours(isDark) {
  for (const key of Object.keys(figures)) {
    const box = document.getElementById("figure-" + key);
    if (box.data) Plotly.relayout(box, {template: template(isDark)});
  }
}

function isPlotted(key) {
  return Boolean(document.getElementById("figure-" + key).data);
}

function save(name, url) {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}

/* A picture for a slide: on white, with its title, two pixels for one. */
async function savePicture(key) {
  const plot = figures[key], text = document.getElementById("title-" + key).textContent;
  const margin = {...plot.layout.margin, t: (plot.layout.margin.t || 30) + 44};
  const title = {text, x: 0.01, xanchor: "left", y: 0.995, yanchor: "top", yref: "container",
    pad: {t: 10}, font: {size: 17}};
  const white = {template: template(false), paper_bgcolor: "#ffffff"};
  const layout = {...plot.layout, ...white, margin, title};
  const size = {format: "png", width: 1000, height: plot.layout.height + 44, scale: 2};
  save(key + ".png", await Plotly.toImage({data: plot.data, layout}, size));
}

function quoted(cell) {
  const text = String(cell ?? "");
  return /[",\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
}

/* A cell of a table as plain numbers: median and interval in cells of their own. */
function plainCells(cell) {
  const [, median, low, high] = cell.match(/^(\S+) \[(\S+?)(?:\u2013| to )(\S+)\]$/) || [, cell];
  const isNumber = text => /^[+-]?[\d,]+(\.\d+)?$/.test(text);
  const bare = text => isNumber(text) ? text.replaceAll(",", "").replace("+", "") : text;
  return low === undefined ? [bare(median)] : [low, median, high].map(bare);
}

/* The rows of a table in which every interval takes three columns. */
function tidyRows([head, ...body]) {
  const rows = body.map(row => row.map((cell, i) => i ? plainCells(cell) : [cell]));
  const threefold = head.map((_, i) => rows.some(row => row[i].length > 1));
  const parts = ["p5", "median", "p95"];
  const columns = name => parts.map(part => `${name} ${part}`);
  const names = head.flatMap((name, i) => threefold[i] ? columns(name) : [name]);
  const padded = cells => ["", cells[0] === "-" ? "" : cells[0], ""];
  const isShort = (cells, i) => threefold[i] && cells.length < 3;
  const tidy = row => row.flatMap((cells, i) => isShort(cells, i) ? padded(cells) : cells);
  return [names, ...rows.map(tidy)];
}

/* The numbers of a figure: its curves by month, or the table below it if it has no months. */
function rowsOf(key) {
  const curves = figures[key].data.filter(trace => trace.meta && trace.customdata);
  if (!curves.length) {
    const table = document.querySelector("#" + CSS.escape(key) + " details table");
    return tidyRows([...table.rows].map(row => [...row.cells].map(cell => cell.textContent)));
  }
  const rows = curves.flatMap(({meta, name, x, y, customdata}) => x.map(
    (month, i) => [meta, name, month, customdata[i][0], y[i], customdata[i][1]]));
  return [["measure", "curve", "month", "p5", "median", "p95"], ...rows];
}

function saveNumbers(key) {
  const text = rowsOf(key).map(row => row.map(quoted).join(",")).join("\r\n") + "\r\n";
  const url = URL.createObjectURL(new Blob([text], {type: "text/csv"}));
  save(key + ".csv", url);
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

for (const button of document.querySelectorAll("button[data-save]")) {
  const key = button.closest("figure").id;
  const saveFigure = button.dataset.save === "png" ? savePicture : saveNumbers;
  button.addEventListener("click", () => saveFigure(key));
}
dark.addEventListener("change", event => setColours(event.matches));
window.addEventListener("beforeprint", () => {
  Object.keys(figures).filter(key => !isPlotted(key)).forEach(plotFigure);
  setColours(false);
  for (const part of document.querySelectorAll("details.printed")) part.open = true;
});
window.addEventListener("afterprint", () => setColours(dark.matches));

/* Plots one figure after the other, so that the page can be read and scrolled from the start. */
function plotAll(keys) {
  if (!keys.length) return void (document.body.dataset.plotted = "all");
  if (!isPlotted(keys[0])) plotFigure(keys[0]);
  setTimeout(plotAll, 0, keys.slice(1));
}

/* Plotly lies in the page compressed, so that a page has a third of its size. It is unpacked and run
   as a script of its own. */
async function startPlotly() {
  const text = atob(document.getElementById("plotly").textContent);
  const bytes = Uint8Array.from(text, letter => letter.charCodeAt(0));
  const plain = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  const code = new Blob([await new Response(plain).arrayBuffer()], {type: "text/javascript"});
  const url = URL.createObjectURL(code);
  await new Promise((done, failed) => {
    const script = document.createElement("script");
    document.head.append(Object.assign(script, {src: url, onload: done, onerror: failed}));
  });
  URL.revokeObjectURL(url);
}
startPlotly().then(() => plotAll(Object.keys(figures)));
