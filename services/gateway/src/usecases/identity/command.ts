import { encodeEvent, type Event } from '@aegis/contracts/events/envelope';
import type { EventType } from '@aegis/contracts/events/catalog';
import { ProblemError } from '@aegis/contracts/problems';
import type { Principal } from '@aegis/http/principal';
import { sqlState } from '@aegis/postgres/errors';
import { appendOutbox } from '@aegis/postgres/outbox';
import type { Tx } from '@aegis/postgres/transaction';
import type { Cause } from '../../domain/identity/events.ts';
import type { User } from '../../domain/identity/user.ts';
import { holdUser } from '../../store/identity/users.ts';

/** What every change carries: who asks, and the trace it belongs to. */
export interface Command {
  readonly principal: Principal;
  readonly traceparent: string | null;
}

export function causeOf({ principal, traceparent }: Command, time: Date): Cause {
  return { actor: principal.actor, time, traceparent };
}

export async function emit<T extends EventType>(tx: Tx, event: Event<T>): Promise<void> {
  await appendOutbox(tx, [encodeEvent(event)]);
}

/** The person who asks, as they are now and stay until the transaction ends. */
export async function holdGranter(tx: Tx, { principal }: Command): Promise<User> {
  const { organizationId, userId } = principal;
  const granter = userId === null ? null : await holdUser(tx, organizationId, userId);
  if (granter?.status === 'active') return granter;
  throw new ProblemError('forbidden', 'only a person who is active may do this');
}

/** Throws ProblemError `already_exists` when the error is a violation of a unique index, else the error itself. */
export function refuseTaken(error: unknown, detail: string): never {
  if (sqlState(error) === '23505') throw new ProblemError('already_exists', detail);
  throw error;
}
