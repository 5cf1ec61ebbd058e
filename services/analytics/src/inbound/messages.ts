import type { ApprovalTimes } from '@aegis/grpc/generated/aegis/analytics/v1/ApprovalTimes';
import type { Bucket as BucketMessage } from '@aegis/grpc/generated/aegis/analytics/v1/Bucket';
import type { Spend } from '@aegis/grpc/generated/aegis/analytics/v1/Spend';
import type { Bucket } from '../domain/spend.ts';
import type { Window } from '../domain/window.ts';
import type { ApprovalTimesReport } from '../usecases/get-approval-times.ts';
import type { SpendReport } from '../usecases/get-spend.ts';

export function spendMessage({ buckets, window, ...spend }: SpendReport): Spend {
  return {
    total: spend.total,
    previousTotal: spend.previousTotal,
    intentCount: spend.intentCount.toString(),
    approved: bucketMessage(buckets.approved),
    denied: bucketMessage(buckets.denied),
    pending: bucketMessage(buckets.pending),
    pendingApproval: bucketMessage(buckets.pending_approval),
    byCurrency: [...spend.byCurrency],
    ...windowMessage(window),
  };
}

export function approvalTimesMessage({ seconds, window, ...counts }: ApprovalTimesReport): ApprovalTimes {
  return {
    responded: counts.responded.toString(),
    approved: counts.approved.toString(),
    rejected: counts.rejected.toString(),
    expired: counts.expired.toString(),
    ...(seconds && {
      averageSeconds: seconds.average,
      minimumSeconds: seconds.minimum,
      maximumSeconds: seconds.maximum,
      p50Seconds: seconds.p50,
      p95Seconds: seconds.p95,
    }),
    ...windowMessage(window),
  };
}

function bucketMessage({ count, amount }: Bucket): BucketMessage {
  return { count: count.toString(), amount };
}

function windowMessage({ from, to }: Window) {
  return { from: from.toISOString(), to: to.toISOString() };
}
