import { Pool } from 'undici';
import { startServerProcess } from '../server-process.ts';
import { CONNECTIONS } from './target.ts';

const BODY = JSON.stringify({
  agentId: '0193f2c3-a1b2-7c4d-8e5f-60718293a4b5',
  amount: 12.34,
  currency: 'GBP',
  reason: 'Benchmark of the whole pipeline',
  merchant: 'paper.example',
  merchantCategory: 'office',
  metadata: { order: 'A-1024', note: 'as long as an intent usually is, with a little more text to reach 300 bytes' },
});

export interface ExpressFloor {
  /** Requests per second of a handler that parses the body and answers 202, with the same connections. */
  measure(count: number): Promise<number>;
  stop(): Promise<void>;
}

/** The least that any Express service on this machine does: in a process of its own, as the system under test is. */
export async function startExpressFloor(): Promise<ExpressFloor> {
  const { place: port, stop } = await startServerProcess<number>(new URL('express-server.ts', import.meta.url));
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: CONNECTIONS });
  const headers = { 'content-type': 'application/json', authorization: 'Bearer aegis_sk_none' };
  return {
    async measure(count) {
      let left = count;
      const startedAt = performance.now();
      const worker = async () => {
        while (left-- > 0) {
          const { statusCode, body } = await pool.request({ method: 'POST', path: '/v1/intents', headers, body: BODY });
          await body.dump();
          if (statusCode !== 202) throw new Error(`the floor answered ${statusCode}`);
        }
      };
      await Promise.all(Array.from({ length: CONNECTIONS }, worker));
      return count / ((performance.now() - startedAt) / 1000);
    },
    stop,
  };
}
