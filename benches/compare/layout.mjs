// Lays out graphs with elkjs and Graphviz `dot`: `node layout.mjs FOLDER` reads FOLDER/NAME.json and writes
// FOLDER/NAME.ENGINE.json beside it. All lengths are pixels; boxes have their corner at x, y.
//
// Graph:  { nodes: [{ id, parent, w, h }], containers: [{ id, parent, title: [w, h] }],
//           edges: [{ from, to, label: [w, h] | null }] }      parent, from, to: ids, a parent may be null
// Result: { ms, nodes: [{ x, y, w, h }], containers: [{ x, y, w, h }],
//           edges: [{ points: [[x, y]], label: [x, y, w, h] | null }] }      in the graph's order

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ELK from "elkjs/lib/elk.bundled.js";
import { instance } from "@viz-js/viz";

const RUNS = 3;

// The median time of a few runs, so that warming up does not count.
async function timed(work) {
  const times = [];
  let result;
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    result = await work();
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  return { ms: times[Math.floor(RUNS / 2)], ...result };
}

function childrenOf(list, parent) {
  return list.filter((item) => (item.parent ?? null) === parent);
}

async function elk(graph) {
  const options = {
    "elk.algorithm": "layered",
    "elk.direction": "DOWN",
    "elk.hierarchyHandling": "INCLUDE_CHILDREN",
    "elk.edgeRouting": "ORTHOGONAL",
    "elk.layered.nodePlacement.strategy": "BRANDES_KOEPF",
    "elk.json.shapeCoords": "ROOT",
    "elk.json.edgeCoords": "ROOT",
  };
  const inside = (parent) => [
    ...childrenOf(graph.containers, parent).map((c) => ({
      id: c.id,
      children: inside(c.id),
      layoutOptions: {
        "elk.padding": `[top=${c.title[1] + 12},left=16,bottom=16,right=16]`,
        "elk.nodeSize.constraints": "MINIMUM_SIZE",
        "elk.nodeSize.minimum": `(${c.title[0] + 16},${c.title[1] + 16})`,
      },
    })),
    ...childrenOf(graph.nodes, parent).map((n) => ({ id: n.id, width: n.w, height: n.h })),
  ];
  const edges = graph.edges.map((edge, i) => ({
    id: `edge ${i}`,
    sources: [edge.from],
    targets: [edge.to],
    labels: edge.label ? [{ text: "x", width: edge.label[0], height: edge.label[1] }] : [],
  }));
  const laid = await new ELK().layout({ id: "the page", layoutOptions: options, children: inside(null), edges });
  const boxes = new Map();
  const routes = new Map();
  const visit = (item) => {
    boxes.set(item.id, { x: item.x, y: item.y, w: item.width, h: item.height });
    for (const edge of item.edges ?? []) routes.set(edge.id, edge);
    (item.children ?? []).forEach(visit);
  };
  visit(laid);
  return {
    nodes: graph.nodes.map((n) => boxes.get(n.id)),
    containers: graph.containers.map((c) => boxes.get(c.id)),
    edges: graph.edges.map((_, i) => {
      const edge = routes.get(`edge ${i}`);
      const section = edge.sections?.[0];
      const points = section ? [section.startPoint, ...(section.bendPoints ?? []), section.endPoint] : [];
      const label = edge.labels?.[0];
      return {
        points: points.map((p) => [p.x, p.y]),
        label: label ? [label.x, label.y, label.width, label.height] : null,
      };
    }),
  };
}

// A label of a fixed size without words.
function blank([w, h]) {
  return `<<TABLE BORDER="0" CELLBORDER="0" CELLPADDING="0" FIXEDSIZE="TRUE" WIDTH="${w}" HEIGHT="${h}"><TR><TD></TD></TR></TABLE>>`;
}

function dotSource(graph, splines) {
  const name = new Map(graph.nodes.map((n, i) => [n.id, `n${i}`]));
  const cluster = new Map(graph.containers.map((c, i) => [c.id, `cluster_${i}`]));
  const inside = (parent) =>
    [
      ...childrenOf(graph.containers, parent).map(
        (c) =>
          `subgraph ${cluster.get(c.id)} { margin=16; labeljust=l; label=${blank(c.title)};\n` +
          `anchor_${cluster.get(c.id)} [shape=point width=0.01 style=invis];\n${inside(c.id)} }`,
      ),
      ...childrenOf(graph.nodes, parent).map(
        (n) => `${name.get(n.id)} [shape=box fixedsize=true label="" width=${n.w / 72} height=${n.h / 72}];`,
      ),
    ].join("\n");
  const end = (id) => name.get(id) ?? `anchor_${cluster.get(id)}`;
  const edges = graph.edges.map((edge, i) => {
    const attributes = [`id="e${i}"`];
    if (cluster.has(edge.from)) attributes.push(`ltail="${cluster.get(edge.from)}"`);
    if (cluster.has(edge.to)) attributes.push(`lhead="${cluster.get(edge.to)}"`);
    // Orthogonal lines of `dot` know labels beside them only.
    if (edge.label) attributes.push(`${splines === "ortho" ? "xlabel" : "label"}=${blank(edge.label)}`);
    return `${end(edge.from)} -> ${end(edge.to)} [${attributes.join(" ")}];`;
  });
  return `digraph { compound=true; splines=${splines}; nodesep=0.5; ranksep=0.6;\n${inside(null)}\n${edges.join("\n")}\n}`;
}

// A curve of `dot` as short straight pieces.
function flattened(pos) {
  const parts = pos.split(" ").filter((part) => part !== "");
  const pair = (text) => text.split(",").slice(-2).map(Number);
  const controls = parts.filter((part) => !/^[es],/.test(part)).map(pair);
  const points = [controls[0]];
  for (let i = 0; i + 3 < controls.length; i += 3) {
    const [a, b, c, d] = controls.slice(i, i + 4);
    const straight = (a[0] === d[0] && b[0] === a[0] && c[0] === a[0]) || (a[1] === d[1] && b[1] === a[1] && c[1] === a[1]);
    for (let k = 1; k <= (straight ? 1 : 8); k++) {
      const t = straight ? 1 : k / 8;
      const at = (n) =>
        (1 - t) ** 3 * a[n] + 3 * (1 - t) ** 2 * t * b[n] + 3 * (1 - t) * t ** 2 * c[n] + t ** 3 * d[n];
      points.push([at(0), at(1)]);
    }
  }
  const start = parts.find((part) => part.startsWith("s,"));
  const tip = parts.find((part) => part.startsWith("e,"));
  if (start) points.unshift(pair(start));
  if (tip) points.push(pair(tip));
  return points;
}

function dot(viz, graph, splines) {
  const laid = viz.renderJSON(dotSource(graph, splines), { engine: "dot" });
  const height = Number(laid.bb.split(",")[3]);
  const objects = new Map((laid.objects ?? []).map((object) => [object.name, object]));
  const boxAround = (centre, w, h) => {
    const [x, y] = centre.split(",").map(Number);
    return { x: x - w / 2, y: height - y - h / 2, w, h };
  };
  const routes = new Map((laid.edges ?? []).map((edge) => [edge.id, edge]));
  return {
    nodes: graph.nodes.map((n, i) => boxAround(objects.get(`n${i}`).pos, n.w, n.h)),
    containers: graph.containers.map((_, i) => {
      const [x0, y0, x1, y1] = objects.get(`cluster_${i}`).bb.split(",").map(Number);
      return { x: x0, y: height - y1, w: x1 - x0, h: y1 - y0 };
    }),
    edges: graph.edges.map((edge, i) => {
      const drawn = routes.get(`e${i}`);
      const points = drawn?.pos ? flattened(drawn.pos).map(([x, y]) => [x, height - y]) : [];
      const at = drawn?.lp ?? drawn?.xlp;
      const box = edge.label && at ? boxAround(at, ...edge.label) : null;
      return { points, label: box ? [box.x, box.y, box.w, box.h] : null };
    }),
  };
}

const folder = process.argv[2];
if (!folder) {
  console.error("usage: node layout.mjs FOLDER");
  process.exit(2);
}
const viz = await instance();
const engines = {
  elk: (graph) => elk(graph),
  "dot-ortho": (graph) => dot(viz, graph, "ortho"),
  "dot-spline": (graph) => dot(viz, graph, "spline"),
};
const names = readdirSync(folder).filter((name) => /^[^.]+\.json$/.test(name)).sort();
for (const name of names) {
  const graph = JSON.parse(readFileSync(join(folder, name), "utf8"));
  for (const [engine, layout] of Object.entries(engines)) {
    let result;
    try {
      result = await timed(() => layout(graph));
    } catch (error) {
      result = { failed: String(error) };
    }
    writeFileSync(join(folder, name.replace(/\.json$/, `.${engine}.json`)), JSON.stringify(result));
  }
}
