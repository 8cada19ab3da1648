// node d2.mjs LAYOUT FOLDER FILE.d2…: draws D2 text with D2 itself, as an SVG that Chromium paints at twice its size.
import fs from "node:fs";
import path from "node:path";
import { D2 } from "@terrastruct/d2";
import { chromium } from "playwright-core";

const [layout, folder, ...files] = process.argv.slice(2);
const d2 = new D2();
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu"] });
const page = await browser.newPage({ deviceScaleFactor: 2 });
for (const file of files) {
  const made = await d2.compile(fs.readFileSync(file, "utf8"), { layout });
  const svg = await d2.render(made.diagram, { ...made.renderOptions, pad: 24 });
  const [, wide, high] = /viewBox="0 0 ([\d.]+) ([\d.]+)"/.exec(svg);
  await page.setViewportSize({ width: Math.ceil(wide), height: Math.ceil(high) });
  await page.setContent(`<body style="margin:0">${svg.replace(/^<\?xml[^>]*>/, "")}</body>`);
  await page.addStyleTag({ content: `svg { width: ${wide}px; height: ${high}px }` });
  await page.screenshot({ path: path.join(folder, `${path.basename(file, ".d2")}-d2-${layout}.png`) });
}
await browser.close();
process.exit(0); // D2's worker would keep the process alive.
