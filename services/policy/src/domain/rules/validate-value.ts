import { currencyExponent } from '@aegis/contracts/money';
import type { Operator } from '@aegis/contracts/policy-rules';
import { isCalendarDate } from '@aegis/contracts/http/text';
import type { FieldError } from '@aegis/contracts/problems';
import { DAYS_OF_WEEK } from '../calendar.ts';
import { comparableOperand } from '../exact.ts';
import type { FieldReference } from './fields.ts';

const MAX_LIST = 1_000;
const MAX_TEXT = 1_024;

const ORDERED: readonly Operator[] = ['gt', 'gte', 'lt', 'lte', 'between'];
const EXACT: readonly Operator[] = ['eq', 'neq', 'in', 'not_in'];
const TEXTUAL: readonly Operator[] = ['contains', 'not_contains', 'starts_with', 'ends_with', 'matches'];

/** The faults of a condition's value, for a field and an operator that fit each other; a pattern is not read. */
export function valueFaults(
  reference: FieldReference,
  field: string,
  operator: Operator,
  value: unknown,
  path: string,
): FieldError[] {
  if (operator === 'exists') {
    if (value === undefined || typeof value === 'boolean') return [];
    return [{ path, message: 'must be true (the default: the value is there) or false (it is missing)' }];
  }
  if (operator === 'in' || operator === 'not_in') return listFaults(reference, field, operator, value, path);
  if (operator === 'between') return rangeFaults(reference, field, value, path);
  const fault = scalarFault(reference, field, operator, value);
  return fault ? [{ path, message: fault }] : [];
}

function listFaults(
  reference: FieldReference,
  field: string,
  operator: Operator,
  value: unknown,
  path: string,
): FieldError[] {
  if (!Array.isArray(value) || value.length === 0 || value.length > MAX_LIST) {
    return [{ path, message: `must be a list of 1 to ${MAX_LIST} values` }];
  }
  if (value.some((entry) => typeof entry !== typeof value[0])) {
    return [{ path, message: 'must hold values of one type' }];
  }
  return value.flatMap((entry, index) => {
    const fault = scalarFault(reference, field, operator, entry);
    return fault ? [{ path: `${path}[${index}]`, message: fault }] : [];
  });
}

function rangeFaults(reference: FieldReference, field: string, value: unknown, path: string): FieldError[] {
  if (!Array.isArray(value) || value.length !== 2) {
    return [{ path, message: 'must be a list of two values, [lowest, highest], both included' }];
  }
  const faults = value.flatMap((entry, index) => {
    const fault = scalarFault(reference, field, 'between', entry);
    return fault ? [{ path: `${path}[${index}]`, message: fault }] : [];
  });
  if (faults.length > 0) return faults;
  return value[0] > value[1] ? [{ path, message: 'must name the lowest value first' }] : [];
}

function scalarFault(reference: FieldReference, field: string, operator: Operator, value: unknown): string | null {
  if (value === undefined || value === null) return 'is missing: what is the field compared with?';
  if (reference.kind === 'metadata') return metadataFault(operator, value);
  switch (reference.type) {
    case 'money':
      return moneyFault(field, value);
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? null : `must be a number, as ${field} is one`;
    case 'boolean':
      return typeof value === 'boolean' ? null : `must be true or false, as ${field} is one of them`;
    case 'date':
      return isDate(value) ? null : 'must be a date such as "2026-03-31"';
    case 'text':
      return textFault(operator, value) ?? vocabularyFault(field, operator, value);
  }
}

function moneyFault(field: string, value: unknown): string | null {
  if (typeof value !== 'number')
    return `must be a number such as 50000 or 99.5, in units of the currency: ${field} is an amount`;
  switch (comparableOperand(value)) {
    case 'too_precise':
      return 'must have at most 15 significant digits, or it would be rounded';
    case 'too_many_decimals':
      return 'must have at most 4 decimals; no currency has more';
    default:
      return null;
  }
}

function textFault(operator: Operator, value: unknown): string | null {
  if (typeof value !== 'string') return 'must be text in quotes';
  if (value.length > MAX_TEXT) return `must have at most ${MAX_TEXT} characters`;
  if (value === '' && TEXTUAL.includes(operator)) return 'must not be empty';
  return null;
}

function metadataFault(operator: Operator, value: unknown): string | null {
  if (ORDERED.includes(operator)) {
    return typeof value === 'number' && Number.isFinite(value) ? null : `must be a number for ${operator}`;
  }
  if (TEXTUAL.includes(operator) || typeof value === 'string') return textFault(operator, value);
  return typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value))
    ? null
    : 'must be text, a number, true or false';
}

/** Texts that some fields can never hold would make a condition that never decides anything. */
function vocabularyFault(field: string, operator: Operator, value: unknown): string | null {
  if (!EXACT.includes(operator)) return null;
  const text = String(value);
  switch (field) {
    case 'day_of_week':
      return oneOfFault(text, DAYS_OF_WEEK);
    case 'agent_risk_level':
      return oneOfFault(text, ['low', 'medium', 'high']);
    case 'currency':
      return currencyExponent(text) === undefined ? 'must be a currency code of ISO 4217 such as "EUR"' : null;
    case 'agent_id':
      return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(text) ? null : 'must be a UUID in lower case';
    default:
      return null;
  }
}

function oneOfFault(text: string, words: readonly string[]): string | null {
  return words.includes(text) ? null : `must be one of ${words.join(', ')}`;
}

function isDate(value: unknown): boolean {
  return typeof value === 'string' && isCalendarDate(value);
}
