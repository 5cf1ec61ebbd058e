import type { Caller } from '@aegis/grpc/generated/aegis/common/v1/Caller';
import type { Principal } from '@aegis/http/principal';

/** Who asks, as the other services are told. */
export function callerOf({ organizationId, actor }: Pick<Principal, 'organizationId' | 'actor'>): Caller {
  const { role, ...rest } = actor;
  return { organizationId, actor: role === null ? rest : { ...rest, role } };
}
