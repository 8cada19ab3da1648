#!/usr/bin/env python3
"""tf_schema_provider.py SCHEMA SOCKET: a schema-only stand-in for hashicorp/aws.

Answers Terraform's plugin protocol 6 from the extracted JSON, so that Terraform's own core does the checking. Prints the
value for TF_REATTACH_PROVIDERS, then serves until its parent closes stdin. No call to AWS is possible.
"""
import gzip
import json
import os
import sys
from concurrent import futures

import grpc
import msgpack


def varint(n):
    """A number as protobuf writes it."""
    out = bytearray()
    while n > 127:
        out.append(n & 127 | 128)
        n >>= 7
    out.append(n)
    return bytes(out)


def num(field, n):
    """A number field; nothing for 0, the default."""
    return varint(field << 3) + varint(n) if n else b''


def msg(field, data):
    """A string, bytes or message field."""
    if isinstance(data, str):
        data = data.encode()
    return varint(field << 3 | 2) + varint(len(data)) + data


# How blocks repeat: the protocol's NestingMode; 'one' is a list of at most one.
NEST = {'single': 1, 'list': 2, 'one': 2, 'set': 3, 'map': 4}


def cty(t):
    """A type as Terraform's core writes it in JSON."""
    if isinstance(t, str):
        return t
    kind, sub = t
    if isinstance(sub, dict):
        obj = ['object', {n: cty(v[1]) for n, v in sub['a'].items()} | {n: cty([v[0], v[2]]) for n, v in sub['b'].items()}]
        return obj if kind == 'single' else ['list' if kind == 'one' else kind, obj]
    return [kind, cty(sub)]


def attribute(name, flags, t):
    """The message of one attribute: its name, type, and who may set it."""
    out = msg(1, name)
    if isinstance(t, list) and isinstance(t[1], dict) and 'c' != flags and t[1]['a']:
        inner = b''.join(msg(1, attribute(n, *v)) for n, v in t[1]['a'].items())
        out += msg(10, inner + num(3, NEST[t[0]]))
    else:
        out += msg(2, json.dumps(cty(t)))
    if 'r' in flags:
        return out + num(4, 1)
    return out + (num(5, 1) if 'o' in flags else b'') + num(6, 1)


def loose(s):
    """Whether an attribute somewhere is untyped: Terraform allows no set of such blocks."""
    return any(v[1] == 'dynamic' or isinstance(v[1], list) and (loose(v[1][1]) if isinstance(v[1][1], dict) else v[1][1] == 'dynamic')
               for v in s['a'].values()) or any(loose(v[2]) for v in s['b'].values())


def block(s):
    """The message of a block: its attributes and nested blocks."""
    out = b''.join(msg(2, attribute(n, *v)) for n, v in s['a'].items())
    for n, (nest, required, sub) in s['b'].items():
        nest = 'list' if nest in ('set', 'map') and loose(sub) else nest
        out += msg(3, msg(1, n) + msg(2, block(sub)) + num(3, NEST[nest])
                   + (num(4, 1) if required and nest in ('list', 'set', 'one') else b'')
                   + (num(5, 1) if nest == 'one' else b''))
    return out


def fields(data):
    """The length-delimited fields of a protobuf message, the last of each number."""
    out, i = {}, 0

    def var():
        nonlocal i
        n = shift = 0
        while True:
            b = data[i]
            i += 1
            n |= (b & 127) << shift
            shift += 7
            if b < 128:
                return n

    while i < len(data):
        tag = var()
        if tag & 7 == 2:
            size = var()
            out[tag >> 3] = data[i:i + size]
            i += size
        else:
            var()
    return out


def readonly_set(s, value, path=''):
    """The paths that the configuration sets although only the provider may."""
    if isinstance(value, list):
        for v in value:
            yield from readonly_set(s, v, path)
    elif isinstance(value, dict):
        for n, v in s['a'].items():
            if v[0] == 'c' and value.get(n) is not None:
                yield path + n
        for n, v in s['b'].items():
            yield from readonly_set(v[2], value.get(n), path + n + '.')


def blk(attrs='', **blocks):
    """`a! b:number` is a block with a required string a and a number b; nested blocks by keyword."""
    a = {}
    for w in attrs.split():
        n, _, t = w.rstrip('!').partition(':')
        a[n] = ['r' if w.endswith('!') else 'o', ['list', 'string'] if t == 'list' else t or 'string']
    return {'a': a, 'b': {n: ['list', False, b] for n, b in blocks.items()}}


def waf_statement():
    """The bindings leave this recursive block untyped: the common statements, written by hand."""
    act = blk('', **{n: blk() for n in ('allow', 'block', 'count', 'captcha', 'challenge')})
    return blk('', managed_rule_group_statement=blk('name! vendor_name! version',
                                                    rule_action_override=blk('name!', action_to_use=act)),
               rate_based_statement=blk('limit:number! aggregate_key_type evaluation_window_sec:number'),
               geo_match_statement=blk('country_codes:list!'), ip_set_reference_statement=blk('arn!'),
               rule_group_reference_statement=blk('arn!'))


def main():
    doc = json.load(gzip.open(sys.argv[1]))
    for n in ('aws_wafv2_web_acl', 'aws_wafv2_rule_group'):
        rule = doc['resources'][n]['b']['rule'][2]
        if rule['a'].pop('statement', None):
            rule['b']['statement'] = ['one', True, waf_statement()]
    sock = sys.argv[2]

    def wrap(s):
        return msg(2, block(s))

    reply = msg(1, wrap(doc['config']))
    for field, part in ((2, doc['resources']), (3, doc['data'])):
        for n, s in part.items():
            reply += msg(field, msg(1, n) + msg(2, wrap(s)))

    class Provider(grpc.GenericRpcHandler):
        def service(self, call):
            if not call.method.startswith('/tfplugin6.Provider/'):
                return None
            part = {'ValidateResourceConfig': 'resources', 'ValidateDataResourceConfig': 'data'}.get(call.method.split('/')[-1])
            if part:
                def check(req, ctx):
                    f = fields(req)
                    kind = f[1].decode()
                    conf = msgpack.unpackb(fields(f[2])[1], strict_map_key=False, ext_hook=lambda code, d: '(unknown)')
                    return b''.join(msg(1, num(1, 1) + msg(2, 'Computed attribute cannot be set') + msg(3, kind + ': "' + n + '" is read-only'))
                                    for n in readonly_set(doc[part][kind], conf))
                return grpc.unary_unary_rpc_method_handler(check)
            answer = reply if call.method.endswith('/GetProviderSchema') else b''
            return grpc.unary_unary_rpc_method_handler(lambda req, ctx: answer)

    server = grpc.server(futures.ThreadPoolExecutor(4), handlers=[Provider()],
                         options=[('grpc.max_send_message_length', -1)])
    server.add_insecure_port('unix:' + sock)
    server.start()
    print(json.dumps({'registry.terraform.io/hashicorp/aws': {
        'Protocol': 'grpc', 'ProtocolVersion': 6, 'Pid': os.getpid(), 'Test': True,
        'Addr': {'Network': 'unix', 'String': sock}}}), flush=True)
    sys.stdin.read()
    server.stop(0)


main()
