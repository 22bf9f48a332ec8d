import { chromium } from "playwright-core";
import { readdirSync } from "node:fs";
const b = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox","--disable-gpu"] });
const only = process.argv.slice(2);
for (const f of readdirSync("/tmp/e3shots").filter((f) => f.endsWith(".html"))) {
  const name = f.replace(".html", "");
  if (only.length && !only.includes(name)) continue;
  for (const [w, scheme] of [[320, "light"], [1200, "dark"], [1200, "light"]]) {
    if (scheme === "dark" && !["usual", "many", "two"].includes(name)) continue;
    const p = await b.newPage({ viewport: { width: w, height: 800 }, colorScheme: scheme });
    p.on("console", (m) => console.log(name, m.text())); p.on("pageerror", (e) => console.log(name, "ERR", e.message));
    await p.goto(`file:///tmp/e3shots/${f}`); await p.waitForTimeout(300);
    const wide = await p.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    if (wide > 0) console.log(name, w, "wider by", wide);
    await p.screenshot({ path: `/tmp/e3shots/${name}-${w}-${scheme}.png`, fullPage: true }); await p.close();
  }
}
await b.close();
