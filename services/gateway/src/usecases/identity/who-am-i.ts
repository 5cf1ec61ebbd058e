import { ProblemError } from '@aegis/contracts/problems';
import type { Principal } from '@aegis/http/principal';
import type { Database } from '@aegis/postgres/database';
import type { ApiKey } from '../../domain/identity/api-key.ts';
import type { User } from '../../domain/identity/user.ts';
import { findApiKey } from '../../store/identity/api-keys.ts';
import { findOrganization, type Organization } from '../../store/identity/organizations.ts';
import { findUser } from '../../store/identity/users.ts';

export interface Self {
  readonly principal: Principal;
  readonly organization: Organization;
  readonly user: User | null;
  readonly key: ApiKey | null;
}

export async function whoAmI({ db }: { db: Pick<Database, 'read'> }, principal: Principal): Promise<Self> {
  const { organizationId, userId, keyId } = principal;
  return db.read({ organizationId }, async (tx) => {
    const organization = await findOrganization(tx, organizationId);
    const user = userId === null ? null : await findUser(tx, organizationId, userId);
    const key = keyId === null ? null : await findApiKey(tx, organizationId, keyId);
    if (!organization || (!user && !key)) throw new ProblemError('not_found', 'this account no longer exists');
    return { principal, organization, user, key };
  });
}
