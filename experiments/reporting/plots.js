/* How the report and the explorer fit a plot to the reader's screen and colours. */
const narrow = 620;

function template(isDark) {
  const ink = isDark ? "#e8eaed" : "#1b1f24", grid = isDark ? "#343b43" : "#e3e7eb";
  const axis = {gridcolor: grid, linecolor: grid, zerolinecolor: isDark ? "#59636e" : "#b4bcc4", ticks: "outside", tickcolor: grid, title: {font: {size: 12.5}}};
  return {data: {bar: [{error_x: {color: ink}}]}, layout: {paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", xaxis: axis, yaxis: axis,
    annotationdefaults: {bgcolor: isDark ? "rgba(20,23,27,.75)" : "rgba(255,255,255,.75)"},
    font: {color: ink, size: 12.5, family: "system-ui, -apple-system, Segoe UI, Roboto, sans-serif"},
    modebar: {bgcolor: "rgba(0,0,0,0)", color: isDark ? "#8b96a1" : "#9aa3ad", activecolor: ink},
    hoverlabel: {bgcolor: isDark ? "#1d2126" : "#ffffff", font: {color: ink}}}};
}

/* A title in lines of so many pixels; bold stays bold. */
function wrapped(title, width) {
  const lines = new RegExp(`(.{1,${Math.floor((width - 14) / 7.6)}})(?:\\s+|$)`, "g");
  return title.replace(/[^<>]+(?=<\/b>|$)/, text => text.replace(lines, "$1<br>").replace(/<br>$/, ""));
}

/* On a phone, long titles take two lines, legends a line an entry and the labels of a Sankey two lines. */
function fitted(plot, width) {
  if (width >= narrow) return plot;
  const entries = plot.data.filter(trace => trace.showlegend).length, {annotations = [], xaxis} = plot.layout;
  const more = 22 * Math.max(0, entries - 1), margin = plot.layout.margin || {};
  const layout = {...plot.layout, height: plot.layout.height + more, margin: {...margin, b: (margin.b ?? 80) + more}};
  layout.annotations = annotations.map(note => note.textangle ? note : {...note, align: "left", text: wrapped(note.text, width)});
  if (xaxis?.title) layout.xaxis = {...xaxis, title: {text: wrapped(xaxis.title.text, width - 120)}};
  const data = plot.data.map(trace => trace.type !== "sankey" ? trace : {...trace, textfont: {size: 10.5},
    node: {...trace.node, label: trace.node.label.map(label => label.replace(/ (?=\S+$)/, "<br>"))}});
  return {data, layout};
}
