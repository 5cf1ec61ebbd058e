import { describe, expect, test } from 'vitest';
import { inTurn } from '../src/inbound/in-turn.ts';

describe('what is done in turn', () => {
  test('is one thing at a time, and whoever asks for much waits for each of the others after each of theirs', async () => {
    const turn = inTurn();
    const done: string[] = [];
    let running = 0;
    const ask = (who: string, name: string) =>
      turn(who, async () => {
        expect((running += 1)).toBe(1);
        await Promise.resolve();
        running -= 1;
        done.push(name);
        return name;
      });
    const answers = [ask('a', 'a1'), ask('a', 'a2'), ask('a', 'a3'), ask('b', 'b1'), ask('c', 'c1'), ask('b', 'b2')];
    expect(await Promise.all(answers)).toEqual(['a1', 'a2', 'a3', 'b1', 'c1', 'b2']);
    expect(done).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3']);
    expect(await ask('a', 'a4')).toBe('a4');
  });

  test('goes on after what fails, which is told to whoever asked for it', async () => {
    const turn = inTurn();
    const failed = turn('a', () => Promise.reject(new Error('no')));
    const next = turn('a', () => Promise.resolve('next'));
    await expect(failed).rejects.toThrow('no');
    expect(await next).toBe('next');
  });
});
