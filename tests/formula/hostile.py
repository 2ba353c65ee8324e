"""Programs that want out: pieces that must not run, in the frames in which they may come."""

from __future__ import annotations

from itertools import product

PIECES = """
__import__('os').system('id')
open('/etc/passwd').read()
eval('1')
exec('import os')
compile('1', 'x', 'eval')
globals()
locals()
vars()
dir()
getattr(tf, 'io')
setattr(tf, 'abs', tf.exp)
type(y_true)
type('X', (), {})
print(y_pred)
input()
breakpoint()
help()
().__class__.__bases__[0].__subclasses__()
''.__class__.__mro__
y_true.__class__
y_true.__class__.__init__.__globals__
y_true.numpy()
y_true.shape
y_true.op.graph
y_true.experimental_ref()
tf.io.read_file('/etc/passwd')
tf.io.write_file('/tmp/x', 'x')
tf.io.gfile.GFile('/etc/passwd').read()
tf.py_function(print, [y_true], tf.float32)
tf.numpy_function(print, [y_true], tf.float32)
tf.raw_ops.ReadFile(filename='/etc/passwd')
tf.load_op_library('/tmp/x.so')
tf.print(y_true)
tf.function(print)
tf.while_loop(print, print, [y_true])
tf.ones([100000, 100000])
tf.zeros((99999, 99999, 99))
tf.fill([9999, 9999, 9999], 1.0)
tf.random.normal([9999, 9999])
tf.tile(y_true, [100000, 100000])
tf.repeat(y_true, 10000000)
tf.range(1000000000000)
tf.eye(1000000)
tf.constant([0] * 1000000000)
tf.abs.__globals__
tf.abs.__wrapped__(y_true)
tf.keras.utils.get_file('x', 'http://example.com')
tf.os.system('id')
tf.math.os.system('id')
tf.compat.v1.Session()
tf.saved_model.load('/tmp')
keras.utils.get_file('x', 'http://example.com')
keras.models.load_model('/tmp/x')
keras.config.set_floatx('float16')
keras.ops.os.system('id')
keras.ops.vectorized_map(print, y_true)
ops.while_loop(print, print, [y_true])
ops.custom_gradient(print)
ops.__builtins__
ops.ones((100000, 100000))
ops.arange(1000000000000)
ops.convert_to_numpy(y_true)
ops.ſum.__self__
ops.ſystem('id')
ｅval('1')
9**9**9**9
(9**8)**8**8
2**100000000
10**-10**10
'a' * 10**10
[0] * 10**10
f'{y_true.__class__}'
f'{__import__("os")}'
'{0.__class__}'.format(y_true)
b'x'
...
lambda: 0
(lambda: 0)()
[x for x in ().__class__.__bases__]
{x: x for x in y_true}
(x for x in y_true)
[].append(1)
{}
{1, 2}
y_true[0]
y_true[0:10**10]
y_true if y_pred else 0
y_true and y_pred
not y_true
~y_true
y_true @ y_pred
y_true // 0
y_true % 0
y_true << 99999999999
1 << 99999999999
1 / 0
1e308 * 1e308
(-2) ** 0.5
await y_true
(yield)
(yield from y_true)
(x := y_true)
*y_true
tf.abs(*[y_true])
tf.abs(**{'x': y_true})
tf.abs(y_true, name='x')
tf.reduce_mean(y_true, axis=10**10)
tf.reduce_mean(y_true, axis=y_true)
tf.cast(y_true, tf.string)
tf.cast(y_true, 'object')
tf.cast(y_true, y_true.__class__)
tf.where(y_true)
math.exp(1)
np.load('x')
os.system('id')
K.mean(y_true)
True
None
1j
'text'
y_true is y_pred
y_true in y_pred
y_true < y_pred < 1
undefined
loss
loss(y_true, y_pred)
""".strip().split("\n")

FRAMES = {
    "returned": "def loss(y_true, y_pred):\n    return {}",
    "added": "def loss(y_true, y_pred):\n    return y_pred + ({})",
    "inside a call": "def loss(y_true, y_pred):\n    return tf.reduce_mean({}) + y_pred",
    "named first": "def loss(y_true, y_pred):\n    a = {}\n    return y_pred + a",
    "a default": "def loss(y_true, y_pred={}):\n    return y_pred",
    "an annotation": "def loss(y_true: ({}), y_pred):\n    return y_pred",
    "a decorator": "@({})\ndef loss(y_true, y_pred):\n    return y_pred",
    "a line": "def loss(y_true, y_pred):\n    {}\n    return y_pred",
    "before": "{}\ndef loss(y_true, y_pred):\n    return y_pred",
    "after": "def loss(y_true, y_pred):\n    return y_pred\n{}",
    "an axis": "def loss(y_true, y_pred):\n    return tf.reduce_sum(y_pred, axis={})",
    "a dtype": "def loss(y_true, y_pred):\n    return tf.cast(y_pred, {})",
}

WHOLE = [
    "",
    "\x00",
    "\ufeff",
    "\ud800",
    "def",
    "(" * 5000,
    "(" * 3000 + ")" * 3000,
    "-" * 4000 + "1",
    "def loss(y_true, y_pred):\n    return " + "-" * 2000 + "y_pred",
    "def loss(y_true, y_pred):\n    return " + "(" * 200 + "y_pred" + ")" * 200,
    "def loss(y_true, y_pred):\n    return " + "+".join(["y_pred"] * 500),
    "def loss(y_true, y_pred):\n    return " + "9" * 4000 + " * y_pred",
    "def loss(y_true, y_pred):\n    return 1e999 * y_pred",
    "def loss(y_true, y_pred):\n" + "    a = y_true\n" * 2000 + "    return y_pred",
    "class X: pass",
    "import os",
    "from os import system as tf",
    "async def loss(y_true, y_pred):\n    return y_pred",
    "def loss(y_true, y_pred, /):\n    return y_pred",
    "def loss(y_true, *, y_pred):\n    return y_pred",
    "def loss(*y_true, **y_pred):\n    return y_pred",
    "def loss(y, y):\n    return y",
    "def loss(tf, y_pred):\n    return tf.abs(y_pred)",
    "def tf(y_true, y_pred):\n    return y_pred",
    "def __init__(y_true, y_pred):\n    return y_pred",
    "def loss(y_true, y_pred):\n    tf = y_true\n    return y_pred",
    "def loss(y_true, y_pred):\n    tf.abs = y_true\n    return y_pred",
    "def loss(y_true, y_pred):\n    a, b = y_true, y_pred\n    return b",
    "def loss(y_true, y_pred):\n    a = b = y_pred\n    return b",
    "def loss(y_true, y_pred):\n    y_pred += 1\n    return y_pred",
    "def loss(y_true, y_pred):\n    return\n    return y_pred",
    "def loss(y_true, y_pred):\n    return",
    "def loss(y_true, y_pred):\n    'only a docstring'",
    "def loss(y_true, y_pred):\n    pass",
    "def loss(y_true, y_pred):\n    global tf\n    return y_pred",
    "def loss(y_true, y_pred):\n    del y_true\n    return y_pred",
    "def loss(y_true, y_pred):\n    if y_true:\n        return y_pred\n    return y_pred",
    "def loss(y_true, y_pred):\n    for a in y_true:\n        a = a\n    return y_pred",
    "def loss(y_true, y_pred):\n    while True:\n        a = 1\n    return y_pred",
    "def loss(y_true, y_pred):\n    try:\n        a = 1\n    except* ValueError:\n        a = 2\n    return y_pred",
    "def loss(y_true, y_pred):\n    with y_true as a:\n        b = 1\n    return y_pred",
    "def loss(y_true, y_pred):\n    match y_true:\n        case _: a = 1\n    return y_pred",
    "def loss(y_true, y_pred):\n    def inner(a, b):\n        return a\n    return y_pred",
    "def loss(y_true, y_pred):\n    return 1.0",
    "def loss(y_true, y_pred):\n\treturn y_pred\n        return y_true",
    "def loss(y_true, y_pred):\n    return y_pred # \u202e hidden",
    "def loss(y_true, y_pred):\u2028    return y_pred",
    "def loss(y_true, y_pred): return y_pred; import os",
]


def programs() -> list[str]:
    """Every piece in every frame, and the whole programs."""
    return [frame.format(piece) for piece, frame in product(PIECES, FRAMES.values())] + WHOLE
