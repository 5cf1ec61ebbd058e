import { disclosureDigest, readDisclosure } from './disclosure.ts';

export const LEAF_VERSION = 'aegis.audit/1';

/** The limit of an entry in C2SP tlog-tiles, which the log is to be served as. */
export const MAX_LEAF_BYTES = 65_535;

/** `prev` of the first entry. */
export const GENESIS_HASH = '0'.repeat(64);

/** Path of the disclosure that stands for the data as a whole; its value is the data's text as it was published. */
export const WHOLE_DATA = '/data';

/** A leaf as JSON. */
export interface Leaf {
  readonly v: typeof LEAF_VERSION;
  readonly org: string;
  readonly seq: number;
  readonly id: string;
  readonly type: string;
  readonly occurred_at: string;
  readonly recorded_at: string;
  readonly actor: { readonly type: string; readonly id: string; readonly role?: string; readonly auth_method: string };
  readonly subject: { readonly type: string; readonly id: string };
  readonly causation_id?: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly sd?: Readonly<Record<string, string>>;
  readonly prev: string;
}

/** Encoded disclosures by path; what was erased is absent. */
export type Disclosures = Readonly<Record<string, string>>;

/** Null when the text is not a leaf of this version. */
export function parseLeaf(text: string): Leaf | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  return isLeaf(value) ? value : null;
}

/** RFC 3339 UTC in milliseconds, the one form that times have in a leaf. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

const TEXTS = ['org', 'id', 'type', 'occurred_at', 'recorded_at', 'prev'] as const;

function isLeaf(value: unknown): value is Leaf {
  if (!isRecord(value) || value['v'] !== LEAF_VERSION || !Number.isSafeInteger(value['seq'])) return false;
  const { actor, subject, data, sd = {}, causation_id: causationId = '' } = value;
  return (
    TEXTS.every((name) => typeof value[name] === 'string') &&
    isInstant(value['occurred_at']) &&
    isInstant(value['recorded_at']) &&
    hasTexts(actor, ['type', 'id', 'auth_method']) &&
    hasTexts(subject, ['type', 'id']) &&
    typeof causationId === 'string' &&
    isRecord(data) &&
    isRecord(sd) &&
    Object.values(sd).every((digest) => typeof digest === 'string')
  );
}

function isInstant(value: unknown): boolean {
  return typeof value === 'string' && INSTANT.test(value) && !Number.isNaN(Date.parse(value));
}

function hasTexts(value: unknown, names: readonly string[]): boolean {
  return isRecord(value) && names.every((name) => typeof value[name] === 'string');
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The values that disclosures show, by path; a disclosure whose digest is not the one in the leaf proves nothing. */
export function provenValues(sd: Leaf['sd'], disclosures: Disclosures): ReadonlyMap<string, unknown> {
  const values = new Map<string, unknown>();
  for (const path in disclosures) {
    const encoded: unknown = disclosures[path];
    if (typeof encoded !== 'string' || sd?.[path] !== disclosureDigest(encoded)) continue;
    const disclosed = readDisclosure(encoded);
    if (disclosed?.path === path) values.set(path, disclosed.value);
  }
  return values;
}
