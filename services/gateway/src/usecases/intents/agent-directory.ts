import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { Principal } from '@aegis/http/principal';
import { isKnownAgent, rememberAgents } from '../../store/intents/known-agents.ts';

/** Asks the service that owns agents; resolves to false for one that does not exist in the caller's organisation. */
export type AgentLookup = (caller: Pick<Principal, 'organizationId' | 'actor'>, agentId: string) => Promise<boolean>;

export interface AgentDirectory {
  /** Whether the agent exists in the caller's organisation; throws ProblemError `unavailable` when it cannot be told. */
  exists(caller: Pick<Principal, 'organizationId' | 'actor'>, agentId: string): boolean | Promise<boolean>;
  /** An agent was just created, so that nobody has to ask. */
  remember(organizationId: string, agentId: string): Promise<void>;
}

const MAX_CACHED = 100_000;

/**
 * Knows agents from memory, then from the projection of the registry's events, then by asking. Only existence is kept,
 * which never ends; absence is asked for every time, as the next moment may end it.
 */
export function createAgentDirectory(deps: { db: Pick<Database, 'tx' | 'read'>; lookup: AgentLookup }): AgentDirectory {
  const { db, lookup } = deps;
  const cached = new Set<string>();
  const asking = new Map<string, Promise<boolean>>();

  function cache(key: string): true {
    cached.add(key);
    if (cached.size > MAX_CACHED) cached.delete(cached.values().next().value ?? '');
    return true;
  }

  async function remember(organizationId: string, agentId: string): Promise<void> {
    await db.tx({ organizationId }, (tx) => rememberAgents(tx, [{ organizationId, agentId }]));
    cache(`${organizationId} ${agentId}`);
  }

  async function ask(caller: Pick<Principal, 'organizationId' | 'actor'>, agentId: string): Promise<boolean> {
    const { organizationId } = caller;
    if (await db.read({ organizationId }, (tx) => isKnownAgent(tx, { organizationId, agentId }))) {
      return cache(`${organizationId} ${agentId}`);
    }
    if (!(await lookup(caller, agentId))) return false;
    await remember(organizationId, agentId);
    return true;
  }

  return {
    remember,
    exists(caller, agentId) {
      const key = `${caller.organizationId} ${agentId}`;
      if (cached.has(key)) return true;
      const underway = asking.get(key);
      if (underway) return underway;
      const asked = ask(caller, agentId).finally(() => asking.delete(key));
      asking.set(key, asked);
      return asked;
    },
  };
}

export function unknownAgent(): ProblemError {
  return new ProblemError('unknown_agent', 'agentId names no agent of this organisation', [
    { path: 'agentId', message: 'names no agent of this organisation' },
  ]);
}
