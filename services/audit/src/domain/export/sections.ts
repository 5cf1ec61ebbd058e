import type { AuditSettings } from '@aegis/contracts/http/audit-settings';
import type { ControlTotals } from '@aegis/verify/format/export/totals';
import { canonicalJson } from '@aegis/verify/format/canonical-json';
import type { Standard } from '@aegis/verify/format/export/profile';
import { hash } from 'node:crypto';
import type { ExportDefinition } from './definition.ts';
import { rowSettings } from './definition.ts';
import type { RetentionRule } from './retention.ts';

/** What a standard adds to the manifest. A member that nobody told is null, and listed under `gaps`. */
export type Section = Readonly<Record<string, unknown>>;

export interface SectionFacts {
  readonly definition: ExportDefinition;
  readonly totals: ControlTotals;
  readonly retention: readonly RetentionRule[];
}

export function sectionOf(facts: SectionFacts): Section {
  const standard: Standard = facts.definition.query.standard;
  switch (standard) {
    case 'generic':
      return {};
    case 'eu_ai_act':
      return euAiAct(facts);
    case 'rbi':
      return rbi(facts);
    case 'sox':
      return sox(facts);
  }
}

function euAiAct({ definition, retention }: SectionFacts): Section {
  const told: NonNullable<AuditSettings['euAiAct']> = definition.settings.euAiAct ?? {};
  return {
    role: told.role ?? null,
    high_risk_basis: told.highRiskBasis ?? 'not_assessed',
    system_id: told.systemId ?? null,
    system_version: told.systemVersion ?? null,
    intended_purpose: told.intendedPurpose ?? null,
    log_interpretation_ref: told.logInterpretationRef ?? null,
    oversight_measures_ref: told.oversightMeasuresRef ?? null,
    log_retention_until: retention[0]?.hold_until ?? null,
    pmm_plan_ref: told.pmmPlanRef ?? null,
    incident_refs: told.incidents?.map(({ ref }) => ref) ?? null,
    analogy: 'Article 12(3) binds remote biometric identification only: the columns after it are by analogy.',
  };
}

function rbi({ definition, totals }: SectionFacts): Section {
  const told: NonNullable<AuditSettings['rbi']> = definition.settings.rbi ?? {};
  return {
    regulated_entity: told.regulatedEntity ?? null,
    our_role: told.ourRole ?? null,
    re_audit_access_ref: told.auditAccessRef ?? null,
    storage_locations: told.storageLocations ?? null,
    payment_data_india_only: told.paymentDataIndiaOnly ?? null,
    clock_source: told.clockSource ?? null,
    logs_180d_india: told.logs180dIndia ?? null,
    declared_by_customer: ['storage_locations', 'payment_data_india_only', 'logs_180d_india', 'clock_source'],
    trail_enabled_from: totals.min_recorded_at,
    trail_enabled_to: totals.max_recorded_at,
    // The log has no switch: an entry that said so would be one of this type.
    disable_events: totals.by_type['audit.disabled'] ?? 0,
  };
}

function sox({ definition, totals }: SectionFacts): Section {
  const told: NonNullable<AuditSettings['sox']> = definition.settings.sox ?? {};
  const matrix = rowSettings(definition.settings).control_matrix;
  const { generatedAt, generatedBy, codeCommit, query } = definition;
  return {
    issuer: told.issuer ?? null,
    fiscal_period: told.fiscalPeriod ?? null,
    control_matrix_sha256: matrix.length === 0 ? null : hash('sha256', canonicalJson(matrix)),
    ipe: {
      report: `audit export, ${query.standard}`,
      source_system: 'aegis-comply audit log',
      query_text: canonicalJson(query),
      parameters: query,
      commit: codeCommit,
      environment: told.environment ?? null,
      run_by: generatedBy.id,
      run_at: generatedAt,
    },
    access_snapshot_ref: told.accessSnapshotRef ?? null,
    sod_exceptions: told.sodExceptions ?? null,
    soc1_ref: told.soc1Ref ?? null,
    population_reconciliation: {
      source: `log entries ${definition.range.begin} up to and without ${definition.range.end}`,
      source_count: definition.range.end - definition.range.begin,
      exported: totals.entries,
      delta: definition.range.end - definition.range.begin - totals.entries,
      reviewer: told.reviewer ?? null,
    },
  };
}
