import { z } from 'zod';
import type { Api } from '../api.ts';

const pageSchema = z.object({ data: z.array(z.object({ id: z.string(), name: z.string() })) });
const agentSchema = z.object({ id: z.string() });

/** Finds or registers the agent that a card, or whatever the file names, stands for; each name is asked for once. */
export interface AgentDirectory {
  idOf(name: string): Promise<string>;
  readonly registered: () => number;
}

/** @param keyPrefix makes the registration of each agent idempotent across runs */
export async function openAgentDirectory(api: Api, keyPrefix: string): Promise<AgentDirectory> {
  const known = new Map<string, Promise<string>>();
  const { data } = pageSchema.parse(await api.call({ method: 'GET', path: '/v1/agents' }));
  for (const agent of data) known.set(agent.name, Promise.resolve(agent.id));
  let registered = 0;

  async function register(name: string): Promise<string> {
    registered += 1;
    const answer = await api.call({
      method: 'POST',
      path: '/v1/agents',
      headers: { 'idempotency-key': `${keyPrefix}:${encodeURIComponent(name)}` },
      body: { name, description: 'Registered by aegis replay' },
    });
    return agentSchema.parse(answer).id;
  }

  return {
    registered: () => registered,
    idOf(name) {
      const id = known.get(name) ?? register(name);
      known.set(name, id);
      return id;
    },
  };
}
