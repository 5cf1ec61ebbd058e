import { ConfigError, readConfig } from '@aegis/runtime/config';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { grpcSecurity, grpcTlsVariables } from '../src/tls-config.ts';

const schema = z.object(grpcTlsVariables).transform(grpcSecurity);
const files = { GRPC_TLS_CERT: 'c', GRPC_TLS_KEY: 'k', GRPC_TLS_CA: 'a' };

describe('grpcSecurity', () => {
  it('is plaintext on loopback when nothing is set', () => {
    expect(readConfig(schema, {})).toEqual({ tls: null, allowInsecure: false });
  });

  it('takes the three files together, with the names let in', () => {
    expect(readConfig(schema, { ...files, GRPC_TLS_ALLOWED_NAMES: 'gateway, policy' }).tls).toEqual({
      certFile: 'c',
      keyFile: 'k',
      caFile: 'a',
      allowedNames: ['gateway', 'policy'],
    });
  });

  it.each(Object.keys(files))('refuses to go on without %s alone, rather than in plaintext', (name) => {
    expect(() => readConfig(schema, { ...files, [name]: '' })).toThrow(ConfigError);
    expect(() => readConfig(schema, { ...files, [name]: '' })).toThrow(`${name} is missing`);
  });

  it('refuses a list of names without certificates, which nobody could check', () => {
    expect(() => readConfig(schema, { GRPC_TLS_ALLOWED_NAMES: 'gateway' })).toThrow('GRPC_TLS_CERT is missing');
  });
});
