import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import { type GenerateStep, listFiles } from './generate-step.ts';

const OUT = 'packages/grpc/src/generated';
const PROTOS = [
  'policy/v1/policy',
  'approval/v1/approval',
  'gateway/v1/populations',
  'audit/v1/audit',
  'audit/v1/exports',
  'audit/v1/schedules',
  'audit/v1/transparency',
  'analytics/v1/analytics',
].map((name) => `aegis/${name}.proto`);

/** They describe what `packages/grpc/src/definitions.ts` loads at run time: the options of both must agree. */
const OPTIONS = [
  '--longs=String',
  '--enums=String',
  '--bytes=Buffer',
  '--defaults',
  '--includeComments',
  '--grpcLib=@grpc/grpc-js',
  '--importFileExtension=.ts',
  // `Agent` is what is decoded, every field present; `AgentInput` is what protobufjs would accept.
  '--inputTemplate=%sInput',
  '--outputTemplate=%s',
];

/** TypeScript types of the messages and services under `proto/`. */
export const protoTypesStep: GenerateStep = {
  name: 'proto types',
  ownedDir: OUT,
  async outputs(root) {
    const dir = await mkdtemp(join(tmpdir(), 'aegis-proto-types-'));
    try {
      const generator = join(root, 'node_modules/.bin/proto-loader-gen-types');
      const cwd = join(root, 'proto');
      await promisify(execFile)(
        generator,
        [...OPTIONS, '-I', '.', '-O', dir, ...PROTOS, 'grpc/health/v1/health.proto'],
        { cwd },
      );
      // The files at the top describe grpc.loadPackageDefinition's tree, which nothing here uses.
      const paths = (await listFiles(dir)).filter((path) => dirname(path) !== dir);
      const files = paths.map(async (path) => [`${OUT}/${relative(dir, path)}`, await readFile(path, 'utf8')] as const);
      return new Map(await Promise.all(files));
    } finally {
      await rm(dir, { recursive: true });
    }
  },
};
