import type { Actor } from '@aegis/contracts/actor';
import type { AuditSettings } from '@aegis/contracts/http/audit-settings';
import type { ExportQuery } from '@aegis/verify/format/export/manifest';
import type { Population } from './population.ts';
import type { RowSettings } from '@aegis/verify/format/export/row-settings';

/** Everything that the bytes of an export follow from, beside the entries of its range. */
export interface ExportDefinition {
  readonly exportId: string;
  readonly organizationId: string;
  readonly query: ExportQuery;
  /** Places `begin` up to but not including `end`. */
  readonly range: { readonly begin: number; readonly end: number };
  /** The signed tree that the range is a part of. */
  readonly log: {
    readonly origin: string;
    readonly vkey: string;
    readonly size: number;
    /** Base64. */
    readonly root: string;
    readonly checkpoint: string;
  };
  /** The checkpoint that whoever asks had kept, as a signed note. */
  readonly prior: string | null;
  readonly generatedAt: string;
  readonly generatedBy: Actor;
  readonly codeCommit: string | null;
  readonly settings: AuditSettings;
  /** What the operational database held; absent from exports older than the comparison. */
  readonly population?: Population;
}

/** The two files an export can be handed out as. */
export type ExportPart = 'records' | 'bundle';

/** The part of the settings that rows are filled from, as the manifest writes it. */
export function rowSettings({ controlMatrix = [], euAiAct }: AuditSettings): RowSettings {
  return {
    control_matrix: controlMatrix.map(({ controlId, owner, type, domain, eventTypes }) => ({
      control_id: controlId,
      owner,
      type,
      domain,
      event_types: eventTypes,
    })),
    incidents: (euAiAct?.incidents ?? []).map(({ ref, subjectId }) => ({ ref, subject_id: subjectId })),
  };
}
