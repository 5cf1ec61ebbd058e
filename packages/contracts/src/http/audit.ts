import { z } from 'zod';
import { actorSchema } from '../actor.ts';
import { idSchema } from '../ids.ts';
import { listOf, pageQuery, withOnePosition } from './pagination.ts';
import { instantQuery, queryText, timestampSchema } from './text.ts';

const checksum = z.string().regex(/^[0-9a-f]{64}$/);

export const auditEntrySchema = z
  .object({
    id: z.string(),
    seq: z.int().meta({ description: 'Place in the log, counted from 0 without gaps.' }),
    type: z.string(),
    actor: actorSchema,
    subject: z.object({ type: z.string(), id: z.string() }),
    data: z.record(z.string(), z.unknown()),
    occurredAt: timestampSchema,
    recordedAt: timestampSchema,
    checksum: checksum.meta({ description: 'SHA-256 of a zero byte and the canonical JSON of the entry.' }),
    previousChecksum: checksum.meta({ description: 'Checksum of the entry before; 64 zeros for the first.' }),
    causationId: z.string().nullable().meta({ description: 'Id of the event that caused this one.' }),
    erased: z.array(z.string()).meta({
      description: 'JSON Pointers of values that were recorded and are erased; the checksum is what it was.',
    }),
  })
  .meta({ id: 'AuditEntry' });
export type AuditEntry = z.infer<typeof auditEntrySchema>;

export const listAuditQuery = withOnePosition(
  z.strictObject({
    ...pageQuery,
    type: queryText({ min: 1, max: 64 }).optional().meta({ description: 'Such as `intent.decided`.' }),
    actor: queryText({ min: 1, max: 128 }).optional().meta({ description: 'Id of who caused it.' }),
    subject: queryText({ min: 1, max: 128 }).optional().meta({ description: 'Id of what it is about.' }),
    intentId: idSchema('int').optional().meta({ description: 'The timeline of one intent: all that happened to it.' }),
    q: queryText({ min: 2, max: 256 }).optional().meta({
      description:
        'A part of the data, such as a merchant, a note or a name, in whatever case. A page may be short, or empty, while `nextCursor` still leads on; `total` is null, and there is no `offset`. So it is with two filters together that each match more than 10,000 entries.',
    }),
    from: instantQuery.optional().meta({ description: 'Recorded at this time or later.' }),
    to: instantQuery.optional().meta({ description: 'Recorded before this time.' }),
  }),
).refine((query) => query.q === undefined || !query.offset, {
  path: ['offset'],
  message: 'does not go with q: use the cursor',
});
export const auditListSchema = listOf(auditEntrySchema);

export const timelineParams = z.object({ id: idSchema('int') });
const { limit, cursor } = pageQuery;
export const timelineQuery = z.strictObject({ limit, cursor });

export const timelineEntrySchema = auditEntrySchema
  .extend({ proof: z.string().meta({ description: 'Where to get the proof that the entry stands in the log.' }) })
  .meta({ id: 'TimelineEntry' });
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;
export const timelineSchema = listOf(timelineEntrySchema);

/** One line of the answer of a verification; `done` marks the last, which holds the result. */
export const verifyProgressSchema = z
  .object({
    checked: z.int().meta({ description: 'Entries read again and recomputed so far.' }),
    size: z.int().meta({ description: 'Entries in the log.' }),
    done: z.boolean(),
    intact: z.boolean().nullable().meta({ description: 'Null until done.' }),
    fault: z.string().nullable().meta({ description: 'The first fault, with its sequence number.' }),
    head: z.string().nullable().meta({ description: 'Checksum of the last entry; null until done.' }),
  })
  .meta({ id: 'VerifyProgress' });
export type VerifyProgress = z.infer<typeof verifyProgressSchema>;

const base64Hash = z.string().meta({ description: 'SHA-256 in base64.' });
const note = z.string().meta({ description: 'A signed note: c2sp.org/tlog-checkpoint.' });

/** `tlog-proof` answers the text of c2sp.org/tlog-proof, which stands alone; `json` the same with the entry itself. */
export const inclusionProofQuery = z.strictObject({ format: z.enum(['json', 'tlog-proof']).default('json') });

export const inclusionProofSchema = z
  .object({
    seq: z.int(),
    size: z.int().meta({ description: 'Entries in the log that the checkpoint is of.' }),
    checksum,
    leaf: z.string().meta({ description: 'The exact text whose checksum is proved.' }),
    hashes: z.array(base64Hash).meta({ description: 'From the sibling of the leaf up to a child of the root.' }),
    root: base64Hash,
    checkpoint: note,
  })
  .meta({ id: 'InclusionProof' });
export type InclusionProof = z.infer<typeof inclusionProofSchema>;

const sizeQuery = z
  .string()
  .regex(/^\d{1,15}$/, 'must be a number of entries')
  .transform(Number);

export const consistencyQuery = z.strictObject({
  from: sizeQuery.meta({ description: 'Size of the earlier log.' }),
  to: sizeQuery.optional().meta({ description: 'Size of the later log; absent: the log as it is now.' }),
});

export const consistencyProofSchema = z
  .object({
    from: z.int(),
    to: z.int(),
    fromRoot: base64Hash,
    toRoot: base64Hash,
    hashes: z.array(base64Hash),
    checkpoint: note.nullable().meta({ description: 'Of `to`, where `to` was absent.' }),
  })
  .meta({ id: 'ConsistencyProof' });
export type ConsistencyProof = z.infer<typeof consistencyProofSchema>;

export const logKeysSchema = z
  .object({
    data: z.array(
      z.object({
        generation: z.int().meta({ description: 'Counted from 1.' }),
        vkey: z.string().meta({ description: 'Verifier key of a C2SP signed note.' }),
        introducedAt: timestampSchema,
        current: z.boolean(),
      }),
    ),
  })
  .meta({ id: 'LogKeys' });
export type LogKeys = z.infer<typeof logKeysSchema>;
