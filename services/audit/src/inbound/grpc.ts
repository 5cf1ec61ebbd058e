import { type AuditMethods, auditService } from '@aegis/grpc/definitions';
import { parse } from '@aegis/grpc/requests';
import { type BoundService, type Handlers, bind } from '@aegis/grpc/server';
import type { EntryReference } from '../domain/stored-entry.ts';
import type { ExportPiece, NewExport } from '../usecases/export/export-log.ts';
import type { EntryPage, ListEntries } from '../usecases/list-entries.ts';
import type { ListTimeline, TimelinePage } from '../usecases/list-timeline.ts';
import type { VerifyProgress } from '../usecases/verify-chain.ts';
import { decodeCursor, decodeMoment, encodeCursor, encodeMoment } from './cursor.ts';
import { exportChunks, newExport } from './export-messages.ts';
import { entryMessage, verifyMessage } from './messages.ts';
import { listEntriesRequest, listForIntentRequest, listTimelineRequest, verifyRequest } from './requests.ts';

/** What can be asked of the service. */
export interface Operations {
  readonly listEntries: (query: ListEntries) => Promise<EntryPage>;
  readonly searchEntries: (query: ListEntries, text: string) => Promise<EntryPage>;
  readonly listForIntent: (organizationId: string, intentId: string) => Promise<readonly EntryReference[]>;
  readonly listTimeline: (query: ListTimeline) => Promise<TimelinePage>;
  readonly verifyChain: (organizationId: string, signal: AbortSignal) => AsyncIterable<VerifyProgress>;
  readonly exportLog: (command: NewExport, signal: AbortSignal) => AsyncIterable<ExportPiece>;
}

/** Entries of a page whose size was not said, as in the HTTP API. */
const DEFAULT_LIMIT = 20;

/** The gRPC face of the log. */
export function auditGrpc(operations: Operations): BoundService {
  const handlers: Handlers<AuditMethods> = {
    async listEntries(request) {
      const { caller, page, from, to, type, actorId, subjectId, intentId, text } = parse(listEntriesRequest, request);
      const query: ListEntries = {
        organizationId: caller.organizationId,
        filter: { type, actorId, subjectId, intentId },
        from: from ?? null,
        to: to ?? null,
        limit: page?.limit || DEFAULT_LIMIT,
        offset: page?.offset ?? 0,
        before: page?.cursor ? decodeCursor(page.cursor) : null,
      };
      const found =
        text === undefined ? await operations.listEntries(query) : await operations.searchEntries(query, text);
      return {
        entries: found.entries.map(entryMessage),
        page: {
          ...(found.total !== null && { total: found.total }),
          hasMore: found.next !== null,
          ...(found.next !== null && { nextCursor: encodeCursor(found.next) }),
        },
      };
    },

    async listForIntent(request) {
      const { caller, intentId } = parse(listForIntentRequest, request);
      const entries = await operations.listForIntent(caller.organizationId, intentId);
      return { entries: entries.map((entry) => ({ ...entry, seq: String(entry.seq) })) };
    },

    async listTimeline(request) {
      const { caller, intentId, page } = parse(listTimelineRequest, request);
      const { entries, next } = await operations.listTimeline({
        organizationId: caller.organizationId,
        intentId,
        after: page?.cursor ? decodeMoment(page.cursor) : null,
        limit: page?.limit || DEFAULT_LIMIT,
      });
      return {
        entries: entries.map(entryMessage),
        page: { hasMore: next !== null, ...(next !== null && { nextCursor: encodeMoment(next) }) },
      };
    },

    async *verify(request, { signal }) {
      const { caller } = parse(verifyRequest, request);
      for await (const progress of operations.verifyChain(caller.organizationId, signal)) {
        yield verifyMessage(progress);
      }
    },

    async *export(request, { signal }) {
      yield* exportChunks(operations.exportLog(newExport(request), signal));
    },
  };
  return bind(auditService, handlers);
}
