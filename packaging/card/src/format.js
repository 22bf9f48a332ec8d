// Numbers, money and dates as a person reads them. The page's words are English, so dates are too.
let locale = "en-GB";
const DAY = 86_400_000;

export function setLocale(wanted) {
  try {
    if (/^en\b/i.test(wanted)) [locale] = Intl.getCanonicalLocales(wanted);
  } catch {
    // no language tag: dates stay British
  }
}

export const number = (value) => new Intl.NumberFormat(locale).format(value);
export const percent = (part, whole) => new Intl.NumberFormat(locale, { style: "percent" }).format(whole ? part / whole : 0);
export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

export const known = (currency) => /^[A-Z]{3}$/.test(currency);

/** An amount of one currency. It stays decimal text all the way, so that no digit changes. */
export function money(amount, currency) {
  const digits = amount.split(".")[1]?.length ?? 0;
  if (!known(currency)) return `${amount} (currency not known)`;
  const how = { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits };
  return new Intl.NumberFormat(locale, how).format(amount);
}

/** A price as answers write it, like `12.50 GBP`. */
export function price(text) {
  const [amount, currency] = text.split(" ");
  if (text === "free" || /^0+(\.0+)?$/.test(amount)) return "Free";
  return /^-?\d+(\.\d+)?$/.test(amount) ? money(amount, currency) : text;
}

/** A day as a count of days since 1970. Days have no zone: they are those that the answer names. */
export const dayOf = (text) => Math.floor(Date.parse(`${text.slice(0, 10)}T00:00Z`) / DAY);
export const monthOf = (day) => new Date(day * DAY).toISOString().slice(0, 7);
/** The Monday of its week. 1970 began on a Thursday. */
export const mondayOf = (day) => day - ((((day + 3) % 7) + 7) % 7);

const dated = (day, how) => new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...how }).format(new Date(day * DAY));
export const date = (day) => dated(day, { day: "numeric", month: "short", year: "numeric" });
export const shortDate = (day) => dated(day, { day: "numeric", month: "short" });
export const month = (day) => dated(day, { month: "long", year: "numeric" });
export const shortMonth = (day) => dated(day, { month: "short", year: "numeric" });

/** When an event starts, in its own place: `Saturday 12 June 2027, 19:30`. */
export function start(text) {
  const told = /^(\d{4}-\d\d-\d\d)(?:T(\d\d:\d\d))?/.exec(text ?? "");
  if (!told) return "";
  const day = dated(dayOf(told[1]), { weekday: "short", day: "numeric", month: "short", year: "numeric" });
  return told[2] ? `${day}, ${told[2]}` : day;
}
