import { createServer } from 'node:net';
import { EngineError } from '@aegis/engines/postgres';

/** Fails before anything is started when the API's port is taken, because that is the commonest reason to fail later. */
export async function assertPortFree(port: number): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((done, failed) => server.once('error', failed).listen(port, done));
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (why === 'EADDRINUSE')
      throw new EngineError(`Port ${port} is in use. Stop what listens there, or choose another: PORT=8081 npm start`);
    throw new EngineError(`Port ${port} cannot be used (${why}). Choose another: PORT=8081 npm start`, {
      cause: error,
    });
  } finally {
    await new Promise((done) => server.close(done));
  }
}
