// Original file: aegis/policy/v1/policy.proto

import type { AgentInput as _aegis_policy_v1_AgentInput, Agent as _aegis_policy_v1_Agent } from '../../../aegis/policy/v1/Agent.ts';
import type { PageInfoInput as _aegis_common_v1_PageInfoInput, PageInfo as _aegis_common_v1_PageInfo } from '../../../aegis/common/v1/PageInfo.ts';

export interface ListAgentsResponseInput {
  'agents'?: (_aegis_policy_v1_AgentInput)[];
  'page'?: (_aegis_common_v1_PageInfoInput | null);
}

export interface ListAgentsResponse {
  'agents': (_aegis_policy_v1_Agent)[];
  'page': (_aegis_common_v1_PageInfo | null);
}
