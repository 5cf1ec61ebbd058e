import { type BoundService, startGrpcServer } from '@aegis/grpc/server';
import { createLogger } from '@aegis/runtime/log';
import type { ServiceAddresses } from '../../src/clients.ts';
import { fakeSchedules } from './fake-schedules.ts';
import { fakeTransparency } from './fake-transparency.ts';
import { fakeAnalytics } from './fake-analytics.ts';
import { type FakeApproval, fakeApproval } from './fake-approval.ts';
import { type FakeAudit, fakeAudit } from './fake-audit.ts';
import { type FakePolicy, fakePolicy } from './fake-policy.ts';

/** The four other services behind real gRPC servers of the real definitions. */
export interface FakeServices {
  readonly addresses: ServiceAddresses;
  readonly policy: FakePolicy;
  readonly approval: FakeApproval;
  readonly audit: FakeAudit;
  stop(service: keyof ServiceAddresses): Promise<void>;
  stopAll(): Promise<void>;
}

export async function startFakeServices(): Promise<FakeServices> {
  const log = createLogger({ name: 'fake', level: 'silent' });
  const policy = fakePolicy();
  const approval = fakeApproval();
  const audit = fakeAudit();
  const start = (name: string, ...services: BoundService[]) =>
    startGrpcServer({ name, host: '127.0.0.1', port: 0, tls: null, log, services, stopTimeoutMs: 100 });
  const servers = {
    policy: await start('policy', policy.service),
    approval: await start('approval', approval.service),
    audit: await start('audit', audit.service, fakeSchedules(), fakeTransparency()),
    analytics: await start('analytics', fakeAnalytics()),
  };
  return {
    addresses: {
      policy: servers.policy.address,
      approval: servers.approval.address,
      audit: servers.audit.address,
      analytics: servers.analytics.address,
    },
    policy,
    approval,
    audit,
    stop: (service) => servers[service].stop(),
    async stopAll() {
      await Promise.all(Object.values(servers).map((server) => server.stop()));
    },
  };
}
