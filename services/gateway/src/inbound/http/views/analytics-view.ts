import type { ApprovalTimesAnswer, Spend as SpendAnswer } from '@aegis/contracts/http/analytics';
import type { ApprovalTimes } from '@aegis/grpc/generated/aegis/analytics/v1/ApprovalTimes';
import type { Bucket } from '@aegis/grpc/generated/aegis/analytics/v1/Bucket';
import type { Spend } from '@aegis/grpc/generated/aegis/analytics/v1/Spend';
import { changePercent } from '../../../domain/trend.ts';
import { amountOf } from './amounts.ts';

export function spendView(spend: Spend): SpendAnswer {
  const { total, previousTotal } = spend;
  return {
    currency: total?.currency ?? '',
    total: amountOf(total),
    intentCount: Number(spend.intentCount),
    breakdown: {
      approved: bucketView(spend.approved),
      denied: bucketView(spend.denied),
      pending: bucketView(spend.pending),
      pendingApproval: bucketView(spend.pendingApproval),
    },
    trend: {
      previousTotal: amountOf(previousTotal),
      changePercent: changePercent(BigInt(previousTotal?.amountMinor ?? 0), BigInt(total?.amountMinor ?? 0)),
    },
    byCurrency: spend.byCurrency.map((money) => ({ currency: money.currency, total: amountOf(money) })),
    from: spend.from,
    to: spend.to,
  };
}

function bucketView(bucket: Bucket | null) {
  return { count: Number(bucket?.count ?? 0), amount: amountOf(bucket?.amount) };
}

export function approvalTimesView(times: ApprovalTimes): ApprovalTimesAnswer {
  return {
    averageSeconds: times.averageSeconds ?? null,
    minimumSeconds: times.minimumSeconds ?? null,
    maximumSeconds: times.maximumSeconds ?? null,
    p50Seconds: times.p50Seconds ?? null,
    p95Seconds: times.p95Seconds ?? null,
    responded: Number(times.responded),
    approved: Number(times.approved),
    rejected: Number(times.rejected),
    expired: Number(times.expired),
    from: times.from,
    to: times.to,
  };
}
