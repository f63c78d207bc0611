// The overview: how many things there are by version, and what comes and goes.

/** How many things of a kind each capture has; of one that does not tell nothing. */
function counts(id, baseline, isCounted = isThere) {
  const kind = kindOf(id, baseline);
  const totals = captures.map(() => 0);
  const tells = captures.map(() => false);
  for (const row of kind?.rows ?? []) {
    cells(row[1]).forEach((number, index) => {
      if (number !== UNASKED) tells[index] = true;
      if (isCounted(number)) totals[index]++;
    });
  }
  return totals.map((total, index) => (tells[index] ? total : undefined));
}

const WIDTH = 320;
const HEIGHT = 150;
const EDGE = { left: 40, right: 12, top: 12, bottom: 24 };

/** A scale that begins at a round number. */
function scale(values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(high - low, high / 10, 1))));
  const bottom = Math.floor(low / step) * step;
  const top = Math.max(Math.ceil(high / step) * step, bottom + step);
  return { bottom, top, at: (value) => HEIGHT - EDGE.bottom - ((value - bottom) / (top - bottom)) * (HEIGHT - EDGE.top - EDGE.bottom) };
}

/** A line for each architecture over the versions. */
function plot(title, values, shown) {
  const versions = [...new Set(captures.filter((c) => shown.includes(c.group)).map((c) => c.version))].sort(collator.compare);
  const points = captures.filter((c) => shown.includes(c.group) && values[c.index] !== undefined);
  if (points.length === 0) return "";
  const y = scale(points.map((c) => values[c.index]));
  const x = (version) => {
    const room = WIDTH - EDGE.left - EDGE.right;
    return EDGE.left + (versions.length === 1 ? room / 2 : (versions.indexOf(version) / (versions.length - 1)) * room);
  };
  const lines = shown.map((group) => {
    const own = points.filter((c) => c.group === group);
    const at = own.map((c) => `${x(c.version).toFixed(1)},${y.at(values[c.index]).toFixed(1)}`).join(" ");
    return svg("g", { class: `line line${groups.indexOf(group) % 8}` }, svg("polyline", { points: at }),
      own.map((c) => svg("circle", { cx: x(c.version), cy: y.at(values[c.index]), r: 3 }, svg("title", {}, `${group} ${c.version}: ${values[c.index]}`))));
  });
  const every = Math.ceil(versions.length / 6);
  return h("figure", {},
    h("figcaption", {}, title),
    svg("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", "aria-label": `${title} by version; the table below has the numbers` },
      [y.bottom, y.top].map((value) => [
        svg("line", { class: "axis", x1: EDGE.left, x2: WIDTH - EDGE.right, y1: y.at(value), y2: y.at(value) }),
        svg("text", { x: EDGE.left - 6, y: y.at(value) + 4, "text-anchor": "end" }, String(value)),
      ]).flat(),
      versions.filter((_, index) => index % every === 0 || index === versions.length - 1).map((version) => {
        const at = x(version);
        const anchor = version === versions[0] && versions.length > 1 ? "start" : version === versions.at(-1) && versions.length > 1 ? "end" : "middle";
        return svg("text", { x: at, y: HEIGHT - 6, "text-anchor": anchor }, version);
      }),
      lines));
}

/** The kinds in which coming and going is counted. */
const TALLIED = ["command", "event", "device", "option", "machine", "cpu"];

/** What comes, goes and becomes deprecated from one version of an architecture to the next. */
function steps(filter) {
  const found = captures.slice(1).map((to, index) => ({ from: captures[index], to, added: 0, removed: 0, deprecated: 0 }))
    .filter((step) => step.from.group === step.to.group);
  /** The steps on both sides of which a thing is there. */
  const inBoth = (pattern) => {
    const values = cells(pattern);
    return found.filter((step) => isThere(values[step.from.index]) && isThere(values[step.to.index]));
  };
  const count = (pattern, among) => {
    // What is the same in all captures, as most things are, need not be looked at.
    if (doc.patterns[pattern].length === 2) return;
    const values = cells(pattern);
    for (const step of among) {
      const [before, after] = [values[step.from.index], values[step.to.index]];
      if (before === after || before === UNASKED || after === UNASKED) continue;
      if (!isThere(before)) step.added++;
      else if (!isThere(after)) step.removed++;
      if (isMarked(record(after), "deprecated") && !isMarked(record(before), "deprecated")) step.deprecated++;
    }
  };
  for (const id of TALLIED) {
    // Many things share their parts, and parts of one name mostly change alike.
    const tables = new Map();
    const parts = new Map();
    const add = (map, key, steps) => {
      if (!map.has(key)) map.set(key, new Set());
      for (const step of steps) map.get(key).add(step);
    };
    for (const row of kindOf(id, filter.baseline)?.rows ?? []) {
      count(row[1], found);
      if (!isSchema(id) && row[2] !== undefined) add(tables, row[2], inBoth(row[1]));
    }
    for (const [table, among] of tables) {
      for (const [name, pattern] of doc.groups[table]) add(parts, `${pattern} ${name}`, among);
    }
    for (const [key, among] of parts) count(Number.parseInt(key, 10), among);
  }
  for (const type of doc.types) {
    const among = inBoth(type.values);
    for (const part of type.rows) count(part[1], among);
  }
  return found;
}

function bars(group, all) {
  const list = all.filter((step) => step.from.group === group);
  if (list.length === 0) return "";
  const most = Math.max(...list.map((step) => Math.max(step.added, step.removed, step.deprecated)), 1);
  const series = ["added", "removed", "deprecated"];
  return h("table", { class: "bars" },
    h("caption", {}, group),
    h("thead", {}, h("tr", {}, ["Step", "Added", "Removed", "Newly deprecated"].map((text) => h("th", { scope: "col" }, text)))),
    h("tbody", {}, list.map((step) => h("tr", {},
      h("th", { scope: "row" }, h("a", { href: `#/diff?a=${encodeURIComponent(step.from.name)}&b=${encodeURIComponent(step.to.name)}` }, `${step.from.version} → ${step.to.version}`)),
      series.map((name) => h("td", {},
        h("span", { class: "number" }, String(step[name])),
        svg("svg", { class: `bar ${name}`, viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
          svg("rect", { width: (step[name] / most) * 100, height: 10 }))))))));
}

/** The numbers behind the plots. */
function numbers(kinds, all, shown) {
  const own = captures.filter((capture) => shown.includes(capture.group));
  return h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": "Captures in numbers" },
    h("table", { class: "numbers" },
      h("caption", { class: "vh" }, "Captures in numbers"),
      h("thead", {}, h("tr", {}, h("th", { scope: "col" }, "Capture"), h("th", { scope: "col" }, "Package"), h("th", { scope: "col" }, "Accelerators"),
        kinds.map((kind) => h("th", { scope: "col" }, kind.title)))),
      h("tbody", {}, own.map((capture) => h("tr", {},
        h("th", { scope: "row" }, capture.name),
        h("td", {}, capture.package ?? ""),
        h("td", {}, capture.accelerators.join(", ")),
        all.map((values) => h("td", { class: "number" }, values[capture.index] === undefined ? hidden("not asked") : String(values[capture.index]))))))));
}

function overview(filter) {
  const shown = groups.filter((group) => filter.columns.some((index) => captures[index].group === group));
  const kinds = KINDS.filter((kind) => !["domcaps", "migration", "validation"].includes(kind.id) && kindOf(kind.id, filter.baseline));
  const all = kinds.map((kind) => counts(kind.id, filter.baseline));
  const deprecated = counts("command", filter.baseline, (number) => isThere(number) && isMarked(record(number), "deprecated"));
  const changes = steps(filter);
  return [
    h("h1", {}, "What is in which QEMU"),
    h("p", { class: "lead" }, `${captures.length} captures of QEMU on ${groups.length} ${groups.length === 1 ? "architecture" : "architectures"}: what libvirt asks a QEMU, and everything else that the QEMU reports. `,
      "A capture describes one build; another build of the same version can have more or less."),
    h("ul", { class: "legend" }, shown.map((group) => h("li", { class: `line${groups.indexOf(group) % 8}` }, group))),
    h("div", { class: "plots" }, kinds.map((kind, index) => plot(kind.title, all[index], shown)), plot("Deprecated commands", deprecated, shown)),
    h("h2", {}, "From version to version"),
    h("p", { class: "lead" }, "What is added, removed and deprecated: QMP commands and events with all their parts, device types with their properties, options, machine types and CPU models. A property that changes the same way in several types counts once."),
    h("div", { class: "steps" }, shown.map((group) => bars(group, changes))),
    h("h2", {}, "Captures"),
    numbers(kinds, all, shown),
  ];
}
