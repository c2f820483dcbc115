/** A JSON document from the product. @throws Error unless it answers 2xx */
export async function getJson(url: URL, path: string): Promise<Record<string, unknown>> {
  const response = await fetch(new URL(path, url))
  if (!response.ok) throw new Error(`GET ${path} answered ${response.status}: ${await response.text()}`)
  return response.json() as Promise<Record<string, unknown>>
}

/** Sends a JSON body; answers status and text, whatever they are. */
export async function sendJson(
  url: URL,
  method: string,
  path: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string }> {
  const response = await fetch(new URL(path, url), {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
  return { status: response.status, text: await response.text() }
}
