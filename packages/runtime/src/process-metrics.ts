import { monitorEventLoopDelay } from 'node:perf_hooks';
import { gauge, observedCounter } from './metrics.ts';

const NANOSECONDS = 1e9;

/** Reports what the process itself uses, under the names that dashboards for any process know. Once a process. */
export function observeProcess(): void {
  const delay = monitorEventLoopDelay({ resolution: 20 });
  delay.enable();
  gauge('process.resident.memory.bytes', { description: 'Memory that the process holds.' }).observe(
    () => process.memoryUsage.rss(),
    {},
  );
  gauge('nodejs.heap.used.bytes', { description: 'Memory that JavaScript objects take.' }).observe(
    () => process.memoryUsage().heapUsed,
    {},
  );
  observedCounter('process.cpu.seconds', {
    description: 'Processor time, of the process and of the system for it.',
  }).observe(() => {
    const { user, system } = process.cpuUsage();
    return (user + system) / 1e6;
  }, {});
  gauge('nodejs.eventloop.delay.seconds', {
    description: 'How late the event loop was, at the 99th percentile since the last reading.',
  }).observe(() => {
    const seconds = delay.percentile(99) / NANOSECONDS;
    delay.reset();
    return seconds;
  }, {});
  gauge('process.start.time.seconds', { description: 'When the process began, in seconds since the epoch.' }).observe(
    () => performance.timeOrigin / 1_000,
    {},
  );
}
