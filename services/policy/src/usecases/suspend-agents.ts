import { serviceActor } from '@aegis/contracts/actor';
import type { Tx } from '@aegis/postgres/transaction';
import { agentDigest, agentState } from '../domain/agent.ts';
import type { BatchResult } from '../domain/batch.ts';
import { lockAgent, updateAgent } from '../store/agents.ts';
import { appendRegistryEvent } from './registry-event.ts';

/** Suspends the agents of confirmed overruns, whose rows the batch has locked, and tells what settlement caused it. */
export async function suspendAgents(tx: Tx, suspended: BatchResult['suspended']): Promise<void> {
  for (const { account, origin, at } of suspended) {
    const { organizationId, agentId } = account;
    const before = await lockAgent(tx, organizationId, agentId);
    if (!before) continue;
    const now = new Date(at);
    const after = { ...before, status: 'suspended' as const, updatedAt: now.toISOString() };
    await updateAgent(tx, organizationId, after);
    const data = { ...agentState(after), beforeSha256: agentDigest(before), afterSha256: agentDigest(after) };
    const { traceparent, eventId: causationId } = origin;
    const caller = { organizationId, actor: serviceActor('policy'), traceparent, causationId };
    await appendRegistryEvent(tx, caller, { type: 'agent.suspended', subject: agentId, time: now, data });
  }
}
