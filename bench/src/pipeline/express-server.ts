import { randomUUID } from 'node:crypto';
import express from 'express';

const app = express();
app.post('/v1/intents', express.json(), (request, response) => {
  const { amount, currency } = request.body as { amount: number; currency: string };
  response.status(202).json({ id: randomUUID(), status: 'pending', amount, currency, policyDecision: null });
});
const server = app.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.send?.(typeof address === 'object' ? address?.port : null);
});
// Whoever started it may end without a word.
process.once('disconnect', () => process.exit());
