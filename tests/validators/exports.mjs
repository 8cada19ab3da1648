// node exports.mjs FORMAT [--pictures DIR] FILE...: opens each file with its own tool (mermaid and mxGraph in Chromium, Graphviz
// and D2 as WebAssembly) and prints a JSON line [FILE, [complaint, …]]. With --pictures, what the tool draws is kept there.
import fs from "node:fs";
import path from "node:path";
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const [format, ...rest] = process.argv.slice(2);
const pictures = rest[0] === "--pictures" ? rest.splice(0, 2)[1] : null;
const files = rest;

/** Keeps what a tool drew. */
function keep(file, content, ending) {
  if (pictures) fs.writeFileSync(path.join(pictures, `${path.basename(file)}.${ending}`), content);
}

async function browse(scripts, judge) {
  const { chromium } = await import("playwright-core");
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"],
  });
  const page = await browser.newPage({ viewport: { width: 1600, height: 1200 } });
  const errors = [];
  page.on("pageerror", (error) => errors.push(`page: ${error.message}`));
  page.on("request", (request) => /^https?:/.test(request.url()) && errors.push(`asks the network: ${request.url()}`));
  await page.setContent("<!doctype html><html><body></body></html>");
  for (const script of scripts) await page.addScriptTag(script);
  for (const file of files) {
    const found = await judge(page, file, fs.readFileSync(file, "utf8")).catch((error) => [`${error}`.split("\n")[0]]);
    say(file, [...found, ...errors.splice(0)]);
  }
  await browser.close();
}

function say(file, found) {
  console.log(JSON.stringify([file, found]));
}

/** How many leaves, boxes and lines a picture has, as the SVG of the same view says; null where there is none beside. */
function expected(file) {
  const svg = file.replace(/\.[^.]+$/, ".svg");
  if (!fs.existsSync(svg)) return null;
  const text = fs.readFileSync(svg, "utf8");
  const count = (kind) => text.split(`class="${kind}"`).length - 1;
  // A walk in the order of time has no boxes, and its messages are lines.
  if (count("life")) return { nodes: count("node"), boxes: 0, groups: 0, edges: count("edge") };
  return { nodes: count("node"), boxes: count("container"), groups: count("group"), edges: count("edge") };
}

/** Complaints where a tool read fewer things than the picture shows. Frames become more lines, and points for their ends. */
function counted(file, nodes, boxes, edges) {
  const want = expected(file);
  const found = [];
  if (!want) return found;
  if (nodes < want.nodes) found.push(`${nodes} leaves, the picture has ${want.nodes}`);
  if (boxes < want.boxes) found.push(`${boxes} boxes, the picture has ${want.boxes}`);
  if (edges < want.edges) found.push(`${edges} lines, the picture has ${want.edges}`);
  return found;
}

const JUDGES = {
  async mermaid() {
    const script = fs.readFileSync(require.resolve("mermaid/dist/mermaid.min.js"), "utf8");
    await browse([{ content: script }], async (page, file, text) => {
      const made = await page.evaluate(async (text) => {
        mermaid.initialize({ startOnLoad: false, securityLevel: "strict", maxTextSize: 200000, maxEdges: 2000 });
        const { svg } = await mermaid.render(`m${Math.random().toString(36).slice(2)}`, text);
        document.body.innerHTML = svg;
        const count = (selector) => document.querySelectorAll(selector).length;
        const wide = document.querySelector("svg").getBoundingClientRect();
        const walk = document.querySelector("svg[aria-roledescription=sequence]");
        const counts = walk
          ? { nodes: count("[class~=actor-top]"), boxes: 0, edges: count(".messageLine0, .messageLine1") }
          : { nodes: count("g.node"), boxes: count("g.cluster"), edges: count("path.flowchart-link") };
        return { svg, ...counts, scripts: count("svg script"), wide: wide.width, words: document.body.innerText };
      }, text);
      keep(file, made.svg, "svg");
      if (pictures) await page.locator("svg").first().screenshot({ path: path.join(pictures, `${path.basename(file)}.png`) });
      const found = counted(file, made.nodes, made.boxes, made.edges);
      if (made.scripts) found.push("a title became a script");
      if (/Unsupported markdown/.test(made.words)) found.push("a label was read as Markdown");
      if (!made.wide) found.push("nothing is drawn");
      return found;
    });
  },

  async drawio() {
    const script = fs.readFileSync(require.resolve("mxgraph/javascript/mxClient.min.js"), "utf8");
    const settings = "mxBasePath=''; mxLoadResources=false; mxLoadStylesheets=false;";
    await browse([{ content: settings }, { content: script }], async (page, file, text) => {
      const made = await page.evaluate(async (text) => {
        const found = [];
        const xml = new DOMParser().parseFromString(text, "application/xml");
        const broken = xml.querySelector("parsererror");
        if (broken) return { found: [broken.textContent] };
        if (xml.documentElement.nodeName !== "mxfile") found.push("the root is no mxfile");
        document.body.innerHTML = "<div id='graph'></div>";
        const graph = new mxGraph(document.getElementById("graph"));
        graph.htmlLabels = true;
        graph.setEnabled(false);
        // What draw.io's own Graph adds: labels of objects, and pictures whose style leaves `;base64` out.
        graph.convertValueToString = (cell) => (mxUtils.isNode(cell.value) ? cell.value.getAttribute("label") : cell.value) ?? "";
        const post = mxGraph.prototype.getCellStyle;
        graph.getCellStyle = function (cell) {
          const style = { ...post.call(this, cell) };
          if (style.image?.startsWith("data:")) style.image = style.image.replace(",", ";base64,");
          return style;
        };
        const kinds = { nodes: 0, boxes: 0, edges: 0, groups: 0 };
        const models = [...xml.querySelectorAll("diagram > mxGraphModel")];
        if (!models.length) found.push("there is no page");
        let drawn = Infinity;
        // The first page is drawn last, so that it is the one to be seen.
        for (const model of models.reverse()) {
        const ids = [...model.querySelectorAll("root > *")].map((cell) => cell.getAttribute("id"));
        if (new Set(ids).size !== ids.length) found.push("an id comes twice");
        const alone = mxUtils.parseXml(new XMLSerializer().serializeToString(model));
        graph.getModel().clear();
        new mxCodec(alone).decode(alone.documentElement, graph.getModel());
        const cells = Object.values(graph.getModel().cells);
        const named = cells.filter((cell) => mxUtils.isNode(cell.value) && "nceg".includes(cell.id[0]) && cell.id[1] === "-" && !/-(badge|copies|layer|title)$/.test(cell.id));
        for (const cell of named) {
          kinds[{ n: "nodes", c: "boxes", e: "edges", g: "groups" }[cell.id[0]]] += 1;
          if (cell.edge && (!cell.source || !cell.target)) found.push(`${cell.id} is not tied to both ends`);
          if (cell.vertex && !(cell.geometry?.width > 0 && cell.geometry?.height > 0)) found.push(`${cell.id} has no size`);
          if (!cell.parent) found.push(`${cell.id} has no parent`);
          const around = cell.vertex && cell.id[0] !== "g" && cell.parent?.geometry;
          const inner = cell.geometry;
          if (around && (inner.x < -33 || inner.y < -33 || inner.x + inner.width > around.width + 33 || inner.y + inner.height > around.height + 33))
            found.push(`${cell.id} leaves its box`);
        }
        // A picture that a style names must be one.
        const shown = [...new Set(cells.map((cell) => /image=data:image\/svg\+xml,([^;]*)/.exec(cell.style ?? "")?.[1]).filter(Boolean))];
        for (const data of shown) {
          const icon = new DOMParser().parseFromString(new TextDecoder().decode(Uint8Array.from(atob(data), (c) => c.charCodeAt(0))), "image/svg+xml");
          if (icon.querySelector("parsererror")) found.push("an icon is no SVG");
        }
        if (document.querySelector("#graph script")) found.push("a title became a script");
        drawn = Math.min(drawn, document.querySelectorAll("#graph svg :is(path, rect)").length);
        }
        const bounds = graph.getGraphBounds();
        return { found, kinds, bounds: [bounds.x + bounds.width, bounds.y + bounds.height], drawn };
      }, text);
      if (!made.kinds) return made.found;
      if (!made.drawn) made.found.push("nothing is drawn");
      if (pictures) {
        await page.setViewportSize({ width: Math.ceil(made.bounds[0]) + 40, height: Math.ceil(made.bounds[1]) + 40 });
        await page.screenshot({ path: path.join(pictures, `${path.basename(file)}.png`) });
      }
      return [...made.found, ...counted(file, made.kinds.nodes, made.kinds.boxes, made.kinds.edges)];
    });
  },

  async dot() {
    const { instance } = await import("@viz-js/viz");
    const viz = await instance();
    for (const file of files) {
      const text = fs.readFileSync(file, "utf8");
      const made = viz.render(text, { format: "json" });
      // The WebAssembly build has no fonts; it says so once for each.
      const errors = made.errors.filter((error) => !/metrics|no value for width/.test(error.message));
      const found = errors.map((error) => `${error.level}: ${error.message}`);
      if (made.status === "success") {
        const graph = JSON.parse(made.output);
        const objects = graph.objects ?? [];
        const boxes = objects.filter((object) => object.name.startsWith("cluster_")).length;
        found.push(...counted(file, objects.length - boxes, boxes, (graph.edges ?? []).length));
        if (pictures) keep(file, viz.renderString(text, { format: "svg" }), "svg");
      }
      say(file, found);
    }
  },

  async d2() {
    const { D2 } = await import("@terrastruct/d2");
    const d2 = new D2();
    for (const file of files) {
      const found = [];
      try {
        const made = await d2.compile(fs.readFileSync(file, "utf8"), { layout: "dagre" });
        const shapes = made.diagram.shapes.filter((shape) => shape.id !== "title");
        const parents = new Set(shapes.map((shape) => shape.id.split(".").slice(0, -1).join(".")));
        const boxes = shapes.filter((shape) => parents.has(shape.id)).length;
        const want = expected(file);
        const all = want ? want.nodes + want.boxes : 0;
        if (shapes.length < all) found.push(`${shapes.length} shapes (${boxes} boxes), the picture has ${all}`);
        if (want && made.diagram.connections.length < want.edges) found.push(`${made.diagram.connections.length} lines, the picture has ${want.edges}`);
        if (pictures) keep(file, await d2.render(made.diagram, made.renderOptions), "svg");
      } catch (error) {
        found.push(...`${error.message ?? error}`.split("\n"));
      }
      say(file, found);
    }
    // Its worker would keep the process alive.
    process.exit(0);
  },
};

await JUDGES[format]();
