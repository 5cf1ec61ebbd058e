import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { TlsFiles } from '../src/tls-config.ts';
import { ENTRY, REQUEST, closeAll, connect, serve } from './audit-server.ts';
import { type Authority, createAuthority } from '@aegis/testkit/certificates';

let dir: string;
let authority: Authority;
let server: TlsFiles;
let gateway: TlsFiles;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'aegis-grpc-'));
  authority = await createAuthority('aegis', dir);
  server = await authority.issue(['localhost', 'audit']);
  gateway = await authority.issue(['gateway']);
});

afterEach(closeAll);
afterAll(() => rm(dir, { recursive: true }));

/** Serial number of the certificate that a new connection is shown, as upper-case hex. */
async function presentedSerial(address: string, { certFile, keyFile, caFile }: TlsFiles): Promise<string> {
  const [host = '', port] = address.split(':');
  const pems = { cert: readFileSync(certFile), key: readFileSync(keyFile), ca: readFileSync(caFile) };
  const socket = connectTls({ host, port: Number(port), servername: host, ALPNProtocols: ['h2'], ...pems });
  await once(socket, 'secureConnect');
  const { serialNumber } = socket.getPeerCertificate();
  socket.destroy();
  return serialNumber;
}

describe('mutual TLS', () => {
  it('lets in a certificate of the authority with a permitted name', async () => {
    const { address } = await serve({}, { tls: { ...server, allowedNames: ['gateway'] } });
    expect(await connect(address, gateway).listForIntent(REQUEST)).toEqual({ entries: [ENTRY] });
  });

  it('answers PERMISSION_DENIED to a certificate of the authority with another name', async () => {
    const handler = vi.fn();
    const { address } = await serve({ listForIntent: handler }, { tls: { ...server, allowedNames: ['gateway'] } });
    const other = await authority.issue(['analytics', 'gateway.example.org']);
    await expect(connect(address, other).listForIntent(REQUEST)).rejects.toMatchObject({
      code: 'forbidden',
      cause: { code: 7 },
    });
    expect(handler).not.toHaveBeenCalled();
  });

  it('refuses a client without TLS', async () => {
    const { address } = await serve({}, { tls: server });
    await expect(connect(address).listForIntent(REQUEST)).rejects.toMatchObject({ code: 'unavailable' });
  });

  it('refuses a client whose certificate another authority signed', async () => {
    const handler = vi.fn();
    const { address } = await serve({ listForIntent: handler }, { tls: server });
    const foreign = await (await createAuthority('aegis', dir)).issue(['gateway']);
    // It trusts the server, so that it is the server that refuses.
    const client = connect(address, { ...foreign, caFile: server.caFile });
    await expect(client.listForIntent(REQUEST)).rejects.toMatchObject({ code: 'unavailable' });
    expect(handler).not.toHaveBeenCalled();
  });

  it('does not talk to a server that another authority signed, or that has another name', async () => {
    const impostor = await (await createAuthority('aegis', dir)).issue(['localhost']);
    const misnamed = await authority.issue(['policy']);
    for (const tls of [impostor, misnamed]) {
      const handler = vi.fn();
      const { address } = await serve({ listForIntent: handler }, { tls: { ...tls, caFile: server.caFile } });
      await expect(connect(address, gateway).listForIntent(REQUEST)).rejects.toMatchObject({ code: 'unavailable' });
      expect(handler).not.toHaveBeenCalled();
    }
  });

  it('takes up a renewed certificate without a restart', async () => {
    const [first, renewed] = [await authority.issue(['localhost']), await authority.issue(['localhost'])];
    // As Kubernetes mounts a secret: a link to a folder, replaced in one step.
    const link = join(dir, 'current');
    await symlink(first.dir, link);
    const files = { certFile: join(link, 'tls.crt'), keyFile: join(link, 'tls.key'), caFile: join(link, 'ca.crt') };
    const { address } = await serve({}, { tls: { ...files, refreshMs: 20 } });
    const presents = (serial: string) =>
      vi.waitFor(async () => expect(await presentedSerial(address, gateway)).toBe(serial.toUpperCase()), {
        timeout: 30_000,
      });
    await presents(first.serialNumber);
    await symlink(renewed.dir, `${link}.new`);
    await rename(`${link}.new`, link);
    await presents(renewed.serialNumber);
    expect(await connect(address, gateway).listForIntent(REQUEST)).toEqual({ entries: [ENTRY] });
  });

  it('exchanges the authority itself while calls go on: first both are trusted, then the new one signs, then the old goes', async () => {
    const next = await createAuthority('aegis-next', dir);
    const bundle = async (issued: { dir: string; caFile: string }, others: TlsFiles[]) => {
      const trusted = [issued, ...others].map(({ caFile }) => readFileSync(caFile, 'utf8'));
      const files = await mkdtemp(join(dir, 'bundle-'));
      for (const name of ['tls.crt', 'tls.key']) await copyFile(join(issued.dir, name), join(files, name));
      await writeFile(join(files, 'ca.crt'), trusted.join('\n'));
      return files;
    };
    /** One side's files in each phase of the exchange. */
    const phases = async (name: string) => {
      const [old, fresh] = [await authority.issue([name]), await next.issue([name])];
      return [old.dir, await bundle(old, [fresh]), await bundle(fresh, [old]), fresh.dir] as const;
    };
    const mount = async (name: string, phase: string) => {
      await symlink(phase, join(dir, `${name}.new`));
      await rename(join(dir, `${name}.new`), join(dir, name));
      return {
        certFile: join(dir, name, 'tls.crt'),
        keyFile: join(dir, name, 'tls.key'),
        caFile: join(dir, name, 'ca.crt'),
        refreshMs: 20,
      };
    };
    const [ofServer, ofClient] = [await phases('localhost'), await phases('gateway')];
    const [serverFiles, clientFiles] = [await mount('server', ofServer[0]), await mount('client', ofClient[0])];
    const { address } = await serve({}, { tls: { ...serverFiles, allowedNames: ['gateway'] } });
    const lasting = connect(address, clientFiles);
    const call = async () => {
      // A connection that lasts, and a new one as after a restart of the client.
      expect(await lasting.listForIntent(REQUEST)).toEqual({ entries: [ENTRY] });
      expect(await connect(address, clientFiles).listForIntent(REQUEST)).toEqual({ entries: [ENTRY] });
    };
    const serial = (folder: string) => new X509Certificate(readFileSync(join(folder, 'tls.crt'))).serialNumber;
    for (const phase of [1, 2, 3] as const) {
      // The sides never change at the same moment.
      await mount('server', ofServer[phase]);
      await call();
      await vi.waitFor(async () => {
        expect(await presentedSerial(address, clientFiles)).toBe(serial(ofServer[phase]));
      });
      await mount('client', ofClient[phase]);
      await call();
    }
    const left = { ...clientFiles, certFile: join(ofClient[0], 'tls.crt'), keyFile: join(ofClient[0], 'tls.key') };
    await vi.waitFor(() =>
      expect(connect(address, left).listForIntent(REQUEST)).rejects.toMatchObject({ code: 'unavailable' }),
    );
  });

  it('does not start with a missing or mismatched file', async () => {
    await expect(serve({}, { tls: { ...server, keyFile: '/nowhere.key' } })).rejects.toThrow('/nowhere.key');
    await expect(serve({}, { tls: { ...server, keyFile: gateway.keyFile } })).rejects.toThrow('cannot be used');
  });
});

describe('without certificates', () => {
  it('a server listens on loopback only, unless told otherwise', async () => {
    await expect(serve({}, { host: '0.0.0.0' })).rejects.toThrow('loopback only');
    await expect(serve({}, { host: '::' })).rejects.toThrow('loopback only');
    const { address } = await serve({}, { host: '0.0.0.0', allowInsecure: true });
    expect(await connect(address.replace('0.0.0.0', '127.0.0.1')).listForIntent(REQUEST)).toEqual({ entries: [ENTRY] });
  });
});
