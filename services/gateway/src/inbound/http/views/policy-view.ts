import type { PolicyAnswer, PolicySetAnswer } from '@aegis/contracts/http/policies';
import type { Policy } from '@aegis/grpc/generated/aegis/policy/v1/Policy';
import type { PolicySet } from '@aegis/grpc/generated/aegis/policy/v1/PolicySet';

export function policyView(policy: Policy): PolicyAnswer {
  return {
    id: policy.id,
    version: policy.version,
    name: policy.name,
    description: policy.description ?? null,
    priority: policy.priority,
    action: policy.action as PolicyAnswer['action'],
    rules: JSON.parse(policy.rulesJson) as PolicyAnswer['rules'],
    isActive: policy.isActive,
    mode: policy.mode as PolicyAnswer['mode'],
    approval: policy.approvalJson ? (JSON.parse(policy.approvalJson) as PolicyAnswer['approval']) : null,
    archived: policy.archived,
    createdAt: policy.createdAt,
    updatedAt: policy.updatedAt,
  };
}

/** Without its policies, as lists tell of it. */
export function policySetView(set: PolicySet): PolicySetAnswer {
  const { version, hash, baseCurrency, timeZone, policyCount, createdAt } = set;
  const defaultAction = set.defaultAction as PolicySetAnswer['defaultAction'];
  return { version, hash, baseCurrency, timeZone, defaultAction, policyCount, createdAt };
}
