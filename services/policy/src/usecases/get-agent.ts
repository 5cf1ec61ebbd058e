import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { Tx } from '@aegis/postgres/transaction';
import type { Clock } from '@aegis/runtime/clock';
import type { AgentWithBudget } from '../domain/agent.ts';
import { localTime } from '../domain/calendar.ts';
import type { Settings } from '../domain/organization.ts';
import { findAgent } from '../store/agents.ts';
import type { Caller } from './caller.ts';
import { requireOrganization } from './get-organization.ts';

/** An agent with what it has used today and this month, and the settings that its amounts are in. */
export interface AgentView extends AgentWithBudget {
  readonly settings: Settings;
}

export async function getAgent(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  caller: Caller,
  id: string,
): Promise<AgentView> {
  return database.read(caller, async (tx) => {
    const { settings } = await requireOrganization(tx, caller.organizationId);
    return viewAgent(tx, caller.organizationId, id, settings, clock.now());
  });
}

/** @throws ProblemError `not_found` */
export async function viewAgent(
  tx: Tx,
  organizationId: string,
  id: string,
  settings: Settings,
  now: Date,
): Promise<AgentView> {
  const found = await findAgent(tx, organizationId, id, localTime(now.getTime(), settings.timeZone).date);
  if (!found) throw agentNotFound();
  return { ...found, settings };
}

export function agentNotFound(): ProblemError {
  return new ProblemError('not_found', 'no such agent');
}
