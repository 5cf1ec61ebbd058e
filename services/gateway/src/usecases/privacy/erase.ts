import { createEvent } from '@aegis/contracts/events/envelope';
import { storeErased } from '@aegis/contracts/events/erasure';
import { type PrefixedId, newId } from '@aegis/contracts/ids';
import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { Tx } from '@aegis/postgres/transaction';
import type { Clock } from '@aegis/runtime/clock';
import { forgetAnswers } from '../../store/identity/idempotency-keys.ts';
import { findUser } from '../../store/identity/users.ts';
import { blankIntents, blankUser, holdIntents } from '../../store/privacy/blank.ts';
import { type Command, emit } from '../identity/command.ts';

export interface EraseCommand extends Command {
  /** Given, or else `userId` is. */
  readonly intentIds: readonly string[];
  readonly userId: string | null;
}

interface Created {
  readonly createdFrom: string | null;
  readonly createdTo: string | null;
}

/**
 * Erases personal and free text here and asks all other stores to, in one transaction: who sees the answer finds nothing
 * here any more, and what the others hold goes as soon as they have the request.
 *
 * Only of what is decided, or of a user who is disabled: before, the text is still at work somewhere.
 *
 * @throws ProblemError `not_found`, or `wrong_state` for an intent that is not decided or a user who is active
 */
export async function erase(
  { db, clock }: { readonly db: Pick<Database, 'tx'>; readonly clock: Pick<Clock, 'now'> },
  command: EraseCommand,
): Promise<PrefixedId<'era'>> {
  const { principal, traceparent, intentIds, userId } = command;
  const { organizationId, actor } = principal;
  const erasureId = newId('era');
  await db.tx({ organizationId }, async (tx) => {
    const created = await blankIntentsOf(tx, organizationId, intentIds);
    if (userId !== null) await blankUserOf(tx, organizationId, userId);
    await forgetAnswers(tx, organizationId, userId === null ? intentIds : [userId], userId);
    const time = clock.now();
    const requested = createEvent({
      source: 'gateway',
      type: 'privacy.erase_requested',
      time,
      subject: erasureId,
      organizationId,
      actor,
      traceparent,
      data: { erasureId, intentIds: [...intentIds], userId, ...created },
    });
    await emit(tx, requested);
    await emit(tx, storeErased('gateway', requested, time));
  });
  return erasureId;
}

async function blankIntentsOf(tx: Tx, organizationId: string, ids: readonly string[]): Promise<Created> {
  if (ids.length === 0) return { createdFrom: null, createdTo: null };
  const held = await holdIntents(tx, organizationId, ids);
  const missing = ids.find((id) => !held.some((intent) => intent.id === id));
  if (missing !== undefined) throw new ProblemError('not_found', `there is no intent ${missing}`);
  const open = held.find((intent) => !intent.decided);
  if (open)
    throw new ProblemError('wrong_state', `the intent ${open.id} is not decided yet: answer or cancel it first`);
  await blankIntents(tx, organizationId, ids);
  const times = held.map(({ createdAt }) => createdAt.getTime());
  const iso = (timeMs: number) => new Date(timeMs).toISOString();
  return { createdFrom: iso(Math.min(...times)), createdTo: iso(Math.max(...times) + 1) };
}

async function blankUserOf(tx: Tx, organizationId: string, userId: string): Promise<void> {
  const user = await findUser(tx, organizationId, userId);
  if (!user) throw new ProblemError('not_found', 'no such user');
  if (user.status !== 'disabled') throw new ProblemError('wrong_state', 'the user is active: disable them first');
  await blankUser(tx, organizationId, userId);
}
