import type { Check } from '@aegis/runtime/service';
import type { Store } from './store.ts';

const TIMEOUT_MS = 1_500;

/** Whether the store answers a SELECT. */
export async function pingStore({ clickhouse }: Store): Promise<Check> {
  const result = await clickhouse.ping({ select: true, abort_signal: AbortSignal.timeout(TIMEOUT_MS) });
  return result.success ? { ok: true } : { ok: false, detail: result.error.message };
}
