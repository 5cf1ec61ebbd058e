import type { Approval, ApprovalStatus } from './approval-request.ts';

/** Whose requests, and in which state. */
export interface ApprovalFilter {
  readonly organizationId: string;
  readonly userId: string;
  readonly roles: readonly string[];
  readonly status: ApprovalStatus;
}

/** The place of an entry in its list: the time it is sorted by, and its id. */
export interface Position {
  readonly at: Date;
  readonly id: string;
}

/** Open requests are sorted by their deadline, resolved ones by when that was. */
export function positionOf({ id, resolvedAt, expiresAt }: Approval): Position {
  return { at: resolvedAt ?? expiresAt, id };
}
