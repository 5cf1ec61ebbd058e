import { ProblemError } from '@aegis/contracts/problems';
import type { Principal } from '@aegis/http/principal';
import type { Database } from '@aegis/postgres/database';
import { hasReached, type StoredIntent } from '../../domain/intents/intent.ts';
import { findIntent } from '../../store/intents/find-intents.ts';
import {
  type IntentFilter,
  type IntentPage,
  type IntentPageRequest,
  listIntents,
} from '../../store/intents/list-intents.ts';
import type { IntentWaiters } from './intent-waiters.ts';

export interface ReadIntentsDeps {
  readonly db: Pick<Database, 'read'>;
  readonly waiters: Pick<IntentWaiters, 'begin'>;
}

export interface GetIntentQuery {
  readonly principal: Principal;
  readonly id: string;
  /** How long to wait while the intent is pending. */
  readonly waitMs: number;
  readonly signal: AbortSignal;
}

/** @throws ProblemError `not_found`, alike for what does not exist and what the caller may not see */
export async function getIntent(deps: ReadIntentsDeps, query: GetIntentQuery): Promise<StoredIntent> {
  const { id, waitMs, signal } = query;
  if (waitMs === 0) return readIntent(deps, query);
  const wait = deps.waiters.begin(id, { goal: 'decided', timeoutMs: waitMs, signal });
  try {
    const intent = await readIntent(deps, query);
    if (hasReached(intent.status, 'decided')) return intent;
    return (await wait.reached) ?? (await readIntent(deps, query));
  } finally {
    wait.cancel();
  }
}

async function readIntent({ db }: ReadIntentsDeps, { principal, id }: GetIntentQuery): Promise<StoredIntent> {
  const { organizationId, agentId } = principal;
  const intent = await db.read({ organizationId }, (tx) => findIntent(tx, organizationId, id));
  if (!intent || (agentId !== null && intent.agentId !== agentId))
    throw new ProblemError('not_found', 'no such intent');
  return intent;
}

export interface SearchIntentsQuery {
  readonly principal: Principal;
  readonly filter: Omit<IntentFilter, 'organizationId'>;
  readonly page: IntentPageRequest;
}

/** A key bound to an agent finds that one's intents only. */
export async function searchIntents(
  { db }: Pick<ReadIntentsDeps, 'db'>,
  { principal, filter, page }: SearchIntentsQuery,
): Promise<IntentPage> {
  const { organizationId, agentId: ownAgentId } = principal;
  const agentId = filter.agentId ?? ownAgentId ?? undefined;
  if (ownAgentId !== null && agentId !== ownAgentId) return { rows: [], total: 0 };
  return db.read({ organizationId }, (tx) => listIntents(tx, { ...filter, organizationId, agentId }, page));
}
