import {
  consistencyProofSchema,
  consistencyQuery,
  inclusionProofQuery,
  inclusionProofSchema,
  logKeysSchema,
} from '@aegis/contracts/http/audit';
import { type Route, route } from '@aegis/http/route';
import { encodeProof } from '@aegis/verify/format/proof-text';
import { z } from 'zod';
import type { TransparencyClient } from '../../clients.ts';
import { callerOf } from './caller.ts';
import { consistencyProofView, inclusionProofView, logKeysView } from './views/transparency-view.ts';

export interface TransparencyRoutesDeps {
  readonly transparency: Pick<
    TransparencyClient,
    'getCheckpoint' | 'listKeys' | 'rotateKey' | 'proveInclusion' | 'proveConsistency' | 'getTile'
  >;
}

const tag = 'Audit';
const TEXT = 'text/plain; charset=utf-8';

/** The log as a C2SP transparency log: a client of one takes `https://<host>/v1/audit` as its prefix. */
export function transparencyRoutes(deps: TransparencyRoutesDeps): Route[] {
  return [
    checkpointRoute(deps),
    keysRoute(deps),
    rotateRoute(deps),
    proofRoute(deps),
    consistencyRoute(deps),
    tileRoute(deps),
  ];
}

function checkpointRoute({ transparency }: TransparencyRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/audit/checkpoint',
    operationId: 'getAuditCheckpoint',
    tag,
    summary: 'Get the signed head of the log',
    description:
      'A signed note (c2sp.org/tlog-checkpoint): the log’s origin, its size and the root of its Merkle tree. Whoever keeps it can later prove that nothing before it was changed or cut off.',
    access: 'audit:read',
    responses: { 200: { description: 'The checkpoint of the log as it is now.', contentType: TEXT } },
    async handle({ principal }) {
      const { note } = await transparency.getCheckpoint({ caller: callerOf(principal) });
      return { status: 200, headers: { 'content-type': TEXT, 'cache-control': 'no-store' }, body: note };
    },
  });
}

function keysRoute({ transparency }: TransparencyRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/audit/keys',
    operationId: 'listAuditKeys',
    tag,
    summary: 'List the keys of the log',
    description:
      'Verifier keys of its checkpoints, earlier ones included. Whoever is to trust the log gets them out of band.',
    access: 'audit:read',
    responses: { 200: { description: 'All keys, the current one last.', schema: logKeysSchema } },
    async handle({ principal }) {
      const { keys } = await transparency.listKeys({ caller: callerOf(principal) });
      return { status: 200, body: logKeysView(keys) };
    },
  });
}

function rotateRoute({ transparency }: TransparencyRoutesDeps): Route {
  return route({
    method: 'post',
    path: '/v1/audit/keys/rotate',
    operationId: 'rotateAuditKey',
    tag,
    summary: 'Rotate the key of the log',
    description:
      'The log records the change, signed by both keys (`log.key_rotated`), before anything is signed with the new one. A key from the configuration is rotated there.',
    access: 'org:manage',
    responses: {
      200: { description: 'All keys, the new one last.', schema: logKeysSchema },
      409: { description: 'The key comes from the configuration.' },
    },
    async handle({ principal }) {
      const { keys } = await transparency.rotateKey({ caller: callerOf(principal) });
      return { status: 200, body: logKeysView(keys) };
    },
  });
}

function proofRoute({ transparency }: TransparencyRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/audit/:id/proof',
    operationId: 'proveAuditEntry',
    tag,
    summary: 'Prove that an entry stands in the log',
    description: 'The Merkle path (RFC 6962) from the entry to the root of a signed checkpoint.',
    access: 'audit:read',
    params: z.object({ id: z.string().min(1).max(128) }),
    query: inclusionProofQuery,
    responses: {
      200: {
        description: 'The proof; with `format=tlog-proof` as the text of c2sp.org/tlog-proof.',
        schema: inclusionProofSchema,
      },
    },
    async handle({ principal, params, query }) {
      const proof = await transparency.proveInclusion({ caller: callerOf(principal), entryId: params.id });
      if (query.format === 'json') return { status: 200, body: inclusionProofView(proof) };
      const { seq, hashes, checkpoint } = proof;
      const body = encodeProof({ index: Number(seq), hashes, checkpoint: checkpoint?.note ?? '' });
      return { status: 200, headers: { 'content-type': TEXT }, body };
    },
  });
}

function consistencyRoute({ transparency }: TransparencyRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/audit/consistency',
    operationId: 'proveAuditConsistency',
    tag,
    summary: 'Prove that the log only grew',
    description: 'That the log of `to` entries begins with that of `from` entries, unchanged (RFC 6962).',
    access: 'audit:read',
    query: consistencyQuery,
    responses: { 200: { description: 'The proof.', schema: consistencyProofSchema } },
    async handle({ principal, query: { from, to } }) {
      const proof = await transparency.proveConsistency({
        caller: callerOf(principal),
        from: String(from),
        ...(to === undefined ? {} : { to: String(to) }),
      });
      return { status: 200, body: consistencyProofView(proof) };
    },
  });
}

function tileRoute({ transparency }: TransparencyRoutesDeps): Route {
  return route({
    method: 'get',
    path: '/v1/audit/tile/*path',
    operationId: 'getAuditTile',
    tag,
    summary: 'Get a tile of the log',
    description:
      'c2sp.org/tlog-tiles: `<L>/<N>[.p/<W>]` holds hashes of the Merkle tree, `entries/<N>[.p/<W>]` the entries themselves, each after its length in two bytes.',
    access: 'audit:read',
    params: z.object({ path: z.string().min(1).max(64).meta({ description: 'Such as `0/x001/234.p/7`.' }) }),
    responses: { 200: { description: 'The bytes, which never change.', contentType: 'application/octet-stream' } },
    async handle({ principal, params }) {
      const { content } = await transparency.getTile({ caller: callerOf(principal), path: `tile/${params.path}` });
      // What a shared cache kept would be read past the credentials.
      const headers = {
        'content-type': 'application/octet-stream',
        'cache-control': 'private, max-age=31536000, immutable',
      };
      return { status: 200, headers, body: content };
    },
  });
}
