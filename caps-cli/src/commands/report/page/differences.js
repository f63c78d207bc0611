// What differs between two captures, kind by kind.

/** A part that changes alike in more things than this is one line. */
const ALIKE = 3;

/** Parts of several things that change alike, as one line. */
function folded(list, [a, b]) {
  const alike = new Map();
  for (const entry of list.filter((one) => one.owner !== undefined && !isSchema(one.id))) {
    const values = cells(entry.row[1]);
    const key = [entry.name, values[a], values[b]].join(" ");
    if (!alike.has(key)) alike.set(key, []);
    alike.get(key).push(entry);
  }
  const many = [...alike.values()].filter((entries) => entries.length > ALIKE);
  const gone = new Set(many.flat());
  const single = list.filter((entry) => !gone.has(entry)).map((entry) => ({ entry, name: nameOf(entry) }));
  const lines = many.map((entries) => ({ entry: entries[0], among: entries }));
  lines.sort((one, other) => collator.compare(one.entry.name, other.entry.name));
  return [...single, ...lines];
}

function change(values, [a, b]) {
  if (!isThere(values[a])) return { mark: "+", word: "added", tone: "yes" };
  if (!isThere(values[b])) return { mark: "−", word: "removed", tone: "fail" };
  return { mark: "~", word: "changed", tone: "deprecated" };
}

function valueWords(number) {
  if (number === ABSENT) return "";
  const found = record(number);
  return found === true ? "yes" : describe(found) || "yes";
}

/** The name of a line; of several things that change alike it opens to a list of them. */
function lineName({ entry, name, among }, kind) {
  if (!among) return h("a", { href: href(entry.link) }, name);
  const box = h("details", {}, h("summary", {}, entry.name, h("span", { class: "count" }, `of ${among.length} ${kind.many}`)));
  box.addEventListener("toggle", () => {
    if (box.childElementCount > 1) return;
    box.append(h("p", { class: "owners" }, among.map((one) => [h("a", { href: href(one.link) }, one.owner), " "]).flat()));
  });
  return box;
}

function differenceLine(one, kind, pair) {
  const values = cells(one.entry.row[1]);
  const { mark, word, tone } = change(values, pair);
  return h("tr", {},
    h("td", { class: `mark ${tone}`, title: word }, h("span", { "aria-hidden": "true" }, mark), hidden(word)),
    h("th", { scope: "row" }, lineName(one, kind)),
    pair.map((index) => h("td", {}, valueWords(values[index]))));
}

/** How many lines of a kind are shown before somebody asks for more. */
const MANY_LINES = 200;

function differenceSection(kind, list, pair) {
  const lines = folded(list, pair);
  const names = pair.map((index) => captures[index].name);
  const body = h("tbody", {}, lines.slice(0, MANY_LINES).map((one) => differenceLine(one, kind, pair)));
  const rest = () => {
    body.append(...lines.slice(body.childElementCount).map((one) => differenceLine(one, kind, pair)));
    button.remove();
  };
  const button = h("button", { type: "button", onclick: rest }, `Show all ${lines.length} lines`);
  if (lines.length > MANY_LINES) window.addEventListener("beforeprint", rest, { once: true });
  return h("section", { class: "difference" },
    h("h2", {}, kind.title, h("span", { class: "count" }, String(lines.length))),
    h("table", {},
      h("caption", { class: "vh" }, `${kind.title} that differ`),
      h("thead", {}, h("tr", {}, ["Change", "Name", ...names].map((text, index) =>
        h("th", { scope: "col" }, index === 0 ? hidden(text) : text)))),
      body),
    lines.length > MANY_LINES && button);
}

/** The view of two captures. */
function differences(lists, pair) {
  const [a, b] = pair.map((index) => captures[index].name);
  const some = lists.filter(([, list]) => list.length > 0);
  return [
    h("h1", {}, `${a} → ${b}`),
    h("p", { class: "lead" }, some.length === 0 ? "They do not differ." : "What both captures report, and where they differ. A part that changes the same way in many entries is one line."),
    ...some.map(([kind, list]) => differenceSection(kind, list, pair)),
  ];
}
