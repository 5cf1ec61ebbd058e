import { ProblemError } from '@aegis/contracts/problems';
import { ALL_ORGANIZATIONS, type Database } from '@aegis/postgres/database';
import { createGroupCommit } from '@aegis/postgres/group-commit';
import { startListener } from '@aegis/postgres/listener';
import type { Logger } from '@aegis/runtime/log';
import type { PolicyClient } from './clients.ts';
import type { ConsumerDeps } from './inbound/consumer/start-consumer.ts';
import { callerOf } from './inbound/http/caller.ts';
import type { ApprovalRoutesDeps } from './inbound/http/approvals.ts';
import type { IntentRoutesDeps } from './inbound/http/intents.ts';
import type { SettlementRoutesDeps } from './inbound/http/settlements.ts';
import { findIntents, findIntentsOfAll } from './store/intents/find-intents.ts';
import { findSettlements } from './store/intents/settlements.ts';
import { DECIDED_CHANNEL, idsOfNotification, notifyDecided } from './store/intents/notify-decided.ts';
import { type AgentDirectory, type AgentLookup, createAgentDirectory } from './usecases/intents/agent-directory.ts';
import { applyDecided } from './usecases/intents/apply-decided.ts';
import { awaitFinal } from './usecases/intents/await-final.ts';
import { createIntentWaiters } from './usecases/intents/intent-waiters.ts';
import { getIntent, searchIntents } from './usecases/intents/read-intents.ts';
import { rememberAgents } from './usecases/intents/remember-agents.ts';
import { settleIntent } from './usecases/intents/settle-intent.ts';
import { submitAndWait } from './usecases/intents/submit-and-wait.ts';
import { submitIntent } from './usecases/intents/submit-intent.ts';
import {
  type PendingSubmission,
  type SubmissionOutcome,
  writeSubmissions,
} from './usecases/intents/write-submissions.ts';

export interface IntentsDeps {
  readonly db: Database;
  readonly databaseUrl: string;
  readonly policy: Pick<PolicyClient, 'getAgent'>;
  /** Replaces the database's clock, for replays and simulations. */
  readonly now: (() => Date) | null;
  readonly log: Logger;
  /** How often those who wait are looked after without a notification. Default 1,000. */
  readonly sweepMs?: number;
}

/** What can be done with intents, for the routes and the consumer. */
export interface Intents {
  readonly agents: AgentDirectory;
  readonly operations: Pick<IntentRoutesDeps, 'submit' | 'submitAndWait' | 'get' | 'search' | 'settlementsOf'> &
    Pick<ApprovalRoutesDeps, 'findIntents' | 'awaitFinal'> &
    Pick<SettlementRoutesDeps, 'settle'>;
  readonly handlers: Pick<ConsumerDeps, 'applyDecided' | 'rememberAgents'>;
  /** Answers all who wait, so that their requests can end. */
  stopWaiting(): void;
  /** Writes what was accepted for writing, and closes. */
  stop(): Promise<void>;
}

export function composeIntents({ db, databaseUrl, policy, now, log, sweepMs = 1_000 }: IntentsDeps): Intents {
  const agents = createAgentDirectory({ db, lookup: agentLookup(policy) });
  const commit = createGroupCommit<PendingSubmission, SubmissionOutcome>({
    flush: (items) => writeSubmissions({ db, now }, items),
  });
  const waiters = createIntentWaiters({
    load: (ids) => db.read(ALL_ORGANIZATIONS, (tx) => findIntentsOfAll(tx, ids)),
    onError: (error) => log.warn({ err: error }, 'decided intents could not be read; looking again soon'),
    sweepMs,
  });
  const listener = startListener({
    url: databaseUrl,
    channels: [DECIDED_CHANNEL],
    onNotify: (_channel, payload) => waiters.wake(idsOfNotification(payload)),
    onListening: waiters.wakeAll,
    log,
  });
  // Announcements share a transaction as submissions do: NOTIFY takes a lock of the whole server at each commit.
  const announcements = createGroupCommit<readonly string[], void>({
    async flush(lists) {
      await db.tx(ALL_ORGANIZATIONS, (tx) => notifyDecided(tx, lists.flat()));
      return lists.map(() => undefined);
    },
  });
  const announce = (ids: readonly string[]) =>
    void announcements.submit(ids).catch((error: unknown) => {
      log.warn({ err: error }, 'other replicas were not told of decisions; their sweep will find them');
    });
  return {
    agents,
    operations: {
      submit: (command) => submitIntent({ agents, commit }, command),
      submitAndWait: (command, patience) => submitAndWait({ agents, commit, db, waiters }, command, patience),
      get: (query) => getIntent({ db, waiters }, query),
      search: (query) => searchIntents({ db }, query),
      findIntents: (organizationId, ids) => db.read({ organizationId }, (tx) => findIntents(tx, organizationId, ids)),
      awaitFinal: (query) => awaitFinal({ db, waiters }, query),
      settle: (command) => settleIntent({ db, now }, command),
      settlementsOf: (organizationId, id) =>
        db.read({ organizationId }, (tx) => findSettlements(tx, organizationId, id)),
    },
    handlers: {
      applyDecided: (decided) => applyDecided({ db, now, wake: waiters.wake, announce }, decided),
      rememberAgents: (created) => rememberAgents(db, created),
    },
    stopWaiting: waiters.stop,
    async stop() {
      await Promise.all([commit.drain(), announcements.drain()]);
      await listener.stop();
    },
  };
}

function agentLookup(policy: Pick<PolicyClient, 'getAgent'>): AgentLookup {
  return async (caller, id) => {
    try {
      await policy.getAgent({ caller: callerOf(caller), id });
      return true;
    } catch (error) {
      if (error instanceof ProblemError && error.code === 'not_found') return false;
      throw error;
    }
  };
}
