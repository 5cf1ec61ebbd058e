"""Checks a log and a bundle of it with Python libraries of other people. Usage: check.py LOG.json BUNDLE.zip"""

import base64
import json
import sys
import tempfile
import zipfile

import rfc8785
from pymerkle import InmemoryTree

import table

with open(sys.argv[1], encoding="utf-8") as file:
    log = json.load(file)

tree = InmemoryTree(algorithm="sha256")
for leaf in log["leaves"]:
    tree.append_entry(leaf.encode())
_, size, root, *_ = log["checkpoint"].split("\n")
assert tree.get_size() == int(size), "pymerkle: another size"
assert tree.get_state() == base64.b64decode(root), "pymerkle: another root"
print("ok pymerkle", size)

for text in log["leaves"] + log["canonical"]:
    assert rfc8785.dumps(json.loads(text)) == text.encode(), f"rfc8785: {text}"
print("ok rfc8785", len(log["leaves"]))

with zipfile.ZipFile(sys.argv[2]) as bundle:
    assert bundle.testzip() is None, "zipfile: damaged"
    content = bundle.read("records.csv")
    manifest = json.loads(bundle.read("manifest.json"))
print("ok zipfile", len(content))

with tempfile.NamedTemporaryFile(suffix=".csv") as records:
    records.write(content)
    records.flush()
    frame = table.read(records.name)
assert len(frame) == manifest["control_totals"]["rows"], "pandas: another number of rows"
table.assert_inert(frame)
print("ok pandas", len(frame), len(frame.columns))
