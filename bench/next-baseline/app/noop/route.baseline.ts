/** A route handler that does nothing: what Next's router costs on its own. */
export async function POST(request: Request): Promise<Response> {
  await request.text()
  return new Response('{}', { headers: { 'content-type': 'application/json' } })
}
