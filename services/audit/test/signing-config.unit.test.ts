import { generateKeyPairSync } from 'node:crypto';
import { ConfigError } from '@aegis/runtime/config';
import { createSigner } from '@aegis/verify/format/note';
import { describe, expect, it } from 'vitest';
import { readAuditConfig } from '../src/config.ts';

const DATABASE = { DATABASE_URL: 'postgres://localhost/aegis' };
const SECRET = { AEGIS_SECRET_KEY: Buffer.alloc(32, 1).toString('base64') };
const SKEY = `PRIVATE+KEY+audit.example.com/org/acme+f6c35dff+${Buffer.from([1, ...Array.from({ length: 32 }, (_, at) => at)]).toString('base64')}`;

const pemOf = (type: 'ed25519' | 'x25519') =>
  generateKeyPairSync(type as 'ed25519')
    .privateKey.export({ format: 'pem', type: 'pkcs8' })
    .toString();

describe('how checkpoints are signed', () => {
  it('needs a key, or what seals those that are made here', () => {
    expect(() => readAuditConfig(DATABASE)).toThrow('AEGIS_SECRET_KEY');
    expect(readAuditConfig({ ...DATABASE, ...SECRET }).signing).toMatchObject({ key: null, origin: 'aegis.localhost' });
  });

  it('takes a key as PEM, on one line too, and as a note tool writes it', () => {
    const pem = pemOf('ed25519');
    for (const text of [pem, pem.replaceAll('\n', String.raw`\n`), SKEY]) {
      const { key } = readAuditConfig({ ...DATABASE, AUDIT_SIGNING_KEY: text }).signing;
      expect(key?.asymmetricKeyType).toBe('ed25519');
    }
    const { key } = readAuditConfig({ ...DATABASE, AUDIT_SIGNING_KEY: SKEY }).signing;
    expect(key && createSigner('audit.example.com/org/acme', key).verifier.keyId.toString('hex')).toBe('f6c35dff');
  });

  it('takes the key before it, or that it is lost', () => {
    const config = (previous: string) =>
      readAuditConfig({ ...DATABASE, AUDIT_SIGNING_KEY: SKEY, AUDIT_PREVIOUS_SIGNING_KEY: previous }).signing
        .previousKey;
    expect(config('lost')).toBe('lost');
    expect(config(SKEY)).toMatchObject({ type: 'private' });
  });

  it.each([
    ['AUDIT_SIGNING_KEY', pemOf('x25519')],
    ['AUDIT_SIGNING_KEY', 'secret'],
    ['AUDIT_SIGNING_KEY', 'PRIVATE+KEY+a+00000000+AAAA'],
    ['AUDIT_PREVIOUS_SIGNING_KEY', 'gone'],
    ['AUDIT_LOG_ORIGIN', 'https://audit.example.com/'],
    ['AUDIT_LOG_ORIGIN', 'a b'],
    ['AUDIT_CHECKPOINT_INTERVAL_SECONDS', '0'],
  ])('refuses %s = %s, without repeating it', (name, value) => {
    let message = '';
    try {
      readAuditConfig({ ...DATABASE, ...SECRET, [name]: value });
    } catch (error) {
      if (error instanceof ConfigError) ({ message } = error);
    }
    expect(message).toContain(name);
    expect(message).not.toContain(value.length > 3 ? value : '\0');
  });
});
