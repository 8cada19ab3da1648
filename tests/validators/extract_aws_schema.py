#!/usr/bin/env python3
"""extract_aws_schema.py PACKAGE.tgz OUT.json.gz: the AWS provider's schemas, read out of its published CDKTF bindings.

Each generated index.js/.d.ts pair names, for every attribute, its Terraform (snake_case) name, whether it
is required / optional / computed, its value type, and whether it is written as a block.
Block form: {"a": {name: [flags, type]}, "b": {name: [nesting, required, block]}}
flags: r required, o optional, c computed; nesting: list, set, map, one (max 1), single.
"""
import gzip
import json
import re
import sys
import tarfile

FLAGS = re.compile(r'^\s*// (\w+) - computed: (\w+), optional: (\w+), required: (\w+)')
NEW = re.compile(r'^\s*this\._\w+ = new (\w+)\(this, "(\w+)"(?:, (true|false))?\)')
CLASS = re.compile(r'^class (\w+) extends cdktf\.(\w+)')
FUNC = re.compile(r'^function (\w+)ToHclTerraform\(')
ENTRY = re.compile(r'^\s+(\w+): \{$')
SIMPLE = {'getStringAttribute': 'string', 'getNumberAttribute': 'number', 'getBooleanAttribute': 'bool',
          'getListAttribute': ['list', 'string'], 'getNumberListAttribute': ['list', 'number'],
          'getStringMapAttribute': ['map', 'string'], 'getNumberMapAttribute': ['map', 'number'],
          'getBooleanMapAttribute': ['map', 'bool'], 'getAnyMapAttribute': ['map', 'dynamic'],
          'interpolationForAttribute': 'dynamic'}
IFACE = re.compile(r'^export interface (\w+)')
PROP = re.compile(r'^    readonly (\w+)(\??):')


def interfaces(text):
    """From a .d.ts text: for each interface its properties, 'r' (required) or 'o' (optional)."""
    out, cur = {}, None
    for ln in text.split('\n'):
        m = IFACE.match(ln)
        if m:
            cur = out.setdefault(m[1], {})
        elif ln.startswith('}'):
            cur = None
        elif cur is not None:
            m = PROP.match(ln)
            if m:
                cur[m[1]] = 'o' if m[2] else 'r'
    return out


def parse(text):
    """From a .js text: Terraform's type, whether it is a data source, the root class, all classes, what of each is a block, the version."""
    classes, blocks, root, tftype, is_data, ver = {}, {}, None, None, False, None
    cls = fn = entry = pending = None
    getter = None
    for ln in text.split('\n'):
        m = CLASS.match(ln)
        if m:
            cls, fn = m[1], None
            classes[cls] = {'base': m[2], 'attrs': {}, 'new': {}, 'zero': False}
            if m[2] in ('TerraformResource', 'TerraformDataSource'):
                root, is_data = cls, m[2] == 'TerraformDataSource'
            continue
        m = FUNC.match(ln)
        if m:
            fn, cls, entry = m[1], None, None
            continue
        if 'terraformResourceType:' in ln and not tftype:
            tftype = re.search(r"terraformResourceType: ['\"](\w+)", ln)[1]
        if 'providerVersion:' in ln:
            ver = ln.split("'")[1]
        if cls or fn:
            m = ENTRY.match(ln)
            if m:
                entry = m[1]
            elif entry and 'isBlock:' in ln:
                blocks.setdefault(cls or fn, {})[entry] = [ 'true' in ln, None]
            elif entry and ln.lstrip().startswith('type: "'):
                t = blocks.get(cls or fn, {}).get(entry)
                if t:
                    t[1] = ln.split('"')[1]
        if not cls:
            continue
        m = NEW.match(ln)
        if m:
            camel = ln.split('this._')[1].split(' ')[0]
            flags = pending[1] if pending and pending[0] == m[2] else '?' + camel
            classes[cls]['new'][m[2]] = (m[1], m[3])
            classes[cls]['attrs'][m[2]] = (flags, None)
            pending = None
            continue
        m = re.match(r'^\s+get (\w+)\(\) \{', ln)
        if m:
            getter = m[1]
            continue
        if re.match(r'^\s+super\(terraformResource, terraformAttribute, false, 0\)', ln):
            classes[cls]['zero'] = True
        m = FLAGS.match(ln)
        if m:
            pending = (m[1], ''.join(k for k, v in zip('cor', m.groups()[1:]) if v == 'true'))
            continue
        if ln.lstrip().startswith('return ') and getter:
            t, name = None, None
            for k, v in SIMPLE.items():
                if 'this.' + k + "('" in ln:
                    name = ln.split('this.' + k + "('")[1].split("'")[0]
                    t = ['set', 'string'] if 'Fn.tolist' in ln and isinstance(v, list) else v
                    if 'tolist' in ln and 'Number' in k:
                        t = ['set', 'number']
                    break
            if name:
                flags = pending[1] if pending and pending[0] == name else '?' + getter
                classes[cls]['attrs'][name] = (flags, t)
            pending = getter = None
    return tftype, is_data, root, classes, blocks, ver


def strip(name):
    """A class name without its suffix, and the suffix."""
    for s in ('OutputReference', 'List', 'Map'):
        if name.endswith(s):
            return name[:-len(s)], s
    return name, ''


def schema(cname, classes, blocks, props, depth=0):
    """The schema of one class, with what is nested in it."""
    c = classes[cname]
    base, _ = strip(cname)
    bl = blocks.get(cname) or blocks.get(base[0].lower() + base[1:], {})
    out = {'a': {}, 'b': {}}
    # A resource's own class keeps its name, whatever it ends with; its settings are `ConfigA` where `Config` is taken.
    if c['base'].startswith('Terraform'):
        mine = props.get(cname + 'Config') or props.get(cname + 'ConfigA') or {}
    else:
        mine = props.get(base, {})
    for name, (flags, t) in c['attrs'].items():
        if flags[:1] == '?':
            flags = mine.get(flags[1:], 'c')
        if name in c['new']:
            kind, wraps = c['new'][name]
            kb, suffix = strip(kind)
            ref = kind if suffix == 'OutputReference' else kb + 'OutputReference'
            isblock = bl.get(name, [False, None])[0]
            if ref not in classes:   # list of lists and the like
                out['a'][name] = [flags, 'dynamic']
                continue
            if suffix == 'OutputReference':
                nest = 'one' if classes[ref]['zero'] else 'single'
            elif suffix == 'Map':
                nest = 'map'
            else:
                nest = 'set' if wraps == 'true' else 'list'
            if depth > 12:
                out['a'][name] = [flags, 'dynamic']
                continue
            sub = schema(ref, classes, blocks, props, depth + 1)
            if isblock:
                out['b'][name] = [nest, 'r' in flags, sub]
            else:
                out['a'][name] = [flags, [nest, sub]]
        else:
            out['a'][name] = [flags, t or 'dynamic']
    return out


KINDS = {'string': 'string', 'number': 'number', 'boolean': 'bool', 'stringList': ['list', 'string'],
         'stringSet': ['set', 'string'], 'stringMap': ['map', 'string']}


def provider_config(text):
    """The provider block: every entry optional; nested entries become repeatable blocks."""
    groups, cur, name, isblock = {}, None, None, False
    for ln in text.split('\n'):
        m = FUNC.match(ln) or CLASS.match(ln)
        if m:
            cur = groups.setdefault(m[1][0].lower() + m[1][1:], {})
        elif cur is not None:
            m = ENTRY.match(ln)
            if m:
                name = m[1]
            elif name and 'isBlock:' in ln:
                isblock = 'true' in ln
            elif name and 'storageClassType:' in ln:
                cur[name] = (isblock, ln.split('"')[1])
                name = None

    def build(key):
        out = {'a': {}, 'b': {}}
        for n, (is_b, st) in groups.get(key, {}).items():
            if is_b:
                out['b'][n] = ['list', False, build(strip(st)[0][0].lower() + strip(st)[0][1:])]
            else:
                if n != 'alias':
                    out['a'][n] = ['o', KINDS.get(st, 'dynamic')]
        return out
    return build('awsProvider')


def main():
    src, dst = sys.argv[1:3]
    res, data, ver, config = {}, {}, None, None
    seen = {}
    with tarfile.open(src) as tf:
        for m in tf:
            if not re.fullmatch(r'package/lib/[^/]+/index\.(js|d\.ts)', m.name):
                continue
            if m.name.startswith('package/lib/provider/'):
                if m.name.endswith('.js'):
                    config = provider_config(tf.extractfile(m).read().decode())
                continue
            folder = m.name.split('/')[2]
            text = tf.extractfile(m).read().decode()
            one = seen.setdefault(folder, {})
            if m.name.endswith('.d.ts'):
                one['props'] = interfaces(text)
            else:
                one['js'] = parse(text)
            if len(one) < 2:
                continue
            p, props = one['js'], one['props']
            seen[folder] = None
            if p[2] and p[0]:
                (data if p[1] else res)[p[0]] = schema(p[2], p[3], p[4], props)
                ver = p[5] or ver
    doc = {'provider': 'hashicorp/aws', 'provider_version': ver, 'config': config, 'resources': res, 'data': data}
    with gzip.open(dst, 'wt', compresslevel=9) as f:
        json.dump(doc, f, sort_keys=True, separators=(',', ':'))
    print(f'aws {ver}: {len(res)} resources, {len(data)} data sources')


main()
