import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ConfigError, flag, integer, list, oneOf, port, readConfig, url } from '../src/config.ts';

const schema = z.object({
  PORT: port(8080),
  DATABASE_URL: url(['postgres', 'postgresql']),
  WORKERS: integer({ min: 1, max: 64 }),
  INSECURE: flag(false),
  LEVEL: oneOf(['info', 'debug'], 'info'),
  NAMES: list().optional(),
});
const good = { DATABASE_URL: 'postgres://localhost/x', WORKERS: '4' };

function errorOf(env: Record<string, string>): string {
  try {
    readConfig(schema, env);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
  }
  throw new Error('the configuration was accepted');
}

describe('readConfig', () => {
  it('gives typed values, with defaults for absent and empty variables', () => {
    expect(readConfig(schema, { ...good, PORT: '', NAMES: 'a, b', INSECURE: 'true' })).toEqual({
      PORT: 8080,
      DATABASE_URL: 'postgres://localhost/x',
      WORKERS: 4,
      INSECURE: true,
      LEVEL: 'info',
      NAMES: ['a', 'b'],
    });
  });

  it('names every variable at fault and what it must be', () => {
    const message = errorOf({ PORT: '80a', WORKERS: '65', INSECURE: 'yes', LEVEL: 'loud', NAMES: ',' });
    expect(message.split('\n').toSorted()).toEqual([
      'DATABASE_URL is missing: must be a URL that starts with postgres:// or postgresql://',
      'INSECURE: must be true or false',
      'LEVEL: must be one of info, debug',
      'NAMES: must be a list separated by commas',
      'PORT: must be a whole number from 0 to 65535',
      'WORKERS: must be a whole number from 1 to 64',
    ]);
  });

  it('never repeats a value, which may be a secret', () => {
    expect(errorOf({ ...good, DATABASE_URL: 'mysql://root:hunter2@db' })).not.toContain('hunter2');
  });

  it.each(['1.5', '0x10', '1e3', ' 1', '-1', '99999999999999999999'])('refuses %j as a port', (value) => {
    expect(errorOf({ ...good, PORT: value })).toBe('PORT: must be a whole number from 0 to 65535');
  });
});
