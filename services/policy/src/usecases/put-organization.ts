import { ProblemError } from '@aegis/contracts/problems';
import type { Database } from '@aegis/postgres/database';
import type { Tx } from '@aegis/postgres/transaction';
import type { Clock } from '@aegis/runtime/clock';
import { changeSettings, sameSettings, type Settings, type SettingsChange } from '../domain/organization.ts';
import { findOrganization, hasAgents, insertOrganization } from '../store/organizations.ts';
import { allPolicies } from '../store/policies.ts';
import { activatePolicySet } from './activate-policy-set.ts';
import type { Caller } from './caller.ts';

/**
 * Creates or changes the settings of an organisation; the same call again changes nothing.
 *
 * @throws ProblemError `wrong_state` for another base currency once there are agents: limits and budgets count in it
 */
export async function putOrganization(
  deps: { readonly database: Database; readonly clock: Clock },
  caller: Caller,
  change: SettingsChange,
): Promise<Settings> {
  return deps.database.tx(caller, (tx) => put(tx, caller, change, deps.clock.now()));
}

async function put(tx: Tx, caller: Caller, change: SettingsChange, now: Date): Promise<Settings> {
  const { organizationId } = caller;
  const current = await findOrganization(tx, organizationId, 'change');
  const settings = changeSettings(current?.settings ?? null, change);
  if (current && sameSettings(current.settings, settings)) return settings;
  if (!current && !(await insertOrganization(tx, organizationId, settings, now))) return put(tx, caller, change, now);
  const newCurrency = current && current.settings.baseCurrency !== settings.baseCurrency;
  if (newCurrency && (await hasAgents(tx, organizationId))) {
    throw new ProblemError('wrong_state', 'the base currency is fixed once agents are registered: limits count in it');
  }
  const policies = await allPolicies(tx, organizationId);
  await activatePolicySet(tx, caller, { previousVersion: current?.policySetVersion ?? 0, policies, settings }, now);
  return settings;
}
