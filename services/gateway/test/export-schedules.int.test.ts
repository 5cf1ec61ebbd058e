import { describe, expect, test } from 'vitest';
import { sharedGateway } from './support/shared-gateway.ts';

const { call } = sharedGateway();
const PATH = '/v1/audit/export-schedules';
const body = { name: 'Every month', format: 'csv', standard: 'sox', cadence: 'monthly' };

describe('export schedules', () => {
  test('go by the calendar of the organisation unless another is named', async () => {
    expect((await call(`POST ${PATH}`, body)).body).toMatchObject({ timeZone: 'Asia/Kolkata', bundle: 'zip' });
    const other = await call(`POST ${PATH}`, { ...body, timeZone: 'Europe/Berlin', bundle: 'none' });
    expect(other.body).toMatchObject({ timeZone: 'Europe/Berlin', bundle: 'none', createdBy: { type: 'human' } });
  });

  test('are read, paused, resumed and deleted by their ids', async () => {
    const { body: made } = await call(`POST ${PATH}`, body);
    const own = `${PATH}/${String(made['id'])}`;
    expect((await call(`POST ${own}/pause`)).body).toMatchObject({ status: 'paused' });
    expect((await call(`GET ${own}`)).body).toMatchObject({ status: 'paused', dueAt: '2026-03-31T18:30:00.000Z' });
    expect((await call(`POST ${own}/resume`)).body).toMatchObject({ status: 'active' });
    expect((await call(`GET ${own}/runs`)).body).toMatchObject({
      data: [{ periodFrom: '2026-02-01', bytes: 7, error: null, nextAttemptAt: null }],
    });
    expect((await call(`DELETE ${own}`)).status).toBe(204);
    expect((await call(`GET ${own}`)).status).toBe(404);
    expect((await call(`DELETE ${own}`)).status).toBe(404);
  });

  test('are paged by cursor, and take no other words than they know', async () => {
    expect((await call(`GET ${PATH}?offset=1`)).status).toBe(400);
    expect((await call(`GET ${PATH}?limit=1000`)).status).toBe(400);
    expect((await call(`POST ${PATH}`, { ...body, directory: '/etc' })).status).toBe(400);
    expect((await call(`POST ${PATH}`, { ...body, name: 'a\0b' })).status).toBe(400);
  });
});
