/** An answer; `body` is parsed JSON, null when there was none. */
export interface ApiAnswer<B> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: B;
}

export interface ApiCall {
  readonly token?: string;
  readonly body?: unknown;
  /** A body sent as it stands. */
  readonly text?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Sends one request, such as `api(url, 'POST /v1/intents', { token, body })`. */
export async function api<B = Record<string, unknown>>(
  url: string,
  route: string,
  call: ApiCall = {},
): Promise<ApiAnswer<B>> {
  const [method = '', path = ''] = route.split(' ');
  const content = call.text ?? (call.body === undefined ? undefined : JSON.stringify(call.body));
  const response = await fetch(url + path, {
    method,
    headers: {
      ...(call.token === undefined ? {} : { authorization: `Bearer ${call.token}` }),
      ...(content === undefined ? {} : { 'content-type': 'application/json' }),
      ...call.headers,
    },
    ...(content === undefined ? {} : { body: content }),
    ...(call.signal ? { signal: call.signal } : {}),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: (text === '' ? null : JSON.parse(text)) as B };
}
