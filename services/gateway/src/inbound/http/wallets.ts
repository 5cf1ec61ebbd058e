import {
  createWalletTransactionBody,
  ledgerCheckSchema,
  listWalletTransactionsQuery,
  walletTransactionListSchema,
  walletTransactionSchema,
} from '@aegis/contracts/http/wallets';
import { uuidSchema } from '@aegis/contracts/ids';
import { ProblemError } from '@aegis/contracts/problems';
import { type Route, route } from '@aegis/http/route';
import { z } from 'zod';
import type { PolicyClient } from '../../clients.ts';
import { callerOf } from './caller.ts';
import { pageRequest, paginationOf } from './pages.ts';
import { walletTransactionView } from './views/wallet-view.ts';

export interface WalletRoutesDeps {
  readonly policy: Pick<PolicyClient, 'listWalletTransactions' | 'createWalletTransaction' | 'checkLedger'>;
}

const tag = 'Wallets';
const params = z.object({ id: uuidSchema });

export function walletRoutes(deps: WalletRoutesDeps): Route[] {
  return [listRoute(deps), createRoute(deps), checkRoute(deps)];
}

function listRoute({ policy }: WalletRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/agents/:id/wallet/transactions',
    operationId: 'listWalletTransactions',
    tag,
    summary: "List the transactions of an agent's wallet",
    description: 'The newest first: what people moved, and what intents held, captured and released.',
    access: 'agents:read',
    params,
    query: listWalletTransactionsQuery,
    responses: { 200: { description: 'A page of transactions.', schema: walletTransactionListSchema } },
    async handle({ principal, params: { id: agentId }, query }) {
      if (principal.agentId !== null && principal.agentId !== agentId) {
        throw new ProblemError('not_found', 'no such agent');
      }
      const { transactions, page } = await policy.listWalletTransactions({
        caller: callerOf(principal),
        agentId,
        page: pageRequest(query),
      });
      const data = transactions.map(walletTransactionView);
      return { status: 200, body: { data, pagination: paginationOf(query, data.length, page) } };
    },
  });
}

function createRoute({ policy }: WalletRoutesDeps): Route {
  return route({
    method: 'post',
    path: '/v1/agents/:id/wallet/transactions',
    operationId: 'createWalletTransaction',
    tag,
    summary: "Move money into or out of an agent's wallet",
    description: 'The first transaction opens the wallet; from then on it counts what the agent holds and spends.',
    access: 'wallets:write',
    params,
    body: createWalletTransactionBody,
    responses: {
      201: { description: 'The transaction.', schema: walletTransactionSchema },
      409: { description: 'The wallet is enforced, and less than that is free in it.' },
      422: { description: 'The amount is refused.' },
    },
    async handle({ principal, params: { id: agentId }, body, numberSources, idempotency }) {
      const { type, reference, note } = body;
      const transaction = await policy.createWalletTransaction({
        caller: callerOf(principal),
        id: `wtx_${idempotency.seed.replaceAll('-', '')}`,
        agentId,
        type,
        amount: numberSources['amount'] ?? '',
        ...(reference === undefined ? {} : { reference }),
        ...(note === undefined ? {} : { note }),
      });
      return { status: 201, body: walletTransactionView(transaction) };
    },
  });
}

/** Everything of an organisation is added up; the database gives up before. */
const CHECK_TIMEOUT_MS = 20_000;

function checkRoute({ policy }: WalletRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/ledger/check',
    operationId: 'checkLedger',
    tag,
    summary: 'Check that wallets and budgets add up',
    description:
      'Adds everything up again, as of one moment: every entry to zero, every wallet from its lines, every budget from what each intent counts for.',
    access: 'audit:read',
    responses: { 200: { description: 'The first hundred differences, if any.', schema: ledgerCheckSchema } },
    async handle({ principal, signal }) {
      const options = { timeoutMs: CHECK_TIMEOUT_MS, signal };
      const { compared, differences } = await policy.checkLedger({ caller: callerOf(principal) }, options);
      return { status: 200, body: { ok: differences.length === 0, compared, differences } };
    },
  });
}
