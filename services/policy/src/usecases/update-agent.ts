import { type AgentChange, editAgent } from '../domain/agent.ts';
import type { Caller } from './caller.ts';
import { changeAgent } from './change-agent.ts';
import type { AgentView } from './get-agent.ts';

/** Changes what is given; lower limits hold from the next decision on, also below what is already spent. */
export function updateAgent(
  deps: Parameters<typeof changeAgent>[0],
  caller: Caller,
  id: string,
  change: AgentChange,
): Promise<AgentView> {
  return changeAgent(deps, caller, id, {
    type: 'agent.updated',
    edit: (agent, settings) => ({ ...agent, ...editAgent(agent, change, settings) }),
  });
}
