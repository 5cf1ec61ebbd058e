import type { LintFinding } from '@aegis/grpc/generated/aegis/policy/v1/LintFinding';
import type { LintPoliciesResponse } from '@aegis/grpc/generated/aegis/policy/v1/LintPoliciesResponse';
import type { LintWitness } from '@aegis/grpc/generated/aegis/policy/v1/LintWitness';
import type { PolicyName } from '@aegis/grpc/generated/aegis/policy/v1/PolicyName';
import type { MatchedPolicy } from '@aegis/contracts/events/intents';
import type { Finding } from '../domain/lint/lint.ts';
import type { RealIntent } from '../domain/lint/real-intents.ts';
import type { Fields } from '../domain/rules/fields.ts';
import { seenFields } from '../domain/rules/explain.ts';
import type { LintedPolicies } from '../usecases/lint-policies.ts';
import { PROPOSED } from '../usecases/proposed-policies.ts';

/** A longer report is for nobody to read. */
const MAX_TOLD = 1_000;

export function lintMessage({ findings, undecided, policySetVersion }: LintedPolicies): LintPoliciesResponse {
  return {
    findings: findings.slice(0, MAX_TOLD).map(findingMessage),
    undecided: undecided.slice(0, MAX_TOLD).map(({ kind, policy }) => ({
      kind,
      policy: nameOf(policy ?? { id: null, name: 'Default' }),
    })),
    findingsLeftOut: Math.max(0, findings.length - MAX_TOLD),
    undecidedLeftOut: Math.max(0, undecided.length - MAX_TOLD),
    policySetVersion: String(policySetVersion),
  };
}

function findingMessage(finding: Finding): LintFinding {
  switch (finding.kind) {
    case 'contradiction': {
      const { kind, policy, paths, alternative } = finding;
      return { kind, policy: nameOf(policy), paths: [...paths], by: [], ...(alternative !== null && { alternative }) };
    }
    case 'unreachable': {
      const { kind, policy, by, witness } = finding;
      const { real, verdict, fields } = witness;
      const names = by.map(nameOf);
      return {
        kind,
        policy: nameOf(policy),
        paths: [],
        by: names,
        after: verdict.policyDecision,
        witness: witnessMessage(real, fields),
      };
    }
    case 'looser': {
      const { kind, real, live, proposed } = finding;
      return {
        kind,
        policy: nameOf(live.verdict.matchedPolicy),
        paths: [],
        by: [nameOf(proposed.verdict.matchedPolicy)],
        before: live.verdict.policyDecision,
        after: proposed.verdict.policyDecision,
        witness: witnessMessage(real, proposed.fields),
      };
    }
  }
}

function nameOf({ id, name }: Pick<MatchedPolicy, 'id' | 'name'>): PolicyName {
  return { name, ...(id !== null && !id.startsWith(PROPOSED) && { id }) };
}

function witnessMessage({ intent }: RealIntent, fields: Fields): LintWitness {
  const { agentId, money, reason, confidence, merchant, merchantCategory, metadata, createdAt } = intent;
  return {
    agentId,
    amount: money,
    reason,
    confidence,
    ...(merchant !== null && { merchant }),
    ...(merchantCategory !== null && { merchantCategory }),
    ...(metadata !== null && { metadataJson: JSON.stringify(metadata) }),
    at: createdAt,
    seesJson: JSON.stringify(seenFields(fields)),
  };
}
