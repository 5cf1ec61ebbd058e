/**
 * Runs tasks one after the other; one that fails holds up none. All who ask take turns: however much one of them asks, each
 * of the others waits for one of those tasks at most before each of its own.
 */
export function inTurn(): <T>(who: string, task: () => Promise<T>) => Promise<T> {
  /** In the order of their turns; the first one's first task was taken and is under way. */
  const waiting = new Map<string, (() => Promise<void>)[]>();

  async function work(): Promise<void> {
    for (const [who, tasks] of waiting) {
      await tasks.shift()?.();
      waiting.delete(who);
      if (tasks.length > 0) waiting.set(who, tasks);
    }
  }

  return <T>(who: string, task: () => Promise<T>) =>
    new Promise<T>((resolve, reject) => {
      const isIdle = waiting.size === 0;
      const tasks = waiting.get(who) ?? [];
      tasks.push(() => task().then(resolve, reject));
      waiting.set(who, tasks);
      if (isIdle) void work();
    });
}
