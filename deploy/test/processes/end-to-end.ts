import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createAuthority } from '@aegis/testkit/certificates';
import { run } from '@aegis/testkit/run';
import type { Checks } from '../checks.ts';
import { passEndToEnd } from '../end-to-end.ts';
import { SERVICES } from '../services.ts';
import { GATEWAY_NAME } from '../system.ts';
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
  const gateway = await system.authority.issue([GATEWAY_NAME]);
  const cases = [
    { who: 'the gateway', tls: gateway, expected: 'answered' },
    { who: 'a client without a certificate', tls: null, expected: 'unavailable' },
    // It trusts the server, so that it is the server that refuses.
    { who: 'one that another authority signed', tls: { ...foreign, caFile: gateway.caFile }, expected: 'unavailable' },
    { who: 'one with the name of another service', tls: misnamed, expected: 'forbidden' },
  ];
  const servers = SERVICES.filter((name) => name !== 'gateway');
  for (const { who, tls, expected } of cases) {
    const calls = servers.map((name): Call => ({ address: system.services.grpcAddress(name), tls }));
    const main = join(import.meta.dirname, 'strangers.ts');
    const output = await run(process.execPath, ['--import', RESOLVER, main, JSON.stringify(calls)], {
      env: network.env,
    });
    const answers = JSON.parse(output) as Answer[];
    const all = answers.every((answer) => answer === expected);
    checks.hold(`over gRPC ${who} is ${expected} by ${servers.join(', ')}${all ? '' : `: ${answers.join(', ')}`}`, all);
  }
  await rm(dir, { recursive: true });
}
