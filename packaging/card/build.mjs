// Builds the page: one file without a single address in it. usage: node build.mjs [OUT]
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = (name) => fileURLToPath(new URL(name, import.meta.url));
const out = process.argv[2] ?? here("../../server/eventdesk_server/card/page.html");
const made = await build({
  entryPoints: [here("src/main.js")], bundle: true, minify: true, write: false, format: "iife", target: "es2022",
  legalComments: "none", charset: "ascii",
});
const styled = await build({ entryPoints: [here("src/card.css")], minify: true, write: false, target: "es2022" });
const script = made.outputFiles[0].text.trim().replaceAll("</", "<\\/");
const style = styled.outputFiles[0].text.trim();
const notices = ["chart.js", "@kurkle/color"].map(notice).join("\n\n");
const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
// Nothing may be fetched and nothing but this very script and style may run, wherever the page is opened.
const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; img-src data:; base-uri 'none'; form-action 'none'`;

/** A package's name, version and licence, as an HTML comment can hold them. */
function notice(name) {
  const folder = `node_modules/${name}/`;
  const file = readdirSync(here(folder)).find((one) => /^licen[cs]e/i.test(one));
  const { version } = JSON.parse(readFileSync(here(`${folder}package.json`), "utf8"));
  return `${name} ${version}\n\n${readFileSync(here(folder + file), "utf8").trim()}`.replaceAll("--", "- -");
}

const fill = { notices, policy, style, script };
const page = readFileSync(here("src/page.html"), "utf8").replace(/\{\{(\w+)\}\}/g, (_, name) => fill[name]);
writeFileSync(out, page);
