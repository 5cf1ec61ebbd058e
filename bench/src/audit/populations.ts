import { gatewayMigrations } from '@aegis/gateway/migrations';
import { migrate } from '@aegis/postgres/migrate';
import { startServerProcess } from '../server-process.ts';
import type { AuditDatabase } from './database.ts';

/** The operational database beside the log, and the gateway's answer about it in a process of its own. */
export interface Populations {
  /** `host:port` that the audit service asks. */
  readonly address: string;
  /** Takes over every intent that the log has of an organisation, so that the two agree. */
  copyFromLog(organizationId: string): Promise<void>;
  stop(): Promise<void>;
}

export async function startPopulations({ url, operator }: AuditDatabase): Promise<Populations> {
  await migrate({ ...gatewayMigrations, url });
  const module = new URL('population-server.ts', import.meta.url);
  const { place: address, stop } = await startServerProcess<string>(module, { DATABASE_URL: url });
  return {
    address,
    async copyFromLog(organizationId) {
      await operator.query(
        `INSERT INTO gateway.intents (id, organization_id, agent_id, status, amount_minor, currency, exponent, reason,
                                      confidence, policy_decision, created_at, updated_at)
         SELECT e.intent_id, e.organization_id, e.actor_id::uuid, 'approved', (money ->> 'amountMinor')::numeric,
                money ->> 'currency', (money ->> 'exponent')::smallint, '', 1, 'allow', created_at, created_at
         FROM audit.entries e,
              LATERAL (SELECT e.leaf::json #> '{data,money}' AS money,
                              (e.leaf::json #>> '{data,createdAt}')::timestamptz AS created_at) AS told
         WHERE e.organization_id = $1 AND e.type = 'intent.submitted'`,
        [organizationId],
      );
      await operator.query('VACUUM ANALYZE gateway.intents');
    },
    stop,
  };
}
