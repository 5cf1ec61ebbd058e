import { ProblemError } from '@aegis/contracts/problems';
import { transparencyService } from '@aegis/grpc/definitions';
import { bind, type BoundService } from '@aegis/grpc/server';

export const ROOT = Buffer.alloc(32, 1);
export const NOTE = `audit.example.com/org/1\n2\n${ROOT.toString('base64')}\n\n— audit.example.com/org/1 AAAA\n`;

const keys = [
  { generation: 1, vkey: 'old', introducedAt: '2026-03-05T10:00:00.000Z' },
  { generation: 2, vkey: 'new', introducedAt: '2026-03-06T10:00:00.000Z' },
];
const checkpoint = { size: '2', root: ROOT, note: NOTE };

/** A log of two entries, of which only `evt_1` is proved. */
export function fakeTransparency(): BoundService {
  return bind(transparencyService, {
    getCheckpoint: async () => checkpoint,
    listKeys: async () => ({ keys }),
    rotateKey: async () => ({ keys }),
    async proveInclusion({ entryId }) {
      if (entryId !== 'evt_1') throw new ProblemError('not_found', 'the log has no entry with this id');
      return { seq: '0', leaf: '{}', checksum: 'b'.repeat(64), hashes: [ROOT], checkpoint };
    },
    proveConsistency: async ({ from, to }) => ({
      from,
      to: to ?? '2',
      fromRoot: ROOT,
      toRoot: ROOT,
      hashes: [],
      ...(to === undefined && { checkpoint: NOTE }),
    }),
    getTile: async ({ path }) => ({ content: Buffer.from(path) }),
  });
}
