"""Checks a log and a bundle of it with Python libraries of other people. Usage: check.py LOG.json BUNDLE.zip"""

import base64
import csv
import io
import json
import sys
import zipfile

import pandas
import rfc8785
from pymerkle import InmemoryTree

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

text = content.decode("utf-8")
rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
assert all(len(row) == len(rows[0]) for row in rows), "csv: rows of different lengths"
frame = pandas.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
assert list(frame.columns) == rows[0] and frame.columns[0] == "seq", "pandas: another header"
assert frame.values.tolist() == rows[1:], "pandas and csv read different cells"
assert len(frame) == manifest["control_totals"]["rows"], "pandas: another number of rows"
for column in frame.columns:
    for cell in frame[column]:
        # A number may be negative; whatever else begins so would run as a formula.
        numeric = cell.lstrip("-").replace(".", "", 1).isdigit()
        assert numeric or not cell.lstrip().startswith(("=", "+", "-", "@")), f"{column}: {cell}"
print("ok pandas", len(frame), len(frame.columns))
