import type { Tx } from '@aegis/postgres/transaction';

export interface KnownAgent {
  readonly organizationId: string;
  readonly agentId: string;
}

const REMEMBER = {
  name: 'known-agents-remember',
  text: `INSERT INTO known_agents (organization_id, agent_id) SELECT * FROM unnest($1::uuid[], $2::uuid[])
         ON CONFLICT DO NOTHING`,
};

const IS_KNOWN = {
  name: 'known-agents-find',
  text: 'SELECT FROM known_agents WHERE organization_id = $1 AND agent_id = $2',
};

export async function rememberAgents(tx: Tx, agents: readonly KnownAgent[]): Promise<void> {
  await tx.query(REMEMBER, [agents.map((agent) => agent.organizationId), agents.map((agent) => agent.agentId)]);
}

export async function isKnownAgent(tx: Tx, { organizationId, agentId }: KnownAgent): Promise<boolean> {
  const { rowCount } = await tx.query(IS_KNOWN, [organizationId, agentId]);
  return rowCount > 0;
}
