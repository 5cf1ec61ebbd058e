import { ProblemError } from '@aegis/contracts/problems';
import { auditService } from '@aegis/grpc/definitions';
import type { Entry } from '@aegis/grpc/generated/aegis/audit/v1/Entry';
import { bind, type BoundService } from '@aegis/grpc/server';

export interface FakeAudit {
  readonly service: BoundService;
  /** Chunks sent of the export in progress. */
  chunksSent: number;
  /** Whether the last export was given up by its caller. */
  aborted: boolean;
  /** Refuses exports from now on. */
  refuses: boolean;
}

const CHUNK = Buffer.alloc(64 * 1024, 'x');

/** A log of one entry, and an export that never ends by itself. */
export function fakeAudit(): FakeAudit {
  const fake: FakeAudit = {
    chunksSent: 0,
    aborted: false,
    refuses: false,
    service: bind(auditService, {
      listEntries: async ({ intentId }) => ({
        entries: [entry(intentId ?? 'int_x')],
        page: { total: 1, hasMore: false },
      }),
      listForIntent: async ({ intentId }) => {
        const { seq, id, type, checksum } = entry(intentId);
        return { entries: [{ seq, id, type, checksum }] };
      },
      listTimeline: async ({ intentId }) => ({ entries: [entry(intentId)], page: { hasMore: false } }),
      async *verify() {
        yield { checked: '1', size: '2', done: false, intact: false, head: '' };
        yield { checked: '2', size: '2', done: true, intact: true, head: 'a'.repeat(64) };
      },
      async *export({ format }, { signal }) {
        if (fake.refuses) throw new ProblemError('export_refused', 'entry 7 has a wrong checksum');
        fake.chunksSent = 0;
        fake.aborted = false;
        signal.addEventListener('abort', () => {
          fake.aborted = true;
        });
        const file = { exportId: 'exp_1', name: `audit.${format}`, mediaType: 'text/csv; charset=utf-8' };
        yield { content: Buffer.alloc(0), file };
        while (!signal.aborted) {
          fake.chunksSent += 1;
          yield { content: CHUNK, file: null };
        }
      },
    }),
  };
  return fake;
}

function entry(intentId: string): Entry {
  return {
    seq: '0',
    id: 'evt_1',
    type: 'intent.submitted',
    actor: { type: 'agent', id: 'agent', authMethod: 'api_key' },
    subjectType: 'intent',
    subjectId: intentId,
    dataJson: '{"currency":"INR"}',
    occurredAt: '2026-03-05T10:00:00.000Z',
    recordedAt: '2026-03-05T10:00:00.100Z',
    checksum: 'b'.repeat(64),
    previousChecksum: '0'.repeat(64),
    erased: [],
  };
}
