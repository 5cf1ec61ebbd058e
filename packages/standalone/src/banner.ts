import { join } from 'node:path';
import { DEMO_CURRENCY, type DemoFacts } from './demo.ts';

export interface RunningParts {
  readonly dataDir: string;
  readonly postgres: string;
  readonly bus: string;
  readonly clickhouse: string;
}

/** What the reader of the terminal can do next. The commands work as pasted. */
export function banner(facts: DemoFacts, parts: RunningParts): string {
  const { baseUrl, agentId, agentKey } = facts;
  const auth = `-H 'Authorization: Bearer ${agentKey}'`;
  const json = `-H 'Content-Type: application/json'`;
  const intent = (amount: number, reason: string) =>
    `-d '{"agentId": "${agentId}", "amount": ${amount}, "currency": "${DEMO_CURRENCY}", "reason": "${reason}"}'`;
  return `
Aegis Comply is ready.

  API          ${baseUrl}/v1        reference ${baseUrl}/docs        OpenAPI ${baseUrl}/openapi.json
  Log in       ${facts.adminEmail}   password ${facts.adminPassword}
  Agent key    ${agentKey}
  Data         ${parts.dataDir}   (PostgreSQL ${parts.postgres}, bus ${parts.bus}, ClickHouse ${parts.clickhouse})
  These facts  ${join(parts.dataDir, 'demo.json')}

Submit an intent; it is decided on its own (202):
  curl -s ${baseUrl}/v1/intents ${auth} ${json} ${intent(12.5, 'Printer paper')}

Submit one and wait for the decision (200, approved):
  curl -s ${baseUrl}/v1/intents ${auth} ${json} -H 'Prefer: wait=5' ${intent(49.9, 'Train to the customer')}

List them:
  curl -s '${baseUrl}/v1/intents?limit=5' ${auth}

A realistic stream with policies that allow, deny and ask:  npm run demo
Stop: Ctrl-C. The data stays; npm start goes on with it.
`;
}
