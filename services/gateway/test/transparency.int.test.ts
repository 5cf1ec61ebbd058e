import { describe, expect, test } from 'vitest';
import { NOTE, ROOT } from './support/fake-transparency.ts';
import { sharedGateway } from './support/shared-gateway.ts';

const shared = sharedGateway();
const { call } = shared;
const root = ROOT.toString('base64');

const get = (path: string) =>
  fetch(`${shared.gateway.url}/v1/audit/${path}`, { headers: { authorization: `Bearer ${shared.tenant.owner}` } });

describe('the log as a transparency log', () => {
  test('serves the checkpoint as it was signed', async () => {
    const response = await get('checkpoint');
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await response.text()).toBe(NOTE);
  });

  test('serves tiles under the paths of the format, and lets nobody but the reader keep them', async () => {
    for (const path of ['tile/0/000', 'tile/1/x001/x234/067.p/12', 'tile/entries/x001/000']) {
      const response = await get(path);
      expect(response.headers.get('content-type')).toBe('application/octet-stream');
      expect(response.headers.get('cache-control')).toContain('private');
      expect(await response.text()).toBe(path);
    }
    expect((await get('tile/')).status).toBe(404);
  });

  test('proves an entry in JSON, or as one text', async () => {
    const json = await call('GET /v1/audit/evt_1/proof');
    expect(json).toMatchObject({ status: 200, body: { seq: 0, size: 2, hashes: [root], root, checkpoint: NOTE } });
    const text = await (await get('evt_1/proof?format=tlog-proof')).text();
    expect(text).toBe(`c2sp.org/tlog-proof@v1\nindex 0\n${root}\n\n${NOTE}`);
    expect(await call('GET /v1/audit/evt_2/proof')).toMatchObject({ status: 404 });
  });

  test('proves that it only grew', async () => {
    expect(await call('GET /v1/audit/consistency?from=1')).toMatchObject({
      body: { from: 1, to: 2, fromRoot: root, hashes: [], checkpoint: NOTE },
    });
    expect(await call('GET /v1/audit/consistency?from=1&to=1')).toMatchObject({ body: { to: 1, checkpoint: null } });
    for (const query of ['', '?from=-1', '?from=1&to=x']) {
      expect(await call(`GET /v1/audit/consistency${query}`)).toMatchObject({ status: 400 });
    }
  });

  test('tells its keys, and lets those who manage the organisation rotate them', async () => {
    const keys = [
      { generation: 1, current: false },
      { generation: 2, current: true, vkey: 'new' },
    ];
    expect(await call('GET /v1/audit/keys')).toMatchObject({ body: { data: keys } });
    expect(await call('POST /v1/audit/keys/rotate')).toMatchObject({ status: 200, body: { data: keys } });
    expect(await call('POST /v1/audit/keys/rotate', undefined, shared.tenant.backendKey)).toMatchObject({
      status: 403,
    });
  });

  test('is closed to those who may not read the log', async () => {
    for (const path of ['checkpoint', 'keys', 'evt_1/proof', 'consistency?from=1', 'tile/0/000']) {
      expect(await call(`GET /v1/audit/${path}`, undefined, shared.tenant.backendKey)).toMatchObject({ status: 403 });
    }
  });
});
