import type { PolicyAnswer } from '@aegis/contracts/http/policies';
import type { Policy } from '@aegis/grpc/generated/aegis/policy/v1/Policy';

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
    approval: policy.approvalJson ? (JSON.parse(policy.approvalJson) as PolicyAnswer['approval']) : null,
    archived: policy.archived,
    createdAt: policy.createdAt,
    updatedAt: policy.updatedAt,
  };
}
