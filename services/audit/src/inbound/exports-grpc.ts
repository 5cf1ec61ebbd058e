import type { Actor } from '@aegis/contracts/actor';
import type { AuditSettings } from '@aegis/contracts/http/audit-settings';
import { idSchema } from '@aegis/contracts/ids';
import { type ExportMethods, exportService } from '@aegis/grpc/definitions';
import { parse } from '@aegis/grpc/requests';
import { type BoundService, bind, type Handlers } from '@aegis/grpc/server';
import type { ManifestKey } from '@aegis/verify/format/export/manifest-signature';
import type { ExportDefinition } from '../domain/export/definition.ts';
import type { ExportAgain, ExportPiece } from '../usecases/export/export-log.ts';
import { exportChunks, summaryMessage } from './export-messages.ts';
import { pageAsked, pageOf } from './keyset-page.ts';
import { exportAgainRequest, exportCallerRequest, listExportsRequest, putSettingsRequest } from './requests.ts';

interface SettingsVersion {
  readonly version: number;
  readonly updatedAt: Date | null;
  readonly settings: AuditSettings;
}

/** What can be asked about exports. */
export interface ExportOperations {
  /** Newest first, those before the one named; one more than `limit` when there are more. */
  readonly listExports: (
    organizationId: string,
    before: string | null,
    limit: number,
  ) => Promise<readonly ExportDefinition[]>;
  readonly exportAgain: (command: ExportAgain, signal: AbortSignal) => AsyncIterable<ExportPiece>;
  readonly manifestKeyOf: (organizationId: string) => ManifestKey;
  readonly readSettings: (organizationId: string) => Promise<SettingsVersion>;
  readonly putSettings: (organizationId: string, actor: Actor, settings: AuditSettings) => Promise<SettingsVersion>;
}

/** The gRPC face of exports. */
export function exportsGrpc(operations: ExportOperations): BoundService {
  const handlers: Handlers<ExportMethods> = {
    async listExports(request) {
      const { caller, page: asked } = parse(listExportsRequest, request);
      const { limit, before } = pageAsked(asked, idSchema('exp'));
      const found = await operations.listExports(caller.organizationId, before, limit + 1);
      const { items, page } = pageOf(found, limit, ({ exportId }) => exportId);
      return { exports: items.map(summaryMessage), page };
    },

    async *exportAgain(request, { signal }) {
      const { caller, exportId, part, fromByte } = parse(exportAgainRequest, request);
      yield* exportChunks(operations.exportAgain({ ...caller, exportId, part, from: fromByte }, signal));
    },

    async getManifestKey(request) {
      const { caller } = parse(exportCallerRequest, request);
      return { jwkJson: JSON.stringify(operations.manifestKeyOf(caller.organizationId)) };
    },

    async getSettings(request) {
      const { caller } = parse(exportCallerRequest, request);
      return settingsMessage(await operations.readSettings(caller.organizationId));
    },

    async putSettings(request) {
      const { caller, settingsJson } = parse(putSettingsRequest, request);
      return settingsMessage(await operations.putSettings(caller.organizationId, caller.actor, settingsJson));
    },
  };
  return bind(exportService, handlers);
}

function settingsMessage({ version, updatedAt, settings }: SettingsVersion) {
  return {
    version,
    settingsJson: JSON.stringify(settings),
    ...(updatedAt !== null && { updatedAt: updatedAt.toISOString() }),
  };
}
