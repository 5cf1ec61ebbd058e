import { setTimeout as delay } from 'node:timers/promises';
import { eventually } from '@aegis/testkit/eventually';
import {
  type Environment,
  type Launched,
  type Launcher,
  type Network,
  type ServiceName,
  SERVICES,
} from './services.ts';

/** One process of a service, at an address of its own, which it keeps when it is started again. */
export interface Replica {
  readonly name: ServiceName;
  readonly address: string;
  /** Where it says how it is. */
  readonly metricsUrl: string;
  /** Where a gateway answers. */
  readonly apiUrl: string;
  readonly launched: Launched;
  /** From its last start until it said that it is ready. */
  readonly coldStartMs: number;
  /** Whether traffic goes to it. */
  readonly ready: boolean;
}

/** How a process ended that was asked to. */
export interface Ended {
  readonly name: ServiceName;
  readonly code: number;
  readonly ms: number;
}

interface Managed extends Replica {
  launched: Launched;
  coldStartMs: number;
  ready: boolean;
  failedProbes: number;
  readonly launcher: Launcher;
  /** Nobody is starting, stopping or killing it, so it is probed. */
  watched: boolean;
}

/** As the chart sets them. */
const PROBE_EVERY_MS = 5_000;
const PROBE_FAILURES = 2;
const PRE_STOP_MS = 5_000;
const READY_TIMEOUT_MS = 60_000;

/**
 * Runs replicas as a cluster does by the chart: traffic goes to those that are ready, one that fails its readiness probe
 * twice gets none, one that ended is started again, and one that is replaced gets no traffic for a while before SIGTERM.
 */
export class ReplicaSet {
  /** Processes that ended by themselves, with what they printed. */
  readonly crashes: { readonly name: ServiceName; readonly output: string }[] = [];
  readonly #environments: Readonly<Record<ServiceName, Environment>>;
  readonly #network: Network;
  readonly #replicas = new Set<Managed>();
  readonly #probes = setInterval(() => void this.#probeAll(), PROBE_EVERY_MS);

  constructor(environments: Readonly<Record<ServiceName, Environment>>, network: Network) {
    this.#environments = environments;
    this.#network = network;
  }

  of(name: ServiceName): readonly Replica[] {
    return [...this.#replicas].filter((replica) => replica.name === name);
  }

  /** `host:port` that the gateway finds a service by. */
  grpcAddress(name: ServiceName): string {
    return this.#environments.gateway[`${name.toUpperCase()}_GRPC_URL`] ?? '';
  }

  /** Starts one more; resolves once traffic goes to it. */
  async start(name: ServiceName, launcher: Launcher): Promise<Replica> {
    const address = this.#network.nextAddress();
    const { PORT, METRICS_PORT } = this.#environments[name];
    const begun = performance.now();
    const replica: Managed = {
      name,
      address,
      metricsUrl: `http://${address}:${METRICS_PORT}`,
      apiUrl: `http://${address}:${PORT}`,
      launched: await this.#launch(name, address, launcher),
      launcher,
      coldStartMs: 0,
      ready: false,
      failedProbes: 0,
      watched: false,
    };
    this.#replicas.add(replica);
    await this.#untilReady(replica, begun);
    return replica;
  }

  /** Takes one away: traffic first, then the process by SIGTERM. */
  async stop(given: Replica): Promise<Ended> {
    const replica = this.#managed(given);
    replica.watched = false;
    this.#route(replica, false);
    // The only replica is not replaced, so no traffic has anywhere else to go.
    if (this.of(replica.name).length > 1) await delay(PRE_STOP_MS);
    const begun = performance.now();
    const code = await replica.launched.stop();
    this.#replicas.delete(replica);
    return { name: replica.name, code, ms: Math.round(performance.now() - begun) };
  }

  /** SIGKILL; a node sees at once that a container ended, so it gets no more traffic. */
  async kill(given: Replica): Promise<void> {
    const replica = this.#managed(given);
    replica.watched = false;
    await replica.launched.kill();
    this.#route(replica, false);
  }

  /** Starts one again that was killed; resolves once traffic goes to it. */
  async revive(given: Replica): Promise<void> {
    const replica = this.#managed(given);
    const begun = performance.now();
    replica.launched = await this.#launch(replica.name, replica.address, replica.launcher);
    await this.#untilReady(replica, begun);
  }

  /** SIGKILL to whatever still runs. */
  async killAll(): Promise<void> {
    clearInterval(this.#probes);
    for (const replica of this.#replicas) await this.kill(replica);
    this.#replicas.clear();
  }

  #managed(given: Replica): Managed {
    for (const replica of this.#replicas) if (replica === given) return replica;
    throw new Error(`${given.name} at ${given.address} is no replica any more`);
  }

  #launch(name: ServiceName, address: string, launcher: Launcher): Promise<Launched> {
    const listen = { HOST: address, GRPC_HOST: address, METRICS_HOST: address };
    return launcher.launch(name, `services/${name}`, { ...this.#environments[name], ...listen });
  }

  async #untilReady(replica: Managed, begun: number): Promise<void> {
    try {
      await eventually(() => isReady(replica), { timeoutMs: READY_TIMEOUT_MS, intervalMs: 25 });
    } catch (error) {
      throw new Error(`${replica.name} did not become ready:\n${await replica.launched.output()}`, { cause: error });
    }
    replica.coldStartMs = Math.round(performance.now() - begun);
    replica.watched = true;
    this.#route(replica, true);
  }

  #route(replica: Managed, ready: boolean): void {
    replica.failedProbes = 0;
    if (replica.ready === ready) return;
    replica.ready = ready;
    const addresses = (name: ServiceName) => this.of(name).flatMap((each) => (each.ready ? [each.address] : []));
    this.#network.announce(new Map(SERVICES.map((name) => [name, addresses(name)])));
  }

  async #probeAll(): Promise<void> {
    await Promise.all([...this.#replicas].filter(({ watched }) => watched).map((replica) => this.#probe(replica)));
  }

  async #probe(replica: Managed): Promise<void> {
    const ended = await replica.launched.hasEnded();
    const ready = !ended && (await isReady(replica).catch(() => false));
    if (!replica.watched) return;
    if (ready) return this.#route(replica, true);
    if (ended) {
      replica.watched = false;
      this.crashes.push({ name: replica.name, output: await replica.launched.output() });
      this.#route(replica, false);
      return this.revive(replica);
    }
    replica.failedProbes += 1;
    if (replica.failedProbes >= PROBE_FAILURES) this.#route(replica, false);
  }
}

async function isReady({ metricsUrl }: Replica): Promise<boolean> {
  return (await fetch(`${metricsUrl}/readyz`, { signal: AbortSignal.timeout(3_000) })).ok;
}
