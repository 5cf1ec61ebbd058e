import { canonicalJson } from '../canonical-json.ts';
import { FormatError } from '../format-error.ts';
import { parseJson } from './bundle-files.ts';
import { fieldsOf } from './fields.ts';
import { STANDARDS, type Standard } from './profile.ts';
import { type ExportFormat, FORMATS } from './records-file.ts';
import { parseReconciliation, type Reconciliation } from './reconciliation.ts';
import { parseRowSettings, type RowSettings } from './row-settings.ts';
import type { ControlTotals, LateEntry } from './totals.ts';

export const MANIFEST_VERSION = 'aegis.export/1';

export interface ManifestFile {
  readonly name: string;
  readonly bytes: number;
  /** Lines or records; null where the file has no such thing. */
  readonly rows: number | null;
  readonly sha256: string;
}

/** What an export was asked for. Entries outside the filter are in it as stubs. */
export interface ExportQuery {
  readonly format: ExportFormat;
  readonly standard: Standard;
  /** Half-open over the recorded times, RFC 3339 UTC in milliseconds; null is without bound. */
  readonly from: string | null;
  readonly to: string | null;
  /** The zone in which dates of the question were meant (IANA). */
  readonly tz: string;
  readonly bom: boolean;
  readonly filter: Readonly<Record<string, string>> | null;
}

/** What the verifier relies on; the rest of a manifest is told by whoever signed it. */
export interface Manifest {
  readonly v: typeof MANIFEST_VERSION;
  readonly organization_id: string;
  readonly export_id: string;
  readonly profile_version: string;
  readonly query: ExportQuery;
  readonly range: { readonly begin: number; readonly end: number };
  readonly log: { readonly origin: string; readonly vkey: string; readonly size: number; readonly root: string };
  readonly files: readonly ManifestFile[];
  readonly control_totals: ControlTotals;
  readonly late_addendum: { readonly count: number; readonly entries: readonly LateEntry[] };
  readonly settings: RowSettings;
  /** Null, or absent before there was such: nothing was compared, and `gaps` says why. */
  readonly reconciliation?: Reconciliation | null;
}

/** @throws FormatError when the text is no manifest in canonical form */
export function parseManifest(text: string): Manifest {
  const value = fieldsOf(parseJson(text));
  const { query, range, log } = {
    query: fieldsOf(value['query']),
    range: fieldsOf(value['range']),
    log: fieldsOf(value['log']),
  };
  const files = value['files'];
  check(value['v'] === MANIFEST_VERSION, `v is not ${MANIFEST_VERSION}`);
  check(canonicalJson(value) === text, 'it is not in canonical form (RFC 8785)');
  check(hasTexts(value, ['organization_id', 'export_id', 'profile_version']), 'its ids are missing');
  check(FORMATS.includes(query['format'] as ExportFormat), 'query.format is neither json nor csv');
  check(STANDARDS.includes(query['standard'] as Standard), 'query.standard is not known');
  check(isTextOrNull(query['from']) && isTextOrNull(query['to']), 'the times of the query are not texts');
  check(typeof query['bom'] === 'boolean', 'query.bom is missing');
  check([range['begin'], range['end'], log['size']].every(isCount), 'range or log.size are not counts');
  check(hasTexts(log, ['origin', 'vkey', 'root']), 'log is incomplete');
  check(Array.isArray(files) && files.every(isFile), 'files are not listed with name, bytes, rows and sha256');
  check(parseRowSettings(value['settings']) !== null, 'settings are not of the known form');
  check(value['control_totals'] === fieldsOf(value['control_totals']), 'control_totals are missing');
  check(Array.isArray(fieldsOf(value['late_addendum'])['entries']), 'late_addendum is missing');
  const told = value['reconciliation'] ?? null;
  check(told === null || parseReconciliation(told) !== null, 'reconciliation is not of the known form');
  return value as unknown as Manifest;
}

function check(holds: boolean, otherwise: string): void {
  if (!holds) throw new FormatError(otherwise);
}

function hasTexts(value: Readonly<Record<string, unknown>>, names: readonly string[]): boolean {
  return names.every((name) => typeof value[name] === 'string');
}

function isTextOrNull(value: unknown): boolean {
  return value === null || typeof value === 'string';
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isFile(value: unknown): boolean {
  const file = fieldsOf(value);
  return (
    hasTexts(file, ['name', 'sha256']) && isCount(file['bytes']) && (file['rows'] === null || isCount(file['rows']))
  );
}
