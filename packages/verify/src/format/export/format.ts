import { CSV_HEADER, csvRow } from './csv.ts';
import type { ExportRecord } from './columns.ts';

export type ExportFormat = 'json' | 'csv';

/** How a file is put together: `head`, the records with `separator` between them, `tail`. */
export interface FileFormat {
  readonly head: string;
  readonly separator: string;
  readonly tail: string;
  row(record: ExportRecord): string;
}

/**
 * `json` is one array with a record a line: any parser reads it whole, a line tool line by line, and a file that was cut
 * off is not JSON.
 */
export const FILE_FORMATS: Readonly<Record<ExportFormat, FileFormat>> = {
  json: { head: '[\n', separator: ',\n', tail: '\n]\n', row: (record) => JSON.stringify(record) },
  csv: { head: CSV_HEADER, separator: '', tail: '', row: csvRow },
};
