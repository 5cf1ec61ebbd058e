import { PermanentError } from '@aegis/bus/port';
import pg from 'pg';
import { expect, test } from 'vitest';
import {
  CommitUnknownError,
  endsSession,
  isPermanent,
  isTransient,
  OverloadedError,
  sqlState,
  UnavailableError,
} from '../src/errors.ts';

function databaseError(code: string): pg.DatabaseError {
  const error = new pg.DatabaseError('told by the server', 0, 'error');
  error.code = code;
  return error;
}

test.each(['22001', '22P02', '23502', '23505', '23514', 'P0001'])('%s will fail for ever', (code) => {
  expect(isPermanent(databaseError(code))).toBe(true);
  expect(isTransient(databaseError(code))).toBe(false);
});

test.each(['40001', '40P01', '53100', '53300', '55P03', '57014'])('%s may pass, on the same session', (code) => {
  expect(isPermanent(databaseError(code))).toBe(false);
  expect(isTransient(databaseError(code))).toBe(true);
  expect(endsSession(databaseError(code))).toBe(false);
});

test.each(['08006', '25006', '25P03', '57P01', '57P02', '58030', 'XX000'])('%s ends the session', (code) => {
  expect(endsSession(databaseError(code))).toBe(true);
  expect(isPermanent(databaseError(code))).toBe(false);
});

test('our own verdicts, and errors that are nobody else’s', () => {
  expect(isPermanent(new PermanentError('no such schema'))).toBe(true);
  for (const error of [new UnavailableError('gone'), new OverloadedError(), new CommitUnknownError()]) {
    expect([isTransient(error), isPermanent(error)]).toEqual([true, false]);
  }
  expect([isTransient(new TypeError()), isPermanent(new TypeError())]).toEqual([false, false]);
});

test('an unavailable database still tells why', () => {
  const shutdown = new UnavailableError(databaseError('57P01'));
  expect(sqlState(shutdown)).toBe('57P01');
  expect(shutdown.message).toBe('database unavailable: told by the server');
});
