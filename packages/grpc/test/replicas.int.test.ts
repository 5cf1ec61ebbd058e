import { promises as dns } from 'node:dns';
import { eventually } from '@aegis/testkit/eventually';
import { afterEach, expect, it, vi } from 'vitest';
import { ENTRY, REQUEST, closeAll, connect, serve } from './audit-server.ts';

afterEach(async () => {
  vi.restoreAllMocks();
  await closeAll();
});

it('asks for the addresses again when a connection is lost, also twice within seconds, and for no TXT records', async () => {
  const lookup = vi
    .spyOn(dns, 'lookup')
    .mockImplementation((async () => [{ address: '127.0.0.1', family: 4 }]) as unknown as typeof dns.lookup);
  const texts = vi.spyOn(dns, 'resolveTxt');
  let server = await serve({}, { host: '127.0.0.1' });
  const port = Number(server.address.split(':').at(-1));
  const client = connect(`audit.test:${port}`);
  expect(await client.listForIntent(REQUEST)).toEqual({ entries: [ENTRY] });
  for (const replacement of [1, 2]) {
    const asked = lookup.mock.calls.length;
    await server.stop();
    server = await serve({}, { host: '127.0.0.1', port });
    await eventually(async () => {
      expect(await client.listForIntent(REQUEST), `replacement ${replacement}`).toEqual({ entries: [ENTRY] });
      expect(lookup.mock.calls.length).toBeGreaterThan(asked);
    });
  }
  expect(texts).not.toHaveBeenCalled();
});
