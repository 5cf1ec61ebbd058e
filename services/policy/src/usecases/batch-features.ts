import type { Tx } from '@aegis/postgres/transaction';
import type { Account } from '../domain/account.ts';
import { type BatchResult, type Command, keyOf } from '../domain/batch.ts';
import { baseAmount } from '../domain/context.ts';
import { merchantKey } from '../domain/features/merchant-key.ts';
import { thresholdAbove } from '../domain/features/pieces.ts';
import type { FxRate } from '../domain/fx.ts';
import type { PolicySet } from '../domain/policy-set.ts';
import type { IntentRecord } from '../store/decisions.ts';
import {
  type AgentMerchantRef,
  loadActivity,
  loadMerchants,
  lockPieces,
  saveActivity,
  saveMerchants,
  savePieces,
} from '../store/features.ts';

/** What a batch has read so far, under the locks of its agents. */
interface Loaded {
  readonly accounts: ReadonlyMap<string, Account>;
  readonly policySets: ReadonlyMap<string, PolicySet>;
  readonly records: ReadonlyMap<string, IntentRecord>;
  /** By organisation and currency. */
  readonly rates: ReadonlyMap<string, readonly FxRate[]>;
}

/**
 * Puts the features that the commands look at and count in into the accounts. Everything of one agent is guarded by the
 * agent's row; what an organisation's agents share is locked here, after all agents and in the order of its keys.
 */
export async function loadFeatures(tx: Tx, commands: readonly Command[], loaded: Loaded): Promise<void> {
  const { accounts } = loaded;
  const deciding = [...new Set(commands.flatMap((command) => accountOf(command, loaded) ?? []))];
  const merchants = merchantsOf(commands, loaded);
  const shared = merchants.filter((merchant) => merchant.nearThreshold);
  const [activities, histories, pieces] = await Promise.all([
    loadActivity(tx, deciding),
    loadMerchants(tx, merchants),
    lockPieces(tx, uniqueMerchants(shared)),
  ]);
  for (const { organizationId, agentId, activity } of activities) {
    const account = accounts.get(keyOf(organizationId, agentId));
    if (account) Object.assign(account.activity, activity);
  }
  for (const { organizationId, agentId, merchantKey: key, history } of histories) {
    accounts.get(keyOf(organizationId, agentId))?.merchants.set(key, history);
  }
  const piecesByMerchant = new Map(pieces.map((row) => [keyOf(row.organizationId, row.merchantKey), row.pieces]));
  for (const { organizationId, agentId, merchantKey: key } of shared) {
    const found = piecesByMerchant.get(keyOf(organizationId, key));
    // One list for all agents: what one of them adds, the next one in the batch sees.
    if (found) accounts.get(keyOf(organizationId, agentId))?.pieces.set(key, found);
  }
}

/** Writes the features that a batch counted in. */
export async function saveFeatures(tx: Tx, { active, touched }: BatchResult): Promise<void> {
  const pieces = new Map(
    [...touched].flatMap(({ organizationId, pieces: shared }) =>
      [...shared].map(
        ([key, list]) => [keyOf(organizationId, key), { organizationId, merchantKey: key, pieces: list }] as const,
      ),
    ),
  );
  await Promise.all([
    saveActivity(tx, [...active]),
    saveMerchants(tx, [...touched]),
    savePieces(tx, [...pieces.values()]),
  ]);
}

/** The account of a submission that is not decided yet. */
function accountOf(command: Command, { accounts, records }: Loaded): Account | undefined {
  if (command.kind !== 'decide') return undefined;
  const { organizationId, intent } = command;
  if (records.get(keyOf(organizationId, intent.intentId))?.decision) return undefined;
  return accounts.get(keyOf(organizationId, intent.agentId));
}

type Merchant = AgentMerchantRef & { readonly nearThreshold: boolean };

/** Each agent's merchants once, by submissions and by pending decisions that are answered. */
function merchantsOf(commands: readonly Command[], loaded: Loaded): Merchant[] {
  const found = new Map<string, Merchant>();
  for (const command of commands) {
    const merchant = merchantOf(command, loaded);
    if (!merchant) continue;
    const name = `${merchant.organizationId} ${merchant.agentId} ${merchant.merchantKey}`;
    if (!found.has(name) || merchant.nearThreshold) found.set(name, merchant);
  }
  return [...found.values()];
}

function merchantOf(command: Command, loaded: Loaded): Merchant | null {
  const { organizationId } = command;
  if (command.kind === 'settle') return null;
  if (command.kind === 'resolve') {
    const { intentId, agentId } = command.resolution;
    const key = loaded.records.get(keyOf(organizationId, intentId))?.decision?.merchantKey;
    return key ? { organizationId, agentId, merchantKey: key, nearThreshold: false } : null;
  }
  const { intent } = command;
  const key = accountOf(command, loaded) ? merchantKey(organizationId, intent.merchant) : null;
  if (key === null) return null;
  const set = loaded.policySets.get(organizationId);
  const rates = loaded.rates.get(keyOf(organizationId, intent.money.currency)) ?? [];
  const nearThreshold = set !== undefined && isNearThreshold(command, set, rates);
  return { organizationId, agentId: intent.agentId, merchantKey: key, nearThreshold };
}

function isNearThreshold(
  { intent }: Extract<Command, { kind: 'decide' }>,
  set: PolicySet,
  rates: readonly FxRate[],
): boolean {
  try {
    const amount = baseAmount(intent, set.settings, rates, Date.parse(intent.createdAt));
    return amount !== null && thresholdAbove(set.thresholds, amount.amountBase) !== null;
  } catch {
    // What makes no sense is denied as undecidable, and counts nowhere.
    return false;
  }
}

function uniqueMerchants(merchants: readonly Merchant[]): Merchant[] {
  return [
    ...new Map(merchants.map((merchant) => [keyOf(merchant.organizationId, merchant.merchantKey), merchant])).values(),
  ];
}
