import { ProblemError } from '@aegis/contracts/problems';

/** An opaque text for clients to hand back: the seq of the last entry of a page. */
export function encodeCursor(seq: number): string {
  return Buffer.from(`seq:${seq}`).toString('base64url');
}

/** @throws ProblemError `invalid_request` for anything that `encodeCursor` did not make */
export function decodeCursor(cursor: string): number {
  const seq = /^seq:(\d{1,15})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'))?.[1];
  if (seq !== undefined) return Number(seq);
  throw new ProblemError('invalid_request', 'the cursor is not one of this list', [
    { path: 'cursor', message: 'must be the nextCursor of the page before' },
  ]);
}
