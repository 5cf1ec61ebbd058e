import type { ProvenLeaf } from '../leaf-chain.ts';
import { baseRecord, withheldRecord } from './base-record.ts';
import { BASE_COLUMNS, type BaseRecord, type Columns } from './columns.ts';
import { BYTE_ORDER_MARK, CsvRows } from './csv.ts';
import type { Profile, Standard } from './profile.ts';
import { PROFILES } from './profiles.ts';
import { type RowSettings } from './row-settings.ts';
import { TotalsCount } from './totals.ts';

export const FORMATS = ['json', 'csv'] as const;
export type ExportFormat = (typeof FORMATS)[number];

/** What the bytes of a records file follow from, beside the entries. */
export interface RecordsFileOptions {
  readonly format: ExportFormat;
  readonly standard: Standard;
  /** Whether a CSV file begins with a byte order mark. */
  readonly bom: boolean;
  readonly settings: RowSettings;
  /** Start of the range over the recorded times, RFC 3339 UTC in milliseconds; null is without bound. */
  readonly from: string | null;
}

/**
 * Writes the file of records, and counts what goes in. Service and verifier both write it with this, so that equal
 * entries give equal bytes.
 *
 * `json` is one array with a record a line: any parser reads it whole, a line tool line by line, and a file that was cut
 * off is not JSON.
 */
export class RecordsFile {
  readonly totals: TotalsCount;
  readonly #options: RecordsFileOptions;
  readonly #profile: Profile;
  readonly #columns: Columns;
  readonly #hasOwnColumns: boolean;
  readonly #csv: CsvRows;
  #separator = '';

  constructor(options: RecordsFileOptions) {
    this.#options = options;
    this.#profile = PROFILES[options.standard];
    this.#columns = { ...BASE_COLUMNS, ...this.#profile.columns };
    this.#hasOwnColumns = Object.keys(this.#profile.columns).length > 0;
    this.totals = new TotalsCount(options.from);
    this.#csv = new CsvRows(this.#columns, () => {
      this.totals.escapedCells += 1;
    });
  }

  head(): string {
    if (this.#options.format === 'json') return '[\n';
    return `${this.#options.bom ? BYTE_ORDER_MARK : ''}${this.#csv.header()}`;
  }

  entry(entry: ProvenLeaf): string {
    const base = baseRecord(entry);
    const rows = this.#profile.rows(entry, base, this.#options.settings);
    this.totals.entry(entry, base, rows.length);
    let text = '';
    for (const cells of rows) text += this.#row(base, cells);
    return text;
  }

  /** The stub of an entry that the export's filter leaves out. */
  withheld(seq: number, leafHash: string): string {
    const base = withheldRecord(seq, leafHash);
    this.totals.withheld(base);
    return this.#row(base, {});
  }

  tail(): string {
    return this.#options.format === 'json' ? '\n]\n' : '';
  }

  #row(base: BaseRecord, cells: ReturnType<Profile['rows']>[number]): string {
    // Most files have the base columns alone.
    const record = this.#hasOwnColumns ? { ...base, ...cells } : base;
    if (this.#options.format === 'csv') return this.#csv.row(record);
    const text = this.#separator + JSON.stringify(this.#jsonRecord(record));
    this.#separator = ',\n';
    return text;
  }

  /** Every column in its order, also those that a stub has nothing for. */
  #jsonRecord(record: Readonly<Record<string, unknown>>): Record<string, unknown> {
    const ordered: Record<string, unknown> = {};
    for (const column in this.#columns) ordered[column] = record[column] ?? null;
    return ordered;
  }
}
