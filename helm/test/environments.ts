import { readAnalyticsConfig } from '@aegis/analytics/config';
import { readApprovalConfig } from '@aegis/approval/config';
import { readAuditConfig } from '@aegis/audit/config';
import { readGatewayConfig } from '@aegis/gateway/config';
import { readServersConfig } from '@aegis/migrate/config';
import { readPolicyConfig } from '@aegis/policy/config';
import { type Environment, readConfig } from '@aegis/runtime/config';
import { runtimeConfig } from '@aegis/runtime/runtime-config';
import { busConfig } from '@aegis/service/bus-config';
import { parseAllDocuments } from 'yaml';

interface Container {
  readonly name: string;
  readonly envFrom?: readonly { readonly configMapRef: { readonly name: string } }[];
  readonly env?: readonly {
    readonly name: string;
    readonly value?: string;
    readonly valueFrom?: {
      readonly secretKeyRef: { readonly name: string; readonly key: string; readonly optional?: boolean };
    };
  }[];
}

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
  readonly data?: Environment;
  readonly stringData?: Environment;
  readonly spec?: { readonly template?: { readonly spec: { readonly containers: readonly Container[] } } };
}

/** What the process in a container is started with. */
export interface ContainerEnvironment {
  readonly container: string;
  readonly env: Environment;
}

/**
 * The variables of every service and migration that these manifests start, as the kubelet would put them together.
 *
 * @param secrets what stands in Secrets that the chart does not make
 */
export function containerEnvironments(manifests: string, secrets: Environment): ContainerEnvironment[] {
  const all = parseAllDocuments(manifests).flatMap((document) => (document.toJS() as Manifest | null) ?? []);
  const named = (kind: string, name: string) => all.find((one) => one.kind === kind && one.metadata.name === name);
  const fromSecret = (name: string, key: string) => (named('Secret', name)?.stringData ?? secrets)[key];
  return all
    .filter(({ kind }) => kind === 'Deployment' || kind === 'Job')
    .flatMap(({ spec }) => spec?.template?.spec.containers ?? [])
    .map(({ name, envFrom = [], env = [] }) => {
      const shared = envFrom.map(({ configMapRef }) => named('ConfigMap', configMapRef.name)?.data ?? {});
      const own = env.map((variable) => {
        const reference = variable.valueFrom?.secretKeyRef;
        const value = reference ? fromSecret(reference.name, reference.key) : variable.value;
        if (value === undefined && !reference?.optional) throw new Error(`${name}: ${variable.name} has no value`);
        return [variable.name, value] as const;
      });
      return { container: name, env: { ...Object.assign({}, ...shared), ...Object.fromEntries(own) } };
    });
}

const READERS: Readonly<Record<string, (env: Environment) => unknown>> = {
  gateway: readGatewayConfig,
  policy: readPolicyConfig,
  approval: readApprovalConfig,
  audit: readAuditConfig,
  analytics: readAnalyticsConfig,
  migrate: readServersConfig,
};

/** Reads them as the process itself would. Throws ConfigError naming what is missing or wrong. */
export function readAsProcess({ container, env }: ContainerEnvironment): void {
  const read = READERS[container];
  if (!read) throw new Error(`nobody reads the configuration of ${container}`);
  readConfig(runtimeConfig, env);
  readConfig(busConfig, env);
  read(env);
}
