"""Ids are unique, every reference meets an id, and every element is one that SVG knows."""
import re

KNOWN = set("""svg g defs title desc metadata style symbol use image path rect circle ellipse line polyline polygon text tspan
textPath marker clipPath mask pattern linearGradient radialGradient stop filter a switch view animate animateMotion
animateTransform set mpath foreignObject feBlend feColorMatrix feComponentTransfer feComposite feConvolveMatrix
feDiffuseLighting feDisplacementMap feDropShadow feFlood feFuncA feFuncB feFuncG feFuncR feGaussianBlur feImage feMerge
feMergeNode feMorphology feOffset fePointLight feSpotLight feTile feTurbulence feSpecularLighting feDistantLight""".split())
SVG = "{http://www.w3.org/2000/svg}"


def complaints(tree):
    """The complaints about a parsed picture, in document order."""
    found, ids, references = [], set(), set()
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue  # a comment or a processing instruction
        if element.tag.startswith(SVG) and element.tag[len(SVG):] not in KNOWN:
            found.append("unknown element " + element.tag[len(SVG):])
        for name, value in element.attrib.items():
            name = name.rpartition("}")[2]
            if name == "id":
                if value in ids:
                    found.append("id twice: " + value)
                ids.add(value)
            elif name in ("aria-labelledby", "aria-describedby"):
                references |= set(value.split())
            elif name == "href" and value.startswith("#"):
                references.add(value[1:])
            references |= set(re.findall(r"url\(\s*[\"']?#([^)\"']+)", value))
        if element.tag == SVG + "style":
            references |= set(re.findall(r"url\(\s*[\"']?#([^)\"']+)", element.text or ""))
    return found + ["no such id: " + name for name in sorted(references - ids)]
