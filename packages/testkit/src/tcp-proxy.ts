import { createServer, connect, type AddressInfo, type Socket } from 'node:net';

/** What becomes of a chunk that a client sent: `cut` loses it; `cut-answer` delivers it and loses what it is answered. */
export type Verdict = 'forward' | 'cut' | 'cut-answer';

export interface TcpProxy {
  readonly port: number;
  /** The same address, by way of the proxy. */
  via(url: string): string;
  /** Judges what clients send from now on. */
  judge(inspect: (chunk: Buffer) => Verdict): void;
  /** Keeps every connection open and delivers nothing, as a network does that lost its route. */
  freeze(): void;
  thaw(): void;
  /** Breaks every connection. */
  cut(): void;
  stop(): Promise<void>;
}

/** Stands between a client and the server at `target` and breaks connections in chosen places. */
export async function startTcpProxy(target: string): Promise<TcpProxy> {
  const { hostname, port } = new URL(target);
  const pairs = new Set<readonly [Socket, Socket]>();
  let inspect: (chunk: Buffer) => Verdict = () => 'forward';
  let frozen = false;

  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    const pair = [client, upstream] as const;
    let loseAnswer = false;
    const cut = () => {
      pairs.delete(pair);
      client.destroy();
      upstream.destroy();
    };
    pairs.add(pair);
    for (const socket of pair) {
      socket.setNoDelay(true);
      socket.on('error', cut);
      socket.on('close', cut);
      if (frozen) socket.pause();
    }
    client.on('data', (chunk) => {
      const verdict = inspect(chunk);
      if (verdict === 'cut') return cut();
      loseAnswer ||= verdict === 'cut-answer';
      upstream.write(chunk);
    });
    upstream.on('data', (chunk) => (loseAnswer ? cut() : client.write(chunk)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const own = (server.address() as AddressInfo).port;
  const sockets = () => [...pairs].flat();

  return {
    port: own,
    via(url) {
      const address = new URL(url);
      address.host = `127.0.0.1:${own}`;
      return address.href;
    },
    judge: (next) => (inspect = next),
    freeze() {
      frozen = true;
      for (const socket of sockets()) socket.pause();
    },
    thaw() {
      frozen = false;
      for (const socket of sockets()) socket.resume();
    },
    cut() {
      for (const socket of sockets()) socket.destroy();
    },
    async stop() {
      for (const socket of sockets()) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
