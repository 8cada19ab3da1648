// The rules for generated Markdown: long lines and inline HTML (anchors, pictures) are fine, broken links are not.
import links from "markdownlint-rule-relative-links";

export default {
  customRules: [links],
  config: { default: true, MD013: false, MD033: false, MD024: { siblings_only: true }, "relative-links": true },
};
