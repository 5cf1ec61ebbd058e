import { ConfigError } from '@aegis/runtime/config';
import { describe, expect, test } from 'vitest';
import { readGatewayConfig } from '../src/config.ts';

const SECRET_KEY = Buffer.alloc(32, 7).toString('base64');
const minimal = { DATABASE_URL: 'postgres://localhost/aegis', AEGIS_SECRET_KEY: SECRET_KEY };

describe('the configuration', () => {
  test('needs a database and a secret key, and has a default for the rest', () => {
    const config = readGatewayConfig(minimal);
    expect(config.http).toEqual({ host: '0.0.0.0', port: 8080, trustProxy: 0 });
    expect(config.services.policy).toBe('127.0.0.1:50051');
    expect(config.identity).toMatchObject({ operatorKeys: [], oidc: null });
    expect(config.identity.secretKeys.map((key) => key.length)).toEqual([32]);
  });

  test.each([
    [{ AEGIS_SECRET_KEY: 'dG9vIHNob3J0' }, 'AEGIS_SECRET_KEY'],
    [{ AEGIS_SECRET_KEY: `${SECRET_KEY},` }, 'AEGIS_SECRET_KEY'],
    [{ AEGIS_OPERATOR_KEY: 'a-long-enough-operator-key,short' }, 'AEGIS_OPERATOR_KEY'],
    [{ DATABASE_URL: 'mysql://localhost' }, 'DATABASE_URL'],
    [{ POLICY_GRPC_URL: 'http://policy:50051/' }, 'POLICY_GRPC_URL'],
    [{ RATE_LIMIT_PER_MINUTE: '0' }, 'RATE_LIMIT_PER_MINUTE'],
    [{ OIDC_ISSUER: 'https://id.example.com' }, 'OIDC_AUDIENCE'],
    [{ OIDC_ROLE_MAP: 'admins=owner' }, 'OIDC_ROLE_MAP'],
    [{ GRPC_TLS_CERT: 'a.pem' }, 'GRPC_TLS_KEY'],
  ])('refuses %j, naming the variable', (change, name) => {
    const read = () => readGatewayConfig({ ...minimal, ...change });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(name);
  });

  test('takes two of a secret while one follows the other', () => {
    const next = Buffer.alloc(32, 8).toString('base64');
    const operators = ['an-operator-key-of-before', 'an-operator-key-of-now'];
    const { identity } = readGatewayConfig({
      ...minimal,
      AEGIS_SECRET_KEY: `${next},${SECRET_KEY}`,
      AEGIS_OPERATOR_KEY: operators.join(','),
    });
    expect(identity.secretKeys.map((key) => key[0])).toEqual([8, 7]);
    expect(identity.operatorKeys).toEqual(operators);
  });

  test('binds an external issuer to one organisation', () => {
    const { identity } = readGatewayConfig({
      ...minimal,
      OIDC_ISSUER: 'https://id.example.com',
      OIDC_AUDIENCE: 'aegis',
      OIDC_ORGANIZATION_ID: '5B8F0A52-6D3C-4B1E-9F57-0C2A4E6D8B10',
      OIDC_ROLE_MAP: 'admins=admin, treasury=finance',
    });
    expect(identity.oidc).toEqual({
      issuer: 'https://id.example.com',
      audience: 'aegis',
      organizationId: '5b8f0a52-6d3c-4b1e-9f57-0c2a4e6d8b10',
      jwksUrl: null,
      rolesClaim: 'roles',
      roleMap: { admins: 'admin', treasury: 'finance' },
    });
  });
});
