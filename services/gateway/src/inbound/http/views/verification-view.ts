import type { DecisionFinding, DecisionsVerification } from '@aegis/contracts/http/decisions';
import type { DecisionFinding as FindingMessage } from '@aegis/grpc/generated/aegis/policy/v1/DecisionFinding';
import type { VerifyDecisionsProgress } from '@aegis/grpc/generated/aegis/policy/v1/VerifyDecisionsProgress';

export function verificationView(progress: VerifyDecisionsProgress): DecisionsVerification {
  return {
    checked: Number(progress.checked),
    total: Number(progress.total),
    same: Number(progress.same),
    different: Number(progress.different),
    unverifiable: Number(progress.unverifiable),
    findings: progress.findings.map(findingView),
    done: progress.done,
  };
}

function findingView({ cause, differences, ...decision }: FindingMessage): DecisionFinding {
  const { intentId, decisionId, final, policySetVersion } = decision;
  return {
    intentId,
    decisionId,
    final,
    policySetVersion,
    result: cause === undefined ? 'different' : 'unverifiable',
    cause: cause ?? null,
    differences: differences.map(({ field, recordedJson, againJson }) => ({
      field,
      recorded: JSON.parse(recordedJson) as unknown,
      again: JSON.parse(againJson) as unknown,
    })),
  };
}
