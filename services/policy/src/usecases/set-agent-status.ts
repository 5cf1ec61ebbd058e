import { readStatus } from '../domain/agent.ts';
import type { Caller } from './caller.ts';
import { changeAgent } from './change-agent.ts';
import type { AgentView } from './get-agent.ts';

/** Suspends or resumes an agent. A suspended one is denied everything, approvals that are still open included. */
export function setAgentStatus(
  deps: Parameters<typeof changeAgent>[0],
  caller: Caller,
  id: string,
  statusText: string,
): Promise<AgentView> {
  const status = readStatus(statusText);
  return changeAgent(deps, caller, id, {
    type: status === 'suspended' ? 'agent.suspended' : 'agent.resumed',
    edit: (agent) => ({ ...agent, status }),
  });
}
