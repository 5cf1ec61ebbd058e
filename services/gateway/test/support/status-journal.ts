import pg from 'pg';

export interface StatusJournal {
  /** The statuses each intent was written with since the journal began, by intent id. */
  read(): Promise<Map<string, string[]>>;
  stop(): Promise<void>;
}

/** Keeps every update of an intent's row, by a trigger that the gateway knows nothing of. */
export async function startStatusJournal(databaseUrl: string): Promise<StatusJournal> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(`
    CREATE TABLE public.status_journal (place bigserial, intent_id text NOT NULL, status text NOT NULL);
    CREATE FUNCTION public.keep_status() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
    BEGIN
      INSERT INTO public.status_journal (intent_id, status) VALUES (NEW.id, NEW.status);
      RETURN NEW;
    END $$;
    CREATE TRIGGER keep_status AFTER UPDATE ON gateway.intents FOR EACH ROW EXECUTE FUNCTION public.keep_status()`);
  return {
    async read() {
      const { rows } = await client.query<{ intent_id: string; status: string }>(
        'SELECT intent_id, status FROM public.status_journal ORDER BY place',
      );
      const groups = Map.groupBy(rows, (row) => row.intent_id);
      return new Map([...groups].map(([id, entries]) => [id, entries.map((entry) => entry.status)]));
    },
    stop: () => client.end(),
  };
}
