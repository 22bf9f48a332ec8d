// Registrations by day, gathered into as many periods as a chart can show and a person can step through.
import { date, dayOf, mondayOf, month, monthOf, number, plural, shortDate, shortMonth } from "./format.js";

const DAYS_MOST = 45;
const WEEKS_MOST = 110;
const KINDS = {
  day: { name: "day", start: (day) => day, label: shortDate, said: date },
  week: { name: "week", start: mondayOf, label: shortDate, said: (day) => `Week of ${date(day)}` },
  month: { name: "month", start: (day) => dayOf(`${monthOf(day)}-01`), label: shortMonth, said: month },
};

/** `{kind, points: [{from, fresh, total, label, said}], whole}`, or nothing where the platform tells no days. */
export function timeline(event, now) {
  if (event.days) return fromDays(event, now);
  if (!event.weeks?.length) return undefined;
  const kind = KINDS.week;
  const points = event.weeks.map(([day, heads]) => point(kind, dayOf(day), heads, undefined));
  return { kind: kind.name, points, whole: false };
}

function fromDays({ days, starts, registered }, now) {
  if (!days.first) return { kind: "day", points: [], whole: true };
  const first = dayOf(days.first);
  const heads = [...days.heads];
  // Nobody registered since: the line goes on until today, or until the event began.
  const until = Math.min(now ? dayOf(now) : 0, starts ? dayOf(starts) : Infinity);
  while (first + heads.length <= until) heads.push(0);
  const weeks = heads.length / 7;
  const kind = heads.length <= DAYS_MOST ? KINDS.day : weeks <= WEEKS_MOST ? KINDS.week : KINDS.month;
  const points = [];
  let total = days.before;
  heads.forEach((fresh, at) => {
    const from = kind.start(first + at);
    total += fresh;
    if (points.at(-1)?.from !== from) points.push(point(kind, from, 0, total));
    points.at(-1).fresh += fresh;
    points.at(-1).total = total;
  });
  const today = now && first + heads.length - 1 === dayOf(now);
  if (today && kind !== KINDS.day) points.at(-1).said += ", so far";
  const undated = registered === undefined ? 0 : Math.max(registered - total, 0);
  return { kind: kind.name, points, whole: true, undated, before: days.before, first, last: first + heads.length - 1, daily: heads };
}

const point = (kind, from, fresh, total) => ({ from, fresh, total, label: kind.label(from), said: kind.said(from) });

/** One sentence for who cannot see the chart, and for who can. */
export function inWords({ kind, points, whole, undated }) {
  if (!points.length) return "Nobody has registered yet.";
  const best = points.reduce((a, b) => (b.fresh > a.fresh ? b : a));
  const busiest = points.length > 1 ? ` Most in one ${kind}: ${number(best.fresh)} (${lower(best.said)}).` : "";
  if (!whole) return `The last ${plural(points.length, kind)} that had any.${busiest}`;
  const rest = undated ? ` ${plural(undated, "registration")} without a date ${undated === 1 ? "is" : "are"} not in it.` : "";
  return `${plural(points.at(-1).total, "registration")} by ${kind}.${busiest}${rest}`;
}

const lower = (said) => said.replace(/^Week/, "week");

/** Two editions by the days that were left before each: what stood at the same distance. */
export function compared(events, now) {
  const told = events.map((event) => event.starts && event.days?.first && fromDays(event, now));
  if (events.length !== 2 || !told.every(Boolean)) return undefined;
  const left = told.map((one, at) => ({ from: dayOf(events[at].starts) - one.first, to: dayOf(events[at].starts) - one.last }));
  const most = Math.max(left[0].from, left[1].from);
  const to = Math.max(Math.min(left[0].to, left[1].to), 0);
  const step = most - to > DAYS_MOST ? 7 : 1;
  const from = Math.ceil(most / step) * step;
  const points = [];
  for (let days = from; days >= to; days -= step) {
    points.push({ days, label: String(days), said: `${plural(days, "day")} before`, totals: told.map((one, at) => at_(one, left[at], days)) });
  }
  return points.length > 1 ? { points } : undefined;
}

/** How many stood `days` before the event: none before the first, nothing to be said after the last day there is. */
function at_(one, left, days) {
  if (days > left.from) return 0;
  if (days < left.to) return null;
  let total = one.before;
  for (let at = 0; at <= left.from - days; at++) total += one.daily[at];
  return total;
}
