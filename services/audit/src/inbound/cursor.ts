import { ProblemError } from '@aegis/contracts/problems';
import type { Moment } from '../domain/moment.ts';

/** An opaque text for clients to hand back: the seq of the last entry of a page. */
export function encodeCursor(seq: number): string {
  return Buffer.from(`seq:${seq}`).toString('base64url');
}

/** @throws ProblemError `invalid_request` for anything that `encodeCursor` did not make */
export function decodeCursor(cursor: string): number {
  const seq = /^seq:(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1];
  return seq === undefined ? refuseCursor() : Number(seq);
}

/** The last entry of a page in the order of happening. */
export function encodeMoment({ occurredAt, seq }: Moment): string {
  return Buffer.from(`at:${occurredAt} ${seq}`).toString('base64url');
}

/** @throws ProblemError `invalid_request` for anything that `encodeMoment` did not make */
export function decodeMoment(cursor: string): Moment {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  const [, occurredAt, seq] = /^at:([-\d:T.]{23}Z) (\d{1,15})$/.exec(text) ?? [];
  return occurredAt === undefined ? refuseCursor() : { occurredAt, seq: Number(seq) };
}

/** @throws ProblemError `invalid_request` */
export function refuseCursor(): never {
  throw new ProblemError('invalid_request', 'the cursor is not one of this list', [
    { path: 'cursor', message: 'must be the nextCursor of the page before' },
  ]);
}
