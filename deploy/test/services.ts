/** A service's process, however it was started. */
export interface Launched {
  /** As the machine sees it. */
  readonly pid: number;
  output(): Promise<string>;
  hasEnded(): Promise<boolean>;
  /** SIGTERM; resolves to the exit code. */
  stop(): Promise<number>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

export type Environment = Readonly<Record<string, string>>;

export interface Launcher {
  launch(name: string, workspace: string, env: Environment): Promise<Launched>;
  /** Runs `packages/migrate` to its end. */
  migrate(env: Environment): Promise<void>;
}

export const SERVICES = ['policy', 'approval', 'audit', 'analytics', 'gateway'] as const;
export type ServiceName = (typeof SERVICES)[number];

/** How services find each other. */
export interface Network {
  /** What their processes need to know of it. */
  readonly env: Environment;
  /** The name that the gateway calls a service by. */
  hostOf(name: ServiceName): string;
  /** For one more replica to listen on. */
  nextAddress(): string;
  /** Tells which addresses the names stand for from now on. */
  announce(ready: ReadonlyMap<ServiceName, readonly string[]>): void;
}
