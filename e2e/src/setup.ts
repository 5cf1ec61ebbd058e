import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findKafka } from '@aegis/testkit/kafka';
import { type DemoFacts, startSystem } from '@aegis/testkit/system';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
  interface ProvidedContext {
    facts: DemoFacts;
    operatorKey: string;
    bus: 'embedded' | 'kafka';
  }
}

/** A system that runs already, for `AEGIS_E2E_SYSTEM`: the path of a file that describes it. */
interface GivenSystem {
  readonly facts: DemoFacts;
  readonly operatorKey: string;
}

/** Starts one whole system for the project's tests: on the embedded bus, or on a real Kafka when the project asks for it, or uses the one given. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const given = process.env.AEGIS_E2E_SYSTEM;
  if (given) return provideGiven(project, given);
  const kafka = project.name === 'e2e-kafka' ? await (await findKafka())?.start() : undefined;
  const system = await startSystem({ env: { KAFKA_BROKERS: kafka ? kafka.brokers.join(',') : '' } });
  const secrets = JSON.parse(await readFile(join(system.dataDir, 'secrets.json'), 'utf8')) as { operatorKey: string };
  project.provide('bus', kafka ? 'kafka' : 'embedded');
  project.provide('facts', system.facts);
  project.provide('operatorKey', secrets.operatorKey);
  return async () => {
    const code = await system.stop();
    await kafka?.stop();
    if (code !== 0) throw new Error(`the system ended with ${code} when it was asked to stop:\n${system.output()}`);
  };
}

async function provideGiven(project: TestProject, file: string): Promise<() => Promise<void>> {
  const { facts, operatorKey } = JSON.parse(await readFile(file, 'utf8')) as GivenSystem;
  project.provide('bus', 'embedded');
  project.provide('facts', facts);
  project.provide('operatorKey', operatorKey);
  return () => Promise.resolve();
}
