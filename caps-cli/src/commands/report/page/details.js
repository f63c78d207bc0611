// One entry: in which captures it is, what they say of it, and what it consists of.

/** A table of versions for each architecture. */
function availability(entry, columns) {
  const values = cells(entry.row[1]);
  return h("table", { class: "availability" },
    h("caption", {}, "By architecture"),
    h("tbody", {}, groups.filter((group) => columns.some((index) => captures[index].group === group)).map((group) => {
      const own = columns.filter((index) => captures[index].group === group);
      return h("tr", {},
        h("th", { scope: "row" }, group),
        h("td", {}, h("ul", { class: "versions" }, own.map((index) => {
          const { kind, text, title } = cellOf(entry.id, values[index]);
          return h("li", { class: kind, title: title || undefined }, h("b", {}, captures[index].version), " ", text);
        })), entry.id !== "validation" && h("p", { class: "seen" }, seen(values, group))));
    })));
}

/** The distinct records of an entry, each with the captures that have it. */
function variety(entry, columns) {
  const values = cells(entry.row[1]);
  const found = new Map();
  for (const index of columns.filter((one) => isThere(values[one]) && record(values[one]) !== true)) {
    if (!found.has(values[index])) found.set(values[index], []);
    found.get(values[index]).push(index);
  }
  return found;
}

/** What the captures say, member by member. */
function facts(entry, columns) {
  const found = variety(entry, columns);
  if (found.size === 0) return "";
  return h("section", {}, h("h3", {}, "What it is"), [...found].map(([number, indexes]) =>
    h("dl", { class: "record" },
      found.size > 1 && h("div", {}, h("dt", {}, "In"), h("dd", {}, inWords(indexes, columns))),
      Object.entries(record(number))
        .filter(([key]) => !["array"].includes(key))
        .map(([key, value]) => h("div", {}, h("dt", {}, key.replaceAll("_", " ")), h("dd", {}, factValue(entry, key, value, record(number))))))));
}

function factValue(entry, key, value, found) {
  if (key === "type" || key === "unknown_type") return typeWords(found);
  if (entry.id === "machine" && key.startsWith("alias")) return h("a", { href: href(`machine/${value}`) }, value);
  if (Array.isArray(value)) return h("ul", {}, value.map((one) => h("li", {}, one)));
  return inline(value === true ? "yes" : value);
}

/** What shows a flag, by the release of libvirt. */
function rules(entry) {
  const known = baselines
    .map((baseline) => [baseline, aboutOf(kindOf("flag", baseline), entry.name)])
    .filter(([, about]) => about);
  const doc = known.at(-1)[1].doc;
  return h("section", {}, h("p", { class: "doc" }, ticked(doc)), h("h3", {}, "What shows it"),
    known.map(([baseline, about]) => h("div", { class: "rules" },
      h("h4", {}, `libvirt ${baseline}`),
      about.rules.length === 0
        ? h("p", {}, "Nothing; tests can set it.")
        : h("ul", {}, about.rules.map((rule) => h("li", {}, ruleText(rule)))))));
}

/** A rule, with links to what it names. */
function ruleText(rule) {
  const schema = /^(schema|command) (\S+)$/.exec(rule);
  if (schema) return [`${schema[1]} `, linked(schema[2])];
  const device = /^device (\S+) has (\S+?)(,.*)?$/.exec(rule);
  if (device) return ["device ", linked(`device/${device[1]}/${device[2]}`), device[3] ?? ""];
  const type = /^type (\S+)$/.exec(rule);
  if (type) return ["type ", linked(`type/${type[1]}`)];
  return rule;
}

function linked(link) {
  return resolve(link) ? h("a", { href: href(link) }, link) : code(link);
}

/** Text with code between backticks. */
function ticked(text) {
  return text.split("`").map((part, index) => (index % 2 === 1 ? code(part) : part));
}

/** The properties of a device and the like, or the keys of an option. */
function properties(entry, columns) {
  const parts = partsOf(entry.id, entry.row);
  if (parts.length === 0) return "";
  const own = cells(entry.row[1]);
  const among = columns.filter((index) => isThere(own[index]));
  const shown = parts.filter((part) => among.some((index) => isThere(cells(part[1])[index])));
  const title = entry.id === "option" ? "Keys and values" : "Properties";
  return h("section", {}, h("h3", {}, title, h("span", { class: "count" }, String(shown.length))),
    h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": title },
      h("table", { class: "properties" },
        h("caption", { class: "vh" }, title),
        h("thead", {}, h("tr", {}, ["Name", "Type", "Default", "In"].map((text) => h("th", { scope: "col" }, text)))),
        h("tbody", {}, shown.sort((a, b) => collator.compare(a[0], b[0])).map((part) => {
          const values = cells(part[1]);
          const there = among.filter((index) => isThere(values[index]));
          const told = among.filter((index) => values[index] !== UNASKED);
          const last = record(values[there.at(-1)]);
          return h("tr", {},
            h("th", { scope: "row" }, h("a", { href: href(linkTo(entry.id, entry.name, part[0])) }, part[0]),
              last.description && h("span", { class: "remark" }, last.description)),
            h("td", {}, last.type ?? ""),
            h("td", {}, last.default === undefined ? "" : code(last.default)),
            h("td", {}, inWords(there, told)));
        })))));
}

/** The parts of a type in the schema, to be opened level by level. */
function tree(type, path, columns, seenTypes = []) {
  const rows = doc.types[type].rows.filter((row) => columns.some((index) => isThere(cells(row[1])[index])));
  const own = columns.filter((index) => isThere(cells(doc.types[type].values)[index]));
  if (rows.length === 0) return h("p", { class: "none" }, "nothing");
  const order = (row) => "+!^$".indexOf(row[0][0]) + 1;
  const ordered = [...rows].sort((a, b) => order(a) - order(b) || collator.compare(a[0], b[0]));
  return h("ul", { class: "tree" }, ordered.map((row) => {
    const values = cells(row[1]);
    const there = own.filter((index) => isThere(values[index]));
    const last = record(values[there.at(-1) ?? values.findIndex(isThere)]);
    const link = `${path}/${row[0]}`;
    const marks = ["deprecated", "unstable"].filter((mark) => there.some((index) => isMarked(record(values[index]), mark)));
    const label = [
      h("a", { href: href(link) }, row[0]),
      h("span", { class: "type" }, [typeWords(last), last.optional && "optional"].filter(Boolean).join(", ")),
      marks.map((mark) => h("span", { class: `badge ${mark}` }, mark)),
      there.length < own.length && h("span", { class: "in" }, inWords(there, own)),
    ];
    const inside = targets(row);
    if (inside.length === 0 || !inside.some((target) => doc.types[target].rows.length > 0)) return h("li", {}, label);
    if (inside.some((target) => seenTypes.includes(target))) return h("li", {}, label, h("span", { class: "in" }, "as above"));
    const box = h("div", { hidden: true });
    const fold = h("button", {
      type: "button",
      class: "fold",
      "aria-expanded": "false",
      "aria-label": `Parts of ${row[0]}`,
      onclick: () => {
        if (box.childElementCount === 0) box.append(...inside.map((target) => tree(target, link, columns, [...seenTypes, type])));
        box.hidden = !box.hidden;
        fold.setAttribute("aria-expanded", String(!box.hidden));
      },
    });
    return h("li", { class: "folded" }, fold, label, box);
  }));
}

/** What a part of the schema consists of. */
function structure(entry, columns) {
  if (!isSchema(entry.id)) return "";
  if (entry.owner !== undefined) {
    const inside = targets(entry.row);
    if (inside.length === 0) return "";
    return h("section", {}, h("h3", {}, "Parts"), inside.map((target) => tree(target, entry.link, columns)));
  }
  return doc.types[entry.row[2]].rows.filter((row) => row[0].endsWith("-type")).map((row) => {
    const title = row[0] === "ret-type" ? "Returns" : entry.id === "event" ? "Data" : "Arguments";
    const builtin = targets(row).length === 0 && h("p", {}, typeWords(record(cells(row[1]).find(isThere))));
    return h("section", {}, h("h3", {}, title), builtin || targets(row).map((target) => tree(target, `${entry.name}/${row[0]}`, columns)));
  });
}

/** The verdicts on a command in words. */
function verdicts(entry, kind, columns) {
  const about = aboutOf(kind, entry.name);
  const found = variety(entry, columns);
  const list = (title, texts) => texts && [h("dt", {}, title), texts.map((text) => h("dd", {}, ticked(text)))];
  return h("section", {}, h("p", { class: "doc" }, about.place), h("pre", { tabindex: 0 }, about.text),
    [...found].map(([number, indexes]) => {
      const { verdict, problems, warnings, unchecked } = record(number);
      return h("dl", { class: "verdict" },
        h("dt", { class: `badge ${verdictCell(record(number)).kind}` }, verdictCell(record(number)).text),
        h("dd", {}, inWords(indexes, columns)),
        list("Problems", problems), list("Warnings", warnings), list("Not checked", unchecked),
        verdict === "valid" && !warnings && h("dd", {}, "Valid."));
    }));
}

/** The panel of an entry. */
function panel(entry, columns, close) {
  const kind = KINDS.find((one) => one.id === entry.id);
  const about = entry.owner === undefined ? aboutOf(entry.kind, entry.name) : undefined;
  const title = entry.id === "validation" ? about.title : isSchema(entry.id) ? entry.link : entry.owner ? `${entry.owner}/${entry.name}` : entry.name;
  return [
    h("header", {},
      h("p", { class: "kind" }, entry.owner === undefined ? kind.one : `part of a ${kind.one}`),
      h("h2", { tabindex: -1, id: "entry" }, title),
      h("p", { class: "links" },
        entry.owner !== undefined && h("a", { href: href(isSchema(entry.id) ? entry.owner : linkTo(entry.id, entry.owner)) }, `Up to ${entry.owner}`),
        h("a", { href: href(entry.link) }, "Link to this entry")),
      h("button", { type: "button", class: "close", onclick: close }, "Close")),
    entry.id === "flag" && rules(entry),
    entry.id === "option" && about?.doc && h("p", { class: "doc" }, about.doc),
    entry.id === "validation" && verdicts(entry, entry.kind, columns),
    availability(entry, columns),
    entry.id !== "validation" && facts(entry, columns),
    structure(entry, columns),
    entry.owner === undefined && !isSchema(entry.id) && properties(entry, columns),
  ].flat();
}
