import type { Database } from '@aegis/postgres/database';
import type { Clock } from '@aegis/runtime/clock';
import type { AgentWithBudget } from '../domain/agent.ts';
import { localTime } from '../domain/calendar.ts';
import type { Settings } from '../domain/organization.ts';
import { type Page, readPage, WHOLE_LIST } from '../domain/page.ts';
import { agentKeySchema, listAgents as selectAgents } from '../store/agents.ts';
import type { Caller } from './caller.ts';
import { requireOrganization } from './get-organization.ts';

/** Agents, oldest first; the whole list when no page is asked for. */
export async function listAgents(
  { database, clock }: { readonly database: Database; readonly clock: Clock },
  caller: Caller,
  page: Parameters<typeof readPage>[0] | null,
): Promise<{ readonly page: Page<AgentWithBudget>; readonly settings: Settings }> {
  const request = page ? readPage(page, agentKeySchema) : WHOLE_LIST;
  return database.read(caller, async (tx) => {
    const { settings } = await requireOrganization(tx, caller.organizationId);
    const today = localTime(clock.now().getTime(), settings.timeZone).date;
    return { page: await selectAgents(tx, caller.organizationId, today, request), settings };
  });
}
