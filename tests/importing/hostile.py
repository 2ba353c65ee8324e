"""Files that are made to harm, or are no models; none is kept, all are made anew."""

from __future__ import annotations

import base64
import copy
import io
import json
import marshal
import os
import pickle
import struct
import zipfile

from tests.importing.written import call, chain, functional, keras_object, layer, packed, sequential, source, tensor

CANARY = "eagerly_canary"
"""A file of this name in the working directory says that something was run."""


class _Payload:
    def __reduce__(self):
        return os.system, (f"touch {CANARY}",)


def files():
    """All of them: name -> (content, words of the refusal)."""
    return {**gadgets(), **shapes(), **texts(), **archives(), **others()}


def gadgets():
    """What the loaders of Keras have run, fetched or loaded in their time."""
    code = base64.b64encode(marshal.dumps(compile(f"open({CANARY!r}, 'w')", "x", "exec"))).decode()
    touch = keras_object("function", {"cmd": f"touch {CANARY}"}, "os", registered_name="function")
    get_file = {"fname": "x", "origin": f"file://{os.getcwd()}/{CANARY}", "extract": True}
    deep = sequential(sequential(sequential(keras_object("Lambda", {"name": "l", "function": code}))))
    return {
        "lambda": (chain("Lambda", function={"class_name": "__lambda__", "config": {"code": code}}), "brings"),
        "lambda three models down": (deep, "Lambda is not taken"),
        "os.system as a layer": (functional(source(), layer("system", "y", tensor("x"), module="os")), "module"),
        "os.system as a class in keras": (chain("system", command=f"touch {CANARY}"), "no layer is called"),
        "os.system as an activation": (chain(units=1, activation=touch), "os"),
        "a function as an initializer": (chain(units=1, kernel_initializer=touch), "os"),
        "get_file as an activation": (
            chain(units=1, activation=keras_object("get_file", get_file, "keras.utils")),
            "no activation is called",
        ),
        "get_file as a loss": (
            {**chain(units=1), "compile_config": {"loss": keras_object("get_file", get_file, "keras.utils")}},
            "no loss is called",
        ),
        "os.system as an optimizer": ({**chain(units=1), "compile_config": {"optimizer": touch}}, "os"),
        "a layer as an activation": (chain(units=1, activation=keras_object("LeakyReLU")), "no activation|as a name"),
        "TFSMLayer": (chain("TFSMLayer", filepath=CANARY, call_endpoint="serve"), "loads a saved model"),
        "TextVectorization of a file": (chain("TextVectorization", vocabulary="/etc/passwd"), "vocabulary"),
        "StringLookup of a page": (chain("StringLookup", vocabulary="http://127.0.0.1/x"), "vocabulary"),
        "unsafe deserialization": (
            chain("enable_unsafe_deserialization", module="keras.config"),
            "no layer is called",
        ),
        "a class of the author's": (
            functional(source(), {**layer("Dense", "y", tensor("x"), units=1), "registered_name": "Evil>Dense"}),
            "registered as",
        ),
        "an object as a constant": (
            functional(source(), layer("Add", "y", call(tensor("x"), touch), module="keras.src.ops.numpy")),
            "cannot be given to a layer",
        ),
        "an operation that reads": (
            functional(source(), layer("Map", "y", tensor("x"), module="keras.src.ops.core")),
            "has no layer here",
        ),
        "TFOpLambda": (chain("TFOpLambda", function="math.add"), "Keras 2"),
        "a subclass": (keras_object("Evil", {"layers": []}, "evil"), "Functional or Sequential"),
    }


def shapes():
    """Models that would fill a computer, and graphs that are none."""
    dense = layer("Dense", "y", tensor("x"), units=1)
    many = [source()] + [layer("Dense", f"d{i}", tensor(f"d{i - 1}" if i else "x"), units=1) for i in range(3000)]
    wide = chain("Dense", units=2_000_000_000)
    return {
        "huge units": (wide, "parameters"),
        "huge units in a wrapper": (
            chain("TimeDistributed", layer=keras_object("Dense", {"units": 2_000_000_000})),
            "parameters",
        ),
        "a huge embedding": (chain("Embedding", input_dim=2_000_000_000, output_dim=64), "parameters"),
        "3,000 layers": (functional(*many, outputs=("d2999",)), "3,001 layers; at most 500"),
        "2 ** 12 layers": (doubled(12), "more than 500 layers"),
        "a circle": (
            functional(source(), layer("Add", "a", [tensor("x"), tensor("y")]), layer("ReLU", "y", tensor("a"))),
            "in a circle",
        ),
        "a layer that feeds itself": (functional(source(), layer("ReLU", "y", tensor("y"))), "in a circle"),
        "models in a circle": (crossed(), "in a circle"),
        "HTML in a name": (chain(name="<img src=x onerror=alert(1)>", units=1), "no name of a layer"),
        "two layers of one name": (functional(source(), dense, copy.deepcopy(dense)), "two layers are called"),
        "no such layer": (functional(source(), layer("ReLU", "y", tensor("nowhere"))), "no such layer"),
        "no such result": (functional(source(), layer("ReLU", "y", tensor("x", 0, 5))), "no such|results|result"),
        "no such call": (functional(source(), dense, layer("ReLU", "z", tensor("y", 7)), outputs=("z",)), "no such"),
        "links by other things": (functional(source(), layer("ReLU", "y", tensor(["x"]))), "needed the name"),
        "a number for a name": (chain(units="many"), "needed a whole number"),
        "an unknown field": (chain(units=1, backdoor={"a": 1}), "has no such parameter"),
        "no layers": (functional(), "no such layer|needed"),
        "a scalar input": (functional(source(shape=(None,)), dense), "needed the shape"),
        "a mask from elsewhere": (
            functional(
                source(),
                layer("NotEqual", "m", call(tensor("x"), 0), module="keras.src.ops.numpy"),
                layer("ReLU", "y", call(tensor("x"), mask=tensor("m"))),
            ),
            "its mask comes from",
        ),
    }


def doubled(depth):
    """A model that calls a model twice, which calls a model twice, and so on: small text, 2 ** depth layers."""
    model = functional(source(), layer("ReLU", "y", tensor("x")))["config"]
    for _ in range(depth):
        inner = {**layer("Functional", "m", tensor("x"), tensor("m", 0)), "config": {**model, "name": "m"}}
        model = functional(source(), inner)["config"]
        model["output_layers"] = [["m", 1, 0]]
    return {**functional(), "config": model}


def crossed():
    """Two models inside that only pass on what the other gives."""
    inner = functional(source(), outputs=("x",))["config"]
    one = {**layer("Functional", "one", tensor("y")), "config": {**inner, "name": "one"}}
    other = {**layer("Functional", "y", tensor("one")), "config": {**inner, "name": "y"}}
    return functional(source(), one, other)


def texts():
    """JSON that is none, or is more than it seems."""
    start = '{"class_name": "Sequential", "config": '
    return {
        "nested 10,000 deep": (start + "[" * 10_000 + "]" * 10_000 + "}", "nests more than 64"),
        "nested, and cut off": (start + "[" * 100_000, "nests more than 64"),
        "a number of 5,000 digits": (start + "9" * 5_000 + "}", "digits"),
        "a number of 20 digits": (json.dumps(chain(units=10**19)), "20 digits"),
        "NaN": (json.dumps(chain(units=float("nan"))), "NaN is no JSON number"),
        "a number past all": (json.dumps(chain(units=5)).replace("5}", "1e999}"), "too large"),
        "a name twice": ('{"class_name": "Sequential", "config": {"layers": [], "layers": []}}', "stands twice"),
        "cut off": (json.dumps(chain(units=5))[:-20], "is no JSON"),
        "not UTF-8": (b'{"class_name": "\xff\xfe"}', "UTF-8"),
        "5 MB": (start + '"' + "x" * 5_000_000 + '"}', "at most 4,194,304"),
    }


def archives():
    """ZIP files that no Keras has written."""
    good = packed(chain(units=1))
    metadata = '{"keras_version": "3.15.1"}'
    return {
        "a path out of the folder": (packed(chain(units=1), b"", ("../evil.py", "x")), "does not belong"),
        "an absolute path": (packed(chain(units=1), b"", ("/tmp/evil", "x")), "does not belong"),
        "assets": (packed(chain(units=1), b"", ("assets/vocabulary.txt", "x")), "does not belong"),
        "a SavedModel": (zipped(("saved_model.pb", "x"), ("variables/variables.index", "x")), "does not belong"),
        "no config": (zipped(("metadata.json", metadata)), "config.json: it is missing"),
        "Keras 2": (zipped(("metadata.json", "{}"), ("config.json", json.dumps(chain(units=1)))), "Keras 3"),
        "a zip bomb": (packed("[" + " " * 50_000_000 + "]", compression=zipfile.ZIP_DEFLATED), "times its size|holds"),
        "a bomb of a million": (packed("x" * 3_000_000, compression=zipfile.ZIP_DEFLATED), "times its size"),
        "one file twice": (twice(), "stands twice"),
        "overlapping files": (overlapping(good), "overlaps|differs"),
        "encrypted": (flagged(good, 6, 8, 1), "encrypted"),
        "packed in a strange way": (flagged(good, 8, 10, 14), "packed in a way"),
        "a wrong checksum": (good.replace(b"written", b"wrXtten"), "checksum"),
        "cut off archive": (good[: len(good) // 2], "cut off"),
        "only its first bytes": (b"PK\x03\x04", "cut off"),
        "something behind it": (good + b"x" * 100, "damaged"),
        "100,000 files": (zipped(*((f"f{i}", "") for i in range(2000))), "holds 2,000 files"),
        "said to be 4 GB": (sized(good, 0xFFFFFFFF), "4 GB"),
        "said to be longer": (sized(good, 1 << 20), "differs"),
    }


def others():
    """What is no model at all."""
    return {
        "a pickle": (pickle.dumps(_Payload()), "pickle"),
        "a whole model as .h5": (b"\x89HDF\r\n\x1a\n" + bytes(100), "HDF5 file"),
        "an array": (b"\x93NUMPY\x01\x00" + bytes(100), "array"),
        "nothing": (b"", "empty"),
        "a text": (b"import os; os.system('touch eagerly_canary')", "no JSON"),
    }


def zipped(*members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members:
            archive.writestr(name, content)
    return buffer.getvalue()


def twice():
    """`config.json` twice: two readers may take different ones."""
    content = packed(chain(units=1), b"", ("config.jsoX", json.dumps(chain(units=2))))
    return content.replace(b"config.jsoX", b"config.json")


def overlapping(good):
    """The table of contents says that two files begin at one place."""
    content = bytearray(good)
    first = good.find(b"PK\x01\x02")
    second = good.find(b"PK\x01\x02", first + 4)
    content[second + 20 : second + 28] = struct.pack("<2L", 10, 10)
    content[first + 20 : first + 28] = struct.pack("<2L", 500, 500)
    return bytes(content)


def flagged(good, local, central, value):
    """The same archive with another flag, or method, in all its headers."""
    content = bytearray(good)
    for mark, offset in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        place = good.find(mark)
        while place >= 0:
            content[place + offset] = value
            place = good.find(mark, place + 4)
    return bytes(content)


def sized(good, size):
    content = bytearray(good)
    place = good.find(b"PK\x01\x02")
    content[place + 20 : place + 28] = struct.pack("<2L", size, size)
    return bytes(content)


def as_bytes(content):
    """A file's content: a model is written as JSON."""
    if isinstance(content, dict):
        content = json.dumps(content)
    return content.encode() if isinstance(content, str) else content
