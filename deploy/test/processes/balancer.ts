import { setTimeout as delay } from 'node:timers/promises';
import { Pool } from 'undici';
import type { ReplicaSet } from '../replica-set.ts';

export interface Answer {
  /** Of HTTP. */
  readonly status: number;
  readonly body: string;
}

/** Nobody could be asked: the request was not sent. */
export class NobodyReady extends Error {
  override readonly name = 'NobodyReady';
}

/** What undici says when it could not connect, so that nothing was sent. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'UND_ERR_CONNECT_TIMEOUT', 'EHOSTUNREACH']);
const ANSWER_TIMEOUT_MS = 15_000;
const CONNECTIONS = 64;

/**
 * Stands where an ingress stands: asks the ready gateways in turn. One that cannot be connected to is passed over for the
 * next, as nothing was sent; a request that was sent is never sent again, whatever becomes of it.
 */
export class Balancer {
  /** How often one was passed over. */
  passedOver = 0;
  readonly #services: ReplicaSet;
  readonly #pools = new Map<string, Pool>();
  #turn = 0;

  constructor(services: ReplicaSet) {
    this.#services = services;
  }

  /** Rejects with NobodyReady, or with another error when it was sent and got no answer. */
  async request(
    method: 'GET' | 'POST',
    path: string,
    headers: Readonly<Record<string, string>>,
    body: string | null = null,
  ): Promise<Answer> {
    const ready = this.#services.of('gateway').filter((replica) => replica.ready);
    const first = this.#turn++;
    for (let passed = 0; passed < ready.length; passed++) {
      const { apiUrl } = ready[(first + passed) % ready.length] ?? { apiUrl: '' };
      try {
        const answer = await this.#pool(apiUrl).request({ method, path, headers, body });
        return { status: answer.statusCode, body: await answer.body.text() };
      } catch (error) {
        if (!NOT_CONNECTED.has((error as NodeJS.ErrnoException).code ?? '')) throw error;
        this.passedOver += 1;
      }
    }
    throw new NobodyReady('no gateway is ready');
  }

  async close(): Promise<void> {
    // Connections to processes that were killed end no other way.
    await Promise.race([Promise.all([...this.#pools.values()].map((pool) => pool.destroy())), delay(1_000)]);
  }

  #pool(url: string): Pool {
    const known = this.#pools.get(url);
    if (known) return known;
    const pool = new Pool(url, {
      connections: CONNECTIONS,
      connectTimeout: 2_000,
      headersTimeout: ANSWER_TIMEOUT_MS,
      bodyTimeout: ANSWER_TIMEOUT_MS,
    });
    this.#pools.set(url, pool);
    return pool;
  }
}
