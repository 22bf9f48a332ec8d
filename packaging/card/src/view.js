// The page's parts. Strangers' text goes in by text nodes alone (dom.js).
import { h, theirs } from "./dom.js";
import { date, dayOf, known, money, number, percent, plural, price, start } from "./format.js";
import { plot } from "./plot.js";
import { compared, inWords, timeline } from "./series.js";

let unique = 0;

/** Shows the data: one event, or a table of several from which each can be opened. */
export function show(root, data) {
  if (data.failure) return showMessage(root, data.failure.message, data.failure.next);
  const { events } = data;
  document.title = events.length === 1 ? `${events[0].title}: summary` : "Event summary";
  if (!events.length) return root.replaceChildren(...message("There are no events to show.", ""), notes(data.notes, []));
  const overview = () => root.replaceChildren(...several(data, open));
  const open = (at) => {
    const back = h("button", { type: "button", class: "back", onclick: () => { overview(); root.querySelectorAll(".open")[at]?.focus(); } }, "All events");
    root.replaceChildren(back, ...one(data, events[at]));
    root.querySelector("h1").focus();
  };
  if (events.length === 1 && data.asked <= 1) root.replaceChildren(...one(data, events[0]));
  else overview();
}

export function showMessage(root, first, then) {
  root.replaceChildren(...message(first, then));
}

const message = (first, then) => [h("h1", {}, first), then ? h("p", { class: "lead" }, then) : ""];

function one(data, event) {
  return [
    header(data, event.title, start(event.starts), event.platform),
    tiles(event),
    over(event, data.now),
    tickets(event),
    notes([...event.notes, ...data.notes.filter((note) => !event.notes.includes(note))], event.basis, event.untold, event.platform),
  ];
}

function header(data, title, ...facts) {
  const told = facts.filter(Boolean);
  return h("header", {}, told.length > 0 && h("p", { class: "facts" }, told.map((fact) => h("span", {}, fact))),
    h("h1", { tabindex: "-1", dir: "auto" }, title),
    h("p", { class: "asof" }, data.sandbox && h("strong", { class: "tag" }, "Demo data"),
      data.now && h("span", {}, `As of ${date(dayOf(data.now))}, ${data.now.slice(11, 16)}${/Z|\+00:00$/.test(data.now) ? " UTC" : ""}`)));
}

function tiles(event) {
  const { registered, checked_in: inside, left } = event;
  const found = [];
  const tile = (name, value, ...more) => found.push(h("div", { class: "tile" }, h("dt", {}, name), h("dd", { class: "figure" }, value),
    more.filter(Boolean).map((one) => h("dd", { class: "more" }, one))));
  if (registered !== undefined) {
    tile("Registered", number(registered), event.pending ? `${number(event.pending)} pending` : "", event.cancelled ? `${number(event.cancelled)} cancelled` : "",
      event.new !== undefined && `${number(event.new)} new in the dates asked for`);
  }
  if (inside !== undefined) {
    tile("Checked in", number(inside), registered ? `${percent(inside, registered)} of ${number(registered)}` : "", registered ? bar(inside, registered) : "");
  }
  if (left !== undefined) tile(left === 1 ? "Place left" : "Places left", number(left), left === 0 ? "Sold out" : "");
  if (event.money.length) found.push(revenue(event.money));
  if (event.sites !== undefined) tile("Sites", number(event.sites), event.live === undefined ? "" : `${number(event.live)} live`);
  if (event.reach !== undefined) tile("Reach", number(event.reach), "people");
  if (event.clicks !== undefined) tile("Clicks", number(event.clicks));
  return found.length ? h("dl", { class: "tiles" }, found) : "";
}

/** Currencies stand side by side: they are never added. */
function revenue(sums) {
  const lines = sums.map(({ currency, revenue: came, refunded, unpaid }) => [
    came && h("dd", { class: sums.length > 1 ? "figure several" : "figure" }, known(currency) ? money(came, currency) : came),
    came && !known(currency) && h("dd", { class: "more" }, "currency not known"),
    refunded && h("dd", { class: "more" }, `${money(refunded, currency)} refunded`),
    unpaid && h("dd", { class: "more" }, `${money(unpaid, currency)} unpaid`),
  ]);
  return h("div", { class: "tile sums" }, h("dt", {}, sums.some((sum) => sum.revenue) ? "Revenue" : "Money"), lines);
}

/** Part of a whole, as length. The numbers stand beside it, so it says nothing to a screen reader. */
function bar(part, whole) {
  const filled = h("span", { class: "filled" });
  filled.style.inlineSize = `${whole ? Math.min((100 * part) / whole, 100) : 0}%`;
  return h("span", { class: "bar", "aria-hidden": "true" }, filled);
}

function over(event, now) {
  const line = timeline(event, now);
  if (!line) return "";
  const words = inWords(line);
  if (!line.points.length) return section("Registrations over time", h("p", { class: "empty" }, words));
  const { points, kind, whole } = line;
  const fresh = { name: `Per ${kind}`, type: "bar", sets: [points.map((at) => at.fresh)] };
  const running = { name: "Total", type: "line", sets: [points.map((at) => at.total)] };
  const views = !whole ? [fresh] : points.length > 2 ? [running, fresh] : [fresh];
  const said = (at) => ({
    title: points[at].said,
    detail: whole ? `${number(points[at].total)} registered, ${number(points[at].fresh)} new` : `${number(points[at].fresh)} new`,
  });
  const rows = points.map((at) => [at.said, number(at.fresh), ...(whole ? [number(at.total)] : [])]);
  return section("Registrations over time", h("p", { class: "lead" }, words),
    plot({ label: "Registrations over time", summary: words, labels: points.map((at) => at.label), views, said }),
    numbers(`Registrations by ${kind}`, [kind[0].toUpperCase() + kind.slice(1), "New", ...(whole ? ["Total"] : [])], rows));
}

function numbers(caption, columns, rows) {
  return h("details", {}, h("summary", {}, "Show the numbers"),
    h("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption },
      h("table", { class: "plain" }, h("caption", { class: "unseen" }, caption),
        h("thead", {}, h("tr", {}, columns.map((name) => h("th", { scope: "col" }, name)))),
        h("tbody", {}, rows.map(([first, ...rest]) => h("tr", {}, h("th", { scope: "row" }, first), rest.map((cell) => h("td", {}, cell))))))));
}

function tickets(event) {
  if (!event.tickets.length) return "";
  const told = (name) => event.tickets.some((ticket) => ticket[name] !== undefined && ticket[name] !== "");
  const columns = [["price", "Price"], ["sold", "Sold"], ["left", "Left"]].filter(([name]) => told(name));
  const rows = event.tickets.map((ticket) => {
    const { sold, left } = ticket;
    const share = sold !== undefined && typeof left === "number" && sold + left > 0;
    const cells = {
      price: ticket.price ? price(ticket.price) : "–", sold: sold === undefined ? "–" : number(sold),
      left: left === undefined ? "–" : left === "unlimited" ? "Unlimited" : left === 0 ? h("strong", {}, "Sold out") : number(left),
    };
    return h("tr", { role: "row" },
      h("th", { scope: "row", role: "rowheader" }, theirs(ticket.name), ticket.extra && h("span", { class: "tag" }, "Extra"), share && bar(sold, sold + left)),
      columns.map(([name, title]) => h("td", { role: "cell", "data-name": title }, cells[name])));
  });
  return section("Tickets",
    h("table", { class: "stacked", role: "table", "aria-label": "Tickets" },
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, h("th", { scope: "col", role: "columnheader" }, "Ticket"),
        columns.map(([, title]) => h("th", { scope: "col", role: "columnheader" }, title)))),
      h("tbody", { role: "rowgroup" }, rows)),
    event.tickets_more && h("p", { class: "lead" }, `${plural(event.tickets_more, "more ticket")} not shown.`));
}

function several(data, open) {
  const { events } = data;
  const most = Math.max(1, ...events.map((event) => event.registered ?? 0));
  const columns = [
    ["Registered", (event) => event.registered !== undefined && number(event.registered)],
    ["Left", (event) => event.left !== undefined && number(event.left)],
    ["Checked in", (event) => event.checked_in !== undefined && number(event.checked_in)],
    ["Revenue", (event) => event.money.filter((sum) => sum.revenue).map((sum) => h("span", { class: "sum" }, money(sum.revenue, sum.currency)))],
    ["New", (event) => event.new !== undefined && number(event.new)],
    ["Reach", (event) => event.reach !== undefined && number(event.reach)],
    ["Clicks", (event) => event.clicks !== undefined && number(event.clicks)],
  ].filter(([, cell]) => events.some((event) => filled(cell(event))));
  const rows = events.map((event, at) => h("tr", { role: "row" },
    h("th", { scope: "row", role: "rowheader" },
      h("button", { type: "button", class: "open", onclick: () => open(at) }, theirs(event.title)),
      event.starts && h("span", { class: "when" }, start(event.starts)),
      event.registered !== undefined && bar(event.registered, most)),
    columns.map(([name, cell]) => h("td", { role: "cell", "data-name": name }, filled(cell(event)) ? cell(event) : "–"))));
  const part = data.asked > events.length ? `${events.length} of ${plural(data.asked, "event")}` : plural(events.length, "event");
  return [
    header(data, part),
    compare(events, data.now),
    h("table", { class: "stacked", role: "table", "aria-label": "Events" },
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, h("th", { scope: "col", role: "columnheader" }, "Event"),
        columns.map(([name]) => h("th", { scope: "col", role: "columnheader" }, name)))),
      h("tbody", { role: "rowgroup" }, rows)),
    notes([...data.notes, ...events.flatMap((event) => event.untold.length ? [`${event.title}: ${event.platform} does not tell ${event.untold.join(", ")}.`] : [])], []),
  ];
}

const filled = (cell) => cell !== false && cell !== undefined && cell?.length !== 0;

/** Two editions, each by the days left before it. */
function compare(events, now) {
  const both = compared(events, now);
  if (!both) return "";
  const told = (total) => (total === null ? "not yet" : number(total));
  const [first, second] = names(events);
  const said = (at) => {
    const { said: title, totals: [one, other] } = both.points[at];
    return { title, detail: `${first}: ${told(one)} · ${second}: ${told(other)}` };
  };
  const words = "Registered, by the days that were left before each event.";
  return section("Side by side", h("p", { class: "lead" }, words),
    h("ul", { class: "legend" }, events.map((event) => h("li", {}, theirs(event.title), event.starts && h("span", { class: "when" }, start(event.starts))))),
    plot({ label: "Side by side", summary: words, labels: both.points.map((at) => at.label),
      views: [{ name: "", type: "line", sets: events.map((_, of) => both.points.map((at) => at.totals[of])) }], said,
      axis: "Days before the event", first: both.points.findLastIndex((at) => !at.totals.includes(null)) }),
    numbers("Registered by days before", ["Days before", ...events.map((event) => event.title)],
      both.points.map((at) => [number(at.days), ...at.totals.map(told)])));
}

/** What tells two events apart in a few letters: their years, their titles, or which is which. */
function names(events) {
  const years = events.map((event) => event.starts.slice(0, 4));
  if (years[0] !== years[1]) return years;
  const titles = events.map((event) => event.title);
  return titles[0] !== titles[1] && titles.every((title) => title.length <= 24) ? titles : ["first", "second"];
}

function notes(said, basis, untold = [], platform = "") {
  const missing = untold.length ? [`${platform} does not tell ${untold.join(", ")}.`] : [];
  const all = [...missing, ...said.filter((note) => !/ does not tell: /.test(note) || !missing.length)];
  if (!all.length && !basis.length) return "";
  return h("footer", {}, all.length > 0 && h("ul", {}, all.map((note) => h("li", { dir: "auto" }, note))),
    basis.length > 0 && h("p", {}, "Counted from: ", theirs(basis.join("; ")), "."));
}

function section(title, ...children) {
  const id = `part-${++unique}`;
  return h("section", { "aria-labelledby": id }, h("h2", { id }, title), children);
}
