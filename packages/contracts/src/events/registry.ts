import { z } from 'zod';
import { idSchema, uuidSchema } from '../ids.ts';
import { approvalTermsSchema, POLICY_MODES, ruleGroupSchema } from '../policy-rules.ts';
import { changesSchema } from './changes.ts';
import { personal } from './personal.ts';

const timestamp = z.iso.datetime();
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** SHA-256 of the object's canonical JSON before and after, null where it did not exist; and what differs, field by field. */
const digests = { beforeSha256: digest.nullable(), afterSha256: digest.nullable(), changes: changesSchema.optional() };

/** The whole agent after the change: the gateway's projection and the log need no look-up. */
const agentState = z.object({
  agentId: uuidSchema,
  name: z.string(),
  riskLevel: z.enum(['low', 'medium', 'high']),
  status: z.enum(['active', 'suspended']),
  dailyLimitMinor: z.string().nullable(),
  monthlyLimitMinor: z.string().nullable(),
  ownerId: z.string().nullable(),
  settlement: z.enum(['immediate', 'required']).optional(),
  settlementTolerancePercent: z.number().int().optional(),
  walletMode: z.enum(['tracked', 'enforced']).optional(),
  ...digests,
});
export const agentCreated = agentState;
export const agentUpdated = agentState;
export const agentSuspended = agentState;
export const agentResumed = agentState;

const policyState = z.object({
  policyId: idSchema('pol'),
  version: z.number().int(),
  name: z.string(),
  priority: z.number(),
  action: z.enum(['allow', 'deny', 'require_approval']),
  isActive: z.boolean(),
  /** Absent: enforce. */
  mode: z.enum(POLICY_MODES).optional(),
  rules: ruleGroupSchema,
  approval: approvalTermsSchema.nullable(),
  ...digests,
});
export const policyCreated = policyState;
export const policyUpdated = policyState;
export const policyArchived = policyState;
export const policySetActivated = z.object({
  version: z.number().int(),
  hash: digest,
  policyIds: z.array(z.string()),
  /** The organisation's settings in this version. */
  settings: z
    .object({
      baseCurrency: z.string(),
      timeZone: z.string(),
      defaultAction: z.string(),
      fxMaxAgeHours: z.number().int().optional(),
    })
    .optional(),
});

/** A rate, what one unit of `currency` is worth in the base currency; `before` is one of the same time that it corrects. */
export const fxRateRecorded = z.object({
  rateId: idSchema('fxr'),
  currency: z.string(),
  baseCurrency: z.string(),
  rate: z.string(),
  effectiveAt: timestamp,
  ...digests,
});

/** Somebody changed what is in an agent's wallet: `amountMinor` is what the balance changed by, in the base currency. */
export const walletTransactionRecorded = z.object({
  entryId: idSchema('wtx'),
  agentId: uuidSchema,
  kind: z.enum(['top_up', 'withdrawal', 'adjustment', 'refund']),
  amountMinor: z.string(),
  balanceMinor: z.string(),
  reference: z.string().nullable(),
  note: personal(z.string().nullable()),
});

/** All budgets that an organisation's agents share from now on; the organisation's own has no category. */
export const budgetUpdated = z.object({
  budgets: z.array(
    z.object({
      category: z.string().nullable(),
      dailyLimitMinor: z.string().nullable(),
      monthlyLimitMinor: z.string().nullable(),
    }),
  ),
  ...digests,
});

/** The base currency's exponent counts its decimals (ISO 4217). */
export const organizationCreated = z.object({
  organizationId: uuidSchema,
  name: z.string(),
  baseCurrency: z.string(),
  timeZone: z.string(),
});
export const organizationUpdated = organizationCreated;

const userState = z.object({
  userId: uuidSchema,
  email: personal(z.string().nullable()),
  name: personal(z.string()),
  roles: z.array(z.string()),
  status: z.enum(['active', 'disabled']),
  /** What they may do, before and after; absent from older entries. */
  changes: changesSchema.optional(),
});
export const userCreated = userState;
export const userUpdated = userState;

const keyState = z.object({
  keyId: idSchema('key'),
  name: z.string(),
  agentId: uuidSchema.nullable(),
  scopes: z.array(z.string()),
  expiresAt: timestamp.nullable(),
  /** Absent from older entries. Of a rotation, before is the key that is replaced. */
  ...z.object(digests).partial().shape,
});
export const keyCreated = keyState;
export const keyRevoked = keyState;
export const keyRotated = keyState.extend({ replacedKeyId: idSchema('key'), overlapUntil: timestamp });

export const authLoggedIn = z.object({ userId: uuidSchema, sourceIp: personal(z.string().nullable()) });
export const authLoginFailed = z.object({
  userId: uuidSchema.nullable(),
  email: personal(z.string()),
  sourceIp: personal(z.string().nullable()),
});
export const authForbidden = z.object({ permission: z.string(), method: z.string(), path: z.string() });

export const exportRequested = z.object({
  exportId: idSchema('exp'),
  format: z.enum(['json', 'csv']),
  standard: z.enum(['generic', 'rbi', 'eu_ai_act', 'sox']),
  from: timestamp.nullable(),
  to: timestamp.nullable(),
  /** The file of records alone, or the bundle that holds it with its proofs. */
  part: z.enum(['records', 'bundle']).optional(),
  /** What the entries shown have in common; of all others there are stubs. */
  filter: z.record(z.string(), z.string()).nullable().optional(),
  /** Entries of the checkpoint that the log is compared with. */
  priorSize: z.number().int().nullable().optional(),
  /** The schedule that it was made by. */
  scheduleId: idSchema('exs').optional(),
  /** Handed out once more, from this byte on. */
  again: z.boolean().optional(),
  fromByte: z.number().int().optional(),
});
export const exportCompleted = z.object({
  exportId: idSchema('exp'),
  rows: z.number().int(),
  bytes: z.number().int(),
  sha256: digest,
  /** Of the bundle's manifest. */
  manifestSha256: digest.nullable().optional(),
});
/**
 * What the organisation told of its duties; digests of the settings before and after. They name people (who owns a control,
 * who reviews), so what changed is disclosed; it stands in clear in older entries.
 */
export const auditSettingsUpdated = z.object({
  version: z.number().int(),
  ...digests,
  changes: personal(changesSchema.optional()),
});
export const exportAborted = z.object({ exportId: idSchema('exp'), rows: z.number().int(), cause: z.string() });

const exportSchedule = { scheduleId: idSchema('exs') };
/** Exports of each period of a calendar from `from` on. */
export const exportScheduleCreated = z.object({
  ...exportSchedule,
  format: z.enum(['json', 'csv']),
  standard: z.enum(['generic', 'rbi', 'eu_ai_act', 'sox']),
  part: z.enum(['records', 'bundle']),
  differences: z.enum(['refuse', 'report']),
  cadence: z.enum(['daily', 'weekly', 'monthly']),
  timeZone: z.string(),
  from: z.iso.date(),
});
/** It was paused, resumed or deleted. */
export const exportScheduleChanged = z.object(exportSchedule);
/** The period, half-open, was not exported; it is tried again. */
export const exportScheduleRunFailed = z.object({
  ...exportSchedule,
  from: z.iso.date(),
  to: z.iso.date(),
  attempts: z.number().int(),
  cause: z.string(),
});

/** A message that no consumer can read; the digest identifies its bytes among the dead letters. */
export const eventUnreadable = z.object({
  topic: z.string(),
  partition: z.number().int(),
  offset: z.string(),
  sha256: digest,
  /** The consumer group that gave it up. */
  group: z.string(),
  error: personal(z.string()),
});

/** The log is signed with another key from here on. `note` names both keys and is signed by both. */
export const logKeyRotated = z.object({
  generation: z.number().int(),
  oldVkey: z.string(),
  newVkey: z.string(),
  note: z.string(),
});

/** Personal and free text is to go everywhere: that of intents, or that of a person. Each store answers. */
export const privacyEraseRequested = z.object({
  erasureId: idSchema('era'),
  intentIds: z.array(idSchema('int')),
  /** The intents were created from the first of these times to the second. */
  createdFrom: timestamp.nullable(),
  createdTo: timestamp.nullable(),
  userId: uuidSchema.nullable(),
});

/** Stores other than the log that hold such text. */
export const ERASING_STORES = ['gateway', 'policy', 'approval'] as const;
export const privacyStoreErased = z.object({ erasureId: idSchema('era'), store: z.enum(ERASING_STORES) });

/** All have answered, and what the log disclosed is gone; `entries` had something to disclose. Once more for what came late. */
export const privacyErased = z.object({ erasureId: idSchema('era'), entries: z.number().int() });

/** What entries before `beforeSeq` disclosed is gone, as they are older than the period. */
export const retentionApplied = z.object({
  days: z.number().int(),
  beforeSeq: z.number().int(),
  entries: z.number().int(),
});
