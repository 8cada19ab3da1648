// What every picture has (a title, a view box), and what none may have (a script, foreign content).
export default {
  rules: {
    valid: true,
    elm: { "svg > title": 1, script: false, foreignObject: false },
    attr: [{ "rule::selector": "svg", viewBox: true }],
  },
};
