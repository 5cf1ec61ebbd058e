import { changesBetween } from '@aegis/contracts/events/changes';
import type { Database } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import { type Agent, agentDigest, agentState } from '../domain/agent.ts';
import type { Settings } from '../domain/organization.ts';
import { lockAgent, updateAgent } from '../store/agents.ts';
import type { Caller } from './caller.ts';
import { agentNotFound, type AgentView, viewAgent } from './get-agent.ts';
import { requireOrganization } from './get-organization.ts';
import { appendRegistryEvent } from './registry-event.ts';

export interface AgentEdit {
  readonly type: 'agent.updated' | 'agent.suspended' | 'agent.resumed';
  readonly edit: (agent: Agent, settings: Settings) => Agent;
}

/**
 * Changes an agent under its lock: decisions that follow see the change, those before are complete. What changes nothing
 * tells nobody.
 */
export async function changeAgent(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  caller: Caller,
  id: string,
  { type, edit }: AgentEdit,
): Promise<AgentView> {
  return database.tx(caller, async (tx) => {
    const { organizationId } = caller;
    const { settings } = await requireOrganization(tx, organizationId);
    const before = await lockAgent(tx, organizationId, id);
    if (!before) throw agentNotFound();
    const now = clock.now();
    const after = { ...edit(before, settings), updatedAt: now.toISOString() };
    const [beforeSha256, afterSha256] = [agentDigest(before), agentDigest(after)];
    if (beforeSha256 !== afterSha256) {
      await updateAgent(tx, organizationId, after);
      const changes = changesBetween(agentState(before), agentState(after));
      const data = { ...agentState(after), beforeSha256, afterSha256, changes };
      await appendRegistryEvent(tx, caller, { type, subject: id, time: now, data });
    }
    return viewAgent(tx, organizationId, id, settings, now);
  });
}
