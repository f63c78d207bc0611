// What the page shows follows from its address and from the filters.

const MARKS = ["deprecated", "unstable"];
/** More columns than this are too many to begin with. */
const MANY_COLUMNS = 20;

const state = {
  view: "overview",
  query: "",
  groups: captures.length <= MANY_COLUMNS ? [...groups] : [groups.includes("x86_64") ? "x86_64" : groups[0]],
  baseline: baselines.findLast((baseline) => kindOf("flag", baseline).rows.some((row) => cells(row[1]).some((n) => n !== UNASKED))),
  a: "",
  b: "",
  marks: [],
  entry: undefined,
};

const searchField = /** @type {HTMLInputElement} */ (byId("query"));
const columnsNow = () => captures.filter((capture) => state.groups.includes(capture.group)).map((capture) => capture.index);
const captureNamed = (name) => captures.find((capture) => capture.name === name);

/** The filters, as the search takes them. */
function filterNow() {
  const pair = [state.a, state.b].map(captureNamed);
  return {
    words: words(state.query),
    columns: columnsNow(),
    baseline: state.baseline,
    pair: pair.every(Boolean) ? pair.map((capture) => capture.index) : undefined,
    marks: state.marks,
  };
}

const existing = KINDS.filter((kind) => kindOf(kind.id, state.baseline)?.rows.length > 0);

/** The address of the present view with its filters. */
function viewHash() {
  const parameters = new URLSearchParams();
  if (state.query) parameters.set("q", state.query);
  if (state.groups.length !== groups.length) parameters.set("arch", state.groups.join(","));
  for (const key of ["a", "b"]) if (state[key]) parameters.set(key, state[key]);
  if (state.marks.length > 0) parameters.set("marks", state.marks.join(","));
  if (state.view === "flag" && state.baseline !== baselines.at(-1)) parameters.set("baseline", state.baseline);
  const text = parameters.toString();
  return `#/${state.view}${text ? `?${text}` : ""}`;
}

/** Takes over what an address says. */
function readHash() {
  let text = location.hash.slice(1);
  state.entry = undefined;
  if (text === "" || text === "main") return;
  if (!text.startsWith("/")) {
    try {
      text = decodeURIComponent(text);
    } catch {
      // Not encoded, then.
    }
    state.entry = resolve(text, state.baseline) ?? { missing: text };
    if (!state.entry.missing) state.view = state.entry.id;
    return;
  }
  const [view, rest = ""] = text.slice(1).split("?", 2);
  const parameters = new URLSearchParams(rest);
  const isView = ["overview", "diff"].includes(view) || existing.some((kind) => kind.id === view);
  state.view = isView ? view : "overview";
  state.query = parameters.get("q") ?? "";
  const wanted = (parameters.get("arch") ?? "").split(",").filter((group) => groups.includes(group));
  if (wanted.length > 0) state.groups = wanted;
  state.a = parameters.get("a") ?? "";
  state.b = parameters.get("b") ?? "";
  state.marks = (parameters.get("marks") ?? "").split(",").filter((mark) => MARKS.includes(mark));
  if (baselines.includes(parameters.get("baseline"))) state.baseline = parameters.get("baseline");
}

/** Shows the present state under its address, without a step in the history. */
function show() {
  history.replaceState(null, "", viewHash());
  state.entry = undefined;
  render();
}

function renderKinds(lists) {
  const tab = (view, title, count) => h("a", {
    href: `#/${view}${viewHash().replace(/^[^?]*/, "")}`,
    "aria-current": state.view === view ? "page" : undefined,
  }, title, count !== undefined && h("span", { class: count === 0 ? "count none" : "count" }, String(count)));
  byId("kinds").replaceChildren(
    tab("overview", "Overview"),
    ...existing.map((kind) => tab(kind.id, kind.title, lists.get(kind.id).length)),
    tab("diff", "Differences"));
  // On a narrow screen the tabs scroll sideways.
  byId("kinds").querySelector("[aria-current]").scrollIntoView({ block: "nearest", inline: "nearest" });
}

function choice(label, value, options, change) {
  return h("label", {}, label, " ", h("select", { onchange: (event) => change(event.target.value) },
    options.map(([name, text]) => h("option", { value: name, selected: name === value }, text))));
}

function check(label, isOn, change) {
  return h("label", { class: "chip" }, h("input", { type: "checkbox", checked: isOn, onchange: (event) => change(event.target.checked) }), label);
}

function renderFilters() {
  const toggle = (key, value, all) => (isOn) => {
    state[key] = all.filter((one) => (one === value ? isOn : state[key].includes(one)));
    if (state.groups.length === 0) state.groups = [value];
    show();
  };
  const names = [["", "–"], ...captures.map((capture) => [capture.name, capture.name])];
  const set = (key) => (value) => {
    state[key] = value;
    show();
  };
  byId("filters").replaceChildren(h("details", { open: matchMedia("(min-width: 50rem)").matches || byId("filters").querySelector("details")?.open },
    h("summary", {}, "Filters"),
    h("div", { class: "row" },
      h("fieldset", {}, h("legend", {}, "Architectures"), groups.map((group) => check(group, state.groups.includes(group), toggle("groups", group, groups)))),
      h("fieldset", {}, h("legend", {}, state.view === "diff" ? "Between" : "Changed between"),
        choice("", state.a, names, set("a")), choice("and", state.b, names, set("b"))),
      h("fieldset", {}, h("legend", {}, "Only"), MARKS.map((mark) => check(mark, state.marks.includes(mark), toggle("marks", mark, MARKS)))),
      ["overview", "flag", "diff"].includes(state.view) && h("fieldset", {}, h("legend", {}, "Flags as of"), choice("libvirt", state.baseline, baselines.map((one) => [one, one]), set("baseline"))))));
  const [a, b] = byId("filters").querySelectorAll("select");
  a.setAttribute("aria-label", "First capture");
  b.setAttribute("aria-label", "Second capture");
}

/** The two captures that are compared when none are chosen: the newest two of the first architecture. */
function usualPair() {
  const of = (group) => captures.filter((capture) => capture.group === group);
  const own = [...state.groups, ...groups].map(of).find((some) => some.length > 1) ?? captures;
  if (own.length < 2) return;
  state.a = own.at(-2).name;
  state.b = own.at(-1).name;
}

function content(lists, filter) {
  if (state.view === "overview") return overview(filter);
  if (state.view === "diff") {
    if (!filter.pair) return [h("h1", {}, "Differences"), h("p", {}, "Choose two captures above.")];
    const all = existing.filter((kind) => kind.id !== "validation").map((kind) => [kind, sorted(lists.get(kind.id), kind.id)]);
    return differences(all, filter.pair);
  }
  const kind = KINDS.find((one) => one.id === state.view);
  const list = sorted(lists.get(kind.id), kind.id);
  const label = `${list.length} ${list.length === 1 ? kind.one : kind.many}${list.some((entry) => entry.owner !== undefined) ? ", with parts" : ""}`;
  byId("status").textContent = label;
  const title = h("h1", {}, kind.title, h("span", { class: "count" }, label));
  if (list.length === 0) return [title, h("p", {}, "Nothing here passes the filters. The numbers above say where there is something.")];
  return [title, matrix(list, kind.id, filter, label, rootLink())];
}

/** The line of the list that the entry belongs to. */
function rootLink() {
  const { entry } = state;
  if (!entry || entry.missing) return undefined;
  if (isSchema(entry.id)) return entry.link.split("/", 1)[0];
  return linkTo(entry.id, entry.owner ?? entry.name);
}

function render() {
  if (state.view === "diff" && !state.a && !state.b) usualPair();
  const filter = filterNow();
  const lists = new Map(existing.map((kind) => [kind.id, select(kind.id, filter)]));
  renderKinds(lists);
  renderFilters();
  if (searchField.value !== state.query) searchField.value = state.query;
  byId("main").replaceChildren(...content(lists, filter).flat());
  renderEntry();
  document.title = `${state.entry?.link ?? state.view} – what is in which QEMU`;
}

function renderEntry() {
  const aside = byId("details");
  aside.hidden = state.entry === undefined;
  document.body.classList.toggle("has-entry", !aside.hidden);
  if (aside.hidden) return;
  if (state.entry.missing) {
    aside.replaceChildren(h("header", {}, h("h2", { tabindex: -1, id: "entry" }, "No such entry"),
      h("button", { type: "button", class: "close", onclick: close }, "Close")),
    h("p", {}, "No capture here has ", code(state.entry.missing), "."));
  } else {
    aside.replaceChildren(...panel(state.entry, columnsNow(), close).filter(Boolean));
  }
  aside.scrollTop = 0;
  for (const link of document.querySelectorAll("tr.current")) link.classList.remove("current");
  const row = lineOf(state.entry.link) ?? lineOf(rootLink());
  row?.closest("tr").classList.add("current");
  row?.scrollIntoView({ block: "nearest" });
  byId("entry").focus({ preventScroll: true });
}

/** The link to an entry in the list. */
function lineOf(link) {
  if (link === undefined) return undefined;
  return linksOf(".matrix a").find((one) => one.getAttribute("href") === href(link));
}

/** Closes the panel; the focus goes back to the entry in the list. */
function close() {
  const link = state.entry?.link;
  const root = rootLink();
  show();
  (lineOf(link) ?? lineOf(root) ?? byId("main")).focus();
}

/** Another address: a part of the page stays where it is if only the entry is another. */
function navigate() {
  if (location.hash === "#main") return;
  const before = viewHash();
  readHash();
  if (state.entry && before === viewHash() && byId("main").querySelector("h1")) renderEntry();
  else render();
}

function onKey(event) {
  const isTyping = ["INPUT", "SELECT", "TEXTAREA"].includes(event.target.tagName);
  if (event.key === "Escape" && state.entry) close();
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "/" && !isTyping) {
    searchField.focus();
    searchField.select();
    event.preventDefault();
  }
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  const isList = event.target.matches?.(".matrix a") || (event.target.id === "query" && event.key === "ArrowDown");
  if (!step || !isList) return;
  const links = linksOf(".matrix th > a");
  links[links.indexOf(event.target) + step]?.focus();
  event.preventDefault();
}

const THEMES = ["auto", "light", "dark"];

function theme(name) {
  document.documentElement.dataset.theme = name;
  byId("theme").textContent = `Theme: ${name}`;
  try {
    localStorage.setItem("qemu-caps-theme", name);
  } catch {
    // A page from disk may have no storage.
  }
}

function begin() {
  let stored = null;
  try {
    stored = localStorage.getItem("qemu-caps-theme");
  } catch {
    // As above.
  }
  theme(THEMES.includes(stored) ? stored : "auto");
  byId("theme").addEventListener("click", () => {
    theme(THEMES[(THEMES.indexOf(document.documentElement.dataset.theme) + 1) % THEMES.length]);
  });
  byId("search").addEventListener("submit", (event) => event.preventDefault());
  searchField.addEventListener("input", () => {
    state.query = searchField.value;
    if (state.view === "overview") state.view = "flag";
    show();
  });
  addEventListener("hashchange", navigate);
  addEventListener("keydown", onKey);
  readHash();
  render();
  performance.mark("interactive");
}

begin();
