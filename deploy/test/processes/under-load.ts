import type { Checks } from '../checks.ts';
import { Balancer } from './balancer.ts';
import { type Deployment, deploy, type DeployOptions } from './deployment.ts';
import { Ledger } from './ledger.ts';
import { Load } from './load.ts';
import { holdBalance, reportRequests, summaryTable, writeTable } from './report.ts';
import type { Settings } from './settings.ts';

/** A deployment with a load on it. */
export interface Scene extends Deployment {
  readonly load: Load;
  readonly ledger: Ledger;
}

const SETTLE_MS = 60_000;

/**
 * Has something, which `name` says, happen to a deployment under load. Afterwards nothing that was accepted may be missing in any store, the
 * log must verify, and no process may have ended that was not asked to.
 *
 * @returns the load, with what became of each request
 */
export async function underLoad(
  name: string,
  { rate, write, ...options }: DeployOptions & Pick<Settings, 'rate' | 'write'>,
  checks: Checks,
  happen: (scene: Scene) => Promise<void>,
): Promise<Load> {
  const deployment = await deploy(options);
  const { system } = deployment;
  const [balancer, fresh] = [new Balancer(system.services), new Balancer(system.services)];
  const load = new Load({ balancer, operatorKey: system.operatorKey, rate });
  try {
    await load.start();
    const ledger = new Ledger(system, load.organizationId);
    await happen({ ...deployment, load, ledger });
    await load.stop();
    await load.finishApprovals();
    reportRequests(load.sent);
    const balance = await ledger.settle(load.accepted, SETTLE_MS);
    holdBalance(balance, checks);
    const log = await load.verifyLog(fresh);
    checks.hold(`the audit log is ${log}`, log.startsWith('intact'));
    for (const crash of system.services.crashes)
      console.log(`${crash.name} ended by itself:\n${crash.output.slice(-2_000)}`);
    checks.hold('no process ended that was not asked to', system.services.crashes.length === 0);
    await writeTable(name, summaryTable(load, balance, await ledger.decisionTimes()), write);
    return load;
  } finally {
    await Promise.all([balancer.close(), fresh.close()]);
    await system.stop();
    await deployment.close();
  }
}
