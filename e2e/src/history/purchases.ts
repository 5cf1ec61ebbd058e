import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';

/** A purchase on a card, at the time that the clock shows when it is submitted. */
export interface Purchase {
  readonly card: string;
  readonly at: Date;
  /** Decimal text, more than zero, at most two decimals. */
  readonly amount: string;
  readonly merchant: string | null;
  readonly category: string | null;
}

/** Reads a CSV with the columns date, card, merchant, category and amount, plain or gzip; refunds are no intents. */
export async function readPurchases(file: string): Promise<Purchase[]> {
  const bytes = await readFile(file);
  const text = bytes.readUInt16BE() === 0x1f8b ? gunzipSync(bytes) : bytes;
  const rows = parse<Record<string, string>>(text, { columns: true, bom: true });
  const purchases = rows.flatMap(({ date = '', card = '', merchant = '', category = '', amount = '' }): Purchase[] => {
    if (!/^\d+(\.\d{1,2})?$/.test(amount) || Number(amount) === 0) return [];
    // The file tells the day, not the time.
    const at = new Date(`${date}T12:00:00Z`);
    return [{ card, at, amount, merchant: merchant.trim() || null, category: category.trim() || null }];
  });
  return purchases.toSorted((one, other) => one.at.getTime() - other.at.getTime());
}
