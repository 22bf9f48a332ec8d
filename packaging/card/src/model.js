// What the page shows, from whatever arrives. Nothing is made up: what is not told is not there.
const META = "eventdesk/card";
const list = (value) => (Array.isArray(value) ? value : []);
const text = (value) => (typeof value === "string" ? value : "");
const count = (value) => (Number.isFinite(value) ? value : undefined);

/** From a tool's result: the data made for this page, else the answer that the model reads. */
export function fromResult(result) {
  const card = result?._meta?.[META];
  if (card) return fromCard(card);
  const block = list(result?.content).find((one) => one?.type === "text");
  try {
    return fromAnswer(JSON.parse(block.text));
  } catch {
    return { events: [], notes: [], failure: { message: text(block?.text) || "The answer has no figures." } };
  }
}

export function fromCard(card) {
  const events = list(card.events).map(event);
  return { now: text(card.now), asked: count(card.asked) ?? events.length, sandbox: card.sandbox === true, events, notes: list(card.notes).map(text) };
}

function event(given) {
  const found = { title: text(given.title) || "Untitled", starts: text(given.starts), account: text(given.account), platform: text(given.platform) };
  for (const name of ["registered", "pending", "cancelled", "checked_in", "left", "new", "sites", "live", "reach", "clicks", "tickets_more"]) {
    found[name] = count(given[name]);
  }
  found.days = given.days && { first: text(given.days.first), heads: list(given.days.heads), before: count(given.days.before) ?? 0 };
  found.tickets = list(given.tickets).map((one) => ({
    name: text(one.name) || "Unnamed", extra: one.kind === "extra", price: text(one.price), sold: count(one.sold),
    left: one.left === "unlimited" ? "unlimited" : count(one.left),
  }));
  found.money = list(given.money).map((one) => ({
    currency: text(one.currency), revenue: text(one.revenue), refunded: text(one.refunded), unpaid: text(one.unpaid),
  }));
  for (const name of ["untold", "basis", "notes"]) found[name] = list(given[name]).map(text);
  return found;
}

/** From the answer's own words, where a host passes nothing else on. It tells the last weeks instead of every day. */
function fromAnswer(answer) {
  if (answer.error) {
    return { events: [], notes: [], failure: { message: text(answer.error.message), next: text(answer.error.next) } };
  }
  const bodies = answer.rows ? rows(answer) : answer.events ?? [answer];
  const events = bodies.map((body) => ({
    ...event({ ...body, tickets: rows(body.tickets ?? {}), money: sums(body), basis: body.basis ? [body.basis] : [] }), notes: [],
    weeks: list(body.pace),
  }));
  return { now: "", asked: events.length, sandbox: answer.sandbox === true, events, notes: list(answer.notes).map(text) };
}

const rows = ({ columns = [], rows: found = [] }) => found.map((row) => Object.fromEntries(columns.map((name, at) => [name, row[at] ?? undefined])));

function sums(body) {
  const found = new Map();
  for (const kind of ["revenue", "refunded", "unpaid"]) {
    for (const sum of text(body[kind]).split(", ").filter(Boolean)) {
      const [amount, currency] = sum.split(" ");
      found.set(currency, { currency, ...found.get(currency), [kind]: amount });
    }
  }
  return [...found.values()];
}
