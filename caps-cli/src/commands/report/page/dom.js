// Makes elements. All text becomes text nodes, so no name in a capture can be markup.

/** An element with attributes and children. */
function h(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** An element of a drawing. */
function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children.flat(Infinity).filter((child) => child !== undefined && child !== false && child !== ""));
  return element;
}

const byId = (id) => document.getElementById(id);
/** The links that a selector finds. */
const linksOf = (selector) => /** @type {HTMLAnchorElement[]} */ ([...document.querySelectorAll(selector)]);
const hidden = (text) => h("span", { class: "vh" }, text);
const code = (text) => h("code", {}, text);

/** Versions as a range, where they are next to each other among all captures of the group. */
function ranges(indexes) {
  const parts = [];
  let run = [];
  const end = () => {
    if (run.length === 0) return;
    const [first, last] = [captures[run[0]].version, captures[run.at(-1)].version];
    parts.push(first === last ? first : `${first} – ${last}`);
    run = [];
  };
  for (const index of indexes) {
    if (run.length > 0 && index !== run.at(-1) + 1) end();
    run.push(index);
  }
  end();
  return parts.join(", ");
}

/** In which captures something is, in words: by architecture, unless it is the same in all. */
function inWords(indexes, among) {
  if (indexes.length === among.length) return "all captures";
  if (indexes.length === 0) return "no capture";
  const found = groups
    .map((group) => [group, indexes.filter((index) => captures[index].group === group)])
    .filter(([, own]) => own.length > 0)
    .map(([group, own]) => ({ group, versions: ranges(own) }));
  const shown = groups.filter((group) => among.some((index) => captures[index].group === group));
  const isSame = found.length === shown.length && found.every((one) => one.versions === found[0].versions);
  if (isSame) return found[0].versions;
  return found.map((one) => `${one.group} ${one.versions}`).join(", ");
}

/** When something was first and last seen, in the words of `query`. */
function seen(values, group) {
  const own = captures.filter((capture) => capture.group === group && values[capture.index] !== UNASKED);
  const there = own.filter((capture) => isThere(values[capture.index]));
  if (own.length === 0) return "not asked";
  if (there.length === 0) return "not seen";
  const [first, last] = [there[0], there.at(-1)];
  const before = own[own.indexOf(first) - 1];
  const after = own[own.indexOf(last) + 1];
  const since = `first seen ${first.version}${before ? ` (not in ${before.version})` : ""}`;
  return `${since}, last seen ${last.version}${after ? ` (not in ${after.version})` : ""}`;
}
