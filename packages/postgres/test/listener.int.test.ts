import { eventually } from '@aegis/testkit/eventually';
import { startTcpProxy, type TcpProxy } from '@aegis/testkit/tcp-proxy';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Listener, startListener } from '../src/listener.ts';
import { type Ledger, openLedger, silent } from './ledger.ts';

let ledger: Ledger;
let proxy: TcpProxy;
let listener: Listener;
let heard: string[];
let listenings: number;

beforeEach(async () => {
  ledger = await openLedger();
  proxy = await startTcpProxy(ledger.url);
  heard = [];
  listenings = 0;
  listener = startListener({
    url: proxy.via(ledger.url),
    channels: ['feed', 'Other'],
    onNotify: (channel, payload) => heard.push(`${channel} ${payload}`),
    onListening: () => (listenings += 1),
    log: silent,
    probeIntervalMs: 100,
  });
  await eventually(() => listener.listening());
});
afterEach(async () => {
  await listener.stop();
  await proxy.stop();
  await ledger[Symbol.asyncDispose]();
});

const notify = (channel: string, payload: string) => ledger.admin('SELECT pg_notify($1, $2)', [channel, payload]);

test('what is notified on any of its channels is heard, with its payload', async () => {
  await notify('feed', 'one');
  await notify('Other', 'two');
  await notify('elsewhere', 'three');
  await notify('feed', '');
  await eventually(() => heard.length === 3);
  expect(heard).toEqual(['feed one', 'Other two', 'feed ']);
  expect(listenings).toBe(1);
});

test('a connection that the server ends is replaced, and the caller told to look', async () => {
  const ended = await ledger.admin(
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'listen feed Other'",
  );
  expect(ended.rowCount).toBe(1);
  await eventually(() => listenings === 2);
  await notify('feed', 'again');
  await eventually(() => heard.includes('feed again'));
});

test('a connection that dies without a word is found out by the probe and replaced', async () => {
  proxy.freeze();
  await eventually(() => !listener.listening());
  proxy.thaw();
  await eventually(() => listenings === 2);
  await notify('feed', 'again');
  await eventually(() => heard.includes('feed again'));
});

test('stopping does not wait for a server that is away', async () => {
  await proxy.stop();
  await eventually(() => !listener.listening());
  await listener.stop();
  expect(listener.listening()).toBe(false);
});
