import { ProblemError } from '@aegis/contracts/problems';
import { describe, expect, test } from 'vitest';
import {
  addStatement,
  CANCELLATION,
  settleCeiling,
  type SettlementFact,
  type Statement,
} from '../src/domain/intents/settlement.ts';

const APPROVED = { status: 'approved', amountMinor: 10_000n, ceilingMinor: null } as const;

function capture(amountMinor: bigint, change: Partial<Statement> = {}): Statement {
  return { reference: 'ref', amountMinor, final: true, confirmedBy: null, ...change };
}

function cancel(confirmedBy: string | null = null): Statement {
  return { reference: CANCELLATION, amountMinor: 0n, final: true, confirmedBy };
}

function after(...statements: Statement[]): SettlementFact[] {
  return statements.map((statement) => ({ ...statement, recordedAt: new Date(0) }));
}

function numbered(count: number): Statement[] {
  return Array.from({ length: count }, (_, index) => capture(1n, { reference: `part ${index}`, final: false }));
}

function codeOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof ProblemError) return error.code;
  }
  return 'none';
}

describe('a statement about a payment', () => {
  test('that was made before says nothing new', () => {
    expect(addStatement(APPROVED, after(capture(10_000n)), capture(10_000n))).toBeNull();
    expect(addStatement(APPROVED, after(capture(10_000n)), capture(10_000n, { final: false }))).toBeNull();
    expect(addStatement(APPROVED, after(cancel('tool')), cancel())).toBeNull();
  });

  test('that confirms one before is new, and who confirmed first stays', () => {
    const confirmed = capture(10_000n, { confirmedBy: 'tool' });
    expect(addStatement(APPROVED, after(capture(10_000n)), confirmed)).toEqual(confirmed);
    expect(addStatement(APPROVED, after(confirmed), capture(10_000n, { confirmedBy: 'other' }))).toBeNull();
  });

  test('with a reference that has another amount is refused', () => {
    expect(codeOf(() => addStatement(APPROVED, after(capture(1n)), capture(2n)))).toBe('wrong_state');
  });

  test('is the last of a hundred that an agent makes alone; what was paid is recorded after them', () => {
    const more = capture(1n, { reference: 'more' });
    expect(addStatement(APPROVED, after(...numbered(99)), more)).toEqual(more);
    expect(codeOf(() => addStatement(APPROVED, after(...numbered(100)), more))).toBe('wrong_state');
    const confirmed = { ...more, confirmedBy: 'tool' };
    expect(addStatement(APPROVED, after(...numbered(100)), confirmed)).toEqual(confirmed);
  });

  test('cancels the rest after a hundred captures, too, and then an agent makes no other', () => {
    const all = numbered(100);
    expect(addStatement(APPROVED, after(...all), cancel())).toEqual(cancel());
    const more = capture(1n, { reference: 'more' });
    expect(codeOf(() => addStatement(APPROVED, after(...all, cancel()), more))).toBe('wrong_state');
  });

  test('after the end is refused, unless it confirms what the agent alone had ended', () => {
    const more = capture(1n, { reference: 'more' });
    const confirmed = { ...more, confirmedBy: 'tool' };
    for (const end of [capture(1n), cancel()]) {
      expect(codeOf(() => addStatement(APPROVED, after(end), more))).toBe('wrong_state');
      expect(addStatement(APPROVED, after(end), confirmed)).toEqual(confirmed);
      expect(codeOf(() => addStatement(APPROVED, after({ ...end, confirmedBy: 'tool' }), confirmed))).toBe(
        'wrong_state',
      );
    }
  });

  test('cancels what is not settled for good, whatever was captured before', () => {
    expect(addStatement(APPROVED, [], cancel())).toEqual(cancel());
    expect(addStatement(APPROVED, after(capture(1n, { final: false })), cancel())).toEqual(cancel());
    expect(codeOf(() => addStatement(APPROVED, after(capture(1n)), cancel('tool')))).toBe('wrong_state');
    expect(addStatement({ ...APPROVED, status: 'pending_approval' }, [], cancel())).toEqual(cancel());
    expect(codeOf(() => addStatement({ ...APPROVED, status: 'denied' }, [], cancel()))).toBe('wrong_state');
  });

  test.each(['pending', 'pending_approval', 'denied'] as const)('settles nothing that is %s', (status) => {
    expect(codeOf(() => addStatement({ ...APPROVED, status }, [], capture(1n)))).toBe('wrong_state');
  });

  test('of more than was approved needs somebody who may confirm', () => {
    const parts = after(capture(6_000n, { final: false }));
    const over = capture(4_001n, { reference: 'rest' });
    expect(codeOf(() => addStatement(APPROVED, parts, over))).toBe('settlement_exceeds_approval');
    expect(addStatement(APPROVED, parts, { ...over, confirmedBy: 'tool' })).not.toBeNull();
    expect(addStatement({ ...APPROVED, ceilingMinor: settleCeiling(10_000n, 1) }, parts, over)).not.toBeNull();
  });
});
