import { ProblemError } from '@aegis/contracts/problems';
import { scheduleService } from '@aegis/grpc/definitions';
import type { Schedule } from '@aegis/grpc/generated/aegis/audit/v1/Schedule';
import { bind, type BoundService } from '@aegis/grpc/server';

/** Schedules that are kept for as long as the fake is, and one run of each. */
export function fakeSchedules(): BoundService {
  const schedules = new Map<string, Schedule>();
  const find = (id: string): Schedule => {
    const schedule = schedules.get(id);
    if (!schedule) throw new ProblemError('not_found', 'no such export schedule');
    return schedule;
  };
  const setStatus = (id: string, status: string): Schedule => {
    const changed = { ...find(id), status };
    schedules.set(id, changed);
    return changed;
  };
  return bind(scheduleService, {
    async createSchedule({ caller, scheduleId, terms }) {
      schedules.set(scheduleId, {
        scheduleId,
        terms,
        status: 'active',
        nextFrom: '2026-03-01',
        dueAt: '2026-03-31T18:30:00.000Z',
        createdBy: caller?.actor ?? null,
        createdAt: '2026-03-05T10:00:00.000Z',
      });
      return find(scheduleId);
    },
    listSchedules: async () => ({ schedules: [...schedules.values()], page: { hasMore: false } }),
    getSchedule: async ({ scheduleId }) => find(scheduleId),
    pauseSchedule: async ({ scheduleId }) => setStatus(scheduleId, 'paused'),
    resumeSchedule: async ({ scheduleId }) => setStatus(scheduleId, 'active'),
    async deleteSchedule({ scheduleId }) {
      schedules.delete(find(scheduleId).scheduleId);
      return {};
    },
    async listRuns({ scheduleId }) {
      find(scheduleId);
      const period = { periodFrom: '2026-02-01', periodTo: '2026-03-01' };
      return { runs: [{ ...period, status: 'completed', attempts: 1, bytes: '7' }], page: { hasMore: false } };
    },
  });
}
