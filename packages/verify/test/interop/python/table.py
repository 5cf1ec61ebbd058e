"""Reads a file of records as pandas and as a strict CSV reader. Usage: table.py RECORDS.csv"""

import csv
import sys

import pandas


def assert_inert(frame: pandas.DataFrame) -> None:
    """No cell but a number begins as a formula does."""
    for column in frame.columns:
        for cell in frame[column]:
            # A number may be negative; whatever else begins so would run as a formula.
            numeric = cell.lstrip("-").replace(".", "", 1).isdigit()
            assert numeric or not cell.lstrip().startswith(("=", "+", "-", "@")), f"{column}: {cell}"


def read(path) -> pandas.DataFrame:
    """The table, which both readers must read alike."""
    with open(path, encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file, strict=True))
    frame = pandas.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    assert list(frame.columns) == rows[0] and frame.columns[0] == "seq", "pandas: another header"
    assert frame.values.tolist() == rows[1:], "pandas and csv read different cells"
    return frame


if __name__ == "__main__":
    table = read(sys.argv[1])
    assert_inert(table)
    print(f"{len(table)} records, {len(table.columns)} columns, no cell that would run as a formula")
