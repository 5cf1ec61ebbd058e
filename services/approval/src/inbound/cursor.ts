import { positionTimeSchema } from '@aegis/contracts/http/text';
import { idSchema } from '@aegis/contracts/ids';
import { ProblemError } from '@aegis/contracts/problems';
import { z } from 'zod';
import type { Position } from '../domain/approval-list.ts';

const cursorSchema = z.tuple([z.string(), positionTimeSchema, idSchema('apr')]);

/** An opaque text for clients to hand back. */
export function encodeCursor(status: string, { at, id }: Position): string {
  return Buffer.from(JSON.stringify([status, at.toISOString(), id])).toString('base64url');
}

/** @throws ProblemError `invalid_request` for anything that `encodeCursor` did not make for this status */
export function decodeCursor(status: string, cursor: string): Position {
  const parsed = cursorSchema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString()));
  if (!parsed.success || parsed.data[0] !== status) {
    throw new ProblemError('invalid_request', 'the cursor is not one of this list', [
      { path: 'cursor', message: 'must be the nextCursor of the page before' },
    ]);
  }
  const [, at, id] = parsed.data;
  return { at: new Date(at), id };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
