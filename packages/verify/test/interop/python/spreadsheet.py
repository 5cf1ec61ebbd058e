"""Looks whether a spreadsheet opened a CSV file whole and ran none of it. Usage: spreadsheet.py RECORDS.csv BOOK.xlsx"""

import csv
import sys

from openpyxl import load_workbook

with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
    rows = list(csv.reader(file, strict=True))
sheet = load_workbook(sys.argv[2]).worksheets[0]
for row in sheet.iter_rows():
    for cell in row:
        if cell.data_type == "f":
            sys.exit(f"{cell.coordinate}: the spreadsheet took {cell.value!r} for a formula")
if (sheet.max_row, sheet.max_column) != (len(rows), len(rows[0])):
    sys.exit(f"the file has {len(rows)} rows of {len(rows[0])}, the spreadsheet {sheet.max_row} of {sheet.max_column}")
print(f"{sheet.max_row} rows, no formula among their cells")
