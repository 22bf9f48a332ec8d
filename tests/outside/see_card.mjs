// Somebody who looks at the page of event_summary: with eyes, by keyboard, with a screen reader. Prints what they meet.
// usage: node see_card.mjs CHROMIUM FOLDER [PICTURES]     FOLDER holds *.html, and host.json for the chat app's part
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { buildSync } from "esbuild";
import { chromium } from "playwright-core";

const [executablePath, folder, pictures] = process.argv.slice(2);
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync"];
const browser = await chromium.launch({ executablePath, args: quiet });
const met = { seen: {}, keys: {}, host: {} };

async function opened(name, width, colorScheme) {
  const page = await browser.newPage({ viewport: { width, height: 800 }, colorScheme });
  const trouble = [];
  page.on("request", (request) => request.url().startsWith("file:") && request.isNavigationRequest() || trouble.push(request.url()));
  page.on("console", (message) => trouble.push(message.text()));
  page.on("pageerror", (error) => trouble.push(error.message));
  await page.goto(`file://${folder}/${name}.html`);
  await page.waitForFunction(() => [...document.querySelectorAll("canvas")].every((canvas) => canvas.width > 0));
  return { page, trouble };
}

const faults = async (frame) => {
  const found = await frame.evaluate(() => globalThis.axe.run());
  return found.violations.map((fault) => `${fault.id}: ${fault.nodes.map((node) => node.html).join(" | ")}`);
};
const wider = (page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
const picture = (page, name) => pictures && page.screenshot({ path: `${pictures}/${name}.png`, fullPage: true });

for (const file of readdirSync(folder).filter((one) => one.endsWith(".html")).sort()) {
  const name = file.replace(".html", "");
  for (const [width, scheme] of [[320, "light"], [1200, "dark"]]) {
    const { page, trouble } = await opened(name, width, scheme);
    await picture(page, `${name}-${width}-${scheme}`);
    await page.evaluate(() => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
    const drawn = await page.evaluate(() => [...document.querySelectorAll("canvas")].map((canvas) =>
      new Set(new Uint32Array(canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size));
    const seen = { trouble, wider: await wider(page), drawn, text: await page.locator("main").innerText(),
      title: await page.title(), scripts: await page.locator("script").count() };
    seen.direction = await page.locator("h1").first().evaluate((at) => getComputedStyle(at).direction);
    seen.names = await page.locator("bdi").evaluateAll((all) => all.map((at) => getComputedStyle(at).direction));
    seen.heard = await page.locator("main").ariaSnapshot();
    seen.background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await page.evaluate(axe);
    seen.faults = await faults(page);
    met.seen[`${name} ${width} ${scheme}`] = seen;
    await page.close();
  }
}

// By keyboard alone: one event.
{
  const { page } = await opened("usual", 1200, "light");
  const readout = () => page.locator("output").innerText();
  const focused = () => page.evaluate(() => {
    const at = document.activeElement;
    const ring = getComputedStyle(at.type === "radio" ? at.nextElementSibling : at);
    return `${at.type ?? at.tagName.toLowerCase()} ${ring.outlineStyle} ${parseFloat(ring.outlineWidth) >= 2}`;
  });
  const pixels = () => page.evaluate(() => document.querySelector("canvas").toDataURL());
  const keys = { stops: [], first: await readout() };
  const drawn = await pixels();
  await page.keyboard.press("Tab");
  keys.stops.push(await focused());
  await page.keyboard.press("ArrowRight");
  keys.switched = (await pixels()) !== drawn;
  await picture(page, "keys-bars");
  await page.keyboard.press("Tab");
  keys.stops.push(await focused());
  await page.keyboard.press("Home");
  keys.home = await readout();
  keys.told = await page.locator("input[type=range]").getAttribute("aria-valuetext");
  await page.keyboard.press("ArrowRight");
  keys.next = await readout();
  await picture(page, "keys-slider");
  await page.keyboard.press("Tab");
  keys.stops.push(await focused());
  await page.keyboard.press("Enter");
  keys.rows = await page.locator("details[open] tbody tr").count();
  await page.keyboard.press("Tab");
  keys.stops.push(await focused());
  await picture(page, "keys-table");
  const box = await page.locator("canvas").boundingBox();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  keys.pointed = await readout();
  await page.emulateMedia({ forcedColors: "active", colorScheme: "dark" });
  await picture(page, "forced-colors");
  // What the page forbids itself: the net, and scripts that are not its own.
  keys.refused = await page.evaluate(() => new Promise((done) => {
    const refused = [];
    document.addEventListener("securitypolicyviolation", (event) => {
      refused.push(event.effectiveDirective);
      if (refused.length === 3) done(refused.sort());
    });
    fetch("https://example.org/").catch(() => {});
    new Image().src = "https://example.org/x.png";
    const script = document.createElement("script");
    script.textContent = "window.broken = true";
    document.body.append(script);
  }));
  keys.broken = await page.evaluate(() => "broken" in window);
  met.keys.one = keys;
  await page.close();
}

// By keyboard alone: several events.
{
  const { page } = await opened("many", 320, "dark");
  const at = () => page.evaluate(() => `${document.activeElement.tagName} ${document.activeElement.innerText}`);
  const keys = {};
  await page.keyboard.press("Tab");
  await page.keyboard.press("Tab");
  keys.second = await at();
  await page.keyboard.press("Enter");
  keys.opened = await at();
  await picture(page, "many-opened");
  await page.keyboard.press("Shift+Tab");
  keys.back = await at();
  await page.keyboard.press("Enter");
  keys.returned = await at();
  met.keys.several = keys;
  await page.close();
}

// In a chat app.
{
  const { html, results, context } = JSON.parse(readFileSync(`${folder}/host.json`, "utf8"));
  const entryPoints = [new URL("apps_host.js", import.meta.url).pathname];
  const script = buildSync({ entryPoints, bundle: true, write: false, format: "iife", minify: true }).outputFiles[0].text;
  for (const [name, result] of Object.entries(results)) {
    const page = await browser.newPage({ viewport: { width: 700, height: 900 }, colorScheme: "light" });
    const trouble = [];
    page.on("request", (request) => trouble.push(request.url()));
    page.on("console", (message) => ["error", "warning"].includes(message.type()) && trouble.push(message.text()));
    page.on("pageerror", (error) => trouble.push(error.message));
    await page.setContent("<!doctype html><html lang=en><title>Chat</title><body style='margin: 0'><main></main></body></html>");
    await page.evaluate(script);
    const seen = await page.evaluate((given) => window.host(given), { html, result, context });
    const frame = page.frames()[1];
    await frame.locator("h1").waitFor();
    seen.text = await frame.locator("main").innerText();
    seen.background = await frame.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
    await frame.evaluate(axe);
    seen.faults = await faults(frame);
    await picture(page, `host-${name}`);
    await page.evaluate(() => window.change({ theme: "light", styles: { variables: { "--color-background-primary": "rgb(250, 240, 230)" } } }));
    await frame.waitForFunction(() => getComputedStyle(document.documentElement).backgroundColor === "rgb(250, 240, 230)");
    seen.scrolls = await frame.evaluate(() => document.documentElement.scrollHeight > window.innerHeight + 1);
    seen.left = await page.evaluate(() => window.leave());
    seen.trouble = trouble.filter((one) => one !== "about:srcdoc");
    seen.heights = await page.evaluate(() => window.heights);
    seen.shown = await page.evaluate(() => document.querySelector("iframe").getBoundingClientRect().height);
    met.host[name] = seen;
    await page.close();
  }
}
await browser.close();
console.log(JSON.stringify(met));
