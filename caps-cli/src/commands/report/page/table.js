// The matrix: entries in rows, captures in columns.

/** What a cell shows: a class, a word, and more in a tooltip. */
function cellOf(id, number) {
  if (number === ABSENT) return { kind: "no", text: "no" };
  if (number === UNASKED) return { kind: "unasked", text: "not asked" };
  const found = record(number);
  if (found === true) return { kind: "yes", text: "yes" };
  const title = describe(found);
  if (found.verdict) return verdictCell(found);
  if (found.value !== undefined) {
    const kind = found.value === "no" ? "no" : "yes";
    return { kind, text: found.value, title: found.value };
  }
  if (isMarked(found, "deprecated")) return { kind: "deprecated", text: "deprecated", title };
  if (isMarked(found, "unstable")) return { kind: "unstable", text: "unstable", title };
  if (found.alias_of) return { kind: "yes", text: found.is_default ? "default" : "alias", title };
  if (found.is_default) return { kind: "yes", text: "default", title };
  if (id === "cpu" && found.usable) {
    const usable = Object.values(found.usable);
    const kind = usable[0] ? "yes" : "partly";
    return { kind, text: usable[0] ? "yes" : "not here", title };
  }
  return { kind: "yes", text: "yes", title };
}

function verdictCell(found) {
  const title = [...(found.problems ?? []), ...(found.warnings ?? []), ...(found.unchecked ?? [])].join("\n");
  if (found.verdict === "invalid") return { kind: "fail", text: "FAIL", title };
  if (found.verdict === "unknown") return { kind: "partly", text: "unknown", title };
  if (found.warnings) return { kind: "deprecated", text: "warn", title };
  return { kind: "yes", text: "ok", title };
}

/** A type in words. */
function typeWords(found) {
  const { type, unknown_type: unknown, array = 0 } = found;
  if (type === undefined && unknown === undefined) return "";
  const name = typeof type === "number" ? doc.types[type].meta : (type ?? unknown);
  return "array of ".repeat(array) + name;
}

/** A record on one line. */
function describe(found) {
  if (found === true) return "";
  const { features = [], optional, tag, type, unknown_type: unknown, array, ...others } = found;
  const parts = [typeWords({ type, unknown_type: unknown, array })];
  if (optional) parts.push("optional");
  if (tag) parts.push("selects the variant");
  parts.push(...features);
  for (const [key, value] of Object.entries(others)) {
    const word = key.replaceAll("_", " ");
    if (value === true) parts.push(word);
    else parts.push(key === "value" ? value : `${word} ${inline(value)}`);
  }
  return parts.filter(Boolean).join(", ");
}

function inline(value) {
  if (Array.isArray(value)) return value.join(" ");
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([key, one]) => `${key}: ${one === true ? "yes" : one === false ? "no" : one}`)
      .join(", ");
  }
  return String(value);
}

function cell(id, number) {
  const { kind, text, title } = cellOf(id, number);
  if (kind === "unasked") return h("td", { class: kind }, hidden(text));
  return h("td", { class: kind, title: title || undefined }, text);
}

/** The head of a table: a line of architectures and a line of versions. */
function head(columns, label) {
  const runs = [];
  for (const index of columns) {
    const { group } = captures[index];
    if (runs.at(-1)?.group === group) runs.at(-1).count++;
    else runs.push({ group, count: 1 });
  }
  const isFirst = (index) => columns[columns.indexOf(index) - 1] === undefined
    || captures[columns[columns.indexOf(index) - 1]].group !== captures[index].group;
  return h("thead", {},
    h("tr", { class: "arches" },
      h("th", { scope: "col", rowspan: 2, class: "name" }, label),
      runs.map((run) => h("th", { scope: "colgroup", colspan: run.count }, run.group))),
    h("tr", { class: "versions" },
      columns.map((index) => h("th", {
        scope: "col",
        class: isFirst(index) ? "first" : undefined,
        title: captures[index].package ? `${captures[index].name}: ${captures[index].package}` : captures[index].name,
      }, captures[index].version))));
}

/** A line of what is said about a thing in the listing. */
function remark(entry, kind) {
  const about = aboutOf(kind, entry.name);
  if (entry.owner === undefined && about?.title) return about.title;
  if (entry.owner === undefined && about?.doc) return about.doc.replaceAll("`", "");
  const last = cells(entry.row[1]).findLast(isThere);
  const found = last === undefined ? undefined : record(last);
  if (!found || found === true) return "";
  if (found.alias_of) return `stands for ${found.alias_of}`;
  if (entry.id === "option") return found.forms?.[0] ?? found.description ?? typeWords(found);
  const { category, description, parent, bus, alias } = found;
  if (isSchema(entry.id)) return typeWords(found);
  if (entry.owner !== undefined) return [found.type, description].filter(Boolean).join(" · ");
  return [alias && `alias ${alias}`, bus && `on ${bus}`, category, description, parent && `a ${parent}`]
    .filter(Boolean).join(" · ");
}

function nameOf(entry) {
  if (entry.id === "validation" && entry.owner === undefined) return String(Number(entry.name));
  if (entry.owner === undefined) return entry.name;
  return [h("span", { class: "owner" }, `${entry.owner}/`), entry.name];
}

function line(entry, kind, columns) {
  const values = cells(entry.row[1]);
  const starts = new Set(columns.filter((index, at) => captures[columns[at - 1]]?.group !== captures[index].group));
  return h("tr", { class: entry.owner === undefined ? undefined : "part" },
    h("th", { scope: "row" },
      h("a", { href: href(entry.link) }, nameOf(entry)),
      h("span", { class: "remark" }, remark(entry, kind))),
    columns.map((index) => {
      const made = cell(entry.id, values[index]);
      if (starts.has(index)) made.classList.add("first");
      return made;
    }));
}

const FIRST_ROWS = 120;
const MORE_ROWS = 400;
/** So many rows are shown before the one that a link leads to. */
const BEFORE = 20;

/**
 * A table of entries. Rows are made as they come into sight, from the one on that a link leads to, and all of
 * them before the page is printed.
 */
function matrix(entries, id, filter, label, shown) {
  const kind = kindOf(id, filter.baseline);
  const body = h("tbody");
  const table = h("table", { class: "matrix" },
    h("caption", { class: "vh" }, label), head(filter.columns, KINDS.find((one) => one.id === id).one), body);
  // The names have the room that the columns leave.
  table.style.setProperty("--columns", filter.columns.length);
  const box = h("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": label }, table);
  const lines = (from, to) => entries.slice(from, to).map((entry) => line(entry, kind, filter.columns));
  const index = entries.findIndex((entry) => entry.link === shown);
  const start = index < FIRST_ROWS ? 0 : index - BEFORE;
  let made = start;
  const more = (count) => {
    body.append(...lines(made, made + count));
    made = Math.min(made + count, entries.length);
  };
  more(FIRST_ROWS);
  if (start > 0) {
    const earlier = h("button", { type: "button", class: "earlier" }, `Show the ${start} before`);
    const before = () => {
      body.prepend(...lines(0, start));
      earlier.remove();
    };
    earlier.addEventListener("click", before, { once: true });
    window.addEventListener("beforeprint", () => earlier.isConnected && before(), { once: true });
    box.prepend(earlier);
  }
  if (made < entries.length) {
    const sentinel = h("p", { class: "sentinel" }, "…");
    box.append(sentinel);
    const grow = (count) => {
      more(count);
      if (made < entries.length) return;
      observer.disconnect();
      sentinel.remove();
    };
    const observer = new IntersectionObserver((found) => found.some((one) => one.isIntersecting) && grow(MORE_ROWS), { rootMargin: "1500px" });
    observer.observe(sentinel);
    window.addEventListener("beforeprint", () => box.isConnected && grow(entries.length), { once: true });
  }
  return box;
}
