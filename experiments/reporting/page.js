const dark = window.matchMedia("(prefers-color-scheme: dark)");
const config = {responsive: true, displayModeBar: window.matchMedia("(hover: hover)").matches ? "hover" : false, displaylogo: false,
  modeBarButtons: [["zoomIn2d", "zoomOut2d", "resetScale2d"]]};

function draw(key) {
  const box = document.getElementById("figure-" + key), plot = fitted(figures[key], box.clientWidth);
  return Plotly.newPlot(box, plot.data, {...plot.layout, template: template(dark.matches)}, config);
}

function paint(isDark) {
  for (const key of Object.keys(figures)) {
    if (document.getElementById("figure-" + key).data) Plotly.relayout("figure-" + key, {template: template(isDark)});
  }
}

function save(name, url) {
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
}

/* A picture for a slide: light, titled, two pixels to one. */
async function savePicture(key) {
  const plot = figures[key], title = document.getElementById("title-" + key).textContent;
  const margin = {...plot.layout.margin, t: (plot.layout.margin.t || 30) + 44};
  const layout = {...plot.layout, template: template(false), paper_bgcolor: "#ffffff", margin,
    title: {text: title, x: 0.01, xanchor: "left", y: 0.995, yanchor: "top", yref: "container", pad: {t: 10}, font: {size: 17}}};
  const size = {format: "png", width: 1000, height: plot.layout.height + 44, scale: 2};
  save(key + ".png", await Plotly.toImage({data: plot.data, layout}, size));
}

function quoted(cell) {
  const text = String(cell ?? "");
  return /[",\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text;
}

/* A cell of a table as plain numbers: median and interval apart. */
function plain(cell) {
  const [, median, low, high] = cell.match(/^(\S+) \[(\S+?)(?:\u2013| to )(\S+)\]$/) || [, cell];
  const bare = text => /^[+-]?[\d,]+(\.\d+)?$/.test(text) ? text.replaceAll(",", "").replace("+", "") : text;
  return low === undefined ? [bare(median)] : [low, median, high].map(bare);
}

/* A table whose intervals take three columns. */
function tidy([head, ...body]) {
  const rows = body.map(row => row.map((cell, i) => i ? plain(cell) : [cell]));
  const threefold = head.map((_, i) => rows.some(row => row[i].length > 1));
  const names = head.flatMap((name, i) => threefold[i] ? ["p5", "median", "p95"].map(part => `${name} ${part}`) : [name]);
  return [names, ...rows.map(row => row.flatMap((cells, i) => threefold[i] && cells.length < 3 ? ["", cells[0] === "-" ? "" : cells[0], ""] : cells))];
}

/* Curves month by month where the figure has months; else the table below it. */
function rowsOf(key) {
  const curves = figures[key].data.filter(trace => trace.meta && trace.customdata);
  if (!curves.length) {
    const table = document.querySelector("#" + CSS.escape(key) + " details table");
    return tidy([...table.rows].map(row => [...row.cells].map(cell => cell.textContent)));
  }
  const rows = curves.flatMap(trace => trace.x.map((month, i) => [trace.meta, trace.name, month, trace.customdata[i][0], trace.y[i], trace.customdata[i][1]]));
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
  button.addEventListener("click", () => button.dataset.save === "png" ? savePicture(key) : saveNumbers(key));
}
dark.addEventListener("change", event => paint(event.matches));
window.addEventListener("beforeprint", () => {
  Object.keys(figures).filter(key => !document.getElementById("figure-" + key).data).forEach(draw);
  paint(false);
  for (const part of document.querySelectorAll("details.printed")) part.open = true;
});
window.addEventListener("afterprint", () => paint(dark.matches));

/* One figure after the other, so that the page can be read and scrolled at once. */
function drawAll(keys) {
  if (!keys.length) return void (document.body.dataset.plotted = "all");
  if (!document.getElementById("figure-" + keys[0]).data) draw(keys[0]);
  setTimeout(drawAll, 0, keys.slice(1));
}
drawAll(Object.keys(figures));
