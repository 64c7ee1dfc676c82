/* `explorerDefaults` is written into the page by app.py; `fitted` and `template` are in plots.js. */

window.dccFunctions = {
  month: position => {
    const year = explorerDefaults.firstYear + Math.floor(position / 12);
    return `${year}-${String(position % 12 + 1).padStart(2, "0")}`;
  },
};

window.dash_clientside = Object.assign({}, window.dash_clientside, {explorer: {
  /* Keeps the address bar at what the page shows. Returns which pickers are disabled, as they would
     do nothing, and why. */
  address(scenario, kept, view, measures, trade, reference) {
    const usual = explorerDefaults.display;
    const isFigureOfReport = view !== usual.view;
    const names = (kept || []).map(([name]) => name);
    const cannotDiffer = isFigureOfReport || !names.length;
    const reasons = [
      isFigureOfReport && "This figure shows all of its measures, for the scenario of the sliders.",
      !isFigureOfReport && !names.length && "Keep a scenario to see differences from it.",
    ];
    const found = [
      isFigureOfReport, isFigureOfReport, cannotDiffer, reasons.filter(Boolean).join(" "),
    ];
    if (!scenario) return found;
    const query = new URLSearchParams(scenario);
    const display = {view, measures: (measures || []).join(","), trade};
    if (names.includes(reference)) display.reference = reference;
    for (const [key, value] of Object.entries(display)) {
      if (value && value !== usual[key]) query.set(key, value);
    }
    for (const [name, text] of kept || []) {
      query.append("pin", `${new URLSearchParams({name})}&${text}`);
    }
    window.history.replaceState(null, "", "?" + query);
    return found;
  },
  /* The number of the next poll: one more once the last is answered, or given up as lost. */
  due(_, last, answered) {
    const now = Date.now();
    if (answered !== last && now - explorerDefaults.asked < 20000) {
      return window.dash_clientside.no_update;
    }
    explorerDefaults.asked = now;
    return last + 1;
  },
  /* Copies the command. The button reads "Copied" until the command changes; a browser that does
     not let a page copy is not said to have copied. */
  copy(clicks, command) {
    const triggers = window.dash_clientside.callback_context.triggered;
    const isPressed = triggers.some(each => each.prop_id === "copy.n_clicks");
    if (!clicks || !isPressed) return "Copy the command";
    if (!navigator.clipboard) return "Copy it from below";
    return navigator.clipboard.writeText(command).then(() => "Copied", () => "Copy it from below");
  },
  /* Fits the plot to the width of the screen and to its light or dark colours. */
  fit(plot) {
    if (!plot) return window.dash_clientside.no_update;
    const isDark = window.matchMedia("(prefers-color-scheme: dark)").matches;
    const {data, layout} = fitted(plot, document.getElementById("frame").clientWidth);
    return {data, layout: {...layout, template: template(isDark)}};
  },
}});

/* Dash gives its sliders and pickers no names that screen readers know. They get the names that
   stand beside them as soon as they appear. */
new MutationObserver(() => {
  for (const thumb of document.querySelectorAll(".control [role=slider]:not([aria-label])")) {
    const control = thumb.closest(".control");
    const described = [...control.querySelectorAll(".help, .reason")].map(part => part.id);
    thumb.setAttribute("aria-label", control.getAttribute("aria-label"));
    thumb.setAttribute("aria-describedby", described.join(" "));
  }
  for (const label of document.querySelectorAll("label[for][id]")) {
    const picker = document.getElementById(label.htmlFor);
    const names = picker?.getAttribute("aria-labelledby");
    if (names && !names.includes(label.id)) {
      picker.setAttribute("aria-labelledby", `${label.id} ${names}`);
    }
  }
}).observe(document.documentElement, {childList: true, subtree: true});
