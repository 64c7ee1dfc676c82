/* Fits a plot to the reader's screen and colours; shared by the report and the explorer. */
const narrow = 620;

function template(isDark) {
  const ink = isDark ? "#e8eaed" : "#1b1f24", grid = isDark ? "#343b43" : "#e3e7eb";
  const axis = {gridcolor: grid, linecolor: grid, zerolinecolor: isDark ? "#59636e" : "#b4bcc4",
    ticks: "outside", tickcolor: grid, title: {font: {size: 12.5}}};
  const layout = {
    paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)", xaxis: axis, yaxis: axis,
    annotationdefaults: {bgcolor: isDark ? "rgba(20,23,27,.75)" : "rgba(255,255,255,.75)"},
    font: {color: ink, size: 12.5,
      family: "system-ui, -apple-system, Segoe UI, Roboto, sans-serif"},
    modebar: {bgcolor: "rgba(0,0,0,0)", color: isDark ? "#8b96a1" : "#9aa3ad", activecolor: ink},
    hoverlabel: {bgcolor: isDark ? "#1d2126" : "#ffffff", font: {color: ink}},
  };
  return {data: {bar: [{error_x: {color: ink}}]}, layout};
}

/* A title broken into lines of a width in pixels; text between tags stays between them. */
function wrapped(title, width) {
  /* 7.6 pixels is the mean width of a letter at the size of titles, 14 the margin beside them. */
  const lines = new RegExp(`(.{1,${Math.floor((width - 14) / 7.6)}})(?:\\s+|$)`, "g");
  const broken = text => text.replace(lines, "$1<br>").replace(/<br>$/, "");
  return title.replace(/[^<>]+(?=<\/b>|$)/, broken);
}

/* On a phone long titles and labels of a Sankey take two lines, and legends a line per entry. */
function fitted(plot, width) {
  if (width >= narrow) return plot;
  const entries = plot.data.filter(trace => trace.showlegend).length;
  const {annotations = [], xaxis} = plot.layout;
  const more = 22 * Math.max(0, entries - 1), margin = plot.layout.margin || {};
  const layout = {...plot.layout, height: plot.layout.height + more,
    margin: {...margin, b: (margin.b ?? 80) + more}};
  const wrappedNote = note => ({...note, align: "left", text: wrapped(note.text, width)});
  layout.annotations = annotations.map(note => note.textangle ? note : wrappedNote(note));
  if (xaxis?.title) {
    layout.xaxis = {...xaxis, title: {text: wrapped(xaxis.title.text, width - 120)}};
  }
  const data = plot.data.map(trace => trace.type === "sankey" ? narrowSankey(trace) : trace);
  return {data, layout};
}

/* A Sankey whose amounts stand below the names of its nodes. */
function narrowSankey(trace) {
  const label = trace.node.label.map(text => text.replace(/ (?=\S+$)/, "<br>"));
  return {...trace, textfont: {size: 10.5}, node: {...trace.node, label}};
}
