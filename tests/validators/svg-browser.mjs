// node svg-browser.mjs FILE...: opens each picture in one Chromium and prints a JSON line [FILE, [complaint, …]]
// for each: console errors, requests to the network, texts without a box or outside the picture, axe-core's violations.
import fs from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

const PAGES = 2;
const QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"];

/** Runs in the page: what the texts look like once Chromium has set them. */
function misplacedTexts() {
  const picture = document.querySelector("svg").getBoundingClientRect();
  const found = [];
  for (const text of document.querySelectorAll("svg text")) {
    const box = text.getBoundingClientRect();
    const words = text.textContent.slice(0, 40);
    if (!box.width) found.push(`text has no box: ${words}`);
    else if (box.left < picture.left - 1 || box.right > picture.right + 1 || box.top < picture.top - 1 || box.bottom > picture.bottom + 1)
      found.push(`text leaves the picture: ${words}`);
  }
  return found;
}

async function judge(browser, file) {
  const found = [];
  const context = await browser.newContext({ viewport: { width: 1400, height: 1000 } });
  const page = await context.newPage();
  page.on("console", (message) => message.type() === "error" && found.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => found.push(`page: ${error.message}`));
  page.on("request", (request) => /^https?:/.test(request.url()) && found.push(`asks the network: ${request.url()}`));
  const svg = fs.readFileSync(file, "utf8").replace(/^\s*<\?xml[^>]*\?>/, "");
  await page.setContent(`<!doctype html><html lang="en"><head><title>svg</title></head><body><main><h1>svg</h1>${svg}</main></body></html>`);
  found.push(...(await page.evaluate(misplacedTexts)));
  const axe = await new AxeBuilder({ page }).include("svg").analyze();
  for (const violation of axe.violations) found.push(`axe ${violation.id} (${violation.impact}): ${violation.help} at ${violation.nodes[0].target}`);
  await context.close();
  return found;
}

const files = process.argv.slice(2);
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", ...QUIET],
});
async function work() {
  for (let file = files.shift(); file !== undefined; file = files.shift()) {
    const found = await judge(browser, file).catch((error) => [`${error}`]);
    console.log(JSON.stringify([file, found]));
  }
}
await Promise.all(Array.from({ length: PAGES }, work));
await browser.close();
