// A person at the page that allows a change: a narrow window, no mouse. Prints what they meet as one line of JSON.
// usage: node press_allow.mjs CHROMIUM LINK [PICTURES]
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { chromium } from "playwright-core";

const [executablePath, link, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath, args: quiet });
const page = await browser.newPage({ viewport: { width: 360, height: 740 } });
const met = { faults: {}, stops: [] };

const focused = () => page.evaluate(() => {
  const at = document.activeElement;
  const style = getComputedStyle(at);
  return { tag: at.tagName, text: at.textContent, outline: style.outlineStyle, width: parseFloat(style.outlineWidth),
    height: at.getBoundingClientRect().height };
});

await page.goto(link);
met.asked = await page.locator("h1").textContent();
met.lang = await page.locator("html").getAttribute("lang");
met.wider = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
met.requests = await page.locator("pre").allTextContents();
met.direction = await page.locator("main p").first().evaluate((at) => getComputedStyle(at).direction);
for (const colorScheme of ["light", "dark"]) {
  await page.emulateMedia({ colorScheme });
  await page.evaluate(axe);
  const found = await page.evaluate(() => globalThis.axe.run());
  met.faults[colorScheme] = found.violations.map((fault) => `${fault.id}: ${fault.nodes.map((n) => n.html).join(" | ")}`);
  met.contrasts = found.passes.some((pass) => pass.id === "color-contrast");
  if (pictures) await page.screenshot({ path: `${pictures}/${colorScheme}.png`, fullPage: true });
}
for (let i = 0; i < 2; i++) {
  await page.keyboard.press("Tab");
  met.stops.push(await focused());
  if (pictures) await page.screenshot({ path: `${pictures}/stop${i}.png`, fullPage: true });
}
await page.keyboard.press("Shift+Tab");
await Promise.all([page.waitForNavigation(), page.keyboard.press("Enter")]);
met.answered = await page.locator("h1").textContent();
if (pictures) await page.screenshot({ path: `${pictures}/answered.png`, fullPage: true });
await browser.close();
console.log(JSON.stringify(met));
