import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '@aegis/testkit/certificates';
import { run } from '@aegis/testkit/run';
import type { Checks } from '../checks.ts';
import { passEndToEnd } from '../end-to-end.ts';
import { SERVICES, type ServiceName } from '../services.ts';
import { AUDIT_NAME, GATEWAY_NAME } from '../system.ts';
import { type Deployment, deploy } from './deployment.ts';
import { RESOLVER } from './launcher.ts';
import type { Answer, Call } from './strangers.ts';

/** The end-to-end suite through the gateway, and nobody else gets an answer over gRPC. */
export async function endToEnd(checks: Checks): Promise<void> {
  const deployment = await deploy();
  try {
    await refuseStrangers(deployment, checks);
    await passEndToEnd(deployment.system, checks);
    for (const { name, code, ms } of await deployment.system.stop())
      checks.hold(`SIGTERM ends ${name} with 0, after ${ms} ms`, code === 0);
  } finally {
    await deployment.close();
  }
}

async function refuseStrangers({ system, network }: Deployment, checks: Checks): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'aegis-strangers-'));
  const foreign = await (await createAuthority('another authority', dir)).issue([GATEWAY_NAME]);
  const misnamed = await system.authority.issue(['analytics.aegis.test']);
  const [gateway, audit] = await Promise.all([GATEWAY_NAME, AUDIT_NAME].map((name) => system.authority.issue([name])));
  if (!gateway || !audit) throw new Error('no certificates were issued');
  const trusting = { ...foreign, caFile: gateway.caFile };
  const cases = [
    { who: 'its client', tlsOf: (name: ServiceName) => (name === 'gateway' ? audit : gateway), expected: 'answered' },
    { who: 'a client without a certificate', tlsOf: () => null, expected: 'unavailable' },
    // It trusts the server, so that it is the server that refuses.
    { who: 'one that another authority signed', tlsOf: () => trusting, expected: 'unavailable' },
    { who: 'one with the name of another service', tlsOf: () => misnamed, expected: 'forbidden' },
  ];
  for (const { who, tlsOf, expected } of cases) {
    const calls = SERVICES.map((name): Call => ({ address: system.services.grpcAddress(name), tls: tlsOf(name) }));
    const main = join(import.meta.dirname, 'strangers.ts');
    const output = await run(process.execPath, ['--import', RESOLVER, main, JSON.stringify(calls)], {
      env: network.env,
    });
    const answers = JSON.parse(output) as Answer[];
    const all = answers.every((answer) => answer === expected);
    checks.hold(
      `over gRPC ${who} is ${expected} by ${SERVICES.join(', ')}${all ? '' : `: ${answers.join(', ')}`}`,
      all,
    );
  }
  await rm(dir, { recursive: true });
}
