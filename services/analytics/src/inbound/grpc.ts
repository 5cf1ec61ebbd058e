import { uuidSchema } from '@aegis/contracts/ids';
import { ProblemError } from '@aegis/contracts/problems';
import { type AnalyticsMethods, analyticsService } from '@aegis/grpc/definitions';
import { type BoundService, type Handlers, bind } from '@aegis/grpc/server';
import { z } from 'zod';
import type { ApprovalTimesQuestion, ApprovalTimesReport } from '../usecases/get-approval-times.ts';
import type { SpendQuestion, SpendReport } from '../usecases/get-spend.ts';
import { approvalTimesMessage, spendMessage } from './messages.ts';

/** What can be asked of analytics. */
export interface Questions {
  readonly getSpend: (question: SpendQuestion, options: { signal: AbortSignal }) => Promise<SpendReport>;
  readonly getApprovalTimes: (
    question: ApprovalTimesQuestion,
    options: { signal: AbortSignal },
  ) => Promise<ApprovalTimesReport>;
}

const period = {
  caller: z.object({ organizationId: uuidSchema }),
  days: z.int().min(1).max(3_660),
  until: z.iso.datetime({ offset: true }).transform((text) => new Date(text)),
};
const spendRequest = z.object({ ...period, agentId: uuidSchema.optional() });
const approvalTimesRequest = z.object(period);

/** The gRPC face of analytics. */
export function analyticsGrpc(questions: Questions): BoundService {
  const handlers: Handlers<AnalyticsMethods> = {
    async getSpend(request, { signal }) {
      const { caller, agentId = null, days, until } = parse(spendRequest, request);
      const { organizationId } = caller;
      return spendMessage(await questions.getSpend({ organizationId, agentId, days, until }, { signal }));
    },
    async getApprovalTimes(request, { signal }) {
      const { caller, days, until } = parse(approvalTimesRequest, request);
      const { organizationId } = caller;
      return approvalTimesMessage(await questions.getApprovalTimes({ organizationId, days, until }, { signal }));
    },
  };
  return bind(analyticsService, handlers);
}

function parse<S extends z.ZodType>(schema: S, request: object): z.output<S> {
  const parsed = schema.safeParse(request);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
  throw new ProblemError('invalid_request', 'the question does not fit its schema', errors);
}
