// Which entries are listed: all of a kind, or those that the filters leave.

/** The words of a search. */
const words = (query) => query.toLowerCase().split(/\s+/).filter(Boolean);

/** Which of the words a text has, as bits. */
function hits(text, wanted) {
  let bits = 0;
  const lower = text.toLowerCase();
  wanted.forEach((word, index) => {
    if (lower.includes(word)) bits |= 1 << index;
  });
  return bits;
}

/** What a row can be found by besides its name. */
function otherNames(row, about) {
  const found = new Set();
  for (const number of new Set(cells(row[1]))) {
    const one = record(number);
    for (const key of ["alias", "alias_of"]) {
      if (one?.[key]) found.add(one[key]);
    }
  }
  if (about?.title) found.add(about.title);
  return [...found].join(" ");
}

/** Do two captures differ in a row, as far as both tell? */
function differs(row, [a, b]) {
  const values = cells(row[1]);
  return values[a] !== values[b] && values[a] !== UNASKED && values[b] !== UNASKED;
}

/** Is a row wanted by all filters but the search? */
function passes(row, filter) {
  const values = cells(row[1]);
  if (!filter.everything && !filter.pair && !filter.columns.some((index) => isThere(values[index]))) return false;
  if (filter.pair && !differs(row, filter.pair)) return false;
  return filter.marks.every((mark) => filter.columns.some((index) => isMarked(record(values[index]), mark)));
}

/** Are parts listed by themselves, and not only what they are parts of? */
const wantsParts = (filter) => filter.words.length > 0 || filter.pair || filter.marks.length > 0;

/** The entries of a kind that pass the filter, parts behind what they are parts of. */
function select(id, wanted) {
  const kind = kindOf(id, wanted.baseline);
  // That a flag is nowhere is worth to be seen; a command has a verdict everywhere.
  const filter = { ...wanted, everything: ["flag", "validation"].includes(id) };
  if (!kind) return [];
  const all = (1 << filter.words.length) - 1;
  const list = [];
  const inGroup = new Map();
  // The parts that pass and the words that each has, found out once for things that share their parts.
  const passing = (parts) => {
    if (!inGroup.has(parts)) {
      const found = parts.filter((part) => passes(part, filter));
      inGroup.set(parts, found.map((part) => [part, hits(part[0], filter.words)]));
    }
    return inGroup.get(parts);
  };
  const addParts = (name, own, parts, isIn) => {
    for (const [part, found] of passing(parts)) {
      const isHit = all === 0 || (found !== 0 && (found | own) === all);
      if (isHit && isIn(part)) {
        list.push({ id, name: part[0], owner: name, row: part, link: linkTo(id, name, part[0]) });
      }
    }
  };
  for (const row of kind.rows) {
    const about = aboutOf(kind, row[0]);
    const own = hits(`${row[0]} ${otherNames(row, about)}`, filter.words);
    if (own === all && passes(row, filter)) {
      list.push({ id, name: row[0], row, link: linkTo(id, row[0]) });
    }
    if (wantsParts(filter) && !isSchema(id) && row[2] !== undefined) {
      // What comes or goes with the whole is no news.
      const isIn = () => !filter.pair || filter.pair.every((index) => isThere(cells(row[1])[index]));
      addParts(row[0], own, partsOf(id, row), isIn);
    }
  }
  if (wantsParts(filter) && isSchema(id)) {
    for (const type of doc.types) {
      const root = type.path.split("/", 1)[0];
      if (!rowOf(kind, root)) continue;
      const isRoot = type.path === root;
      const isIn = (part) => {
        // The row of the command itself says this.
        const isSaid = isRoot && (part[0].endsWith("-type") || part[0].startsWith("$"));
        return !isSaid && (!filter.pair || filter.pair.every((index) => isThere(cells(type.values)[index])));
      };
      addParts(type.path, hits(type.path, filter.words), type.rows, isIn);
    }
  }
  return list;
}

/** Names in the order of people: 9.2 before 10.0. */
const collator = new Intl.Collator("en", { numeric: true });

function sorted(list, id) {
  if (id === "validation") return list;
  return list.sort((a, b) => collator.compare(a.link, b.link));
}
