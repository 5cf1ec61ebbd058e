import { constants } from 'node:os';
import { type AdminServer, startAdminServer } from './admin-server.ts';
import { type Clock, systemClock } from './clock.ts';
import { ConfigError, type Environment, presentVariables, processEnvironment, readConfig } from './config.ts';
import { type Logger, createLogger } from './log.ts';
import { observeProcess } from './process-metrics.ts';
import { type RuntimeConfig, runtimeConfig } from './runtime-config.ts';
import { type Readiness, type Service, readinessOf } from './service.ts';
import { flushTelemetry } from './telemetry-state.ts';

/** What a service is built from. */
export interface ServiceContext {
  readonly env: Environment;
  readonly log: Logger;
  readonly clock: Clock;
  /** Reports a fault that only a new process can mend: the service is stopped and the exit code is 1. */
  readonly fail: (error: unknown) => void;
}

export interface RunOptions {
  /** Values for variables that the environment does not set. */
  readonly defaults?: Environment;
}

/** 78 is `EX_CONFIG` of sysexits.h: starting again will not help. A forced stop exits with 128 + the signal's number. */
export const EXIT_CODES = { stopped: 0, failed: 1, badConfig: 78 } as const;

/** `npm run` passes on the Ctrl-C that the terminal has already sent: the second within this time is the same one. */
const REPEATED_SIGNAL_MS = 1000;

/**
 * Runs a service until SIGTERM or SIGINT, then stops it within SHUTDOWN_TIMEOUT_MS and exits. A second signal forces the
 * exit; so does, with code 1, any error that nobody caught.
 */
export async function runService(
  name: string,
  create: (context: ServiceContext) => Promise<Service>,
  { defaults = {} }: RunOptions = {},
): Promise<never> {
  const env = { ...defaults, ...presentVariables(processEnvironment()) };
  const config = readOrExit(name, env);
  const log = createLogger({ name, level: config.logLevel });
  process.on('uncaughtException', (error, origin) => {
    log.fatal({ err: error, origin }, 'uncaught error');
    process.exit(EXIT_CODES.failed);
  });
  observeProcess();
  const stop = stopRequest(config, log);
  let service: Service | null = null;
  const admin = await startOrExit(name, log, () =>
    startAdminServer({
      host: config.metricsHost,
      port: config.metricsPort,
      log,
      readiness: async () => (stop.requested() ? notReady('stopping') : (service?.readiness() ?? notReady('starting'))),
      liveness: () => service?.liveness?.() ?? {},
    }),
  );
  service = await startOrExit(name, log, () => create({ env, log, clock: systemClock, fail: stop.fail }));
  log.info({ metricsPort: admin.port }, 'started');
  const code = await stop.code;
  process.exit(await shutDown(service, admin, log, code));
}

function readOrExit(name: string, env: Environment): RuntimeConfig {
  try {
    return readConfig(runtimeConfig, env);
  } catch (error) {
    return exitForConfig(name, error);
  }
}

async function startOrExit<T>(name: string, log: Logger, start: () => Promise<T>): Promise<T> {
  try {
    return await start();
  } catch (error) {
    if (error instanceof ConfigError) return exitForConfig(name, error);
    log.fatal({ err: error }, 'could not start');
    return process.exit(EXIT_CODES.failed);
  }
}

/** For people, so not as JSON. */
function exitForConfig(name: string, error: unknown): never {
  process.stderr.write(`${name}: the configuration cannot be used\n${error instanceof Error ? error.message : ''}\n`);
  return process.exit(EXIT_CODES.badConfig);
}

function notReady(what: string): Readiness {
  return readinessOf({ [what]: { ok: false } });
}

/** Turns the first signal, or a reported fault, into an exit code, and bounds the time from there to the exit. */
function stopRequest({ shutdownTimeoutMs }: RuntimeConfig, log: Logger) {
  const { promise, resolve } = Promise.withResolvers<number>();
  let requestedAt: number | null = null;
  const request = (code: number) => {
    requestedAt = performance.now();
    resolve(code);
    setTimeout(() => {
      log.error({ shutdownTimeoutMs }, 'did not stop in time');
      process.exit(EXIT_CODES.failed);
    }, shutdownTimeoutMs);
  };
  const onSignal = (signal: 'SIGTERM' | 'SIGINT') => {
    if (requestedAt === null) {
      log.info({ signal }, 'stopping');
      request(EXIT_CODES.stopped);
    } else if (performance.now() - requestedAt > REPEATED_SIGNAL_MS) {
      log.warn({ signal }, 'stop forced');
      process.exit(128 + constants.signals[signal]);
    }
  };
  process.on('SIGTERM', onSignal).on('SIGINT', onSignal);
  const fail = (error: unknown) => {
    log.fatal({ err: error }, 'cannot go on');
    if (requestedAt === null) request(EXIT_CODES.failed);
  };
  return { code: promise, requested: () => requestedAt !== null, fail };
}

async function shutDown(service: Service, admin: AdminServer, log: Logger, code: number): Promise<number> {
  try {
    await service.stop();
    await admin.stop();
    await flushTelemetry();
    log.info('stopped');
    return code;
  } catch (error) {
    log.error({ err: error }, 'stopping failed');
    return EXIT_CODES.failed;
  }
}
