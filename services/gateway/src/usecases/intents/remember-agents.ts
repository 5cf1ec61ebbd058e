import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';
import { type KnownAgent, rememberAgents as insertAgents } from '../../store/intents/known-agents.ts';

/** Adds agents to those that exist; one that is there already stays. */
export async function rememberAgents(db: Pick<Database, 'tx'>, agents: readonly KnownAgent[]): Promise<void> {
  if (agents.length > 0) await db.tx(ALL_ORGANIZATIONS, (tx) => insertAgents(tx, agents));
}
