import type { Condition } from '@aegis/contracts/policy-rules';
import { type Exact, comparableOperand } from '../exact.ts';
import type { FieldReference } from './fields.ts';

/** One value of a condition in the form the fields have. */
export type Operand = Exact | string | boolean;

/** The operand, or null when the value cannot be one of this field (validation says why). */
export function readOperand(reference: FieldReference, value: unknown): Operand | null {
  if (reference.kind === 'metadata') {
    return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
  }
  switch (reference.type) {
    case 'money': {
      if (typeof value !== 'number') return null;
      const operand = comparableOperand(value);
      return typeof operand === 'string' ? null : operand;
    }
    case 'number':
      return typeof value === 'number' ? value : null;
    case 'text':
      if (typeof value !== 'string') return null;
      return reference.caseless ? value.toLowerCase() : value;
    case 'date':
      return typeof value === 'string' ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
  }
}

/** Every value of a condition: one, or those of a list. */
export function valuesOf(condition: Condition): readonly unknown[] {
  return Array.isArray(condition.value) ? condition.value : [condition.value];
}
