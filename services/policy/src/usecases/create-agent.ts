import type { Database } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import { type Agent, type AgentChange, agentDigest, agentState, editAgent } from '../domain/agent.ts';
import { insertAgent } from '../store/agents.ts';
import type { Caller } from './caller.ts';
import { type AgentView, viewAgent } from './get-agent.ts';
import { requireOrganization } from './get-organization.ts';
import { appendRegistryEvent } from './registry-event.ts';

export interface NewAgent extends AgentChange {
  readonly id: string;
  readonly ownerId: string | null;
}

/** Registers an agent under the caller's id; the same id again answers with the agent that it made. */
export async function createAgent(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  caller: Caller,
  { id, ownerId, ...fields }: NewAgent,
): Promise<AgentView> {
  return database.tx(caller, async (tx) => {
    const { organizationId } = caller;
    const { settings } = await requireOrganization(tx, organizationId, 'keep');
    const now = clock.now();
    const time = now.toISOString();
    const agent: Agent = {
      id,
      ownerId,
      status: 'active',
      createdAt: time,
      updatedAt: time,
      ...editAgent(null, fields, settings),
    };
    if (await insertAgent(tx, organizationId, agent)) {
      await appendRegistryEvent(tx, caller, {
        type: 'agent.created',
        subject: id,
        time: now,
        data: { ...agentState(agent), beforeSha256: null, afterSha256: agentDigest(agent) },
      });
    }
    return viewAgent(tx, organizationId, id, settings, now);
  });
}
