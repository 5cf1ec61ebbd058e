import { describe, expect, it } from 'vitest';
import { amountText, intentBody, mapColumns } from '../src/replay/columns.ts';

const headers = ['date', 'card', 'department', 'merchant', 'category', 'amount', 'currency'];
const row = {
  date: '2014-03-06',
  card: '5353',
  department: 'Local',
  merchant: 'bp "24" & co',
  category: 'Fuel',
  amount: '1,098.30',
  currency: 'GBP',
};

describe('columns of a card file', () => {
  it('are found by their usual names', () => {
    expect(mapColumns(headers, [])).toEqual({
      agent: 'card',
      amount: 'amount',
      currency: 'currency',
      merchant: 'merchant',
      merchantCategory: 'category',
      metadata: { date: 'date', department: 'department' },
    });
  });

  it('are taken from flags first', () => {
    expect(mapColumns(headers, ['agent=department', 'metadata.card=card'])).toMatchObject({
      agent: 'department',
      metadata: { card: 'card' },
    });
  });

  it.each([
    [['agent=nobody'], 'no column nobody'],
    [['colour=card'], 'colour is not a field'],
  ])('%s is refused with the reason', (maps, message) => {
    expect(() => mapColumns(headers, maps)).toThrow(message);
  });

  it('that are missing are named together with what the file has', () => {
    expect(() => mapColumns(['a', 'b'], [])).toThrow('No column fits agent');
  });

  it('become a body whose amount is the text of the file', () => {
    const body = intentBody(row, mapColumns(headers, []), 'agent-1', 'EUR');
    expect(body).toContain('{"amount":1098.30,');
    expect(JSON.parse(body ?? '')).toEqual({
      amount: 1098.3,
      agentId: 'agent-1',
      currency: 'GBP',
      reason: 'Card purchase: Fuel',
      merchant: 'bp "24" & co',
      merchantCategory: 'Fuel',
      metadata: { date: '2014-03-06', department: 'Local' },
    });
  });

  it.each([
    ['-594.00', '-594.00'],
    ['007.50', '7.50'],
    ['1,234,567.8', '1234567.8'],
    ['', null],
    ['12 GBP', null],
    ['1e5', null],
  ])('with the amount %s send %s', (cell, text) => {
    expect(amountText(cell)).toBe(text);
  });
});
