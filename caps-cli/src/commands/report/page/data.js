// The document, unpacked, and what can be read off it. docs/report.md describes its form.

const ABSENT = 0;
const UNASKED = 1;

/** The packed document, as an object. */
async function unpack() {
  const text = document.getElementById("data").textContent;
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

const doc = await unpack();
const captures = doc.captures.map((capture, index) => ({ ...capture, index, group: capture.arch + capture.variant }));
/** Architectures with their variants, in the order of the captures. */
const groups = [...new Set(captures.map((capture) => capture.group))];

/** What each capture says, as numbers of records. */
const unfolded = [];
function cells(pattern) {
  if (!unfolded[pattern]) {
    const runs = doc.patterns[pattern];
    const numbers = [];
    for (let i = 0; i < runs.length; i += 2) {
      for (let n = runs[i + 1]; n > 0; n--) numbers.push(runs[i]);
    }
    unfolded[pattern] = numbers;
  }
  return unfolded[pattern];
}

const record = (number) => doc.records[number];
const isThere = (number) => number !== ABSENT && number !== UNASKED;

/** The kinds in the order of the page, each with its name in links, in headings and in counts. */
const KINDS = [
  { id: "flag", title: "Flags", one: "capability flag", many: "capability flags" },
  { id: "command", title: "Commands", one: "QMP command", many: "QMP commands" },
  { id: "event", title: "Events", one: "QMP event", many: "QMP events" },
  { id: "device", title: "Devices", one: "device type", many: "device types" },
  { id: "object", title: "Objects", one: "type of objects", many: "types of objects" },
  { id: "option", title: "Options", one: "command-line option", many: "command-line options" },
  { id: "machine", title: "Machines", one: "machine type", many: "machine types" },
  { id: "cpu", title: "CPUs", one: "CPU model", many: "CPU models" },
  { id: "domcaps", title: "Domain capabilities", one: "domain capability", many: "domain capabilities" },
  { id: "migration", title: "Migration", one: "migration capability", many: "migration capabilities" },
  { id: "type", title: "QOM types", one: "QOM type", many: "QOM types" },
  { id: "validation", title: "Validation", one: "command", many: "commands" },
];

const baselines = doc.kinds.filter((kind) => kind.kind === "flag").map((kind) => kind.baseline);

/** All things of a kind; of flags those that one release of libvirt knows. */
function kindOf(id, baseline) {
  const isIt = (kind) => kind.kind === id && (kind.baseline === undefined || kind.baseline === baseline);
  return doc.kinds.find(isIt);
}

const byName = new Map();
/** The row of a kind with this name. */
function rowOf(kind, name) {
  if (!byName.has(kind)) byName.set(kind, new Map(kind.rows.map((row) => [row[0], row])));
  return byName.get(kind).get(name);
}

/** What does not depend on the capture. */
function aboutOf(kind, name) {
  return kind.about && Object.hasOwn(kind.about, name) ? kind.about[name] : undefined;
}

const isSchema = (id) => id === "command" || id === "event";

/** The rows below a row: the parts of a command, the properties of a device. */
function partsOf(id, row) {
  if (row[2] === undefined) return [];
  return isSchema(id) ? doc.types[row[2]].rows : doc.groups[row[2]];
}

/** The numbers of the types that a part of the schema has in any capture. */
function targets(row) {
  const found = new Set();
  for (const number of new Set(cells(row[1]))) {
    const type = record(number)?.type;
    if (typeof type === "number") found.add(type);
  }
  return [...found];
}

/** The types that a query passes through alternates to, with the type itself. */
function passed(type, seen = new Set()) {
  if (seen.has(type)) return [];
  seen.add(type);
  if (doc.types[type].meta !== "alternate") return [type];
  return doc.types[type].rows.flatMap(targets).flatMap((target) => passed(target, seen));
}

/** Follows a query from a type on: the row of its last component. */
function follow(type, components) {
  const [first, ...rest] = components;
  for (const reached of passed(type)) {
    const name = first.replace(/^\*/, "");
    const row = doc.types[reached].rows.find((candidate) => candidate[0] === name);
    if (!row) continue;
    if (rest.length === 0) return { row, owner: reached };
    for (const target of targets(row)) {
      const found = follow(target, rest);
      if (found) return found;
    }
  }
  return undefined;
}

/** The entry that a link names: its kind, its row, and whose part it is. */
function resolve(link, baseline) {
  const slash = link.indexOf("/");
  const head = slash < 0 ? link : link.slice(0, slash);
  const rest = slash < 0 ? "" : link.slice(slash + 1);
  if (rest && KINDS.some((kind) => kind.id === head) && !isSchema(head)) {
    const releases = [baseline, ...baselines];
    for (const kind of releases.map((release) => kindOf(head, release)).filter(Boolean)) {
      const row = rowOf(kind, rest);
      if (row) return { id: head, kind, link, row, name: rest };
      // Names may have slashes in them, too.
      for (let cut = rest.lastIndexOf("/"); cut > 0; cut = rest.lastIndexOf("/", cut - 1)) {
        const owner = rowOf(kind, rest.slice(0, cut));
        const part = owner && partsOf(head, owner).find((one) => one[0] === rest.slice(cut + 1));
        if (part) return { id: head, kind, link, row: part, name: part[0], owner: owner[0] };
      }
    }
    return undefined;
  }
  for (const id of ["command", "event"]) {
    const kind = kindOf(id);
    const whole = kind && rowOf(kind, link);
    if (whole) return { id, kind, link, row: whole, name: link };
    const row = kind && rowOf(kind, head);
    if (!row || !rest) continue;
    const found = follow(row[2], rest.split("/"));
    if (found) {
      const owner = link.slice(0, link.lastIndexOf("/"));
      return { id, kind, link, row: found.row, name: found.row[0], owner };
    }
  }
  return undefined;
}

/** The link to a thing or to a part of it. */
function linkTo(id, name, part) {
  const path = part === undefined ? name : `${name}/${part}`;
  return isSchema(id) ? path : `${id}/${path}`;
}

const href = (link) => `#${encodeURIComponent(link).replaceAll("%2F", "/").replaceAll("%2B", "+")}`;

/** Is the thing marked in this record, as `deprecated` or `unstable`? */
function isMarked(found, mark) {
  if (!found || found === true) return false;
  return found[mark] === true || (found.features ?? []).includes(mark);
}
