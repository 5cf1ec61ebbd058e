import { type FieldType, POLICY_FIELDS, type PolicyField } from '@aegis/contracts/policy-rules';
import type { Exact } from '../exact.ts';
import { functionOfText } from './function-of-text.ts';

/**
 * What the conditions of a policy look at, for one intent. Money is in ten-thousandths of a unit (see exact.ts), text
 * that compares without case is in lower case already, and a missing value is undefined.
 */
export interface Fields {
  readonly amount: Exact;
  readonly amount_base: Exact | undefined;
  readonly currency: string;
  readonly confidence: number;
  readonly reason: string;
  readonly merchant: string | undefined;
  readonly merchant_category: string | undefined;
  readonly agent_id: string;
  readonly agent_name: string;
  readonly agent_risk_level: string;
  readonly risk_score: number;
  readonly day_of_week: string;
  readonly hour_of_day: number;
  readonly day_of_month: number;
  readonly date: string;
  readonly daily_spend: Exact;
  readonly monthly_spend: Exact;
  readonly daily_spend_after: Exact | undefined;
  readonly monthly_spend_after: Exact | undefined;
  readonly wallet_balance: Exact | undefined;
  readonly intents_last_hour: number;
  readonly intents_last_day: number;
  readonly merchant_seen_before: boolean | undefined;
  readonly merchant_spend_30d: Exact | undefined;
  readonly metadata: Readonly<Record<string, unknown>> | null;
}

const METADATA_PREFIX = 'metadata.';

/** A field as a condition names it. What a metadata value must be follows from the value it is compared with. */
export type FieldReference =
  | { readonly kind: 'field'; readonly name: PolicyField; readonly type: FieldType; readonly caseless: boolean }
  | { readonly kind: 'metadata'; readonly path: readonly string[] };

/** Whether texts of the field compare without case; those of metadata never do. */
export function ignoresCase(reference: FieldReference): boolean {
  return reference.kind === 'field' && reference.caseless;
}

/** Null for a field that does not exist. */
export function fieldReference(name: string): FieldReference | null {
  if (name.startsWith(METADATA_PREFIX)) {
    const path = name.slice(METADATA_PREFIX.length).split('.');
    return path.every((key) => key !== '') ? { kind: 'metadata', path } : null;
  }
  if (!isPolicyField(name)) return null;
  const definition: { type: FieldType; caseless?: true } = POLICY_FIELDS[name];
  return { kind: 'field', name, type: definition.type, caseless: definition.caseless === true };
}

function isPolicyField(name: string): name is PolicyField {
  return Object.hasOwn(POLICY_FIELDS, name);
}

/** Reads a field or metadata; undefined when it is missing. */
export type Reader = (fields: Fields) => unknown;

/** A function of its own for each field, which the runtime specialises; `fields[name]` for all of them would be slow. */
const READERS = new Map<string, Reader>(
  Object.keys(POLICY_FIELDS).map((name) => [name, functionOfText('fields', `return fields.${name};`)]),
);

export function readerOf(reference: FieldReference): Reader {
  if (reference.kind === 'metadata') return ({ metadata }) => metadataValue(metadata, reference.path);
  const reader = READERS.get(reference.name);
  if (!reader) throw new Error(`unknown field ${reference.name}`);
  return reader;
}

/** The value at a path of nested objects; inherited properties do not count. Null counts as missing. */
export function metadataValue(metadata: Fields['metadata'], path: readonly string[]): unknown {
  let value: unknown = metadata;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Record<string, unknown>)[key];
  }
  return value ?? undefined;
}
