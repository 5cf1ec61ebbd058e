import { erasureBody, erasureSchema } from '@aegis/contracts/http/privacy';
import { type Route, route } from '@aegis/http/route';
import type { EraseCommand } from '../../usecases/privacy/erase.ts';

export interface PrivacyRoutesDeps {
  readonly erase: (command: EraseCommand) => Promise<string>;
}

export function privacyRoutes({ erase }: PrivacyRoutesDeps): Route[] {
  return [
    route({
      method: 'post',
      path: '/v1/privacy/erasures',
      operationId: 'erasePersonalText',
      tag: 'Privacy',
      summary: 'Erase personal and free text',
      description:
        'Of intents, or of a person: from every store, and from what the log discloses. The log itself keeps its entries, checksums and proofs, which hold such text only as salted digests. Irreversible.',
      access: 'privacy:erase',
      body: erasureBody,
      responses: {
        202: {
          description: 'Erased here; the other stores were asked to.',
          schema: erasureSchema,
          headers: { Location: 'The entries of the log about it.' },
        },
        404: { description: 'No such intent, or no such user.' },
        409: { description: 'An intent is not decided yet, or the user is still active.' },
      },
      async handle({ principal, traceparent, body }) {
        const { intentIds = [], userId = null } = body;
        const id = await erase({ principal, traceparent, intentIds: [...new Set(intentIds)], userId });
        return { status: 202, headers: { location: `/v1/audit?subject=${id}` }, body: { id, status: 'requested' } };
      },
    }),
  ];
}
