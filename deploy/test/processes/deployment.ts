import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Launcher, type Network, SERVICES } from '../services.ts';
import { type SeparateSystem, startSeparately } from '../system.ts';
import { processLauncher, ROOT } from './launcher.ts';
import { podNetwork } from './network.ts';

/** The five services as processes, each replica at an address of its own. */
export interface Deployment {
  readonly system: SeparateSystem;
  readonly network: Network;
  readonly launcher: Launcher;
  /** Of the launchers' logs: a file a process. */
  readonly logs: string;
  /** Ends everything. The logs are kept with `AEGIS_KEEP_LOGS`. */
  close(): Promise<void>;
}

export interface DeployOptions {
  /** Of each service. Default 1. */
  readonly replicas?: number;
  /** Which checkout to run. Default: this one. */
  readonly root?: string;
}

export async function deploy({ replicas = 1, root = ROOT }: DeployOptions = {}): Promise<Deployment> {
  const dir = await mkdtemp(join(tmpdir(), 'aegis-processes-'));
  const logs = join(dir, 'logs');
  const network = podNetwork(dir);
  const launcher = await processLauncher(logs, root);
  const system = await startSeparately(launcher, network);
  for (let more = 1; more < replicas; more++) for (const name of SERVICES) await system.services.start(name, launcher);
  return {
    system,
    network,
    launcher,
    logs,
    async close() {
      await system.close();
      if (process.env.AEGIS_KEEP_LOGS === undefined) await rm(dir, { recursive: true });
      else console.log(`logs: ${logs}`);
    },
  };
}
