import { readFile } from 'node:fs/promises';
import { openImages } from './containers.ts';
import { Checks } from './checks.ts';
import { passEndToEnd } from './end-to-end.ts';
import { SERVICES } from './services.ts';
import { type SeparateSystem, startSeparately } from './system.ts';

const HELP = `Builds every image and runs the services from them: read-only, non-root, without capabilities, on a real PostgreSQL and
Kafka and on ClickHouse's engine, with mutual TLS. Then the end-to-end suite passes through them, and SIGTERM ends them.

Usage: npm run test:images

Needs buildah, podman, runc, mmdebstrap, Java and Maven. PULL_BASES=true pulls the official base images in place of the
stand-ins made here.
`;

const MB = 1_000_000;

if (process.argv.includes('--help')) {
  process.stdout.write(HELP);
  process.exit(0);
}

const images = await openImages();
const checks = new Checks();
try {
  const sizes = new Map<string, number>();
  for (const workspace of ['packages/migrate', ...SERVICES.map((name) => `services/${name}`)]) {
    sizes.set(workspace, await images.build(workspace));
    console.log(`built ${workspace}`);
  }
  const [first, second] = [await images.layersOf('services/gateway'), await images.layersOf('services/gateway')];
  checks.hold('two builds of the same sources have the same layers', first === second);
  const system = await startSeparately(images.launcher);
  try {
    await report(system, sizes);
    await passEndToEnd(system, checks);
  } finally {
    for (const { name, code, ms } of await system.stop())
      checks.hold(`SIGTERM ends ${name} with 0, after ${ms} ms`, code === 0);
    await system.close();
  }
} finally {
  await images.remove();
}
process.exitCode = checks.exitCode;

async function report(system: SeparateSystem, sizes: ReadonlyMap<string, number>): Promise<void> {
  console.log('\n| service | image, MB | cold start, ms | memory when ready, MB | uid |\n|---|---|---|---|---|');
  for (const name of SERVICES) {
    const [running] = system.services.of(name);
    if (!running) continue;
    const status = await readFile(`/proc/${running.launched.pid}/status`, 'utf8');
    const uid = Number(/^Uid:\s+(\d+)/m.exec(status)?.[1]);
    const residentMb = Math.round((Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) * 1024) / MB);
    const imageMb = Math.round((sizes.get(`services/${name}`) ?? 0) / MB);
    console.log(`| ${name} | ${imageMb} | ${running.coldStartMs} | ${residentMb} | ${uid} |`);
    if (uid === 0) checks.hold(`${name} is not root`, false);
  }
  console.log('');
}
