// node pixels.mjs SVG PNG [SVG PNG …]: draws each SVG in Chromium and holds it against the PNG of the same size, which the program
// painted. Prints a JSON line [SVG, [complaint, …], {measures}] for each pair: more than SHARE of the pixels must not differ by
// more than RANGE of the range in any channel. With --pictures DIR, what Chromium drew and where it differs are kept there.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const SHARE = 0.01;
const RANGE = 0.1;

const arguments_ = process.argv.slice(2);
const pictures = arguments_[0] === "--pictures" ? arguments_.splice(0, 2)[1] : null;

/** Runs in the page: compares two pictures, pixel by pixel. */
async function compare([drawn, painted, range]) {
  const load = async (data) => {
    const image = new Image();
    image.src = `data:image/png;base64,${data}`;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    return { canvas, context, w: image.width, h: image.height, data: context.getImageData(0, 0, image.width, image.height).data };
  };
  const [a, b] = [await load(drawn), await load(painted)];
  if (a.w !== b.w || a.h !== b.h) return { sizes: `Chromium draws ${a.w} x ${a.h}, the PNG has ${b.w} x ${b.h}` };
  const limit = range * 255;
  const marked = a.context.createImageData(a.w, a.h);
  let differ = 0;
  for (let at = 0; at < a.data.length; at += 4) {
    const far = Math.max(...[0, 1, 2].map((channel) => Math.abs(a.data[at + channel] - b.data[at + channel])));
    const off = far > limit;
    differ += off;
    marked.data.set(off ? [220, 0, 0, 255] : [255, 255, 255, 255], at);
  }
  a.context.putImageData(marked, 0, 0);
  const blob = await a.canvas.convertToBlob();
  const bytes = new Uint8Array(await blob.arrayBuffer());
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return { share: differ / (a.w * a.h), marked: btoa(text) };
}

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-lcd-text", "--font-render-hinting=none", "--force-color-profile=srgb", "--disable-background-networking"],
});
for (let at = 0; at + 1 < arguments_.length; at += 2) {
  const [svg, png] = arguments_.slice(at, at + 2);
  const size = /<svg[^>]* width="([\d.]+)" height="([\d.]+)"/.exec(fs.readFileSync(svg, "utf8"));
  const viewport = { width: Math.ceil(Number(size[1])), height: Math.ceil(Number(size[2])) };
  const context = await browser.newContext({ viewport, deviceScaleFactor: 1, colorScheme: "light" });
  const page = await context.newPage();
  // The file itself is opened, so that nothing of a page around it helps.
  await page.goto(pathToFileURL(path.resolve(svg)).href);
  const drawn = await page.screenshot();
  await page.goto("about:blank");
  const painted = fs.readFileSync(png).toString("base64");
  const found = await page.evaluate(compare, [drawn.toString("base64"), painted, RANGE]);
  const complaints = [];
  if (found.sizes) complaints.push(found.sizes);
  else if (found.share > SHARE)
    complaints.push(`${(found.share * 100).toFixed(2)} % of the pixels differ from the PNG's, ${SHARE * 100} % may`);
  if (pictures && found.marked) {
    const name = path.join(pictures, path.basename(svg, ".svg"));
    fs.writeFileSync(`${name}.chromium.png`, drawn);
    fs.writeFileSync(`${name}.differs.png`, Buffer.from(found.marked, "base64"));
  }
  console.log(JSON.stringify([svg, complaints, { share: found.share }]));
  await context.close();
}
await browser.close();
