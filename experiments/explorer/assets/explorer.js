window.dccFunctions = {
  month: place => `${2016 + Math.floor(place / 12)}-${String(place % 12 + 1).padStart(2, "0")}`,
};

const usual = {view: "measures", measures: "shortfall_workers,wage_real_rub_twin,remaining_gap_workers,wage_real_rub", trade: "all"};

window.dash_clientside = Object.assign({}, window.dash_clientside, {explorer: {
  /* The address bar holds the scenario and how it is looked at. */
  address(scenario, pinned, view, measures, trade) {
    if (!scenario) return window.dash_clientside.no_update;
    const query = new URLSearchParams(scenario);
    const looks = {view, measures: (measures || []).join(","), trade};
    for (const [key, value] of Object.entries(looks)) if (value && value !== usual[key]) query.set(key, value);
    if (pinned) query.set("pin", pinned);
    window.history.replaceState(null, "", "?" + query);
    return window.dash_clientside.no_update;
  },
  copy(clicks, command) {
    if (!clicks) return window.dash_clientside.no_update;
    navigator.clipboard?.writeText(command);
    return "Copied";
  },
  dark: () => window.matchMedia("(prefers-color-scheme: dark)").matches,
}});
