import type { z } from 'zod';
import { TOPICS, type Topic } from '../topics.ts';
import * as approvals from './approvals.ts';
import * as intents from './intents.ts';
import * as registry from './registry.ts';

interface EventDefinition {
  readonly version: number;
  readonly topic: Topic;
  readonly data: z.ZodObject;
}

/** Every event type: its schema version, its topic and the shape of its data. Readers of a new version ship first. */
export const EVENTS = {
  'intent.submitted': { version: 1, topic: TOPICS.intents, data: intents.intentSubmitted },
  'intent.settled': { version: 1, topic: TOPICS.intents, data: intents.intentSettled },
  'intent.cancelled': { version: 1, topic: TOPICS.intents, data: intents.intentCancelled },
  'intent.decided': { version: 1, topic: TOPICS.decisions, data: intents.intentDecided },
  'approval.requested': { version: 1, topic: TOPICS.approvals, data: approvals.approvalRequested },
  'approval.responded': { version: 1, topic: TOPICS.approvals, data: approvals.approvalResponded },
  'approval.self_approval_refused': {
    version: 1,
    topic: TOPICS.approvals,
    data: approvals.approvalSelfApprovalRefused,
  },
  'approval.resolved': { version: 1, topic: TOPICS.approvals, data: approvals.approvalResolved },
  'agent.created': { version: 1, topic: TOPICS.registry, data: registry.agentCreated },
  'agent.updated': { version: 1, topic: TOPICS.registry, data: registry.agentUpdated },
  'agent.suspended': { version: 1, topic: TOPICS.registry, data: registry.agentSuspended },
  'agent.resumed': { version: 1, topic: TOPICS.registry, data: registry.agentResumed },
  'policy.created': { version: 1, topic: TOPICS.registry, data: registry.policyCreated },
  'policy.updated': { version: 1, topic: TOPICS.registry, data: registry.policyUpdated },
  'policy.archived': { version: 1, topic: TOPICS.registry, data: registry.policyArchived },
  'policy_set.activated': { version: 1, topic: TOPICS.registry, data: registry.policySetActivated },
  'wallet.transaction_recorded': {
    version: 1,
    topic: TOPICS.registry,
    data: registry.walletTransactionRecorded,
  },
  'budget.updated': { version: 1, topic: TOPICS.registry, data: registry.budgetUpdated },
  'fx_rate.recorded': { version: 1, topic: TOPICS.registry, data: registry.fxRateRecorded },
  'organization.created': { version: 1, topic: TOPICS.registry, data: registry.organizationCreated },
  'organization.updated': { version: 1, topic: TOPICS.registry, data: registry.organizationUpdated },
  'user.created': { version: 1, topic: TOPICS.registry, data: registry.userCreated },
  'user.updated': { version: 1, topic: TOPICS.registry, data: registry.userUpdated },
  'key.created': { version: 1, topic: TOPICS.registry, data: registry.keyCreated },
  'key.revoked': { version: 1, topic: TOPICS.registry, data: registry.keyRevoked },
  'key.rotated': { version: 1, topic: TOPICS.registry, data: registry.keyRotated },
  'privacy.erase_requested': { version: 1, topic: TOPICS.registry, data: registry.privacyEraseRequested },
  'privacy.store_erased': { version: 1, topic: TOPICS.registry, data: registry.privacyStoreErased },
  'auth.logged_in': { version: 1, topic: TOPICS.registry, data: registry.authLoggedIn },
  'auth.login_failed': { version: 1, topic: TOPICS.registry, data: registry.authLoginFailed },
  'auth.forbidden': { version: 1, topic: TOPICS.registry, data: registry.authForbidden },
} as const satisfies Record<string, EventDefinition>;

/** Entries that audit writes into its own chain without a trip over the broker. */
export const LOG_ONLY_EVENTS = {
  'audit_settings.updated': registry.auditSettingsUpdated,
  'export.requested': registry.exportRequested,
  'export.completed': registry.exportCompleted,
  'export.aborted': registry.exportAborted,
  'export_schedule.created': registry.exportScheduleCreated,
  'export_schedule.paused': registry.exportScheduleChanged,
  'export_schedule.resumed': registry.exportScheduleChanged,
  'export_schedule.deleted': registry.exportScheduleChanged,
  'export_schedule.run_failed': registry.exportScheduleRunFailed,
  'event.unreadable': registry.eventUnreadable,
  'log.key_rotated': registry.logKeyRotated,
  'privacy.erased': registry.privacyErased,
  'retention.applied': registry.retentionApplied,
} as const;

export type EventType = keyof typeof EVENTS;
export type EventData<T extends EventType> = z.infer<(typeof EVENTS)[T]['data']>;
export type LogOnlyEventType = keyof typeof LOG_ONLY_EVENTS;

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(EVENTS, type);
}
