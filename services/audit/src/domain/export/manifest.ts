import { CLAIM, LIMITS } from '@aegis/verify/format/export/statements';
import { canonicalJson } from '@aegis/verify/format/canonical-json';
import { fieldsOf } from '@aegis/verify/format/export/fields';
import { type Manifest, MANIFEST_VERSION, type ManifestFile } from '@aegis/verify/format/export/manifest';
import { PROFILES } from '@aegis/verify/format/export/profiles';
import type { Reconciliation } from '@aegis/verify/format/export/reconciliation';
import type { ControlTotals, LateEntry } from '@aegis/verify/format/export/totals';
import { parseCheckpoint } from '@aegis/verify/format/checkpoint';
import { parseNote } from '@aegis/verify/format/note';
import type { ExportDefinition } from './definition.ts';
import { rowSettings } from './definition.ts';
import instruments from './instruments.json' with { type: 'json' };
import { retentionRules } from './retention.ts';
import { type Section, sectionOf } from './sections.ts';

export interface ManifestFacts {
  readonly definition: ExportDefinition;
  readonly totals: ControlTotals;
  readonly lateEntries: readonly LateEntry[];
  readonly files: readonly ManifestFile[];
  readonly reconciliation: Reconciliation | null;
}

/** The text of `manifest.json`. */
export function manifestText({ definition, totals, lateEntries, files, reconciliation }: ManifestFacts): string {
  const { query, range, log, prior, organizationId, exportId, generatedAt, generatedBy, codeCommit } = definition;
  const profile = PROFILES[query.standard];
  const retention = retentionRules(query.standard, totals.max_recorded_at);
  const section = sectionOf({ definition, totals, retention });
  const checked: Manifest = {
    v: MANIFEST_VERSION,
    profile_version: profile.version,
    organization_id: organizationId,
    export_id: exportId,
    query,
    range,
    log: { origin: log.origin, vkey: log.vkey, size: log.size, root: log.root },
    files,
    control_totals: totals,
    late_addendum: { count: totals.late, entries: lateEntries },
    settings: rowSettings(definition.settings),
    reconciliation,
  };
  return canonicalJson({
    ...checked,
    format: query.format,
    standard: query.standard,
    claim: CLAIM,
    instruments: instruments[query.standard],
    generated_at: generatedAt,
    generated_by: { type: generatedBy.type, id: generatedBy.id, role: generatedBy.role },
    code_commit: codeCommit,
    range: { ...range, from: query.from, to: query.to, tz: query.tz, time_basis: 'recorded_at' },
    log: { ...checked.log, prior_checkpoint: prior && { size: sizeOf(prior), note: prior } },
    retention,
    gaps: [
      ...Object.entries(profile.gaps).map(([field, reason]) => ({ field, reason })),
      ...untold(section, codeCommit),
      ...uncompared(definition),
    ],
    limits: LIMITS,
    profile: section,
  });
}

function sizeOf(note: string): number {
  return parseCheckpoint(parseNote(note).text).size;
}

/** Where a section holds what the settings tell within another member. */
const WITHIN = [
  ['ipe', 'environment'],
  ['population_reconciliation', 'reviewer'],
] as const;

/** What follows from the entries shown: without one there is nothing to tell. */
const FROM_ENTRIES: ReadonlySet<string> = new Set(['log_retention_until', 'trail_enabled_from', 'trail_enabled_to']);

/** Members of the manifest that the organisation's settings, the entries or the configuration do not tell. */
function untold(section: Section, codeCommit: string | null) {
  const nested = WITHIN.filter(([outer]) => outer in section).map(
    ([outer, inner]) => [`${outer}.${inner}`, fieldsOf(section[outer])[inner]] as const,
  );
  const gaps = [...Object.entries(section), ...nested]
    .filter(([, value]) => value === null || value === 'not_assessed')
    .map(([name]) => ({
      field: `profile.${name}`,
      reason: FROM_ENTRIES.has(name)
        ? 'the export shows no entry that would tell it'
        : 'not told in the audit settings of the organisation',
    }));
  if (codeCommit === null) gaps.push({ field: 'code_commit', reason: 'AEGIS_CODE_COMMIT is not set' });
  return gaps;
}

function uncompared({ population }: ExportDefinition) {
  if (population !== undefined && !('untold' in population)) return [];
  const reason = population?.untold ?? 'the export is older than the comparison with the operational database';
  return [{ field: 'reconciliation', reason }];
}
