import type { LintReport } from '@aegis/contracts/http/lint';
import type { LintFinding } from '@aegis/grpc/generated/aegis/policy/v1/LintFinding';
import type { LintPoliciesResponse } from '@aegis/grpc/generated/aegis/policy/v1/LintPoliciesResponse';
import type { LintWitness } from '@aegis/grpc/generated/aegis/policy/v1/LintWitness';
import type { PolicyName } from '@aegis/grpc/generated/aegis/policy/v1/PolicyName';
import { amountOf } from './amounts.ts';

type Finding = LintReport['findings'][number];
type Witness = NonNullable<Finding['witness']>;

export function lintView(report: LintPoliciesResponse): LintReport {
  return {
    findings: report.findings.map(findingView),
    findingsLeftOut: report.findingsLeftOut,
    undecided: report.undecided.map(({ kind, policy }) => ({
      kind: kind as Finding['kind'],
      policy: nameView(policy),
    })),
    undecidedLeftOut: report.undecidedLeftOut,
    policySetVersion: Number(report.policySetVersion),
  };
}

function findingView({ kind, policy, paths, alternative, by, before, after, witness }: LintFinding): Finding {
  return {
    kind: kind as Finding['kind'],
    policy: nameView(policy),
    paths,
    alternative: alternative ?? null,
    by: by.map(nameView),
    before: (before as Finding['before'] | undefined) ?? null,
    after: (after as Finding['after'] | undefined) ?? null,
    witness: witness ? witnessView(witness) : null,
  };
}

function nameView(name: PolicyName | null): Finding['policy'] {
  if (!name) throw new TypeError('a policy is missing from an answer');
  return { id: name.id ?? null, name: name.name };
}

function witnessView(witness: LintWitness): Witness {
  const { agentId, amount, reason, confidence, merchant, merchantCategory, metadataJson, at, seesJson } = witness;
  return {
    intent: {
      agentId,
      amount: amountOf(amount),
      currency: amount?.currency ?? '',
      reason,
      confidence: Number(confidence),
      ...(merchant !== undefined && { merchant }),
      ...(merchantCategory !== undefined && { merchantCategory }),
      ...(metadataJson !== undefined && { metadata: JSON.parse(metadataJson) as Record<string, unknown> }),
    },
    at,
    sees: JSON.parse(seesJson) as Witness['sees'],
  };
}
