import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { eventually } from '@aegis/testkit/eventually';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { containerEnvironments, readAsProcess } from './environments.ts';
import { outcomeOf, run } from '@aegis/testkit/run';
import { customResourceDefinitions, kubernetesBinaries, pythonTools } from './tools.ts';

const HERE = import.meta.dirname;
const CHART = join(HERE, '../aegis-comply');
const VALUES = [
  'test/values/minimal',
  'test/values/small',
  'test/values/everything',
  'examples/trying',
  'examples/production',
].map((name) => join(HERE, '..', `${name}.yaml`));
const MINIMAL = VALUES[0] ?? '';
const SERVICES = ['gateway', 'policy', 'approval', 'audit', 'analytics'];
const NAMESPACE = 'aegis';
/** What somebody puts into the Secrets that examples/production.yaml names. */
const GIVEN_SECRETS = {
  DATABASE_URL: 'postgres://aegis:secret@postgres.example.com/aegis',
  CLICKHOUSE_URL: 'https://aegis:secret@clickhouse.example.com:8443',
  AEGIS_SECRET_KEY: Buffer.alloc(32).toString('base64'),
};

const { helm, python } = await pythonTools();

let rendered: string;
beforeAll(async () => {
  rendered = await mkdtemp(join(tmpdir(), 'aegis-chart-'));
});
afterAll(() => rm(rendered, { recursive: true, force: true }));

function template(values: string, ...args: string[]): Promise<string> {
  return run(helm, [
    'template',
    'rel',
    CHART,
    `--namespace=${NAMESPACE}`,
    '--kube-version=1.37.2',
    `--values=${values}`,
    ...args,
  ]);
}

describe.each(VALUES.map((path) => ({ path, name: basename(path, '.yaml') })))(
  'with the values of $name',
  ({ path, name }) => {
    it('passes the linter', async () => {
      await expect(run(helm, ['lint', '--strict', '--quiet', CHART, `--values=${path}`])).resolves.toBe('');
    });

    it('gives every process a configuration that it can start with', async () => {
      const environments = containerEnvironments(await template(path), GIVEN_SECRETS);
      expect(environments.map(({ container }) => container)).toEqual(expect.arrayContaining(SERVICES));
      for (const environment of environments) expect(() => readAsProcess(environment)).not.toThrow();
    });

    it.each(['1.30', '1.33', '1.37'])('renders what Kubernetes %s has fields for', async (version) => {
      const file = join(rendered, `${name}.yaml`);
      await writeFile(file, await template(path));
      const args = ['-m', 'kubernetes_validate', '--kubernetes-version', version, '--strict', '--quiet', file];
      await expect(run(python, args)).resolves.not.toContain('ERROR');
    });
  },
);

describe('values that cannot work', () => {
  it.each([
    { set: 'gatewy.replicas=3', says: 'Additional property gatewy is not allowed' },
    { set: 'policy.replicas=0', says: 'policy.replicas: Must be greater than or equal to 1' },
    {
      set: 'grpc.tls.mode=yes',
      says: 'grpc.tls.mode must be one of the following: "certManager", "existingSecrets", "disabled"',
    },
    { set: 'audit.resources.limits.memory=lots', says: 'audit.resources.limits.memory' },
    { set: 'secrets.secretKey=short', says: 'secrets.secretKey: Does not match pattern' },
    { set: 'bus.kafka.brokers={kafka}', says: 'bus.kafka.brokers.0: Does not match pattern' },
    { set: 'analytics.image.digest=sha256:abc', says: 'analytics.image.digest: Does not match pattern' },
    { set: 'gateway.env.lower=1', says: 'gateway.env' },
    { set: 'bus.kafka.brokers=null', says: 'There is no Kafka: set bus.kafka.brokers, or bus.kind=postgres' },
    { set: 'secrets.databaseUrl=', says: 'There is no PostgreSQL: set secrets.existingSecret' },
    { set: 'secrets.existingSecret=mine', says: 'the other values of secrets would be ignored' },
    { set: 'grpc.tls.mode=existingSecrets', says: 'every service needs its Secret' },
    { set: 'ingress.enabled=true', says: 'ingress.enabled needs ingress.hosts' },
    { set: 'policy.autoscaling.minReplicas=13', says: 'policy.autoscaling.minReplicas (13) is above maxReplicas (12)' },
    { set: 'oidc.issuer=https://login.example.com', says: 'oidc.issuer needs oidc.audience and oidc.organizationId' },
  ])('$set is refused in words', async ({ set, says }) => {
    const { code, stderr } = await outcomeOf(helm, ['template', 'rel', CHART, `--values=${MINIMAL}`, '--set', set]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining(says) });
  });
});

describe('on a real control plane that enforces PodSecurity restricted', () => {
  let cluster: ControlPlane;

  beforeAll(async () => {
    const [binaries, definitions] = await Promise.all([kubernetesBinaries(), customResourceDefinitions()]);
    cluster = await startControlPlane(binaries);
    const files = [...definitions, join(HERE, 'admission-policy.yaml')].map((file) => `--filename=${file}`);
    // Server-side: these definitions are larger than the annotation that the other way keeps them in.
    await cluster.kubectl(['apply', '--server-side', ...files]);
    await cluster.kubectl(['create', 'namespace', NAMESPACE]);
    const labels = ['enforce', 'warn', 'audit'].map((mode) => `pod-security.kubernetes.io/${mode}=restricted`);
    await cluster.kubectl(['label', 'namespace', NAMESPACE, ...labels]);
  });
  afterAll(() => cluster?.stop());

  const withCluster = (...args: string[]) => [
    ...args,
    `--namespace=${NAMESPACE}`,
    `--kubeconfig=${cluster.kubeconfig}`,
  ];
  const upgrade = (...args: string[]) =>
    outcomeOf(helm, withCluster('upgrade', 'rel', CHART, `--values=${MINIMAL}`, '--wait', ...args));
  const get = (...args: string[]) => cluster.kubectl(['get', `--namespace=${NAMESPACE}`, ...args]);
  const images = async () => {
    const path = '{range .items[*]}{.spec.template.spec.containers[0].image}{"\\n"}{end}';
    return (await get('deployments', `--output=jsonpath=${path}`)).trim().split('\n').toSorted();
  };
  const imagesOf = (tag: string) => SERVICES.map((service) => `ghcr.io/aegis-comply/${service}:${tag}`).toSorted();

  it.each(VALUES)('the API server takes everything that %s renders', async (values) => {
    // helm's test pod needs an account that is not there yet.
    const manifest = await template(values, '--skip-tests');
    const applied = await cluster.kubectl(
      ['apply', `--namespace=${NAMESPACE}`, '--dry-run=server', '--filename=-'],
      manifest,
    );
    expect(applied.trim().split('\n').length).toBe(manifest.match(/^kind: /gm)?.length);
  });

  it('install waits until every Deployment is available, after the migrations have completed', async () => {
    const install = withCluster('install', 'rel', CHART, `--values=${MINIMAL}`, '--wait', '--timeout=60s');
    await expect(run(helm, install)).resolves.toContain('helm test rel');
    const path =
      '{range .items[*]}{.metadata.labels.app\\.kubernetes\\.io/component}={.status.availableReplicas}{"\\n"}{end}';
    const available = (await get('deployments', `--output=jsonpath=${path}`)).trim().split('\n');
    expect(available.toSorted()).toEqual(SERVICES.map((service) => `${service}=2`).toSorted());
    const events = await get(
      'events',
      '--output=jsonpath={range .items[?(@.reason=="Completed")]}{.involvedObject.name}{"\\n"}{end}',
    );
    expect(events.trim().split('\n').toSorted()).toEqual([
      'rel-aegis-comply-migrate-schemas',
      'rel-aegis-comply-migrate-topics',
    ]);
  });

  it('every Service selects pods', async () => {
    const services = (await get('services', '--output=name')).trim().split('\n');
    // One for its callers and one for its metrics each, and the gateway's for audit.
    expect(services).toHaveLength(2 * SERVICES.length + 1);
    for (const service of services) {
      const label = `kubernetes.io/service-name=${service.replace('service/', '')}`;
      const addresses = await get(
        'endpointslices',
        `--selector=${label}`,
        '--output=jsonpath={.items[*].endpoints[*].addresses[0]}',
      );
      expect({ service, pods: addresses.split(' ').filter(Boolean).length }).toEqual({ service, pods: 2 });
    }
  });

  it('every NetworkPolicy and PodDisruptionBudget selects pods, and no pod is without a policy', async () => {
    const path = '{range .items[*]}{.status.expectedPods}{"\\n"}{end}';
    expect((await get('poddisruptionbudgets', `--output=jsonpath=${path}`)).trim().split('\n')).toEqual(
      SERVICES.map(() => '2'),
    );
    const policies = JSON.parse(await get('networkpolicies', '--output=json')) as { items: NetworkPolicy[] };
    for (const { metadata, spec } of policies.items) {
      if (/-(migrate|test)$/.test(metadata.name)) continue;
      const selector = Object.entries(spec.podSelector.matchLabels).map(([key, value]) => `${key}=${value}`);
      const pods = await get('pods', `--selector=${selector.join(',')}`, '--output=name');
      const expected = metadata.name.endsWith('-default-deny') ? 2 * SERVICES.length : 2;
      expect({ policy: metadata.name, pods: pods.trim().split('\n').length }).toEqual({
        policy: metadata.name,
        pods: expected,
      });
    }
  });

  it('helm test runs its pod', async () => {
    await expect(run(helm, withCluster('test', 'rel', '--timeout=30s'))).resolves.toMatch(/Phase: +Succeeded/);
  });

  it('an upgrade replaces every pod', async () => {
    const { code, stderr } = await upgrade('--timeout=60s', '--set', 'image.tag=0.2.0');
    expect({ code, stderr, images: await images() }).toEqual({ code: 0, stderr: '', images: imagesOf('0.2.0') });
  });

  it('an upgrade whose pods never become ready rolls itself back', async () => {
    const { code } = await upgrade('--atomic', '--timeout=8s', '--set', 'image.tag=0.2.0,policy.image.tag=broken');
    expect({ failed: code !== 0, images: await images() }).toEqual({ failed: true, images: imagesOf('0.2.0') });
  });

  it('an upgrade whose migration fails leaves the running version alone', async () => {
    const { code } = await upgrade('--timeout=6s', '--set', 'image.tag=broken');
    expect({ failed: code !== 0, images: await images() }).toEqual({ failed: true, images: imagesOf('0.2.0') });
  });

  it('and the next one that can migrate leaves no trace of it', async () => {
    const { code } = await upgrade('--timeout=60s', '--set', 'image.tag=0.3.0');
    const jobs = await get(
      'jobs,secrets,serviceaccounts',
      '--selector=app.kubernetes.io/component=migrate',
      '--output=name',
    );
    expect({ code, jobs, images: await images() }).toEqual({ code: 0, jobs: '', images: imagesOf('0.3.0') });
  });

  it('a rollback brings the first version back', async () => {
    await run(helm, withCluster('rollback', 'rel', '1', '--wait', '--timeout=60s'));
    expect(await images()).toEqual(imagesOf('0.1.0'));
  });

  it('uninstalling leaves nothing', async () => {
    await run(helm, withCluster('uninstall', 'rel', '--wait', '--timeout=60s'));
    const kinds = (await cluster.kubectl(['api-resources', '--namespaced', '--verbs=list', '--output=name']))
      .trim()
      .split('\n');
    const ours = kinds.filter((kind) => !/^events(\.|$)/.test(kind)).join(',');
    // Pods drain after everything else is gone.
    await eventually(async () => {
      const left = (await get(ours, '--output=name', '--ignore-not-found')).trim().split('\n');
      expect(left.toSorted()).toEqual(['configmap/kube-root-ca.crt', 'serviceaccount/default']);
    });
  });
});

interface NetworkPolicy {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly podSelector: { readonly matchLabels: Readonly<Record<string, string>> } };
}
