import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { compilePolicySet } from '../../../services/policy/src/domain/policy-set.ts';
import { median } from '../statistics.ts';
import type { Engine } from './engines.ts';
import type { Workload } from './workload.ts';

type Policies = Workload['policies'];

/**
 * Evaluations over all cases in turn, a second of processor time of all threads of this process: other work on the machine
 * disturbs that less than the time on the wall. An engine that answers at once is not made to wait for a promise.
 */
export async function measureRate(engine: Engine, caseCount: number, lengthMs: number): Promise<number> {
  const first = engine.evaluate(0);
  const isAsync = first instanceof Promise;
  await first;
  const started = processorMs();
  let count = 0;
  for (let from = 0; processorMs() - started < lengthMs;) {
    // A slow engine looks at the clock more often.
    const to = Math.min(caseCount, from + (isAsync || count < caseCount ? 50 : caseCount));
    if (isAsync) for (let index = from; index < to; index++) await engine.evaluate(index);
    else for (let index = from; index < to; index++) engine.evaluate(index);
    count += to - from;
    from = to % caseCount;
  }
  return (count / (processorMs() - started)) * 1_000;
}

function processorMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

const SINGLE_ROUNDS = 20;

/** Nanoseconds of single evaluations. */
export function singleTimes(engine: Engine, caseCount: number): number[] {
  const times: number[] = [];
  for (let round = 0; round < SINGLE_ROUNDS; round++) {
    for (let index = 0; index < caseCount; index++) {
      const started = process.hrtime.bigint();
      void engine.evaluate(index);
      times.push(Number(process.hrtime.bigint() - started));
    }
  }
  return times;
}

/** How long compiling takes to the first answer's readiness: at first, and once the compiler is warm. */
export function compileTimes(policies: Policies): { readonly firstMs: number; readonly thenMs: number } {
  const times = Array.from({ length: 7 }, () => {
    const started = performance.now();
    compilePolicySet(policies);
    return performance.now() - started;
  });
  const [firstMs = 0, ...rest] = times;
  return { firstMs, thenMs: median(rest) };
}

/** Bytes that a compiled set keeps, beside the policies themselves. */
export function heapOf(policies: Policies): number {
  const collect = garbageCollector();
  const kept: unknown[] = [];
  const used = () => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  const before = used();
  const copies = Math.ceil(20_000 / policies.length);
  for (let copy = 0; copy < copies; copy++) kept.push(compilePolicySet(policies));
  return (used() - before) / kept.length;
}

function garbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
