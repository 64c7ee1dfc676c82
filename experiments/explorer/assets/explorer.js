window.dccFunctions = {
  month: place => `${2016 + Math.floor(place / 12)}-${String(place % 12 + 1).padStart(2, "0")}`,
};

const usual = {view: "measures", measures: "shortfall_workers,wage_real_rub_baseline,remaining_gap_workers,wage_real_rub", trade: "all"};

window.dash_clientside = Object.assign({}, window.dash_clientside, {explorer: {
  /* The address bar holds the scenario and how it is looked at; what would do nothing cannot be used. */
  address(scenario, pinned, view, measures, trade) {
    const idle = [!pinned, view !== usual.view, view !== usual.view];
    if (!scenario) return idle;
    const query = new URLSearchParams(scenario);
    const looks = {view, measures: (measures || []).join(","), trade};
    for (const [key, value] of Object.entries(looks)) if (value && value !== usual[key]) query.set(key, value);
    if (pinned) query.set("pin", pinned);
    window.history.replaceState(null, "", "?" + query);
    return idle;
  },
  /* Says "Copied" until the command changes; what a browser does not let a page copy is not called copied. */
  copy(clicks, command) {
    const pressed = window.dash_clientside.callback_context.triggered.some(each => each.prop_id === "copy.n_clicks");
    if (!clicks || !pressed) return "Copy the command";
    if (!navigator.clipboard) return "Copy it from below";
    return navigator.clipboard.writeText(command).then(() => "Copied", () => "Copy it from below");
  },
  fit(plot) {
    if (!plot) return window.dash_clientside.no_update;
    const isDark = window.matchMedia("(prefers-color-scheme: dark)").matches;
    const {data, layout} = fitted(plot, document.getElementById("frame").clientWidth);
    return {data, layout: {...layout, template: template(isDark)}};
  },
}});

/* Sliders and pickers of Dash have no names for a screen reader: they get those that stand beside them. */
new MutationObserver(() => {
  for (const thumb of document.querySelectorAll(".control [role=slider]:not([aria-label])")) {
    thumb.setAttribute("aria-label", thumb.closest(".control").getAttribute("aria-label"));
  }
  for (const label of document.querySelectorAll("label[for][id]")) {
    const names = document.getElementById(label.htmlFor)?.getAttribute("aria-labelledby");
    if (names && !names.includes(label.id)) document.getElementById(label.htmlFor).setAttribute("aria-labelledby", `${label.id} ${names}`);
  }
}).observe(document.documentElement, {childList: true, subtree: true});
