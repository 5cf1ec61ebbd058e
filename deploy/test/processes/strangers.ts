import { createGrpcClient } from '@aegis/grpc/client';
import { healthContract } from '@aegis/grpc/health';
import type { TlsFiles } from '@aegis/grpc/tls-config';
import type { ProblemError } from '@aegis/contracts/problems';

/** What `main` is given and prints, as JSON. */
export interface Call {
  readonly address: string;
  readonly tls: TlsFiles | null;
}
/** `answered`, or the code of the problem. */
export type Answer = string;

/** Usage: strangers.ts CALLS. Calls one service after another as somebody else would. */
if (import.meta.main) {
  const answers: Answer[] = [];
  for (const { address, tls } of JSON.parse(process.argv[2] ?? '[]') as Call[]) {
    const client = createGrpcClient(healthContract, { address, tls });
    answers.push(
      await client.check({ service: '' }).then(
        () => 'answered',
        (error: ProblemError) => error.code,
      ),
    );
    client.close();
  }
  console.log(JSON.stringify(answers));
}
